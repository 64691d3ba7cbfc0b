// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "firmware/identify.hpp"

namespace assay::firmware {

// Bytes of a layer without files or parts: a kernel, a boot loader, unknown data.
struct RawBytes {
  std::shared_ptr<const Layer> layer;
  Blob bytes;
};

// An image taken apart as far as files; what is inside files is looked at when they are read.
struct Unpacked {
  Image image;
  std::vector<RawBytes> raw;
};

// Where some bytes stand: what observations of them begin with, and whether their offsets are the evidence's.
struct Standing {
  std::string prefix;      // of what is found in them
  std::uint64_t base = 0;  // offset of their first byte in the evidence, when in_evidence
  bool in_evidence = true;
  bool named = false;  // the prefix ends in a name that stands for a layer at offset 0
  bool alone = true;   // nothing else is in the evidence: the file system in it needs no prefix
  bool code = false;
  std::uint32_t depth = 0;
};

// Takes `bytes` apart, layer by layer. Never fails: what could not be read is in gaps and problems.
Unpacked unpack(const Blob& bytes, const Standing& standing, Budget& budget);

// Looks like the root of a system: /etc with passwd, shadow or an inittab, or an init; and /bin or /sbin.
bool looks_like_root(const Layer& layer);

}  // namespace assay::firmware
