// SPDX-License-Identifier: Apache-2.0
// LZ4: raw blocks, the frame format (lz4_Frame_format.md 1.6.2) and the legacy frame that Linux kernels use.
#include <lz4.h>
#include <lz4frame.h>

#include <algorithm>
#include <limits>

#include "firmware/codecs/codec.hpp"

namespace assay::firmware {
namespace {

constexpr std::uint32_t kLegacy = 0x184C2102;
constexpr std::uint32_t kLegacyBlock = 8U << 20U;

Result<std::size_t> block(Bytes in, std::span<std::byte> out) {
  constexpr std::size_t kMost = std::numeric_limits<int>::max();
  if (in.size() > kMost || out.size() > kMost) return fail(Errc::limit, "lz4 block is too large");
  const int n = LZ4_decompress_safe(text_of(in).data(), chars(out), static_cast<int>(in.size()), static_cast<int>(out.size()));
  if (n < 0) return fail(Errc::malformed, "lz4 block is damaged");
  return static_cast<std::size_t>(n);
}

// Blocks of 8 MiB, each with its packed size in front, until a size that cannot be one.
Result<Decoded> legacy(Bytes in, Budget& budget) {
  Reader r(in);
  TRY_VOID(r.skip(4));
  Buffer out;
  while (r.left() >= 4) {
    const std::uint64_t at = r.position();
    TRY(const std::uint32_t size, r.le<std::uint32_t>());
    if (size == 0 || size > LZ4_COMPRESSBOUND(kLegacyBlock) || size > r.left()) {
      TRY_VOID(r.seek(at));
      break;
    }
    const std::size_t before = out.size();
    TRY_VOID(budget.expand_more(before, kLegacyBlock, in.size()));
    out.resize(before + kLegacyBlock);
    TRY(const Bytes packed, r.bytes(size));
    const auto n = block(packed, std::span(out).subspan(before));
    if (!n) {
      out.resize(before);
      // What follows a stream need not be one of its blocks (the kernel's size word).
      if (before == 0) return tl::unexpected(n.error());
      TRY_VOID(r.seek(at));
      break;
    }
    out.resize(before + *n);
    if (*n < kLegacyBlock) break;
  }
  if (out.empty()) return fail(Errc::malformed, "lz4 stream is empty");
  return Decoded{std::move(out), r.position()};
}

struct Free {
  void operator()(LZ4F_dctx* context) const { LZ4F_freeDecompressionContext(context); }
};

Result<Decoded> stream(Bytes in, Budget& budget) {
  if (in.size() >= 4 && Reader::load<std::uint32_t>(in.first(4), Endian::little) == kLegacy) return legacy(in, budget);
  LZ4F_dctx* raw = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&raw, LZ4F_VERSION)) != 0) return fail(Errc::limit, "lz4: no memory");
  const std::unique_ptr<LZ4F_dctx, Free> context(raw);
  Output output(budget, in.size());
  std::size_t at = 0;
  while (true) {
    TRY(const std::span<std::byte> room, output.room());
    std::size_t wrote = room.size();
    std::size_t read = in.size() - at;
    const std::size_t hint = LZ4F_decompress(context.get(), room.data(), &wrote, in.data() + at, &read, nullptr);
    if (LZ4F_isError(hint) != 0) return fail(Errc::malformed, std::string("lz4 stream: ") + LZ4F_getErrorName(hint));
    at += read;
    output.wrote(wrote);
    if (hint == 0) break;
    if (read == 0 && wrote == 0) return fail(Errc::truncated, "lz4 stream ends early");
  }
  return Decoded{output.take(), at};
}

}  // namespace

extern constinit const Codec codec_lz4{.id = "lz4", .block = block, .stream = stream};

}  // namespace assay::firmware
