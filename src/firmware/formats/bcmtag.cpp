// SPDX-License-Identifier: Apache-2.0
// The 256-byte tag in front of Broadcom 963xx images. It is a layer of its own: what follows it is found by its own magics.
#include <libdeflate.h>

#include <array>

#include "base/text.hpp"
#include "firmware/format.hpp"

namespace assay::firmware {
namespace {

// The maker's name, cut to 20 bytes, behind the tag's version; other makers' names are left to the header's CRC.
constexpr auto kMagics = std::to_array<Magic>({{"Broadcom Corpor", 4}});
constexpr std::uint64_t kTag = 256;
constexpr std::uint64_t kChecked = 236;  // bytes that the header's CRC covers; it follows them

std::string text_at(Bytes tag, std::size_t at, std::size_t size) {
  const std::string_view text = text_of(tag.subspan(at, size));
  return printable(text.substr(0, text.find('\0')), size);
}

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& /*budget*/) {
  const auto tag = slice(whole.bytes, offset, kTag);
  if (!tag) return std::nullopt;
  // Without the last inversion.
  const std::uint32_t crc = ~libdeflate_crc32(0, tag->data(), kChecked);
  if (crc != Reader::load<std::uint32_t>(tag->subspan(kChecked, 4), Endian::big)) return std::nullopt;
  Extent extent;
  extent.size = kTag;
  extent.facts.push_back({"version", text_at(*tag, 0, 4)});
  if (const std::string chip = text_at(*tag, 38, 6); !chip.empty()) extent.facts.push_back({"chip", chip});
  if (const std::string board = text_at(*tag, 44, 16); !board.empty()) extent.facts.push_back({"name", board});
  extent.facts.push_back({"header_crc", "right"});
  return extent;
}

}  // namespace

extern constinit const Format format_bcmtag{
    .id = "bcmtag",
    .title = "Broadcom 963xx image tag",
    .magics = kMagics,
    .measure = measure,
    .doc = {.specification = "Linux include/linux/bcm963xx_tag.h", .limits = "Only the header's CRC is compared; it is no signature."}};

}  // namespace assay::firmware
