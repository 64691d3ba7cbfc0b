// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "assess/asking.hpp"

namespace assay::assess {

// A tree walked for one instance. An unknown node is walked both ways; where all reachable ends agree, that is the verdict, else
// INCONCLUSIVE, and `separating` are exactly the questions whose answer still makes a difference.
struct Walked {
  Verdict verdict = Verdict::inconclusive;
  bool continued = false;                                  // ends in another tree; the verdict is then NOT APPLICABLE here
  std::vector<std::pair<const Node*, const Asked*>> path;  // nodes met, in order, "yes" before "no"
  std::vector<const Asked*> separating;
  std::vector<const Question*> failed;        // whose answer leads straight to FAIL
  std::vector<std::unique_ptr<Asked>> own;    // nodes that the documented path answers
  std::vector<Contradiction> contradictions;  // the documented path against what was found
  std::string astray;                         // a node that the documented path answers and the walk never meets
};

// A documented path through a tree (E.Info.DT): what the maker says was answered at a node.
struct Documented {
  std::string place;  // in product.yaml
  std::vector<std::pair<std::string, bool>> nodes;
};

// Every known step was answered by a person, with the reason written beside it.
bool answered_with_reasons(const Walked& walked);

// `documented` may be null. It answers the nodes that nothing else answers.
Walked walk(const Tree& tree, const Instance& instance, const Scheme& scheme, Asking& asking, const Documented* documented = nullptr);

}  // namespace assay::assess
