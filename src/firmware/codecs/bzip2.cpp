// SPDX-License-Identifier: Apache-2.0
#include <bzlib.h>

#include <algorithm>
#include <limits>

#include "firmware/codecs/codec.hpp"

namespace assay::firmware {
namespace {

constexpr std::size_t kChunk = std::numeric_limits<unsigned>::max() / 2;

struct Decompressor {
  bz_stream stream{};
  bool ready = false;
  Decompressor() { ready = BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK; }
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;
  ~Decompressor() {
    if (ready) BZ2_bzDecompressEnd(&stream);
  }
};

Result<Decoded> stream(Bytes in, Budget& budget) {
  Decompressor bz;
  if (!bz.ready) return fail(Errc::limit, "bzip2: no memory");
  Output output(budget, in.size());
  std::size_t given = 0;
  while (true) {
    if (bz.stream.avail_in == 0 && given < in.size()) {
      const std::size_t n = std::min(in.size() - given, kChunk);
      // bzip2 takes a mutable pointer and does not write through it.
      bz.stream.next_in = const_cast<char*>(text_of(in.subspan(given, n)).data());
      bz.stream.avail_in = static_cast<unsigned>(n);
      given += n;
    }
    TRY(const std::span<std::byte> room, output.room());
    const std::size_t n = std::min(room.size(), kChunk);
    bz.stream.next_out = chars(room);
    bz.stream.avail_out = static_cast<unsigned>(n);
    const int status = BZ2_bzDecompress(&bz.stream);
    const std::size_t wrote = n - bz.stream.avail_out;
    output.wrote(wrote);
    if (status == BZ_STREAM_END) break;
    if (status != BZ_OK) return fail(Errc::malformed, "bzip2 stream is damaged");
    if (wrote == 0 && bz.stream.avail_in == 0 && given == in.size()) return fail(Errc::truncated, "bzip2 stream ends early");
  }
  return Decoded{output.take(), given - bz.stream.avail_in};
}

}  // namespace

extern constinit const Codec codec_bzip2{.id = "bzip2", .stream = stream};

}  // namespace assay::firmware
