// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/observation.hpp"
#include "model/verdict.hpp"

namespace assay::office {

// One side of a comparison.
struct Side {
  Assessment assessment;
  std::vector<Observation> observations;
};

struct VerdictChange {
  std::string scheme, requirement, title, status;
  Verdict before = Verdict::inconclusive;
  Verdict after = Verdict::inconclusive;
  std::vector<std::string> by;  // what made it: observations gone or new, answers, in words
};

struct Difference {
  std::vector<VerdictChange> changes;
  std::vector<Observation> gone;   // seen before, not after
  std::vector<Observation> fresh;  // seen after, not before
  std::size_t same = 0;            // requirements whose verdict did not change
};

// Observations are compared by what they say and where (not by the evidence they come from, which differs by nature).
Difference difference(const Side& before, const Side& after);
Value to_value(const Difference& difference);
// "account root in /etc/shadow:1 (password known)": one observation in a few words.
std::string in_words(const Observation& observation);

}  // namespace assay::office
