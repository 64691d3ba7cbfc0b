// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/bytes.hpp"

namespace assay::firmware {

// The options of an embedded kernel configuration (CONFIG_IKCONFIG) that matter for security, "CONFIG_MODULES=y CONFIG_SECCOMP=n …".
// Empty where the kernel does not carry its configuration.
std::string kernel_options(Bytes kernel);

}  // namespace assay::firmware
