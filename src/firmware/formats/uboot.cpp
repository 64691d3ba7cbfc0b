// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "firmware/format.hpp"

namespace assay::firmware {
namespace {

// version_string: "U-Boot 1.1.4 (", "U-Boot 2013.07 (", with or without SPL.
constexpr auto kMagics = std::to_array<Magic>({{"U-Boot 1."}, {"U-Boot 20"}, {"U-Boot SPL 20"}});

}  // namespace

extern constinit const Format format_uboot{
    .id = "uboot",
    .title = "U-Boot, raw",
    .magics = kMagics,
    .doc = {.specification = "U-Boot include/version.h (version_string)", .limits = "Known by its banner; not told from code beside it."}};

}  // namespace assay::firmware
