// SPDX-License-Identifier: Apache-2.0
// The .xz format through liblzma, with all its BCJ filters (x86, PowerPC, IA-64, ARM, ARM-Thumb, ARM64, SPARC).
#include <lzma.h>

#include <limits>

#include "firmware/codecs/codec.hpp"

namespace assay::firmware {
namespace {

constexpr std::uint64_t kMemory = 256ULL << 20U;  // of the decoder itself: the dictionary

Result<std::size_t> block(Bytes in, std::span<std::byte> out) {
  std::uint64_t memory = kMemory;
  std::size_t in_at = 0;
  std::size_t out_at = 0;
  const lzma_ret status = lzma_stream_buffer_decode(&memory, 0, nullptr, octets(in), &in_at, in.size(), octets(out), &out_at, out.size());
  if (status == LZMA_OK) return out_at;
  if (status == LZMA_MEMLIMIT_ERROR) return fail(Errc::limit, "xz block wants a larger dictionary than 256 MiB");
  return fail(Errc::malformed, "xz block is damaged");
}

Result<Decoded> stream(Bytes in, Budget& budget) {
  struct Decoder {
    lzma_stream z = LZMA_STREAM_INIT;
    Decoder() = default;
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;
    ~Decoder() { lzma_end(&z); }
  } decoder;
  lzma_stream& z = decoder.z;
  if (lzma_stream_decoder(&z, kMemory, 0) != LZMA_OK) return fail(Errc::limit, "xz: no memory");
  z.next_in = octets(in);
  z.avail_in = in.size();
  Output output(budget, in.size());
  while (true) {
    TRY(const std::span<std::byte> room, output.room());
    z.next_out = octets(room);
    z.avail_out = room.size();
    const lzma_ret status = lzma_code(&z, LZMA_RUN);
    const std::size_t wrote = room.size() - z.avail_out;
    output.wrote(wrote);
    if (status == LZMA_STREAM_END) break;
    if (status == LZMA_MEMLIMIT_ERROR) return fail(Errc::limit, "xz stream wants a larger dictionary than 256 MiB");
    if (status != LZMA_OK && status != LZMA_BUF_ERROR) return fail(Errc::malformed, "xz stream is damaged");
    if (wrote == 0 && z.avail_in == 0) return fail(Errc::truncated, "xz stream ends early");
  }
  return Decoded{output.take(), z.total_in};
}

}  // namespace

extern constinit const Codec codec_xz{.id = "xz", .block = block, .stream = stream};

}  // namespace assay::firmware
