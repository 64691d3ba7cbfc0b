// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace assay::office {

std::string program_version();  // "assay 0.1.0"

}  // namespace assay::office
