// SPDX-License-Identifier: Apache-2.0
// LZO1X, written from the description of the stream in the Linux tree (Documentation/staging/lzo.rst). Every copy is checked against
// both ends: the format itself promises nothing.
#include <algorithm>
#include <cstring>

#include "firmware/codecs/codec.hpp"

namespace assay::firmware {
namespace {

class Lzo1x {
 public:
  Lzo1x(Bytes in, std::span<std::byte> out) : in_(in), out_(out) {}

  Result<std::size_t> run() {
    // A first byte above 17 is a literal run without a match before it.
    if (!in_.empty() && std::to_integer<unsigned>(in_[0]) > 17) {
      const std::size_t n = byte() - 17U;
      if (!literals(n)) return broken();
      state_ = n < 4 ? n : 4;
    }
    while (good_) {
      const std::size_t t = byte();
      if (!good_) break;
      if (t >= 16) {
        if (t < 32 && !far(t)) return done_ ? Result<std::size_t>(written_) : broken();
        if (t >= 32) near(t);
      } else if (state_ == 0) {
        const std::size_t n = t == 0 ? length(15) + 3 : t + 3;
        if (!literals(n)) return broken();
        state_ = 4;
        continue;
      } else {
        const std::size_t high = byte();
        const std::size_t distance = (high << 2U) + (t >> 2U) + 1;
        // After a literal run of four or more the short match means three bytes from beyond the 2 KiB window.
        if (!copy(state_ == 4 ? distance + 2048 : distance, state_ == 4 ? 3 : 2)) return broken();
        next(t & 3U);
      }
    }
    return broken();
  }

 private:
  tl::unexpected<Error> broken() const {
    return fail(at_ >= in_.size() ? Errc::truncated : Errc::malformed, "LZO block is damaged", Where{.path = {}, .offset = at_});
  }
  std::size_t byte() {
    if (at_ >= in_.size()) {
      good_ = false;
      return 0;
    }
    return std::to_integer<std::size_t>(in_[at_++]);
  }
  // A run of zero bytes, 255 each, ended by one that is not zero.
  std::size_t length(std::size_t base) {
    std::size_t n = base;
    while (good_ && n <= out_.size()) {
      const std::size_t b = byte();
      if (b != 0) return n + b;
      n += 255;
    }
    good_ = false;
    return 0;
  }
  bool literals(std::size_t n) {
    if (!good_ || n > in_.size() - at_ || n > out_.size() - written_) return good_ = false;
    std::memcpy(out_.data() + written_, in_.data() + at_, n);
    at_ += n;
    written_ += n;
    return true;
  }
  bool copy(std::size_t distance, std::size_t n) {
    if (!good_ || distance == 0 || distance > written_ || n > out_.size() - written_) return good_ = false;
    std::byte* to = out_.data() + written_;
    const std::byte* from = to - distance;
    // Source and target may overlap: the copy repeats what it has just written.
    for (std::size_t i = 0; i < n; ++i) to[i] = from[i];
    written_ += n;
    return true;
  }
  // 0 to 3 literals follow a match without a length byte of their own.
  void next(std::size_t n) {
    literals(n);
    state_ = n;
  }
  void near(std::size_t t) {
    std::size_t distance = 0;
    std::size_t n = 0;
    std::size_t after = t & 3U;
    if (t >= 64) {
      distance = (byte() << 3U) + ((t >> 2U) & 7U) + 1;
      n = (t >> 5U) + 1;
    } else {
      n = (t & 31U) == 0 ? length(31) + 2 : (t & 31U) + 2;
      const std::size_t low = byte();
      distance = (byte() << 6U) + (low >> 2U) + 1;
      after = low & 3U;
    }
    if (copy(distance, n)) next(after);
  }
  // False at the end of the stream (done_) and on damage.
  bool far(std::size_t t) {
    const std::size_t n = (t & 7U) == 0 ? length(7) + 2 : (t & 7U) + 2;
    const std::size_t low = byte();
    const std::size_t distance = ((t & 8U) << 11U) + (byte() << 6U) + (low >> 2U);
    if (!good_) return false;
    if (distance == 0) {
      done_ = true;
      return false;
    }
    if (!copy(distance + 16384, n)) return false;
    next(low & 3U);
    return true;
  }

  Bytes in_;
  std::span<std::byte> out_;
  std::size_t at_ = 0;
  std::size_t written_ = 0;
  std::size_t state_ = 0;  // literals that stood before: 0, 1 to 3, or 4 for "four or more"
  bool good_ = true;
  bool done_ = false;
};

Result<std::size_t> block(Bytes in, std::span<std::byte> out) {
  return Lzo1x(in, out).run();
}

}  // namespace

extern constinit const Codec codec_lzo{.id = "lzo", .block = block};

}  // namespace assay::firmware
