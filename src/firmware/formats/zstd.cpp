// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "firmware/formats/stream.hpp"

namespace assay::firmware {
namespace {

constexpr auto kMagics = std::to_array<Magic>({{"\x28\xb5\x2f\xfd"}});

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& budget) {
  return measure_stream(*find_codec("zstd"), whole, offset, budget);
}

}  // namespace

extern constinit const Format format_zstd{
    .id = "zstd",
    .title = "Zstandard",
    .magics = kMagics,
    .measure = measure,
    .doc = {.specification = "RFC 8878", .limits = "Dictionaries are not known. Skippable frames are left."}};

}  // namespace assay::firmware
