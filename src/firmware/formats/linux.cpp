// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "firmware/format.hpp"

namespace assay::firmware {
namespace {

// linux_banner, in init/version.c since 1.0.
constexpr auto kMagics = std::to_array<Magic>(
    {{"Linux version 2."}, {"Linux version 3."}, {"Linux version 4."}, {"Linux version 5."}, {"Linux version 6."}, {"Linux version 7."}});

}  // namespace

extern constinit const Format format_linux{
    .id = "linux",
    .title = "Linux kernel, raw",
    .magics = kMagics,
    .doc = {.specification = "Linux init/version.c (linux_banner)",
            .limits = "Known by its banner; code around what is built into it counts as kernel too."}};

}  // namespace assay::firmware
