// SPDX-License-Identifier: Apache-2.0
// Fuzz target: any bytes are taken apart within small limits, their layers tile them, and every file can be asked for its content.
#include <cstdio>
#include <cstdlib>

#include "firmware/unpack.hpp"

namespace {

using namespace assay;
using namespace assay::firmware;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const Bytes bytes = std::as_bytes(std::span(data, size));
  Budget budget(Budget::Limits{.memory = 8U << 20U, .produced = 32U << 20U, .ratio = 1000, .depth = 5, .entries = 2000});
  const Unpacked unpacked = unpack(Blob{bytes, nullptr}, Standing{}, budget);
  std::uint64_t at = 0;
  for (const auto& layer : unpacked.image.layers) {
    if (layer->depth == 0) {
      require(layer->offset == at && layer->size != 0 && layer->size <= size - at, "layers of the outermost level tile the input");
      at += layer->size;
    }
    for (std::size_t i = 0; i < layer->entries.size(); ++i) {
      const Entry& entry = layer->entries[i];
      require(entry.path.starts_with('/') && entry.path.find("/../") == std::string::npos, "paths are absolute and stay in their tree");
      require(i == 0 || layer->entries[i - 1].path < entry.path, "entries are sorted and each path stands once");
      if (entry.content == nullptr) continue;
      if (const auto content = entry.content->read(budget)) {
        require(content->bytes.size() <= budget.limits().memory || content->owner == nullptr || content->bytes.size() <= size,
                "contents stay within the memory limit");
      }
    }
  }
  require(at == size, "layers cover the input");
  return 0;
}
