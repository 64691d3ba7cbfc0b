// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "firmware/format.hpp"

namespace assay::firmware {

// What stands in one stretch of bytes. `format` is null for "padding", "text", "code" and "unknown".
struct Region {
  const Format* format = nullptr;
  std::string id;
  std::uint64_t offset = 0;
  Extent extent;  // extent.size always set
  double entropy = 0;
};

struct Identified {
  std::vector<Region> regions;        // in order, without gaps: they tile the bytes exactly
  std::vector<std::string> problems;  // why something may have been overlooked
};

// Names every byte of `whole`: all magics are looked for in one pass, candidates proved by their format, the outermost kept.
// `code`: what no format claims is the program of the container around it.
Identified identify(const Blob& whole, bool code, Budget& budget);

// The format that begins at the first byte, if any. Cheap: looks only where magics would stand.
const Format* format_at_start(Bytes bytes);

// Regions this small between layers are no gap: alignment, check sums, end marks.
inline constexpr std::uint64_t kSmallRegion = 4096;

}  // namespace assay::firmware
