// SPDX-License-Identifier: Apache-2.0
#include "firmware/formats/squashfs/packing.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace assay::firmware::squashfs {

Result<std::size_t> Packing::unpack(Bytes in, std::span<std::byte> out) const {
  if (codec != nullptr) return codec->block(in, out);
  if (in.size() < skip) return fail(Errc::truncated, "LZMA block ends early");
  if (!each_block) return lzma_raw(in.subspan(skip), properties, out);
  const auto octet = [&](std::size_t at) { return std::to_integer<unsigned>(in[at]); };
  return lzma_raw(in.subspan(skip), {.lc = octet(1), .lp = octet(2), .pb = octet(0)}, out);
}

const Codec* declared_codec(std::uint64_t compression) {
  constexpr auto kNames = std::to_array<std::string_view>({"", "zlib", "lzma", "lzo", "xz", "lz4", "zstd"});
  return compression < kNames.size() ? find_codec(kNames[compression]) : nullptr;
}

std::vector<Packing> possible_packings(const Codec* declared, Bytes block) {
  std::vector<Packing> out;
  const auto add = [&](Packing p) {
    const auto same = [&](const Packing& q) {
      return q.codec == p.codec && !q.each_block &&
             (p.codec != nullptr || (q.skip == p.skip && q.properties.lc == p.properties.lc && q.properties.lp == p.properties.lp &&
                                     q.properties.pb == p.properties.pb));
    };
    if (std::ranges::none_of(out, same)) out.push_back(p);
  };
  if (declared != nullptr) add({.codec = declared});
  if (block.size() > 4 && block[0] <= std::byte{4} && block[1] <= std::byte{8} && block[2] <= std::byte{4} && block[3] == std::byte{0xff} &&
      block[4] == std::byte{0}) {
    out.push_back({.codec = nullptr, .skip = 4, .properties = {}, .each_block = true});
  }
  for (const std::string_view id : {"zlib", "lzma", "xz"}) add({.codec = find_codec(id)});
  // Raw LZMA: the range coder's first byte is always 0. In front of it may stand the properties byte, the 5-byte form with the
  // dictionary, the 13-byte form, or sizes of the vendor's own.
  constexpr std::size_t kFarthest = 16;
  for (std::size_t skip = 0; skip <= kFarthest && skip < block.size(); ++skip) {
    if (block[skip] != std::byte{0}) continue;
    for (const std::size_t at : {std::size_t{0}, skip >= 5 ? skip - 5 : 0, skip >= 13 ? skip - 13 : 0}) {
      if (const auto p = lzma_properties(block[at]); p && at < skip) add({.codec = nullptr, .skip = skip, .properties = *p});
    }
  }
  for (std::size_t skip = 0; skip <= kFarthest && skip < block.size(); ++skip) {
    if (block[skip] != std::byte{0}) continue;
    add({.codec = nullptr, .skip = skip, .properties = {3, 0, 2}});
    for (unsigned packed = 0; packed < 225; ++packed) {
      if (const auto p = lzma_properties(std::byte(packed))) add({.codec = nullptr, .skip = skip, .properties = *p});
    }
  }
  for (const std::string_view id : {"lzo", "lz4", "zstd"}) add({.codec = find_codec(id)});
  return out;
}

}  // namespace assay::firmware::squashfs
