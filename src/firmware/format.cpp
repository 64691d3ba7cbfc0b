// SPDX-License-Identifier: Apache-2.0
#include "firmware/format.hpp"

#include <array>

namespace assay::firmware {

#define FORMAT(id) extern constinit const Format format_##id;
#include "firmware/formats/list.inc"
#undef FORMAT

std::span<const Format* const> formats() {
  static constexpr auto kAll = std::to_array<const Format*>({
#define FORMAT(id) &format_##id,
#include "firmware/formats/list.inc"
#undef FORMAT
  });
  return kAll;
}

const Format* find_format(std::string_view id) {
  for (const Format* format : formats()) {
    if (format->id == id) return format;
  }
  return nullptr;
}

}  // namespace assay::firmware
