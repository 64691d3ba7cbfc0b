// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "firmware/formats/stream.hpp"

namespace assay::firmware {
namespace {

// The six bytes, and the first byte of the stream flags, which is 0.
constexpr auto kMagics = std::to_array<Magic>({{std::string_view("\xfd\x37zXZ\0\0", 7)}});

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& budget) {
  return measure_stream(*find_codec("xz"), whole, offset, budget);
}

}  // namespace

extern constinit const Format format_xz{.id = "xz",
                                        .title = "xz",
                                        .magics = kMagics,
                                        .measure = measure,
                                        .doc = {.specification = "https://tukaani.org/xz/xz-file-format.txt",
                                                .limits = "Each stream of a file of several is a layer of its own."}};

}  // namespace assay::firmware
