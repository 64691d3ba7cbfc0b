// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace assay::cli {

// The whole program; returns one of ExitStatus.
int run(int argc, const char* const* argv);

}  // namespace assay::cli
