// SPDX-License-Identifier: Apache-2.0
// LZMA1: the ".lzma" form (13-byte header: properties, dictionary, size or -1) and raw streams, through liblzma.
#include "firmware/codecs/lzma.hpp"

#include <lzma.h>

#include <algorithm>
#include <array>

#include "firmware/codecs/codec.hpp"

namespace assay::firmware {
namespace {

constexpr std::uint64_t kHeader = 13;
// Dictionaries above this are no firmware's: 4 GiB in a header of 13 bytes is an attack on our memory.
constexpr std::uint64_t kDictionary = 256ULL << 20U;

struct Decoder {
  lzma_stream stream = LZMA_STREAM_INIT;
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { lzma_end(&stream); }
};

struct Header {
  LzmaProperties properties;
  std::uint32_t dictionary = 0;
  std::uint64_t size = 0;  // all ones: not known
};

Result<Header> header_of(Bytes in) {
  Reader r(in);
  TRY(const Bytes packed, r.bytes(1));
  Header h;
  const auto properties = lzma_properties(packed[0]);
  if (!properties) return fail(Errc::malformed, "not LZMA properties");
  h.properties = *properties;
  TRY(h.dictionary, r.le<std::uint32_t>());
  TRY(h.size, r.le<std::uint64_t>());
  if (h.dictionary > kDictionary) return fail(Errc::limit, "LZMA dictionary above 256 MiB");
  return h;
}

bool start(Decoder& decoder, LzmaProperties p, std::uint32_t dictionary, std::uint64_t size) {
  lzma_options_lzma options{};
  options.dict_size = std::max<std::uint32_t>(dictionary, LZMA_DICT_SIZE_MIN);
  options.lc = p.lc;
  options.lp = p.lp;
  options.pb = p.pb;
  options.ext_flags = LZMA_LZMA1EXT_ALLOW_EOPM;
  options.ext_size_low = static_cast<std::uint32_t>(size);
  options.ext_size_high = static_cast<std::uint32_t>(size >> 32U);
  const std::array<lzma_filter, 2> filters{{{LZMA_FILTER_LZMA1EXT, &options}, {LZMA_VLI_UNKNOWN, nullptr}}};
  return lzma_raw_decoder(&decoder.stream, filters.data()) == LZMA_OK;
}

Result<Decoded> stream(Bytes in, Budget& budget) {
  TRY(const Header header, header_of(in));
  const bool known = header.size != ~std::uint64_t{0};
  if (known) {
    // Before anything is allocated: a header that lies about its size costs nothing.
    if (header.size > budget.limits().memory) return fail(Errc::limit, "LZMA stream claims more than the memory limit");
    if (header.size / budget.limits().ratio / 8 > in.size()) return fail(Errc::limit, "LZMA stream claims more than it can hold");
  }
  // No use in a dictionary larger than the output.
  const std::uint64_t dictionary = known ? std::min<std::uint64_t>(header.dictionary, header.size) : header.dictionary;
  Decoder decoder;
  if (!start(decoder, header.properties, static_cast<std::uint32_t>(dictionary), header.size)) {
    return fail(Errc::malformed, "LZMA options are not possible");
  }
  lzma_stream& z = decoder.stream;
  const Bytes body = in.subspan(kHeader);
  z.next_in = octets(body);
  z.avail_in = body.size();
  Output output(budget, in.size());
  while (true) {
    TRY(const std::span<std::byte> room, output.room());
    z.next_out = octets(room);
    z.avail_out = room.size();
    const lzma_ret status = lzma_code(&z, LZMA_RUN);
    const std::size_t wrote = room.size() - z.avail_out;
    output.wrote(wrote);
    if (status == LZMA_STREAM_END) break;
    if (status != LZMA_OK && status != LZMA_BUF_ERROR) return fail(Errc::malformed, "LZMA stream is damaged");
    if (wrote == 0 && z.avail_in == 0) return fail(Errc::truncated, "LZMA stream ends early");
  }
  return Decoded{output.take(), kHeader + z.total_in};
}

Result<std::size_t> block(Bytes in, std::span<std::byte> out) {
  TRY(const Header header, header_of(in));
  const Bytes body = in.subspan(kHeader);
  return lzma_raw(body, header.properties, out);
}

}  // namespace

std::optional<LzmaProperties> lzma_properties(std::byte packed) {
  auto value = std::to_integer<unsigned>(packed);
  if (value >= 9 * 5 * 5) return std::nullopt;
  LzmaProperties p;
  p.lc = value % 9;
  value /= 9;
  p.lp = value % 5;
  p.pb = value / 5;
  // liblzma's own bound (LZMA_LCLP_MAX).
  if (p.lc + p.lp > 4) return std::nullopt;
  return p;
}

Result<std::size_t> lzma_raw(Bytes in, LzmaProperties properties, std::span<std::byte> out) {
  Decoder decoder;
  const std::uint64_t unknown = ~std::uint64_t{0};
  if (!start(decoder, properties, static_cast<std::uint32_t>(std::min<std::size_t>(out.size(), kDictionary)), unknown)) {
    return fail(Errc::malformed, "LZMA options are not possible");
  }
  lzma_stream& z = decoder.stream;
  z.next_in = octets(in);
  z.avail_in = in.size();
  z.next_out = octets(out);
  z.avail_out = out.size();
  while (z.avail_out != 0) {
    const std::size_t before = z.avail_out;
    const std::size_t input = z.avail_in;
    const lzma_ret status = lzma_code(&z, LZMA_RUN);
    if (status == LZMA_STREAM_END) break;
    if (status != LZMA_OK && status != LZMA_BUF_ERROR) return fail(Errc::malformed, "LZMA block is damaged");
    if (z.avail_out == before && z.avail_in == input) break;
  }
  return out.size() - z.avail_out;
}

extern constinit const Codec codec_lzma{.id = "lzma", .block = block, .stream = stream};

}  // namespace assay::firmware
