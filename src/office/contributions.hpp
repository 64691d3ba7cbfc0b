// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"
#include "model/verdict.hpp"
#include "office/desk.hpp"

namespace assay::office {

// What one equivalence does for the verdicts of a product.
struct Contribution {
  Lending lending;
  std::vector<std::string> rests;  // "<scheme>/<requirement>": settled verdicts that rest on what it lends
  struct Change {
    std::string scheme, requirement, title;
    Verdict with = Verdict::inconclusive;
    Verdict without = Verdict::inconclusive;
  };
  std::vector<Change> without;  // verdicts that would be others without it
};
struct Contributions {
  std::string name;  // of the line
  std::vector<Contribution> equivalences;
};

Result<Contributions> contributions(const Desk& desk, const Question& question);
Value to_value(const Contributions& contributions);

}  // namespace assay::office
