// SPDX-License-Identifier: Apache-2.0
#include <zstd.h>

#include "firmware/codecs/codec.hpp"

namespace assay::firmware {
namespace {

struct Free {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

Result<std::size_t> block(Bytes in, std::span<std::byte> out) {
  thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  const std::size_t n = ZSTD_decompressDCtx(context.get(), out.data(), out.size(), in.data(), in.size());
  if (ZSTD_isError(n) != 0) return fail(Errc::malformed, std::string("zstd block: ") + ZSTD_getErrorName(n));
  return n;
}

Result<Decoded> stream(Bytes in, Budget& budget) {
  const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  if (context == nullptr) return fail(Errc::limit, "zstd: no memory");
  constexpr int kWindow = 27;  // 128 MiB, what the zstd program accepts without being asked
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kWindow);
  ZSTD_inBuffer input{in.data(), in.size(), 0};
  Output output(budget, in.size());
  while (true) {
    TRY(const std::span<std::byte> room, output.room());
    ZSTD_outBuffer target{room.data(), room.size(), 0};
    const std::size_t left = ZSTD_decompressStream(context.get(), &target, &input);
    if (ZSTD_isError(left) != 0) return fail(Errc::malformed, std::string("zstd stream: ") + ZSTD_getErrorName(left));
    output.wrote(target.pos);
    if (left == 0) break;
    if (target.pos == 0 && input.pos == input.size) return fail(Errc::truncated, "zstd stream ends early");
  }
  return Decoded{output.take(), input.pos};
}

}  // namespace

extern constinit const Codec codec_zstd{.id = "zstd", .block = block, .stream = stream};

}  // namespace assay::firmware
