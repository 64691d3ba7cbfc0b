// SPDX-License-Identifier: Apache-2.0
#include <libdeflate.h>

#include <algorithm>
#include <array>

#include "firmware/format.hpp"

namespace assay::firmware {
namespace {

constexpr auto kMagics = std::to_array<Magic>({{"HDR0"}});
constexpr std::uint64_t kCrcFrom = 12;  // the CRC covers what follows it

struct Header {
  std::uint64_t size = 0;
  std::uint32_t crc = 0;
  std::uint32_t version = 0;
  std::uint64_t length = 0;               // of the header itself
  std::vector<std::uint64_t> partitions;  // where they begin, ascending
};

std::optional<Header> header_of(Bytes bytes) {
  if (bytes.size() < 32) return std::nullopt;
  const auto word = [&](std::size_t at) { return Reader::load<std::uint32_t>(bytes.subspan(at, 4), Endian::little); };
  Header h;
  h.size = word(4);
  h.crc = word(8);
  h.version = word(12) >> 16U;
  if (h.version != 1 && h.version != 2) return std::nullopt;
  const std::size_t count = h.version == 1 ? 3 : 4;
  h.length = 16 + count * 4;
  if (h.size <= h.length) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t at = word(16 + i * 4);
    if (at == 0) continue;
    if (at < h.length || at >= h.size || (!h.partitions.empty() && at <= h.partitions.back())) return std::nullopt;
    h.partitions.push_back(at);
  }
  if (h.partitions.empty()) return std::nullopt;
  return h;
}

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& /*budget*/) {
  const Blob rest = whole.part(offset, whole.bytes.size());
  const auto h = header_of(rest.bytes);
  if (!h) return std::nullopt;
  Extent extent;
  extent.size = h->size;
  extent.facts.push_back({"version", std::to_string(h->version)});
  if (extent.size > rest.bytes.size()) {
    extent.problems.push_back("cut short: " + std::to_string(rest.bytes.size()) + " of " + std::to_string(extent.size) + " bytes");
    extent.size = rest.bytes.size();
  } else {
    const Bytes covered = rest.bytes.subspan(kCrcFrom, h->size - kCrcFrom);
    // The CRC-32 without its last inversion.
    const bool right = ~libdeflate_crc32(0, covered.data(), covered.size()) == h->crc;
    extent.facts.push_back({"data_crc", right ? "right" : "wrong"});
  }
  return extent;
}

Result<Opened> open(const Blob& layer, const Extent& /*extent*/, Budget& /*budget*/) {
  const auto h = header_of(layer.bytes);
  if (!h) return fail(Errc::malformed, "header changed between two readings");
  Opened out;
  for (std::size_t i = 0; i < h->partitions.size(); ++i) {
    const std::uint64_t from = h->partitions[i];
    const std::uint64_t to = i + 1 < h->partitions.size() ? h->partitions[i + 1] : std::max<std::uint64_t>(layer.bytes.size(), from);
    // Loader and kernel stand before the last, which is the root file system where there are several.
    out.parts.push_back({.name = {}, .offset = from, .size = to - from, .code = i + 1 < h->partitions.size()});
  }
  return out;
}

}  // namespace

extern constinit const Format format_trx{
    .id = "trx",
    .title = "Broadcom TRX",
    .magics = kMagics,
    .measure = measure,
    .open = open,
    .doc = {.specification = "OpenWrt tools/firmware-utils/src/trx.c; Linux drivers/mtd/parsers/parser_trx.c",
            .limits = "CRC-32 is compared; it is no signature."}};

}  // namespace assay::firmware
