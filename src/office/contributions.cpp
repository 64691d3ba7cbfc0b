// SPDX-License-Identifier: Apache-2.0
#include "office/contributions.hpp"

#include <algorithm>
#include <map>

namespace assay::office {
namespace {

bool rests_on(const RequirementVerdict& requirement, std::string_view equivalence) {
  return requirement.verdict != Verdict::inconclusive &&
         std::ranges::find(requirement.borrowed, equivalence, &BorrowedUse::equivalence) != requirement.borrowed.end();
}

std::vector<Contribution::Change> changes(const Assessment& with, const Assessment& without) {
  std::map<std::string, Verdict> after;
  for (const SchemeVerdict& scheme : without.schemes) {
    for (const RequirementVerdict& r : scheme.requirements) after[scheme.id + "/" + r.id] = r.verdict;
  }
  std::vector<Contribution::Change> out;
  for (const SchemeVerdict& scheme : with.schemes) {
    for (const RequirementVerdict& r : scheme.requirements) {
      const auto at = after.find(scheme.id + "/" + r.id);
      if (at != after.end() && at->second != r.verdict) out.push_back({scheme.id, r.id, r.title, r.verdict, at->second});
    }
  }
  return out;
}

}  // namespace

Result<Contributions> contributions(const Desk& desk, const Question& question) {
  TRY(Family family, desk.family(question));
  Contributions out{family.name, {}};
  if (family.lendings.empty()) return out;
  TRY(const Assessment with, desk.judge(question));
  for (Lending& lending : family.lendings) {
    Contribution one;
    if (!lending.evidence.empty() || !lending.answers.empty()) {
      for (const SchemeVerdict& scheme : with.schemes) {
        for (const RequirementVerdict& r : scheme.requirements) {
          if (rests_on(r, lending.terms.equivalence)) one.rests.push_back(scheme.id + "/" + r.id);
        }
      }
      Question less = question;
      less.leave_out = lending.terms.equivalence;
      TRY(const Assessment without, desk.judge(less));
      one.without = changes(with, without);
    }
    one.lending = std::move(lending);
    out.equivalences.push_back(std::move(one));
  }
  return out;
}

Value to_value(const Contributions& contributions) {
  Value out = Value::object();
  out.set("name", contributions.name);
  Value list = Value::array();
  for (const Contribution& c : contributions.equivalences) {
    Value row = to_value(c.lending);
    Value rests = Value::array();
    for (const std::string& r : c.rests) rests.push(r);
    row.set("verdicts", static_cast<std::int64_t>(c.rests.size()));
    row.set("rests", std::move(rests));
    Value without = Value::array();
    for (const Contribution::Change& change : c.without) {
      Value one = Value::object();
      one.set("scheme", change.scheme);
      one.set("requirement", change.requirement);
      one.set("verdict", to_text(change.with));
      one.set("without", to_text(change.without));
      without.push(std::move(one));
    }
    row.set("without", std::move(without));
    list.push(std::move(row));
  }
  out.set("equivalences", std::move(list));
  return out;
}

}  // namespace assay::office
