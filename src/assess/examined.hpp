// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "assess/entries.hpp"
#include "assess/judge.hpp"

namespace assay::assess {

// What may be used in judging: observations and answers that are bound to this version of the product and were not withdrawn,
// what their coverage makes of absences, and where observations contradict one another (docs/judging.md, Binding, Conflicts).
class Examined {
 public:
  Examined(const Catalogue& catalogue, const Case& input);
  Examined(const Examined&) = delete;
  Examined& operator=(const Examined&) = delete;

  // In canonical order, whatever the order they came in.
  const std::vector<const Observation*>& of(std::string_view kind) const;

  // Those among of(kind) whose field may be equal to one of `values`: the others have it, undisputed, with another value.
  std::vector<const Observation*> candidates(std::string_view kind, std::string_view field, const std::vector<std::string>& values) const;

  struct Coverage {
    bool complete = false;
    std::vector<std::string> observations;
    std::string reason;  // why it is not complete, for people
  };
  const Coverage& coverage(std::string_view check) const;

  // Fields of the observation about which another usable observation of the same thing says something else.
  const std::set<std::string, std::less<>>* contested(const Observation& observation) const;
  // Ids of the observations that contradict this one, itself included.
  std::vector<std::string> rivals(const Observation& observation) const;
  bool any_contested(std::string_view kind) const { return contested_kinds_.contains(kind); }

  // Stands for what a document says, not for what an examiner saw of the device.
  bool is_document(const Observation& observation) const;
  bool holds_evidence(std::string_view id) const { return usable_.contains(id); }
  // By which equivalence evidence of another variant counts here, added where it is borrowed and not there yet; whether it is borrowed.
  bool note_borrowed(std::string_view evidence_id, std::vector<BorrowedUse>& into) const;
  // Answers to a question that count for this version, in the order they were given; those of another variant before all own ones.
  const std::vector<const Answer*>& answers(std::string_view question) const;
  const Value& stale() const { return stale_; }

 private:
  void bind(const Case& input);
  void index(const Case& input);
  void find_conflicts(const Catalogue& catalogue);
  void find_coverage(const Catalogue& catalogue);

  std::vector<Observation> observations_;
  std::map<std::string, const Evidence*, std::less<>> usable_;
  std::map<std::string, std::vector<const Observation*>, std::less<>> by_kind_;
  std::map<const Observation*, std::set<std::string, std::less<>>> contested_;
  std::map<const Observation*, std::vector<std::string>> rivals_;
  std::set<std::string, std::less<>> contested_kinds_;
  std::map<std::string, Coverage, std::less<>> coverage_;
  struct ByValue {
    std::unordered_map<std::string, std::vector<const Observation*>> equal;
    std::vector<const Observation*> open;  // absent, a list, or disputed
  };
  // Filled when first asked for; a judging has one thread.
  mutable std::map<std::pair<std::string, std::string>, ByValue> by_value_;
  std::map<std::string, std::vector<const Answer*>, std::less<>> answers_;
  Value stale_ = Value::array();
};

// A field of an observation by the name rules use: `at.path`, `by`, or a field of its kind. `scratch` holds what is not a Value.
const Value* field_of(const Observation& observation, std::string_view name, Value& scratch);

}  // namespace assay::assess
