// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "firmware/format.hpp"

namespace assay::firmware {
namespace {

// The banner, and the boot line that builds for 963xx boards carry.
constexpr auto kMagics = std::to_array<Magic>({{"CFE version "}, {"i=bcm963xx_fs_kernel"}});

}  // namespace

extern constinit const Format format_cfe{.id = "cfe",
                                         .title = "Broadcom CFE, raw",
                                         .magics = kMagics,
                                         .doc = {.specification = "Broadcom Common Firmware Environment, cfe/main/cfe_main.c",
                                                 .limits = "Known by its banner; not told from code beside it."}};

}  // namespace assay::firmware
