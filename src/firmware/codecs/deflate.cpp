// SPDX-License-Identifier: Apache-2.0
// RFC 1951 streams through zlib, which tells where a stream ends; blocks of known size through libdeflate, which is three times as fast.
#include <libdeflate.h>
#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "firmware/codecs/codec.hpp"

namespace assay::firmware {
namespace {

constexpr std::size_t kChunk = std::numeric_limits<uInt>::max() / 2;

struct Inflater {
  z_stream stream{};
  bool ready = false;
  explicit Inflater(int window_bits) { ready = inflateInit2(&stream, window_bits) == Z_OK; }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ready) inflateEnd(&stream);
  }
};

Result<Decoded> inflate_stream(Bytes in, Budget& budget, int window_bits) {
  Inflater inflater(window_bits);
  if (!inflater.ready) return fail(Errc::limit, "deflate: no memory");
  Output output(budget, in.size());
  std::size_t given = 0;
  z_stream& z = inflater.stream;
  while (true) {
    if (z.avail_in == 0 && given < in.size()) {
      const std::size_t n = std::min(in.size() - given, kChunk);
      z.next_in = octets(in.subspan(given, n));
      z.avail_in = static_cast<uInt>(n);
      given += n;
    }
    TRY(const std::span<std::byte> room, output.room());
    const std::size_t n = std::min(room.size(), kChunk);
    z.next_out = octets(room);
    z.avail_out = static_cast<uInt>(n);
    const int status = inflate(&z, Z_NO_FLUSH);
    output.wrote(n - z.avail_out);
    if (status == Z_STREAM_END) break;
    if (status == Z_BUF_ERROR && z.avail_in == 0 && given == in.size()) return fail(Errc::truncated, "deflate stream ends early");
    if (status != Z_OK) return fail(Errc::malformed, z.msg == nullptr ? "deflate stream is damaged" : z.msg);
  }
  return Decoded{output.take(), given - z.avail_in};
}

// One per thread: making a decompressor allocates 40 KiB, more than many a block holds.
libdeflate_decompressor* decompressor() {
  struct Free {
    void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
  };
  thread_local const std::unique_ptr<libdeflate_decompressor, Free> one(libdeflate_alloc_decompressor());
  return one.get();
}

Result<std::size_t> result_of(libdeflate_result status, std::size_t wrote) {
  switch (status) {
    case LIBDEFLATE_SUCCESS: return wrote;
    case LIBDEFLATE_INSUFFICIENT_SPACE: return fail(Errc::malformed, "deflate block unpacks to more than it may");
    default: return fail(Errc::malformed, "deflate block is damaged");
  }
}

Result<std::size_t> deflate_block(Bytes in, std::span<std::byte> out) {
  std::size_t wrote = 0;
  const auto status = libdeflate_deflate_decompress(decompressor(), in.data(), in.size(), out.data(), out.size(), &wrote);
  return result_of(status, wrote);
}

Result<std::size_t> zlib_block(Bytes in, std::span<std::byte> out) {
  std::size_t wrote = 0;
  const auto status = libdeflate_zlib_decompress(decompressor(), in.data(), in.size(), out.data(), out.size(), &wrote);
  if (status == LIBDEFLATE_SUCCESS || status == LIBDEFLATE_INSUFFICIENT_SPACE) return result_of(status, wrote);
  // Some makers write a wrong Adler-32 or leave it out: the body says itself whether it is whole.
  if (in.size() < 2) return fail(Errc::truncated, "zlib block ends early");
  const Bytes body = in.subspan(2);
  return deflate_block(body, out);
}

}  // namespace

extern constinit const Codec codec_deflate{
    .id = "deflate", .block = deflate_block, .stream = [](Bytes in, Budget& b) { return inflate_stream(in, b, -MAX_WBITS); }};

extern constinit const Codec codec_zlib{
    .id = "zlib", .block = zlib_block, .stream = [](Bytes in, Budget& b) { return inflate_stream(in, b, MAX_WBITS); }};

}  // namespace assay::firmware
