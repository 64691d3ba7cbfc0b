// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "assess/asking.hpp"
#include "assess/documented.hpp"
#include "assess/walk.hpp"

namespace assay::assess {

// A verdict with what it carries upward. `assumed` is the verdict if every unverified entry on the way were confirmed.
struct Carried {
  Verdict verdict = Verdict::inconclusive;
  Verdict assumed = Verdict::inconclusive;
  Basis basis = Basis::none;
  bool seen = false;  // rests on an observation
  bool refuted =
      false;  // something in it fails by observation, also where an unverified entry or an open condition keeps that from counting
  bool steps_back = false;  // of an instance: another unit judges it on
  bool contested = false;   // observations that contradict one another keep it open
  std::vector<Owed> owed;
  std::vector<Contradiction> contradictions;
  std::vector<std::string> remedies;
  std::vector<BorrowedUse> borrowed;
  // Takes over what another verdict owes and found, not the verdict itself.
  void gather(const Carried& other);
  void borrow(const std::vector<BorrowedUse>& uses);
};

struct JudgedUnit {
  UnitVerdict shown;
  Carried carried;
  struct Ended {
    Verdict verdict = Verdict::inconclusive;
    std::vector<Owed> owed;
  };
  std::map<std::string, Ended, std::less<>> ended;  // by instance, of units that are gates
};

struct JudgedRequirement {
  RequirementVerdict shown;
  Carried carried;
};

// One judging: memory of what was already answered, nothing that outlives it.
class Judging {
 public:
  Judging(const Catalogue& catalogue, const Case& input)
      : catalogue_(catalogue), input_(input), asking_(catalogue, input), documented_(input.product) {}

  const JudgedRequirement& requirement(const Scheme& scheme, const Requirement& requirement);
  const JudgedUnit& unit(const Scheme& scheme, const Requirement& requirement, const AssessmentEntry& assessment, const Unit& unit);
  // The verdict as it is shown; once for each requirement.
  RequirementVerdict take(const Scheme& scheme, const Requirement& wanted) {
    requirement(scheme, wanted);
    return std::move(requirements_[&wanted].shown);
  }
  Asking& asking() { return asking_; }

 private:
  struct Applicability {
    enum class State { applies, not_applicable, unknown, conflict } state = State::applies;
    Carried carried;
    const SchemeCondition* decides = nullptr;  // the condition that makes it not applicable
    std::string because;
    Basis basis = Basis::none;
    bool seen = false;
  };
  struct Justification {
    bool given = false;
    std::string text;
    Basis basis = Basis::none;
    std::vector<BorrowedUse> borrowed;
  };
  struct Context {
    const Scheme& scheme;
    const Requirement& requirement;
    const AssessmentEntry& assessment;
    const Unit& unit;
  };

  // Whether an instance enters a unit (docs/catalogue.md, gates).
  struct GateState {
    Truth truth = Truth::yes;
    std::string says;
    std::vector<Owed> owed;  // what would tell
    std::vector<BorrowedUse> borrowed;
  };

  GateState gate(const Context& context, const Instance& instance);
  static void hold_at_gate(const Context& context, const GateState& gate, InstanceVerdict& shown, Carried& carried);
  void go_on(const Context& context, const Tree& tree, const Instance& instance, InstanceVerdict& shown, Carried& carried);
  void require_documentation(const Context& context, const Instance& instance, const Walked& chosen, InstanceVerdict& shown,
                             Carried& carried);
  void missing_information(const Context& context, const Instance& instance, const Information& wanted, Carried& carried);
  Carried whole(const Scheme& scheme);

  JudgedUnit judge_unit(const Context& context);
  void judge_instances(const Context& context, JudgedUnit& out);
  void judge_none(const Context& context, JudgedUnit& out);
  void judge_inherited(const Context& context, JudgedUnit& out);
  void guard_fail(const Context& context, InstanceVerdict& shown, Carried& carried);
  InstanceVerdict judge_instance(const Context& context, const Instance& instance, JudgedUnit& out, Carried& carried);
  void guard_pass(const Context& context, const Walked& chosen, InstanceVerdict& shown, Carried& carried);
  const Walked* choose(const Context& context, const std::vector<Walked>& walks, InstanceVerdict& shown, Carried& carried);
  Carried inherited(const Scheme& scheme, const Entry& entry, const Scheme& asking_scheme, const Requirement& asking_requirement);

  const Applicability& applicability(const Scheme& scheme, const Requirement& requirement);
  JudgedRequirement judge_requirement(const Scheme& scheme, const Requirement& requirement);
  void combine(const Scheme& scheme, const Requirement& requirement, JudgedRequirement& out);
  Carried not_applicable(const Scheme& scheme, const Requirement& requirement, const Applicability& applies);
  void apply_conditions(const Scheme& scheme, const Requirement& requirement, JudgedRequirement& out);
  void require_justification(const Scheme& scheme, const Requirement& requirement, JudgedRequirement& out);
  void require_confirmation(const Scheme& scheme, const Requirement& requirement, JudgedRequirement& out);
  void recognise(const Scheme& scheme, const Requirement& requirement, JudgedRequirement& out);
  void compare_with_ics(const Scheme& scheme, const Requirement& requirement, JudgedRequirement& out);
  std::string route_of(const Scheme& scheme, const Requirement& requirement, bool& known) const;

  Justification reason_of(const Answer& answer) const;
  Justification justification(const Scheme& scheme, const Requirement& requirement, std::string_view instance) const;
  bool confirmed(const Scheme& scheme, std::string_view entry) const;
  Owed owed_justification(const Scheme& scheme, const Requirement& requirement, std::string_view instance, bool deviation) const;
  Owed owed_confirmation(const Scheme& scheme, std::string_view entry, std::string_view source) const;

  const Catalogue& catalogue_;
  const Case& input_;
  Asking asking_;
  DocumentedPaths documented_;
  std::map<const Unit*, JudgedUnit> units_;
  std::map<const Requirement*, JudgedRequirement> requirements_;
  std::map<const Requirement*, Applicability> applicability_;
  std::set<const void*> open_;  // being judged: what leads back to them is a loop
};

// Gathers many into one, each thing once; looks nothing up twice. The target must not change otherwise while this lives.
class Gathering {
 public:
  explicit Gathering(Carried& into);
  void add(const Carried& other);
  void add(const Owed& owed);
  void add(const Contradiction& contradiction);

 private:
  Carried& into_;
  std::unordered_map<std::string, std::size_t> owed_;
  std::unordered_set<std::string> contradictions_;
};

// Adds `settles` rows to what is already owed for the same question, instance and kind.
void merge_owed(std::vector<Owed>& into, const Owed& owed);
// Most settled for the least cost first; then by name.
void sort_owed(std::vector<Owed>& owed);

}  // namespace assay::assess
