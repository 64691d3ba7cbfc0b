// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "firmware/formats/stream.hpp"

namespace assay::firmware {
namespace {

// The frame format, and the legacy one that kernels are packed with.
constexpr auto kMagics = std::to_array<Magic>({{"\x04\x22\x4d\x18"}, {"\x02\x21\x4c\x18"}});

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& budget) {
  return measure_stream(*find_codec("lz4"), whole, offset, budget);
}

}  // namespace

extern constinit const Format format_lz4{
    .id = "lz4",
    .title = "LZ4 frame",
    .magics = kMagics,
    .measure = measure,
    .doc = {.specification = "https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md", .limits = "Dictionaries are not known."}};

}  // namespace assay::firmware
