// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "base/bytes.hpp"

namespace assay::firmware {

// The three properties of an LZMA1 stream: literal context, literal position and position bits.
struct LzmaProperties {
  unsigned lc = 3;
  unsigned lp = 0;
  unsigned pb = 2;
};

// From the byte (pb * 5 + lp) * 9 + lc; nothing when it is none.
std::optional<LzmaProperties> lzma_properties(std::byte packed);

// Raw LZMA1 without header, size or end marker, as vendors' SquashFS has it: fills `out` as far as the input reaches.
// The bytes after the true end are noise of the last range-coder byte; the caller knows where its data ends.
Result<std::size_t> lzma_raw(Bytes in, LzmaProperties properties, std::span<std::byte> out);

}  // namespace assay::firmware
