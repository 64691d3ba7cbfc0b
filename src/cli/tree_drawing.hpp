// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/value.hpp"
#include "cli/terminal.hpp"

namespace assay::cli {

// The decision trees of a requirement (assess::decision_trees), with the ways its instances went: walked branches stand out, and each
// names how many went there.
void draw_trees(Terminal& t, const Value& trees, const RequirementVerdict& requirement);

}  // namespace assay::cli
