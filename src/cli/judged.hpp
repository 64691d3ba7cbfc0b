// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace assay::cli {

// How judged things are shown to people; shared by status, explain, assess, check and diff.
struct Counts {
  std::size_t pass = 0, fail = 0, inconclusive = 0, not_applicable = 0;
  std::size_t total() const { return pass + fail + inconclusive + not_applicable; }
};
Counts count(const SchemeVerdict& scheme);

void show_summary(Terminal& t, const Assessment& assessment);
void show_scheme(Terminal& t, const SchemeVerdict& scheme);
void show_requirement(Terminal& t, const SchemeVerdict& scheme, const RequirementVerdict& requirement,
                      const std::map<std::string, Observation>& observations, const std::map<std::string, Answer>& answers,
                      const std::map<std::string, Evidence>& evidence);
void show_owed(Terminal& t, const std::vector<Owed>& owed, std::size_t most);
// [{scheme, requirement, before, after}]: the rows whose verdict differs.
Value changes(const Assessment& before, const Assessment& after);
void show_changes(Terminal& t, const Assessment& before, const Assessment& after);

// The exit status of a judgement: 1 when a requirement FAILs, 4 when one is INCONCLUSIVE, else 0.
ExitStatus status_of(const Assessment& assessment, bool allow_inconclusive);

}  // namespace assay::cli
