// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace assay::cli {

// The whole program; returns the exit status of design.md section 6.
int run(int argc, const char* const* argv);

}  // namespace assay::cli
