// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "firmware/image.hpp"

namespace assay::firmware {

// What a stream unpacked to, and how much of the input it was.
struct Decoded {
  Buffer bytes;
  std::uint64_t consumed = 0;
};

// An output of unknown size. Asks the budget before every growth.
class Output {
 public:
  Output(Budget& budget, std::uint64_t from) : budget_(budget), from_(from) {}

  // Room to write to, never empty.
  Result<std::span<std::byte>> room();
  void wrote(std::size_t n) { used_ += n; }
  std::uint64_t size() const { return used_; }
  Buffer take();

 private:
  Budget& budget_;
  std::uint64_t from_;
  Buffer bytes_;
  std::size_t used_ = 0;
};

// One compression: a file codecs/<id>.cpp, listed in codecs/list.inc. Null where the codec has no such form.
struct Codec {
  std::string_view id;
  // A block whose greatest size is known: unpacks `in` into `out` and says how much of `out` was filled.
  Result<std::size_t> (*block)(Bytes in, std::span<std::byte> out) = nullptr;
  // One stream at the beginning of `in`; what follows it is left alone.
  Result<Decoded> (*stream)(Bytes in, Budget& budget) = nullptr;
};

std::span<const Codec* const> codecs();
const Codec* find_codec(std::string_view id);

// A stream that is unpacked when asked for.
std::shared_ptr<const Content> stream_content(const Codec& codec, Blob packed, std::uint64_t size);
// Bytes that need no unpacking.
std::shared_ptr<const Content> plain_content(Blob bytes);
// Bytes already unpacked.
std::shared_ptr<const Content> plain_content(Buffer bytes);

}  // namespace assay::firmware
