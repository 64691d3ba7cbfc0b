// SPDX-License-Identifier: Apache-2.0
#include <libdeflate.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "firmware/format.hpp"

namespace assay::firmware {
namespace {

constexpr auto kMagics = std::to_array<Magic>({{"\x27\x05\x19\x56"}});
constexpr std::uint64_t kHeader = 64;
constexpr std::uint8_t kMulti = 4;
constexpr std::uint8_t kScript = 6;
constexpr std::size_t kImages = 64;  // of a multi-file image; mkimage itself knows ten

constexpr auto kTypes =
    std::to_array<std::string_view>({"", "standalone", "kernel", "ramdisk", "multi", "firmware", "script", "filesystem"});
constexpr auto kCompressions = std::to_array<std::string_view>({"", "gzip", "bzip2", "lzma", "lzo", "lz4", "zstd"});

struct Header {
  std::uint32_t size = 0;
  std::uint32_t data_crc = 0;
  std::uint8_t type = 0;
  std::uint8_t compression = 0;
  std::string name;
  bool crc_right = false;
};

std::optional<Header> header_of(Bytes bytes) {
  if (bytes.size() < kHeader) return std::nullopt;
  const auto word = [&](std::size_t at) { return Reader::load<std::uint32_t>(bytes.subspan(at, 4), Endian::big); };
  const auto octet = [&](std::size_t at) { return std::to_integer<std::uint8_t>(bytes[at]); };
  Header h;
  h.size = word(12);
  h.data_crc = word(24);
  h.type = octet(30);
  h.compression = octet(31);
  // The header's CRC is taken with its own field as zero.
  std::array<std::byte, kHeader> copy{};
  std::ranges::copy(bytes.first(kHeader), copy.begin());
  std::fill_n(copy.begin() + 4, 4, std::byte{0});
  h.crc_right = libdeflate_crc32(0, copy.data(), copy.size()) == word(4);
  // Vendors patch names and leave the CRC: then the fields have to be ones that U-Boot knows.
  if (!h.crc_right && (octet(28) > 30 || octet(29) > 30 || h.type > 45 || h.compression > 6 || h.type == 0)) return std::nullopt;
  if (h.size == 0 || (!h.crc_right && h.size > bytes.size() - kHeader)) return std::nullopt;
  std::string_view name = text_of(bytes.subspan(32, 32));
  name = name.substr(0, name.find('\0'));
  h.name = printable(name, 64);
  return h;
}

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& /*budget*/) {
  const Blob rest = whole.part(offset, whole.bytes.size());
  const auto h = header_of(rest.bytes);
  if (!h) return std::nullopt;
  Extent extent;
  extent.size = kHeader + h->size;
  if (h->compression < kCompressions.size()) extent.compression = kCompressions[h->compression];
  if (!h->name.empty()) extent.facts.push_back({"name", h->name});
  extent.facts.push_back({"type", h->type < kTypes.size() ? std::string(kTypes[h->type]) : std::to_string(h->type)});
  extent.facts.push_back({"header_crc", h->crc_right ? "right" : "wrong"});
  if (extent.size > rest.bytes.size()) {
    extent.problems.push_back("cut short: " + std::to_string(rest.bytes.size()) + " of " + std::to_string(extent.size) + " bytes");
    extent.size = rest.bytes.size();
  } else {
    const Bytes data = rest.bytes.subspan(kHeader, h->size);
    extent.facts.push_back({"data_crc", libdeflate_crc32(0, data.data(), data.size()) == h->data_crc ? "right" : "wrong"});
  }
  return extent;
}

Result<Opened> open(const Blob& layer, const Extent& /*extent*/, Budget& /*budget*/) {
  Opened out;
  const auto h = header_of(layer.bytes);
  if (!h) return fail(Errc::malformed, "header changed between two readings");
  Reader r(layer.bytes);
  TRY_VOID(r.skip(kHeader));
  const bool kernel = h->type == 2 || h->type == 1 || h->type == 5;
  if (h->type != kMulti && h->type != kScript) {
    out.parts.push_back({.name = {}, .offset = kHeader, .size = r.left(), .code = kernel && h->compression == 0});
    return out;
  }
  // A list of sizes ended by zero, then the images, each padded to four bytes.
  std::vector<std::uint64_t> sizes;
  while (sizes.size() < kImages) {
    TRY(const std::uint32_t size, r.be<std::uint32_t>());
    if (size == 0) break;
    sizes.push_back(size);
  }
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] > r.left()) {
      out.problems.push_back("image " + std::to_string(i) + " reaches beyond the file");
      break;
    }
    out.parts.push_back({.name = sizes.size() > 1 ? "image" + std::to_string(i) : "", .offset = r.position(), .size = sizes[i]});
    TRY_VOID(r.skip(std::min(r.left(), (sizes[i] + 3) & ~std::uint64_t{3})));
  }
  return out;
}

}  // namespace

extern constinit const Format format_uimage{
    .id = "uimage",
    .title = "U-Boot legacy image",
    .magics = kMagics,
    .measure = measure,
    .open = open,
    .doc = {.specification = "U-Boot include/image.h, struct legacy_img_hdr", .limits = "CRC-32 is compared; it is no signature."}};

}  // namespace assay::firmware
