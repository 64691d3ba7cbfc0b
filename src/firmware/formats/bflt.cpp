// SPDX-License-Identifier: Apache-2.0
// uClinux's flat executables; the code, or all but the header, may be packed with gzip.
#include <algorithm>
#include <array>

#include "firmware/codecs/codec.hpp"
#include "firmware/format.hpp"

namespace assay::firmware {
namespace {

constexpr auto kMagics = std::to_array<Magic>({{std::string_view("bFLT\0\0\0\x02", 8)}, {std::string_view("bFLT\0\0\0\x04", 8)}});
constexpr std::uint64_t kHeader = 64;
constexpr std::uint32_t kAllPacked = 4;
constexpr std::uint32_t kDataPacked = 8;

struct Header {
  std::uint32_t version = 0;
  std::uint64_t entry = 0;
  std::uint64_t data_start = 0;
  std::uint64_t data_end = 0;
  std::uint64_t relocations = 0;
  std::uint64_t relocation_count = 0;
  std::uint32_t flags = 0;
};

std::optional<Header> header_of(Bytes bytes) {
  if (bytes.size() < kHeader) return std::nullopt;
  const auto word = [&](std::size_t at) { return Reader::load<std::uint32_t>(bytes.subspan(at, 4), Endian::big); };
  const Header h{.version = word(4),
                 .entry = word(8),
                 .data_start = word(12),
                 .data_end = word(16),
                 .relocations = word(28),
                 .relocation_count = word(32),
                 .flags = word(36)};
  const std::uint64_t bss_end = word(20);
  if (h.entry < kHeader || h.entry > h.data_start || h.data_start > h.data_end || h.data_end > bss_end || h.flags > 31) return std::nullopt;
  // Relocations stand behind the data, which is where the file ends when nothing is packed.
  if (h.relocations < h.data_start || h.relocations > (1ULL << 31U) || h.relocation_count > (1ULL << 24U)) return std::nullopt;
  return h;
}

bool packed(const Header& h) {
  return (h.flags & (kAllPacked | kDataPacked)) != 0;
}

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& budget) {
  const Blob rest = whole.part(offset, whole.bytes.size());
  const auto h = header_of(rest.bytes);
  if (!h) return std::nullopt;
  Extent extent;
  extent.facts.push_back({"version", std::to_string(h->version)});
  if (!packed(*h)) {
    extent.size = h->relocations + h->relocation_count * 4;
    if (extent.size > rest.bytes.size()) {
      extent.problems.emplace_back("cut short");
      extent.size = rest.bytes.size();
    }
    return extent;
  }
  // What is packed is one gzip member: its end is the program's.
  extent.compression = "gzip";
  const std::uint64_t from = (h->flags & kAllPacked) != 0 ? kHeader : h->data_start;
  if (from > rest.bytes.size()) return std::nullopt;
  const Format* gzip = find_format("gzip");
  auto inner = gzip->measure(rest, from, budget);
  if (!inner || inner->opened == nullptr || inner->opened->parts.empty()) return std::nullopt;
  extent.size = from + inner->size;
  extent.problems = std::move(inner->problems);
  extent.opened = std::make_shared<Opened>();
  Part program = std::move(inner->opened->parts.front());
  program.code = true;
  if (from > kHeader) extent.opened->parts.push_back({.name = {}, .offset = kHeader, .size = from - kHeader, .code = true});
  extent.opened->parts.push_back(std::move(program));
  return extent;
}

}  // namespace

extern constinit const Format format_bflt{
    .id = "bflt",
    .title = "uClinux flat executable",
    .magics = kMagics,
    .measure = measure,
    .doc = {.specification = "Linux include/linux/flat.h", .limits = "Relocations are not applied: strings and code are seen as stored."}};

}  // namespace assay::firmware
