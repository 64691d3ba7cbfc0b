// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "firmware/codecs/codec.hpp"
#include "firmware/format.hpp"

namespace assay::firmware {

// A compressed stream that begins at `offset`: its end is found by unpacking it, and what came out is its one part. A
// stream refused by the budget is a layer with a problem up to the end of `whole`; a damaged one is nothing.
std::optional<Extent> measure_stream(const Codec& codec, const Blob& whole, std::uint64_t offset, Budget& budget);

// The unpacked bytes as the only part of a layer of `size` bytes.
Extent stream_extent(std::uint64_t size, std::string_view compression, Buffer bytes, std::string name = {});

}  // namespace assay::firmware
