// SPDX-License-Identifier: Apache-2.0
// The ".lzma" file: 13 bytes of header without a magic. What looks like one is believed when it unpacks to its end.
#include <array>

#include "firmware/formats/stream.hpp"

namespace assay::firmware {
namespace {

// Properties byte and dictionary size that packers write: lc=3 lp=0 pb=2 (5d), and Broadcom's and Ralink's (6d, 6c, 66, 65).
constexpr auto kMagics = std::to_array<Magic>({
#define SIZES(p)                                                                                                           \
  {std::string_view(p "\0\0\x01\0", 5)}, {std::string_view(p "\0\0\x02\0", 5)}, {std::string_view(p "\0\0\x04\0", 5)},     \
      {std::string_view(p "\0\0\x08\0", 5)}, {std::string_view(p "\0\0\x10\0", 5)}, {std::string_view(p "\0\0\x20\0", 5)}, \
      {std::string_view(p "\0\0\x40\0", 5)}, {std::string_view(p "\0\0\x80\0", 5)}, {std::string_view(p "\0\0\0\x01", 5)}, \
      {std::string_view(p "\0\0\0\x02", 5)}, {std::string_view(p "\0\0\0\x04", 5)}, {                                      \
    std::string_view(p "\0\0\0\x08", 5)                                                                                    \
  }
    SIZES("\x5d"),
    SIZES("\x6d"),
    SIZES("\x6c"),
    SIZES("\x66"),
    SIZES("\x65"),
    SIZES("\x5e"),
#undef SIZES
});

// Anything shorter that decodes is chance.
constexpr std::uint64_t kLeast = 1024;

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& budget) {
  const auto head = slice(whole.bytes, offset, 14);
  // After the header comes the range coder's first byte, always 0.
  if (!head || (*head)[13] != std::byte{0}) return std::nullopt;
  const auto size = Reader::load<std::uint64_t>(head->subspan(5, 8), Endian::little);
  const bool known = size != ~std::uint64_t{0};
  if (known && (size < kLeast || size >= (1ULL << 40U))) return std::nullopt;
  auto extent = measure_stream(*find_codec("lzma"), whole, offset, budget);
  if (!extent) return std::nullopt;
  // There is no magic: what our limits refuse stays unknown, which is said too.
  if (!extent->problems.empty()) return std::nullopt;
  if (extent->opened->parts.front().size < kLeast) return std::nullopt;
  return extent;
}

}  // namespace

extern constinit const Format format_lzma{
    .id = "lzma",
    .title = "LZMA, stand-alone",
    .magics = kMagics,
    .measure = measure,
    .doc = {.specification = "https://github.com/tukaani-project/xz/blob/master/doc/lzma-file-format.txt",
            .limits = "Found by the property bytes and dictionary sizes that firmware uses."}};

}  // namespace assay::firmware
