// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/text.hpp"
#include "firmware/formats/stream.hpp"

namespace assay::firmware {
namespace {

// 1f 8b, and deflate, the only method there is.
constexpr auto kMagics = std::to_array<Magic>({{"\x1f\x8b\x08"}});

constexpr unsigned kHeaderCrc = 2;
constexpr unsigned kExtra = 4;
constexpr unsigned kName = 8;
constexpr unsigned kComment = 16;
constexpr unsigned kReserved = 0xe0;
constexpr std::uint64_t kLongestText = 4096;
constexpr std::uint64_t kTrailer = 8;

struct Header {
  std::uint64_t size = 0;
  std::string name;
};

std::optional<Header> header_of(Bytes bytes) {
  Reader r(bytes);
  if (!r.skip(3)) return std::nullopt;
  const auto flags = r.le<std::uint8_t>();
  if (!flags || (*flags & kReserved) != 0 || !r.skip(6)) return std::nullopt;
  Header h;
  if ((*flags & kExtra) != 0) {
    const auto n = r.le<std::uint16_t>();
    if (!n || !r.skip(*n)) return std::nullopt;
  }
  if ((*flags & kName) != 0) {
    const auto name = r.c_string(kLongestText);
    if (!name) return std::nullopt;
    h.name = printable(*name, 200);
  }
  if ((*flags & kComment) != 0 && !r.c_string(kLongestText)) return std::nullopt;
  if ((*flags & kHeaderCrc) != 0 && !r.skip(2)) return std::nullopt;
  h.size = r.position();
  return h;
}

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& budget) {
  const Blob rest = whole.part(offset, whole.bytes.size());
  const auto header = header_of(rest.bytes);
  if (!header) return std::nullopt;
  auto extent = measure_stream(*find_codec("deflate"), rest, header->size, budget);
  if (!extent) return std::nullopt;
  extent->compression = "gzip";
  extent->size += header->size;
  // The CRC-32 and size that follow; images cut right behind the data are whole all the same.
  if (extent->problems.empty()) {
    const Part& part = extent->opened->parts.front();
    const auto trailer = slice(rest.bytes, extent->size, kTrailer);
    if (trailer && Reader::load<std::uint32_t>(trailer->subspan(4), Endian::little) == (part.size & 0xffffffffU)) {
      extent->size += kTrailer;
    } else if (part.size < 64) {
      return std::nullopt;
    }
  }
  if (!header->name.empty()) extent->facts.push_back({"name", header->name});
  return extent;
}

}  // namespace

extern constinit const Format format_gzip{
    .id = "gzip",
    .title = "gzip",
    .magics = kMagics,
    .measure = measure,
    .doc = {.specification = "RFC 1952", .limits = "Each member of a file of several is a layer of its own. The CRC-32 is not compared."}};

}  // namespace assay::firmware
