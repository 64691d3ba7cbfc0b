// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "assess/condition.hpp"
#include "assess/examined.hpp"
#include "assess/instances.hpp"
#include "base/clock.hpp"

namespace assay::assess {

// The truth of a condition for one instance, and on what it rests.
struct Grounds {
  Truth truth = Truth::unknown;
  std::vector<const Observation*> observations;
  std::vector<std::string> declared;  // places in product.yaml, with their line
  std::vector<std::string> reasons;   // why it is unknown
  std::vector<const Value*> rows;     // rows that matched, for the words of a rule
  void add(const Grounds& other);
};

// The ICS entry of a requirement; of a later edition, that of the edition before where moves.yaml says that it still stands.
const Value* ics_entry(const Product& product, const Scheme& scheme, std::string_view requirement);

// How a condition is read. `strict`: an observation that another one contradicts supports nothing; otherwise each is taken at its word
// (what was refuted stays refuted). `against`: for a rule against the product, what no row names is certainly not declared; a rule for it
// learns nothing from the missing row.
struct Stance {
  bool strict = false;
  bool against = false;
};
inline constexpr Stance kFace{};

class Evaluation {
 public:
  // `date`: the day of judging, which stands in for a day of placing on the market that is not declared.
  Evaluation(const Catalogue& catalogue, const Product& product, const Examined& examined, const Inventories& inventories, Day date)
      : catalogue_(catalogue), product_(product), examined_(examined), inventories_(inventories), date_(to_text(date)) {}

  // `scheme` may be null; then conditions on the ICS are unknown.
  Grounds evaluate(const Condition& condition, const Instance& instance, const Scheme* scheme, Stance stance) const;
  // Whether the condition looks at a kind of which some observations contradict one another.
  bool touches_contested(const Condition& condition) const;
  MatchScope scope_of(const Instance& instance) const;

 private:
  Grounds seen(const Condition& condition, const Instance& instance, Stance stance) const;
  Grounds look(const Condition& condition, const Instance& instance, Stance stance) const;
  Grounds declared(const Condition& condition, const Instance& instance, Stance stance) const;
  Grounds undeclared(const Condition& condition, const Instance& instance, Stance stance) const;
  Grounds value(const Condition& condition, const Value* found, const std::string& path, const Instance& instance) const;
  Grounds ics_unjustified(const Scheme& scheme) const;
  Grounds combined(const Condition& condition, const Instance& instance, const Scheme* scheme, Stance stance) const;
  Truth match_observation(const Condition& condition, const Observation& observation, const MatchScope& scope, Stance stance) const;

  // What was seen without regard to an instance is looked for once; a judging has one thread.
  mutable std::map<std::pair<const Condition*, bool>, Grounds> seen_;

  const Catalogue& catalogue_;
  const Product& product_;
  const Examined& examined_;
  const Inventories& inventories_;
  Value date_;
};

}  // namespace assay::assess
