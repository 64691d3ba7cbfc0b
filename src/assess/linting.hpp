// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "assess/entries.hpp"

namespace assay::assess {

// What the linter found so far, and the ways to say it.
struct Lint {
  const Catalogue& catalogue;
  std::vector<Error> errors;
  void say(const Source& at, std::string what) { errors.push_back(catalogue.error(at, std::move(what))); }
  // With the name that was probably meant.
  void unknown(const Source& at, const std::string& what, std::string_view name, const std::vector<std::string_view>& known);
};

// Kinds, checks, subjects, and every name that a rule or matcher uses; the rule that no refutation rests on absence.
void lint_knowledge(Lint& lint);
// Conditions of a rule or scope entry, whose instances are of `subject`.
void lint_condition(Lint& lint, const Condition& condition, const Source& at, std::string_view subject);
// `where` over the rows of an IXIT table.
void lint_row_fields(Lint& lint, const std::vector<std::pair<std::string, Matcher>>& where, const Source& at, std::string_view table);

// Ids, counts, trees, units, conditions, routes, inheritance, scope and recognitions.
void lint_schemes(Lint& lint);
// Every requirement can reach PASS and FAIL by answers that its questions allow.
void lint_reach(Lint& lint);
// Every case is judged as it expects.
void lint_cases(Lint& lint);

}  // namespace assay::assess
