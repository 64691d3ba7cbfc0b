// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "firmware/check.hpp"
#include "firmware/examine.hpp"
#include "firmware/unpack.hpp"

namespace assay::firmware {

// The work behind examine(): files of `unpacked` are read and looked at by all checks on all cores, containers among them are taken apart
// in turn, and the checks finish.
void look_at(Unpacked unpacked, const Knowledge& knowledge, const Options& options, bool unsandboxed, std::string_view evidence,
             Budget& budget, Sink& sink, Progress& progress, std::vector<Timing>& timings);

// Unpacks and looks; what examine() and the worker process run.
void examine_image(Bytes image, std::string_view evidence, const Knowledge& knowledge, const Options& options, bool unsandboxed, Sink& sink,
                   Progress& progress, std::vector<Timing>& timings);

// Incomplete coverage of unpacking and of every check: the examination did not reach its end.
void put_nothing_covered(std::string_view evidence, std::string_view reason, bool unsandboxed, Sink& sink);

inline constexpr std::string_view kUnpackCheck = "unpack";
inline constexpr int kUnpackRevision = 1;

}  // namespace assay::firmware
