// SPDX-License-Identifier: Apache-2.0
#include "office/version.hpp"

namespace assay::office {

// CMake hands in the project's version, so that there is one place to change it.
std::string program_version() {
  return std::string("assay ") + ASSAY_VERSION;
}

}  // namespace assay::office
