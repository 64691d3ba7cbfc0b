// SPDX-License-Identifier: Apache-2.0
// The header in front of TP-Link's images, versions 1 to 3. It is a layer of its own: what follows it is found by its own magics.
#include <array>

#include "base/text.hpp"
#include "firmware/format.hpp"

namespace assay::firmware {
namespace {

constexpr auto kMagics = std::to_array<Magic>({{std::string_view("\x01\0\0\0TP-LINK ", 12)},
                                               {std::string_view("\x02\0\0\0TP-LINK ", 12)},
                                               {std::string_view("\x01\0\0\0OpenWrt\0", 12)},
                                               {std::string_view("\x03\0\0\0ver. ", 9)}});
constexpr std::uint64_t kHeader = 0x200;

std::string text_at(Bytes head, std::size_t at, std::size_t size) {
  std::string_view text = text_of(head.subspan(at, size));
  text = text.substr(0, text.find_first_of(std::string_view("\0\xff", 2)));
  return printable(text, size);
}

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& /*budget*/) {
  const auto head = slice(whole.bytes, offset, kHeader);
  if (!head) return std::nullopt;
  const auto version = Reader::load<std::uint32_t>(head->first(4), Endian::little);
  // Where the kernel begins, from the header's own beginning, and how large it is.
  const std::size_t kernel = version == 3 ? 0x74 : 0x80;
  const auto at = Reader::load<std::uint32_t>(head->subspan(kernel, 4), Endian::big);
  const auto size = Reader::load<std::uint32_t>(head->subspan(kernel + 4, 4), Endian::big);
  constexpr std::uint32_t kLargest = 256U << 20U;
  if (at > kLargest || size == 0 || size > kLargest) return std::nullopt;
  Extent extent;
  extent.size = kHeader;
  extent.facts.push_back({"version", std::to_string(version)});
  extent.facts.push_back({"name", version == 3 ? text_at(*head, 4, 12) : text_at(*head, 4, 24)});
  extent.facts.push_back({"hash", "md5"});
  return extent;
}

}  // namespace

extern constinit const Format format_tplink{
    .id = "tplink",
    .title = "TP-Link image header",
    .magics = kMagics,
    .measure = measure,
    .doc = {.specification = "OpenWrt firmware-utils src/mktplinkfw.c, mktplinkfw2.c",
            .limits = "The MD5 is named, not compared: its key is public, so it protects against mishaps only."}};

}  // namespace assay::firmware
