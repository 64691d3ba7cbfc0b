// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "firmware/formats/stream.hpp"

namespace assay::firmware {
namespace {

// "BZh", the block size, and the first block's own magic (BCD pi).
constexpr auto kMagics = std::to_array<Magic>({{"\x31\x41\x59\x26\x53\x59", 4}});

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& budget) {
  const auto head = slice(whole.bytes, offset, 4);
  if (!head || !text_of(*head).starts_with("BZh")) return std::nullopt;
  return measure_stream(*find_codec("bzip2"), whole, offset, budget);
}

}  // namespace

extern constinit const Format format_bzip2{
    .id = "bzip2",
    .title = "bzip2",
    .magics = kMagics,
    .measure = measure,
    .doc = {.specification = "https://github.com/dsnet/compress/blob/master/doc/bzip2-format.pdf", .limits = ""}};

}  // namespace assay::firmware
