// SPDX-License-Identifier: Apache-2.0
#include "firmware/codecs/codec.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace assay::firmware {

#define CODEC(id) extern constinit const Codec codec_##id;
#include "firmware/codecs/list.inc"
#undef CODEC

std::span<const Codec* const> codecs() {
  static constexpr auto kAll = std::to_array<const Codec*>({
#define CODEC(id) &codec_##id,
#include "firmware/codecs/list.inc"
#undef CODEC
  });
  return kAll;
}

const Codec* find_codec(std::string_view id) {
  for (const Codec* codec : codecs()) {
    if (codec->id == id) return codec;
  }
  return nullptr;
}

Result<std::span<std::byte>> Output::room() {
  if (used_ == bytes_.size()) {
    constexpr std::uint64_t kFirst = 64ULL << 10U;
    const std::uint64_t held = bytes_.size();
    std::uint64_t more = std::max<std::uint64_t>(held, kFirst);
    // Near the limit take what is left of it, so that an output just below the limit fits.
    if (held < budget_.limits().memory) more = std::min(more, budget_.limits().memory - held);
    TRY_VOID(budget_.expand_more(held, more, from_));
    bytes_.resize(held + more);
  }
  return std::span(bytes_).subspan(used_);
}

Buffer Output::take() {
  bytes_.resize(used_);
  // A quarter unused is worth a copy: unpacked kernels are kept while their files are read.
  if (bytes_.capacity() - used_ > used_ / 4) bytes_.shrink_to_fit();
  return std::move(bytes_);
}

namespace {

class StreamContent final : public Content {
 public:
  StreamContent(const Codec& codec, Blob packed, std::uint64_t size) : codec_(codec), packed_(std::move(packed)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<Blob> read(Budget& budget) const override {
    TRY(Decoded decoded, codec_.stream(packed_.bytes, budget));
    return Blob::own(std::move(decoded.bytes));
  }

 private:
  const Codec& codec_;
  Blob packed_;
  std::uint64_t size_;
};

class PlainContent final : public Content {
 public:
  explicit PlainContent(Blob bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.bytes.size(); }
  Result<Blob> read(Budget& /*budget*/) const override { return bytes_; }

 private:
  Blob bytes_;
};

}  // namespace

std::shared_ptr<const Content> stream_content(const Codec& codec, Blob packed, std::uint64_t size) {
  return std::make_shared<StreamContent>(codec, std::move(packed), size);
}

std::shared_ptr<const Content> plain_content(Blob bytes) {
  return std::make_shared<PlainContent>(std::move(bytes));
}
std::shared_ptr<const Content> plain_content(Buffer bytes) {
  return plain_content(Blob::own(std::move(bytes)));
}

}  // namespace assay::firmware
