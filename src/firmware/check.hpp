// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "firmware/image.hpp"
#include "model/observation.hpp"

namespace assay::firmware {

// A file as checks see it: its content is in memory once, for all of them, then dropped.
struct File {
  const Layer& layer;
  const Entry* entry;    // null for a layer's raw bytes (a kernel, a bootloader, unknown data)
  std::string place;     // path as observations write it: layer.prefix + entry path
  std::uint64_t offset;  // of the raw bytes in the evidence; meaningful when entry is null
  Bytes content;
};

// What a check works with: where to put what it saw, and the reading of further files once all are known.
struct Context {
  std::string_view evidence;  // id
  Sink& sink;
  Budget& budget;
  bool unsandboxed = false;
  std::chrono::seconds password_time{20};  // for guessing passwords
  unsigned threads = 0;                    // for work in finish(); 0: all cores
};

// What examiners know, from knowledge/: parsed once, shared by all images. Opaque to callers outside this room.
struct Knowledge;

// One examination of an image: sees every file once (concurrently), then the whole, and reports its own coverage.
// A check is one file in checks/, listed in checks/list.inc.
class Check {
 public:
  virtual ~Check() = default;
  // Called from several threads at once.
  virtual void file(const File& file, Context& context) = 0;
  // Called once, after all files; `gaps` says why what was seen is not everything (empty: complete). Puts the coverage observation(s).
  virtual void finish(const Image& image, const std::vector<std::string>& gaps, Context& context) = 0;
};

struct CheckEntry {
  std::string_view id;  // "accounts": file name, "firmware/accounts" in observations and coverage
  int revision;         // goes up when its findings change
  std::unique_ptr<Check> (*make)(const Knowledge& knowledge);
  std::string_view also = {};  // a second coverage that it reports: "accounts" also reports "passwords"
};

const std::vector<CheckEntry>& checks();

// Fills kind, evidence, by and revision.
Observation observed(const Context& context, std::string_view kind, std::string_view check, int revision, const File& file);
// The coverage observation of a check. scope is "root-filesystem" where the image holds one, else "image".
void put_coverage(Context& context, std::string_view check, int revision, const Image& image, const std::vector<std::string>& gaps,
                  std::uint64_t items);

}  // namespace assay::firmware
