// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "assess/judge.hpp"

namespace assay::assess {

// One way a scheme of the plan is served.
struct PlanStep {
  std::string scheme, edition, result;  // result of scope: applies | unknown
  std::string application, title;       // empty: the catalogue knows no application
  std::string deemed_by;                // recognition that makes an application of its own unnecessary
  std::string through;                  // "<scheme>/<application>" that the recognition or a reduced route rests on
  std::string level, valid, from, note, source, currency;
  double fee = -1, days = -1;  // negative: not known
  bool lab = false;
  bool mandatory = false;
  std::vector<std::string> waives;  // requirements that the recognitions of other steps grant here
  std::vector<std::string> stays;   // where deemed_by: mandatory requirements that the recognition does not grant
  int open_minutes = 0;             // a person's work that is still owed under this scheme, shared work counted once, at its first scheme
};

// The set of applications for the schemes in scope with the fewest laboratories, then the least fee (as far as fees compare: those of one
// currency, and of all that `rates` names), then the least work. A label of a market where the product is not sold is taken only where it
// saves a laboratory. Computed verdicts count here only (design: Recognitions); nothing of it is a verdict.
struct Plan {
  std::string date;
  std::vector<PlanStep> steps;
  std::map<std::string, double> fees;  // by currency
  bool fees_complete = true;           // false: some fee is not known
  int open_minutes = 0;
  std::size_t considered = 0;  // combinations looked at
  bool all_considered = true;
};

// `rates`: one unit of a currency in the currency of comparison.
Plan plan(const Catalogue& catalogue, const Product& product, const Assessment& assessment, Day date,
          const std::map<std::string, double>& rates);
Value to_value(const Plan& plan);

}  // namespace assay::assess
