// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assess/asking.hpp"

namespace assay::assess {

// A tree walked for one instance. An unknown node is walked both ways; where all reachable ends agree, that is the verdict, else
// INCONCLUSIVE, and `separating` are exactly the questions whose answer still makes a difference.
struct Walked {
  Verdict verdict = Verdict::inconclusive;
  std::vector<std::pair<const Node*, const Asked*>> path;  // nodes met, in order, "yes" before "no"
  std::vector<const Asked*> separating;
  std::vector<const Question*> failed;  // whose answer leads straight to FAIL
};

Walked walk(const Tree& tree, const Instance& instance, const Scheme& scheme, Asking& asking);

}  // namespace assay::assess
