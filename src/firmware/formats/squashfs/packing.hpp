// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "firmware/codecs/codec.hpp"
#include "firmware/codecs/lzma.hpp"

namespace assay::firmware::squashfs {

// How a file system's blocks are packed: one of the codecs, or LZMA without its header, as vendors' kernels have it.
struct Packing {
  const Codec* codec = nullptr;  // null: raw LZMA
  std::size_t skip = 0;          // raw LZMA: bytes before the range coder's first byte
  LzmaProperties properties = {};
  bool each_block = false;  // raw LZMA: every block begins with its own pb, lc and lp, a byte each, then ff (DD-WRT)

  std::string name() const { return codec == nullptr ? "lzma" : std::string(codec->id == "zlib" ? "gzip" : codec->id); }
  Result<std::size_t> unpack(Bytes in, std::span<std::byte> out) const;
};

// The packing that the superblock of version 4 names.
const Codec* declared_codec(std::uint64_t compression);
// What the packing may be, likeliest first, looking at a packed block. Vendors change the codec without saying so.
std::vector<Packing> possible_packings(const Codec* declared, Bytes block);

}  // namespace assay::firmware::squashfs
