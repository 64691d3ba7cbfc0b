// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.hpp"
#include "base/progress.hpp"
#include "firmware/image.hpp"
#include "model/observation.hpp"

namespace assay::firmware {

struct Knowledge;

// Reads knowledge/components, knowledge/credentials … handed in as texts; every error at once.
std::vector<Error> load_knowledge(const std::vector<EmbeddedFile>& files, std::shared_ptr<const Knowledge>& out);

struct Options {
  Budget::Limits limits;
  unsigned threads = 0;                    // 0: all cores
  std::chrono::seconds password_time{20};  // for guessing; more accounts than time gives incomplete coverage
  bool sandbox = true;
};

struct Timing {
  std::string what;  // "unpack", "components" …
  double seconds = 0;
};

// Takes one image apart in memory and looks at everything in it. Observations arrive in the sink in no fixed order; sort them.
// The same image gives the same observations. An image that is nothing we know still gives `image` and `coverage` observations.
// Error only when the input cannot be read at all. `evidence` is the id observations cite.
Result<void> examine(Bytes image, std::string_view evidence, const Knowledge& knowledge, const Options& options, Sink& sink,
                     Progress& progress, std::vector<Timing>& timings);
// The same in a worker process (base/sandbox.hpp): a crash or time-out becomes incomplete coverage of every check.
Result<void> examine_sandboxed(Bytes image, std::string_view evidence, const Knowledge& knowledge, const Options& options, Sink& sink,
                               Progress& progress, std::vector<Timing>& timings);
// A directory as a root file system. The evidence is a manifest of its files (path, mode, SHA-256), returned so that it can be stored.
Result<std::string> directory_manifest(const std::string& path);
Result<void> examine_directory(const std::string& path, std::string_view evidence, const Knowledge& knowledge, const Options& options,
                               Sink& sink, Progress& progress, std::vector<Timing>& timings);

}  // namespace assay::firmware
