// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assess/catalogue.hpp"
#include "base/clock.hpp"
#include "model/evidence.hpp"
#include "model/observation.hpp"
#include "model/product.hpp"
#include "model/verdict.hpp"

namespace assay::assess {

struct Case {
  Product product;
  std::vector<Evidence> evidence;
  std::vector<Observation> observations;
  std::vector<Answer> answers;  // the later of two on the same question and instance counts
  std::vector<Disposal> disposals;
  std::vector<Confirmation> confirmations;
  Day date{};
  bool closing = false;              // missing justifications are FAIL, not INCONCLUSIVE
  std::vector<std::string> schemes;  // only these; empty: all that apply (or may apply) by scope
  Value family = Value::array();     // the equivalences that evidence and answers are borrowed by; handed on to the result
};

// Pure: same inputs, same result, whatever the order of observations. docs/judging.md.
Assessment judge(const Catalogue& catalogue, const Case& input);

struct ScopeAnswer {
  std::string scheme, base, edition, market;  // `scheme` is the catalogue's key, `base` the publisher's id
  std::string result;                         // applies | does-not-apply | unknown
  std::string rule, article, why;
  std::string note;  // where the rule and common summaries of it differ
  std::vector<std::string> notes;
  std::vector<Value> asks;   // facts that would tell: {fact, ask, ja, type, one_of}
  std::vector<Value> rules;  // every rule: {id, kind: include | exclude, article, truth: yes | no | unknown}
};
// The day of placing on the market decides (product.yaml dates.placed_on_market); `date` stands in where that is not given.
std::vector<ScopeAnswer> scope(const Catalogue& catalogue, const Product& product, Day date);
Value to_value(const ScopeAnswer& answer);

// Roll-up of docs/judging.md: any FAIL → FAIL; else any INCONCLUSIVE → INCONCLUSIVE; else a PASS → PASS; all N/A → N/A; empty →
// INCONCLUSIVE.
Verdict roll_up(const std::vector<Verdict>& verdicts);
// EN 18031: any FAIL → FAIL; conceptual N/A → N/A; PASS only when all prescribed pass.
Verdict combine_en_18031(const std::vector<std::pair<std::string, Verdict>>& by_kind);

}  // namespace assay::assess
