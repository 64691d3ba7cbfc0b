// SPDX-License-Identifier: Apache-2.0
#include "firmware/formats/stream.hpp"

#include <utility>

namespace assay::firmware {

Extent stream_extent(std::uint64_t size, std::string_view compression, Buffer bytes, std::string name) {
  Extent extent;
  extent.size = size;
  extent.compression = compression;
  extent.opened = std::make_shared<Opened>();
  const std::uint64_t unpacked = bytes.size();
  extent.opened->parts.push_back({.name = std::move(name), .offset = 0, .size = unpacked, .content = plain_content(std::move(bytes))});
  return extent;
}

std::optional<Extent> measure_stream(const Codec& codec, const Blob& whole, std::uint64_t offset, Budget& budget) {
  const Blob rest = whole.part(offset, whole.bytes.size());
  auto decoded = codec.stream(rest.bytes, budget);
  if (decoded) return stream_extent(decoded->consumed, codec.id, std::move(decoded->bytes));
  if (decoded.error().code != Errc::limit) return std::nullopt;
  Extent extent;
  extent.size = rest.bytes.size();
  extent.compression = codec.id;
  extent.problems.push_back(decoded.error().what);
  extent.opened = std::make_shared<Opened>();
  return extent;
}

}  // namespace assay::firmware
