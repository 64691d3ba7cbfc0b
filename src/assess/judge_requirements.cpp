// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "assess/judging.hpp"
#include "assess/recognising.hpp"
#include "base/text.hpp"

namespace assay::assess {

const Judging::Applicability& Judging::applicability(const Scheme& scheme, const Requirement& requirement) {
  const auto known = applicability_.find(&requirement);
  if (known != applicability_.end()) return known->second;
  Applicability out;
  using State = Applicability::State;
  for (const std::string& id : requirement.conditions) {
    const SchemeCondition* condition = scheme.condition(id);
    if (condition == nullptr || condition->question == nullptr) {
      out.state = State::unknown;
      continue;
    }
    const Asked& asked = asking_.ask(*condition->question, asking_.inventories().product(), scheme);
    Carried one;
    one.contradictions = asked.contradictions;
    one.borrowed = asked.step.borrowed;
    out.carried.gather(one);
    if (asked.state == Asked::State::no) {
      // One condition that fails is enough; the first confirmed one speaks best.
      const bool better =
          out.decides == nullptr || (out.decides->confidence == Confidence::unverified && condition->confidence != Confidence::unverified);
      if (better) {
        out.decides = condition;
        out.because = asked.step.because.empty() ? condition->title : asked.step.because;
        out.basis = asked.step.basis;
        out.seen = asked.seen;
      }
    } else if (asked.state != Asked::State::yes) {
      if (asked.state == Asked::State::unknown) {
        out.state = State::unknown;
      } else {
        out.carried.contested = true;
        if (out.state != State::unknown) out.state = State::conflict;
      }
      Owed owed = asking_.owed(asked);
      owed.settles = {scheme.id + "/" + requirement.id};
      merge_owed(out.carried.owed, owed);
    }
  }
  if (out.decides != nullptr) {
    out.state = State::not_applicable;
    out.carried.owed.clear();
  }
  return applicability_.emplace(&requirement, std::move(out)).first->second;
}

std::string Judging::route_of(const Scheme& scheme, const Requirement& requirement, bool& known) const {
  known = true;
  if (requirement.routes.empty()) return {};
  const Value& chosen = input_.product.document()["routes"][scheme.id + "/" + requirement.id];
  if (chosen.is_null()) {
    known = !requirement.choose_route;
    return requirement.routes.front().id;
  }
  known = std::ranges::find(requirement.routes, chosen.text(), &Route::id) != requirement.routes.end();
  return std::string(chosen.text());
}

void Judging::combine(const Scheme& scheme, const Requirement& requirement, JudgedRequirement& out) {
  bool route_known = true;
  out.shown.route = route_of(scheme, requirement, route_known);
  std::vector<std::pair<std::string, Verdict>> verdicts;
  std::vector<std::pair<std::string, Verdict>> assumed;
  std::vector<Carried> all;
  for (const AssessmentEntry& assessment : requirement.assessments) {
    if (!assessment.route.empty() && assessment.route != out.shown.route) continue;
    AssessmentVerdict shown{assessment.id, assessment.kind, Verdict::inconclusive, Basis::none, {}};
    std::vector<Verdict> units;
    std::vector<Verdict> units_assumed;
    Carried carried;
    for (const Unit& entry : assessment.units) {
      const JudgedUnit& judged = unit(scheme, requirement, assessment, entry);
      // Each unit stands in one requirement, and what inherits it reads only what it carries.
      const auto at = units_.find(&entry);
      shown.units.push_back(at == units_.end() ? judged.shown : std::move(at->second.shown));
      units.push_back(judged.carried.verdict);
      units_assumed.push_back(judged.carried.assumed);
      carried.gather(judged.carried);
    }
    carried.verdict = roll_up(units);
    carried.assumed = roll_up(units_assumed);
    for (const Unit& entry : assessment.units) {
      const Carried& judged = unit(scheme, requirement, assessment, entry).carried;
      if (judged.verdict != carried.verdict || carried.verdict == Verdict::inconclusive) continue;
      carried.basis = std::max(carried.basis, judged.basis);
      carried.seen = carried.seen || judged.seen;
    }
    shown.verdict = carried.verdict;
    shown.basis = carried.basis;
    verdicts.emplace_back(assessment.kind, carried.verdict);
    assumed.emplace_back(assessment.kind, carried.assumed);
    all.push_back(std::move(carried));
    out.shown.assessments.push_back(std::move(shown));
  }
  const auto total = [&](const std::vector<std::pair<std::string, Verdict>>& of) {
    if (scheme.combine == "en-18031") return combine_en_18031(of);
    std::vector<Verdict> plain;
    for (const auto& [kind, verdict] : of) plain.push_back(verdict);
    return roll_up(plain);
  };
  out.carried.verdict = total(verdicts);
  out.carried.assumed = total(assumed);
  for (const Carried& carried : all) {
    out.carried.gather(carried);
    if (carried.verdict != out.carried.verdict) continue;
    out.carried.basis = std::max(out.carried.basis, carried.basis);
    out.carried.seen = out.carried.seen || carried.seen;
  }
  if (out.carried.verdict == Verdict::inconclusive && out.carried.owed.empty()) {
    // Every part has its verdict, and they do not fit: a functional part that does not apply where the concept passes.
    Owed owed;
    owed.question = scheme.id + "/" + requirement.id;
    owed.kind = "declaration";
    owed.cost = 15;
    owed.ask = "Why does a part of " + requirement.id + " not apply where another one passes?";
    owed.what = "Take back the reason written for the part that is not applicable, or correct the answers and rows that led there.";
    owed.settles = {owed.question};
    merge_owed(out.carried.owed, owed);
  }
  if (route_known) return;
  out.carried.verdict = out.carried.assumed = Verdict::inconclusive;
  Owed owed;
  owed.question = scheme.id + "/" + requirement.id;
  owed.kind = "declaration";
  owed.cost = 5;
  owed.ask = "By which route is " + requirement.id + " met?";
  const bool named = !input_.product.document()["routes"][owed.question].is_null();
  owed.what = named ? "product.yaml names the route " + printable(out.shown.route) + ", which the requirement does not have. Write one of:"
                    : "Choose under routes in product.yaml, as " + owed.question + ": one of";
  for (const Route& route : requirement.routes) owed.what += " " + route.id;
  owed.settles = {owed.question};
  merge_owed(out.carried.owed, owed);
}

// A condition that fails makes the requirement not applicable, if its reason is written down and the condition is sure.
Carried Judging::not_applicable(const Scheme& scheme, const Requirement& requirement, const Applicability& applies) {
  Carried out;
  out.verdict = out.assumed = Verdict::not_applicable;
  out.basis = applies.basis;
  out.seen = applies.seen;
  out.contradictions = applies.carried.contradictions;
  out.borrowed = applies.carried.borrowed;
  const std::string row = scheme.id + "/" + requirement.id;
  const Justification reason = justification(scheme, requirement, "");
  if (reason.given) {
    out.basis = std::max(out.basis, reason.basis);
    out.borrow(reason.borrowed);
  } else if (applies.decides->reason.empty()) {
    out.verdict = out.assumed = input_.closing ? Verdict::fail : Verdict::inconclusive;
    merge_owed(out.owed, owed_justification(scheme, requirement, "", false));
  }
  const SchemeCondition& condition = *applies.decides;
  const auto doubt = [&](const std::string& entry, const std::string& source) {
    if (confirmed(scheme, entry)) return;
    out.verdict = Verdict::inconclusive;
    merge_owed(out.owed, owed_confirmation(scheme, entry, source));
  };
  if (condition.confidence == Confidence::unverified) doubt(condition.id, condition.origin);
  if (condition.question->confidence == Confidence::unverified) doubt(condition.question->id, condition.question->origin);
  for (Owed& owed : out.owed) owed.settles = {row};
  if (out.verdict == Verdict::inconclusive) out.basis = Basis::none;
  return out;
}

void Judging::apply_conditions(const Scheme& scheme, const Requirement& requirement, JudgedRequirement& out) {
  const Applicability& applies = applicability(scheme, requirement);
  Carried& carried = out.carried;
  if (applies.state == Applicability::State::not_applicable) {
    // What was seen of the units stays on show; it decides nothing.
    const auto contradictions = carried.contradictions;
    const auto borrowed = carried.borrowed;
    carried = not_applicable(scheme, requirement, applies);
    Carried kept;
    kept.contradictions = contradictions;
    kept.borrowed = borrowed;
    carried.gather(kept);
    const Justification reason = justification(scheme, requirement, "");
    const bool by_law = !reason.given && !applies.decides->reason.empty();
    out.shown.justified = reason.given || by_law;
    out.shown.justification = by_law ? applies.decides->reason : reason.text;
    return;
  }
  carried.gather(applies.carried);
  if (applies.state == Applicability::State::applies) return;
  // Contradictory observations about the premise take back no FAIL; where nothing is known of it, FAIL and N/A are both open.
  if (carried.verdict == Verdict::fail && applies.state == Applicability::State::conflict) return;
  if (carried.assumed != Verdict::not_applicable || applies.state == Applicability::State::conflict)
    carried.assumed = Verdict::inconclusive;
  if (carried.verdict != Verdict::not_applicable || applies.state == Applicability::State::conflict)
    carried.verdict = Verdict::inconclusive;
  if (carried.verdict == Verdict::inconclusive) carried.basis = Basis::none;
}

// Not applicable without a written reason is not a verdict yet; a recommendation left out needs its reason, but stays a FAIL.
void Judging::require_justification(const Scheme& scheme, const Requirement& requirement, JudgedRequirement& out) {
  Carried& carried = out.carried;
  const bool by_condition = applicability(scheme, requirement).state == Applicability::State::not_applicable;
  const std::string row = scheme.id + "/" + requirement.id;
  const auto owe = [&](bool deviation) {
    Owed owed = owed_justification(scheme, requirement, "", deviation);
    owed.settles = {row};
    merge_owed(carried.owed, owed);
  };
  const bool none = carried.verdict == Verdict::not_applicable ||
                    (carried.verdict == Verdict::inconclusive && carried.assumed == Verdict::not_applicable);
  // EN 18031 wants the reason of each instance; that was asked for there.
  const bool by_instance = scheme.combine == "en-18031";
  if (none && by_instance && !by_condition) {
    out.shown.justified = carried.verdict == Verdict::not_applicable;
  } else if (none && !by_condition) {
    const Justification reason = justification(scheme, requirement, "");
    out.shown.justified = reason.given;
    out.shown.justification = reason.text;
    if (reason.given) {
      carried.basis = std::max(carried.basis, reason.basis);
      carried.borrow(reason.borrowed);
    } else {
      const Verdict without = input_.closing ? Verdict::fail : Verdict::inconclusive;
      if (carried.verdict == Verdict::not_applicable) carried.verdict = without;
      carried.assumed = without;
      carried.basis = Basis::none;
      owe(false);
    }
  }
  if (requirement.status == "recommended" && carried.verdict == Verdict::fail) {
    const Justification reason = justification(scheme, requirement, "");
    out.shown.justified = reason.given;
    out.shown.justification = reason.text;
    carried.borrow(reason.borrowed);
    if (!reason.given) owe(true);
  }
}

void Judging::require_confirmation(const Scheme& scheme, const Requirement& requirement, JudgedRequirement& out) {
  Carried& carried = out.carried;
  if (requirement.confidence != Confidence::unverified || carried.assumed == Verdict::inconclusive || confirmed(scheme, requirement.id))
    return;
  carried.verdict = Verdict::inconclusive;
  carried.basis = Basis::none;
  Owed owed = owed_confirmation(scheme, requirement.id, requirement.origin);
  owed.settles = {scheme.id + "/" + requirement.id};
  merge_owed(carried.owed, owed);
}

void Judging::recognise(const Scheme& scheme, const Requirement& requirement, JudgedRequirement& out) {
  Carried& carried = out.carried;
  for (const Recognition& recognition : catalogue_.recognitions) {
    if (recognition.scheme != scheme.id) continue;
    const bool named =
        recognition.requirements.empty() || std::ranges::find(recognition.requirements, requirement.id) != recognition.requirements.end();
    if (!named) continue;
    const Observation* paper = held_paper(recognition, asking_.examined(), input_.product, input_.date);
    if (paper == nullptr) continue;
    const std::string says = "The " + printable(recognition.standard) + " held as evidence counts as compliance with " + requirement.id;
    // A paper takes back neither what was seen nor the doubt that contradictory observations leave.
    if (carried.refuted || carried.contested) {
      const std::string but = carried.refuted ? "; what was observed refutes it." : "; observations about it contradict one another.";
      carried.contradictions.push_back({scheme.id + "/" + requirement.id, {}, says + but, {paper->id}, {}, {}});
      continue;
    }
    if (carried.verdict == Verdict::pass || carried.verdict == Verdict::not_applicable) continue;
    if (carried.verdict == Verdict::fail) {
      carried.contradictions.push_back(
          {scheme.id + "/" + requirement.id, {}, says + "; the declaration or an answer speaks against it.", {paper->id}, {}, {}});
    }
    carried.assumed = Verdict::pass;
    if (recognition.confidence == Confidence::unverified && !confirmed(scheme, recognition.id)) {
      Owed owed = owed_confirmation(scheme, recognition.id, recognition.origin);
      owed.settles = {scheme.id + "/" + requirement.id};
      merge_owed(carried.owed, owed);
      if (carried.verdict != Verdict::fail) carried.verdict = Verdict::inconclusive;
      continue;
    }
    carried.verdict = Verdict::pass;
    carried.basis = Basis::document;
    asking_.examined().note_borrowed(paper->evidence, carried.borrowed);
    carried.owed.clear();
    carried.remedies.clear();
    out.shown.recognition = recognition.id;
    return;
  }
}

// Where the maker's own claim and the verdict part, both stand in the result.
void Judging::compare_with_ics(const Scheme& scheme, const Requirement& requirement, JudgedRequirement& out) {
  const Value* ics = ics_entry(input_.product, scheme, requirement.id);
  if (ics != nullptr && out.carried.seen && out.carried.verdict == Verdict::fail && (*ics)["support"].text() != "N") {
    Contradiction c{scheme.id + "/" + requirement.id,
                    {},
                    "The ICS claims " + printable((*ics)["support"].text()) + "; what was observed refutes it.",
                    {},
                    {},
                    {"ics." + requirement.id}};
    for (const AssessmentVerdict& assessment : out.shown.assessments) {
      for (const UnitVerdict& unit : assessment.units) {
        for (const InstanceVerdict& instance : unit.instances) {
          if (instance.verdict != Verdict::fail) continue;
          for (const Step& step : instance.path) {
            for (const std::string& id : step.observations) {
              if (std::ranges::find(c.observations, id) == c.observations.end()) c.observations.push_back(id);
            }
          }
        }
      }
    }
    out.carried.contradictions.push_back(std::move(c));
  }
  Gathering gathering(out.carried);
  std::set<std::string_view> compared;
  for (const AssessmentEntry& assessment : requirement.assessments) {
    for (const Unit& unit : assessment.units) {
      if (!compared.insert(unit.subject).second) continue;
      const Inventory& inventory = asking_.inventories().of(unit.subject);
      if (!inventory.declared_complete) continue;
      for (const Instance& instance : inventory.instances) {
        if (instance.declared) continue;
        Contradiction c{std::string(table_section(unit.subject)) + "." + unit.subject,
                        instance.id,
                        "The declaration calls " + unit.subject + " complete; " + instance.id + " was seen and no row names it.",
                        {},
                        {},
                        {"complete"}};
        for (const Observation* o : instance.seen) c.observations.push_back(o->id);
        gathering.add(c);
      }
    }
  }
}

JudgedRequirement Judging::judge_requirement(const Scheme& scheme, const Requirement& requirement) {
  JudgedRequirement out;
  out.shown.id = requirement.id;
  out.shown.title = requirement.title;
  out.shown.status = requirement.status;
  out.shown.printed = requirement.printed;
  out.shown.confidence = requirement.confidence;
  combine(scheme, requirement, out);
  apply_conditions(scheme, requirement, out);
  recognise(scheme, requirement, out);
  if (out.shown.recognition.empty()) {
    require_justification(scheme, requirement, out);
    require_confirmation(scheme, requirement, out);
  }
  compare_with_ics(scheme, requirement, out);
  Carried& carried = out.carried;
  if (carried.verdict == Verdict::inconclusive) carried.basis = Basis::none;
  if (carried.verdict != Verdict::fail) carried.remedies.clear();
  // What is owed below a settled verdict changes nothing any more; only a missing reason for a FAIL stays.
  if (carried.verdict != Verdict::inconclusive) {
    std::erase_if(carried.owed, [&](const Owed& o) { return carried.verdict != Verdict::fail || o.kind != "justification"; });
  }
  sort_owed(carried.owed);
  out.shown.verdict = carried.verdict;
  out.shown.basis = carried.basis;
  if (carried.assumed != carried.verdict) out.shown.would_be = to_text(carried.assumed);
  out.shown.contradictions = carried.contradictions;
  out.shown.owed = carried.owed;
  out.shown.remedies = carried.remedies;
  out.shown.borrowed = carried.borrowed;
  std::ranges::sort(out.shown.borrowed);
  return out;
}

const JudgedRequirement& Judging::requirement(const Scheme& scheme, const Requirement& requirement) {
  const auto at = requirements_.find(&requirement);
  if (at != requirements_.end()) return at->second;
  static const JudgedRequirement loop;
  if (!open_.insert(&requirement).second) return loop;
  JudgedRequirement judged = judge_requirement(scheme, requirement);
  open_.erase(&requirement);
  return requirements_.emplace(&requirement, std::move(judged)).first->second;
}

}  // namespace assay::assess
