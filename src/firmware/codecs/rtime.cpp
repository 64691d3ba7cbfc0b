// SPDX-License-Identifier: Apache-2.0
// JFFS2's rtime (fs/jffs2/compr_rtime.c): a byte, then how often what followed its last occurrence repeats.
#include <array>

#include "firmware/codecs/codec.hpp"

namespace assay::firmware {
namespace {

Result<std::size_t> block(Bytes in, std::span<std::byte> out) {
  std::array<std::size_t, 256> last{};
  std::size_t at = 0;
  std::size_t written = 0;
  while (written < out.size()) {
    if (in.size() - at < 2) return fail(Errc::truncated, "rtime block ends early");
    const std::byte value = in[at];
    auto repeat = std::to_integer<std::size_t>(in[at + 1]);
    at += 2;
    out[written++] = value;
    std::size_t from = last[std::to_integer<std::size_t>(value)];
    last[std::to_integer<std::size_t>(value)] = written;
    if (repeat > out.size() - written) return fail(Errc::malformed, "rtime block unpacks to more than it may");
    for (; repeat != 0; --repeat) out[written++] = out[from++];
  }
  return written;
}

}  // namespace

extern constinit const Codec codec_rtime{.id = "rtime", .block = block};

}  // namespace assay::firmware
