// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "assess/judging.hpp"
#include "base/text.hpp"

namespace assay::assess {
namespace {

template <class T>
void add_new(std::vector<T>& to, const T& item) {
  if (std::ranges::find(to, item) == to.end()) to.push_back(item);
}

// The weakest that the known steps of a walk rest on.
Basis basis_of(const Walked& walked) {
  Basis out = Basis::none;
  for (const auto& [node, asked] : walked.path) out = std::max(out, asked->step.basis);
  return out;
}

}  // namespace

Judging::Justification Judging::reason_of(const Answer& answer) const {
  Justification out{true, answer.note, asking_.cites_evidence(answer) ? Basis::document : Basis::attested, {}};
  asking_.note_borrowed(answer, out.borrowed);
  return out;
}

Judging::Justification Judging::justification(const Scheme& scheme, const Requirement& requirement, std::string_view instance) const {
  Justification out;
  const Answer* answer = asking_.answer_among(scheme.id + "/" + requirement.id, instance, {"not-applicable", "deviation"});
  if (answer != nullptr && (answer->value == "not-applicable" || answer->value == "deviation") && !says_nothing(answer->note)) {
    return reason_of(*answer);
  }
  if (const DocumentedPath* path = documented_.of(scheme, requirement.id, instance); path != nullptr && !path->justification.empty())
    return {true, path->justification, Basis::document, {}};
  if (answer == nullptr) {
    // A reason written for the same requirement of the edition before.
    if (const Move* move = scheme.move_to(requirement.id); move != nullptr && move->keeps) {
      for (const std::string& old : move->from) {
        const Answer* before = asking_.answer_among(scheme.moved_from + "/" + old, instance, {"not-applicable", "deviation"});
        if (before == nullptr || (before->value != "not-applicable" && before->value != "deviation")) continue;
        if (!says_nothing(before->note)) return reason_of(*before);
      }
    }
  }
  const Value* ics = ics_entry(input_.product, scheme, requirement.id);
  // Under "Y" the detail tells how it is met, not why it is not.
  if (ics != nullptr && (*ics)["support"].text() != "Y" && !says_nothing((*ics)["detail"].text())) {
    return {true, std::string((*ics)["detail"].text()), Basis::document, {}};
  }
  return out;
}

const Walked* Judging::choose(const Context& context, const std::vector<Walked>& walks, InstanceVerdict& shown, Carried& carried) {
  const bool agree = std::ranges::all_of(walks, [&](const Walked& w) { return w.verdict == walks.front().verdict; });
  const std::string name = context.scheme.id + "/" + context.unit.id;
  if (walks.size() == 1) return &walks.front();
  if (const Answer* choice = asking_.answer(name, shown.id); choice != nullptr && !choice->by.empty()) {
    for (std::size_t i = 0; i < walks.size(); ++i) {
      if (context.unit.trees[i]->id != choice->value) continue;
      shown.reasons.push_back(printable(choice->by, 80) + " chose the reading " + choice->value);
      asking_.note_borrowed(*choice, carried.borrowed);
      return &walks[i];
    }
  }
  if (agree && walks.front().verdict != Verdict::inconclusive) return &walks.front();
  if (!agree) {
    Owed owed;
    owed.question = name;
    owed.kind = "choice";
    owed.cost = 10;
    owed.ask = "Which reading of " + context.unit.id + " is relied on?";
    std::string ids;
    for (const Tree* tree : context.unit.trees) ids += (ids.empty() ? "" : ", ") + tree->id;
    owed.what = "The readings differ. A named person chooses one of " + ids + " and says why.";
    merge_owed(carried.owed, owed);
    shown.reasons.push_back("the disputed readings differ: " + ids);
  }
  for (const Walked& walked : walks) {
    for (const Asked* asked : walked.separating) merge_owed(carried.owed, asking_.owed(*asked));
  }
  return nullptr;
}

// What a PASS still needs: a question that covers the unit, and for a conceptual unit a person or a document.
void Judging::guard_pass(const Context& context, const Walked& chosen, InstanceVerdict& shown, Carried& carried) {
  const Unit& unit = context.unit;
  if (unit.relation == "narrower" || (unit.relation == "wider" && unit.sufficient.empty())) {
    const std::string name = context.scheme.id + "/" + unit.id;
    const Answer* rest = asking_.answer_among(name, shown.id, {"yes", "no"});
    if (rest != nullptr) asking_.note_borrowed(*rest, carried.borrowed);
    if (rest != nullptr && rest->value == "no") {
      carried.verdict = Verdict::fail;
      carried.basis = std::max(carried.basis, Basis::attested);
      shown.reasons.push_back(rest->note);
      return;
    }
    if (rest != nullptr && rest->value == "yes" && asking_.cites_evidence(*rest)) {
      carried.basis = std::max(carried.basis, Basis::document);
      shown.reasons.push_back(rest->note);
      return;
    }
    carried.verdict = Verdict::inconclusive;
    Owed owed;
    owed.question = name;
    owed.instance = shown.id == "product" ? "" : shown.id;
    owed.kind = "answer";
    owed.cost = 60;
    owed.ask = "Is " + unit.id + " (" + unit.title + ") met in what its question does not cover?";
    owed.what = "The question is " + unit.relation + " than the unit and cannot support PASS by itself. Cite evidence for the whole unit.";
    merge_owed(carried.owed, owed);
    shown.reasons.push_back("the question is " + unit.relation + " than the unit");
    return;
  }
  // Every step that is known, not only one of them.
  const bool by_person = std::ranges::all_of(
      chosen.path, [](const auto& step) { return step.second->state == Asked::State::unknown || step.second->confirmed_by_person; });
  if (context.assessment.kind != "conceptual" || by_person) return;
  carried.verdict = Verdict::inconclusive;
  shown.reasons.push_back("a conceptual unit does not pass on what a machine saw alone");
  for (const auto& [node, asked] : chosen.path) {
    if (asked->state == Asked::State::unknown || asked->confirmed_by_person) continue;
    Owed owed = asking_.owed(*asked);
    owed.kind = "answer";
    owed.what = "A machine saw it; a person has to confirm the design, or a document has to say so.";
    merge_owed(carried.owed, owed);
  }
}

// A no to a wider question may come from what the unit does not ask.
void Judging::guard_fail(const Context& context, InstanceVerdict& shown, Carried& carried) {
  const Unit& unit = context.unit;
  if (unit.relation != "wider" || !unit.refutes.empty()) return;
  const std::string name = context.scheme.id + "/" + unit.id;
  const Answer* narrowed = asking_.answer_among(name, shown.id, {"yes", "no"});
  if (narrowed != nullptr) asking_.note_borrowed(*narrowed, carried.borrowed);
  if (narrowed != nullptr && narrowed->value == "no") {
    shown.reasons.push_back(narrowed->note);
    return;
  }
  if (narrowed != nullptr && asking_.cites_evidence(*narrowed)) {
    carried.verdict = Verdict::pass;
    carried.basis = Basis::document;
    carried.seen = false;
    shown.reasons.push_back(narrowed->note);
    return;
  }
  carried.verdict = Verdict::inconclusive;
  Owed owed;
  owed.question = name;
  owed.instance = shown.id == "product" ? "" : shown.id;
  owed.kind = "answer";
  owed.cost = 15;
  owed.ask = "Does what was found against the wider question also speak against " + unit.id + " (" + unit.title + ")?";
  owed.what =
      "The question asks more than the unit. Say no to the unit where the finding belongs to it; yes, citing evidence, where it does not.";
  merge_owed(carried.owed, owed);
  shown.reasons.emplace_back("the question is wider than the unit, and its answer no may come from the rest");
}

InstanceVerdict Judging::judge_instance(const Context& context, const Instance& instance, JudgedUnit& out, Carried& carried) {
  InstanceVerdict shown;
  shown.id = instance.id;
  shown.label = instance.label;
  shown.declared = instance.declared;
  for (const Observation* o : instance.seen) asking_.examined().note_borrowed(o->evidence, carried.borrowed);
  std::vector<Walked> walks;
  for (const Tree* tree : context.unit.trees) {
    const DocumentedPath* documented =
        context.assessment.kind == "conceptual" ? documented_.of(context.scheme, context.requirement.id, instance.id) : nullptr;
    walks.push_back(walk(*tree, instance, context.scheme, asking_, documented == nullptr ? nullptr : &documented->path));
    if (!walks.back().contradictions.empty()) {
      Carried one;
      one.contradictions = walks.back().contradictions;
      carried.gather(one);
    }
    for (const auto& [node, asked] : walks.back().path) {
      const bool known =
          std::ranges::any_of(shown.path, [&](const Step& s) { return s.node == node->id && s.question == node->question_id; });
      if (!known) {
        shown.path.push_back(asked->step);
        shown.path.back().node = node->id;
      }
      carried.seen = carried.seen || asked->seen;
      carried.borrow(asked->step.borrowed);
      for (const Contradiction& c : asked->contradictions) {
        Carried one;
        one.contradictions.push_back(c);
        carried.gather(one);
      }
      for (const std::string& reason : asked->step.reasons) {
        if (asked->state == Asked::State::unknown || asked->state == Asked::State::conflict) add_new(shown.reasons, reason);
      }
    }
    if (context.unit.trees.size() > 1) {
      const auto at = out.shown.variants.find(tree->id);
      out.shown.variants[tree->id] = at == out.shown.variants.end() ? walks.back().verdict : roll_up({at->second, walks.back().verdict});
    }
  }
  const Walked* chosen = choose(context, walks, shown, carried);
  if (chosen != nullptr) {
    carried.verdict = chosen->verdict;
    carried.basis = basis_of(*chosen);
    for (const Asked* asked : chosen->separating) merge_owed(carried.owed, asking_.owed(*asked));
    if (chosen->verdict == Verdict::pass) guard_pass(context, *chosen, shown, carried);
    if (chosen->verdict == Verdict::fail) guard_fail(context, shown, carried);
    if (carried.verdict == Verdict::fail) {
      for (const Question* question : chosen->failed) add_new(carried.remedies, question->remedy);
    }
    if (chosen->continued) {
      const auto index = static_cast<std::size_t>(chosen - walks.data());
      go_on(context, *context.unit.trees[index], instance, shown, carried);
    } else if (chosen->verdict == Verdict::not_applicable) {
      // A machine may refute that something is not applicable, never grant it alone.
      const Justification reason = justification(context.scheme, context.requirement, instance.id);
      if (reason.given) {
        carried.basis = std::max(carried.basis, reason.basis);
        carried.borrow(reason.borrowed);
        shown.reasons.push_back(printable(reason.text, 2000));
      } else if (context.scheme.combine == "en-18031" && answered_with_reasons(*chosen)) {
        shown.reasons.emplace_back("each step was answered by name, with its reason");
      } else {
        carried.verdict = input_.closing ? Verdict::fail : Verdict::inconclusive;
        shown.reasons.push_back("would be not applicable, but no reason is written down");
        merge_owed(carried.owed,
                   owed_justification(context.scheme, context.requirement, instance.id == "product" ? "" : instance.id, false));
      }
    }
  }
  const bool conceptual = context.scheme.combine == "en-18031" && context.assessment.kind == "conceptual";
  const bool ended_well = carried.verdict == Verdict::pass || carried.verdict == Verdict::not_applicable;
  if (chosen != nullptr && conceptual && ended_well && !carried.steps_back)
    require_documentation(context, instance, *chosen, shown, carried);
  carried.assumed = carried.verdict;
  carried.refuted = carried.verdict == Verdict::fail && carried.seen;
  for (const Walked& walked : walks) {
    const bool stuck = std::ranges::any_of(walked.separating, [](const Asked* asked) { return asked->state == Asked::State::conflict; });
    carried.contested = carried.contested || (stuck && carried.verdict == Verdict::inconclusive);
  }
  if (carried.verdict != Verdict::inconclusive) {
    for (const auto& [node, asked] : chosen->path) {
      if (asked->question->confidence != Confidence::unverified || asked->state == Asked::State::unknown) continue;
      if (confirmed(context.scheme, asked->question->id)) continue;
      carried.verdict = Verdict::inconclusive;
      shown.reasons.push_back("the question " + asked->question->id + " is unverified");
      merge_owed(carried.owed, owed_confirmation(context.scheme, asked->question->id, asked->question->origin));
    }
  }
  if (carried.verdict == Verdict::inconclusive) carried.basis = Basis::none;
  shown.verdict = carried.verdict;
  shown.basis = carried.basis;
  shown.borrowed = carried.borrowed;
  if (carried.assumed != carried.verdict) shown.would_be = to_text(carried.assumed);
  if (carried.verdict == Verdict::inconclusive || !carried.owed.empty()) {
    for (Owed& owed : carried.owed) owed.settles = {context.scheme.id + "/" + context.unit.id};
    sort_owed(carried.owed);
    shown.owed = carried.owed;
  }
  return shown;
}

void Judging::judge_none(const Context& context, JudgedUnit& out) {
  const Inventory& inventory = asking_.inventories().of(context.unit.subject);
  const std::string title = inventory.subject == nullptr ? context.unit.subject : inventory.subject->title;
  Carried& carried = out.carried;
  if (inventory.declared_complete && inventory.covered && !context.unit.on_none.empty()) {
    carried.verdict = context.unit.on_none == "fail" ? Verdict::fail : Verdict::not_applicable;
    carried.basis = Basis::document;
    for (const Observation* o : asking_.examined().of("coverage")) {
      if (std::ranges::find(inventory.coverage, o->id) != inventory.coverage.end())
        asking_.examined().note_borrowed(o->evidence, carried.borrowed);
    }
    out.shown.reasons.push_back("there is no instance: the declaration calls " + context.unit.subject +
                                " complete and nothing else was seen");
    if (carried.verdict == Verdict::not_applicable) {
      const Justification reason = justification(context.scheme, context.requirement, "");
      if (reason.given) {
        carried.basis = std::max(carried.basis, reason.basis);
        carried.borrow(reason.borrowed);
      } else {
        carried.verdict = input_.closing ? Verdict::fail : Verdict::inconclusive;
        out.shown.reasons.push_back("would be not applicable, but no reason is written down");
        Owed owed = owed_justification(context.scheme, context.requirement, "", false);
        owed.settles = {context.scheme.id + "/" + context.unit.id};
        merge_owed(carried.owed, owed);
      }
    }
    if (context.unit.on_none == "fail")
      carried.remedies.push_back("Provide " + title + ", and declare it in " + std::string(table_section(context.unit.subject)) + "." +
                                 context.unit.subject + ".");
    return;
  }
  out.shown.reasons.push_back("no instance of " + title + " is declared or was seen");
  Owed owed;
  const std::string table = std::string(table_section(context.unit.subject)) + "." + context.unit.subject;
  owed.question = table;
  owed.ask = "Which instances of " + title + " does the product have?";
  if (inventory.declared_complete && !inventory.covered) {
    owed.kind = "observation";
    owed.cost = 10;
    owed.what = "The table is declared complete; examine what shows that there is none:";
    for (const std::string& reason : inventory.reasons) owed.what += " " + reason + ".";
  } else {
    owed.kind = "declaration";
    owed.cost = 10;
    std::string which;
    for (const auto& [field, matcher] : context.unit.where)
      which += (which.empty() ? " (where " : " and ") + field + " is " + matcher.to_text();
    if (!which.empty()) which += ")";
    owed.what = "Add a row to " + table + " for each" + which + "; if there is none, list " + context.unit.subject + " under complete.";
  }
  for (const std::string& reason : inventory.reasons) add_new(out.shown.reasons, reason);
  owed.settles = {context.scheme.id + "/" + context.unit.id};
  carried.owed.push_back(std::move(owed));
}

void Judging::judge_instances(const Context& context, JudgedUnit& out) {
  const Unit& unit = context.unit;
  std::vector<Verdict> verdicts;
  std::vector<Verdict> assumed;
  std::vector<Carried> all;
  bool left_out = false;
  for (const Instance& instance : asking_.inventories().of(unit.subject).instances) {
    // Where a cell is missing, or no row names the instance, it may belong to the unit: it stays in.
    if (instance.row != nullptr && match_row(unit.where, *instance.row, asking_.evaluation().scope_of(instance)) == Truth::no) continue;
    const GateState gate = this->gate(context, instance);
    if (gate.truth == Truth::no) {
      InstanceVerdict shown;
      shown.id = instance.id;
      shown.label = instance.label;
      shown.declared = instance.declared;
      shown.verdict = Verdict::not_applicable;
      shown.basis = Basis::document;
      shown.reasons.push_back(gate.says);
      out.carried.borrow(gate.borrowed);
      add_new(out.shown.reasons, gate.says);
      out.shown.instances.push_back(std::move(shown));
      if (unit.is_gate) out.ended[instance.id] = {Verdict::not_applicable, {}};
      left_out = true;
      continue;
    }
    Carried carried;
    InstanceVerdict shown = judge_instance(context, instance, out, carried);
    hold_at_gate(context, gate, shown, carried);
    if (unit.is_gate)
      out.ended[instance.id] = {carried.verdict, carried.verdict == Verdict::inconclusive ? carried.owed : std::vector<Owed>{}};
    out.shown.instances.push_back(std::move(shown));
    if (carried.steps_back) {
      left_out = true;
      out.carried.gather(carried);
      continue;
    }
    verdicts.push_back(carried.verdict);
    assumed.push_back(carried.assumed);
    all.push_back(std::move(carried));
  }
  if (all.empty() && left_out) {
    out.carried.verdict = out.carried.assumed = Verdict::not_applicable;
    out.carried.basis = Basis::document;
    return;
  }
  if (all.empty()) {
    judge_none(context, out);
    out.carried.assumed = out.carried.verdict;
    return;
  }
  out.carried.verdict = roll_up(verdicts);
  out.carried.assumed = roll_up(assumed);
  Gathering gathering(out.carried);
  for (const Carried& carried : all) {
    gathering.add(carried);
    if (carried.verdict != out.carried.verdict) continue;
    out.carried.basis = std::max(out.carried.basis, carried.basis);
    out.carried.seen = out.carried.seen || carried.seen;
  }
}

void Judging::judge_inherited(const Context& context, JudgedUnit& out) {
  std::vector<Verdict> verdicts;
  std::vector<Verdict> assumed;
  std::vector<Carried> all;
  for (const std::string& reference : context.unit.inherits) {
    const auto [scheme, entry] = catalogue_.find(context.scheme, reference);
    Carried carried;
    if (const Scheme* all_of_it = catalogue_.whole(reference)) {
      carried = whole(*all_of_it);
      out.shown.inherits.push_back(reference);
    } else if (entry != nullptr) {
      carried = inherited(*scheme, *entry, context.scheme, context.requirement);
      out.shown.inherits.push_back(scheme == &context.scheme && reference.find('/') == std::string::npos ? scheme->id + "/" + reference
                                                                                                         : reference);
    }
    verdicts.push_back(carried.verdict);
    assumed.push_back(carried.assumed);
    out.shown.reasons.push_back(reference + " is " + std::string(to_text(carried.verdict)));
    all.push_back(std::move(carried));
  }
  out.carried.verdict = roll_up(verdicts);
  out.carried.assumed = roll_up(assumed);
  for (Carried& carried : all) {
    for (Owed& owed : carried.owed) {
      const std::string row = context.scheme.id + "/" + context.unit.id;
      if (std::ranges::find(owed.settles, row) == owed.settles.end()) owed.settles.push_back(row);
    }
    out.carried.gather(carried);
    if (carried.verdict != out.carried.verdict) continue;
    out.carried.basis = std::max(out.carried.basis, carried.basis);
    out.carried.seen = out.carried.seen || carried.seen;
  }
}

Carried Judging::whole(const Scheme& scheme) {
  Carried out;
  std::vector<Verdict> verdicts;
  std::vector<Verdict> assumed;
  Gathering gathering(out);
  for (const Requirement& r : scheme.requirements) {
    if (r.status != "mandatory") continue;
    const Carried& carried = requirement(scheme, r).carried;
    verdicts.push_back(carried.verdict);
    assumed.push_back(carried.assumed);
    gathering.add(carried);
  }
  out.verdict = roll_up(verdicts);
  out.assumed = roll_up(assumed);
  for (const Requirement& r : scheme.requirements) {
    if (r.status != "mandatory") continue;
    const Carried& carried = requirement(scheme, r).carried;
    out.refuted = out.refuted || carried.refuted;
    if (carried.verdict != out.verdict) continue;
    out.basis = std::max(out.basis, carried.basis);
    out.seen = out.seen || carried.seen;
  }
  if (out.verdict == Verdict::inconclusive) out.basis = Basis::none;
  return out;
}

Carried Judging::inherited(const Scheme& scheme, const Entry& entry, const Scheme& asking_scheme, const Requirement& asking_requirement) {
  if (entry.assessment == nullptr) return requirement(scheme, *entry.requirement).carried;
  Carried out;
  std::vector<Verdict> verdicts;
  std::vector<Verdict> assumed;
  for (const Unit& unit : entry.assessment->units) {
    if (entry.unit != nullptr && entry.unit != &unit) continue;
    const Carried& carried = this->unit(scheme, *entry.requirement, *entry.assessment, unit).carried;
    verdicts.push_back(carried.verdict);
    assumed.push_back(carried.assumed);
    out.gather(carried);
    out.basis = std::max(out.basis, carried.basis);
    out.seen = out.seen || carried.seen;
  }
  out.verdict = roll_up(verdicts);
  out.assumed = roll_up(assumed);
  if (out.verdict == Verdict::inconclusive) out.basis = Basis::none;
  // A unit of another requirement counts only as far as that requirement applies.
  if (&scheme == &asking_scheme && entry.requirement == &asking_requirement) return out;
  const Applicability& applies = applicability(scheme, *entry.requirement);
  if (applies.state == Applicability::State::applies) return out;
  if (applies.state == Applicability::State::not_applicable) {
    return not_applicable(scheme, *entry.requirement, applies);
  }
  out.gather(applies.carried);
  const bool stays = out.verdict == Verdict::fail && applies.state == Applicability::State::conflict;
  if (!stays && out.verdict != Verdict::not_applicable) {
    out.verdict = out.assumed = Verdict::inconclusive;
    out.basis = Basis::none;
  }
  return out;
}

JudgedUnit Judging::judge_unit(const Context& context) {
  JudgedUnit out;
  const Unit& unit = context.unit;
  out.shown.id = unit.id;
  out.shown.title = unit.title;
  out.shown.confidence = unit.confidence;
  if (!unit.inherits.empty()) {
    judge_inherited(context, out);
  } else {
    judge_instances(context, out);
  }
  Carried& carried = out.carried;
  if (unit.confidence == Confidence::unverified && carried.assumed != Verdict::inconclusive && !confirmed(context.scheme, unit.id)) {
    carried.verdict = Verdict::inconclusive;
    out.shown.reasons.push_back("the catalogue's entry is unverified");
    Owed owed = owed_confirmation(context.scheme, unit.id, unit.origin.empty() ? context.requirement.origin : unit.origin);
    owed.settles = {context.scheme.id + "/" + unit.id};
    merge_owed(carried.owed, owed);
  }
  if (carried.verdict == Verdict::inconclusive) carried.basis = Basis::none;
  out.shown.verdict = carried.verdict;
  out.shown.basis = carried.basis;
  if (carried.assumed != carried.verdict) out.shown.would_be = to_text(carried.assumed);
  return out;
}

const JudgedUnit& Judging::unit(const Scheme& scheme, const Requirement& requirement, const AssessmentEntry& assessment, const Unit& unit) {
  const auto at = units_.find(&unit);
  if (at != units_.end()) return at->second;
  static const JudgedUnit loop;
  if (!open_.insert(&unit).second) return loop;
  JudgedUnit judged = judge_unit({scheme, requirement, assessment, unit});
  open_.erase(&unit);
  return units_.emplace(&unit, std::move(judged)).first->second;
}

}  // namespace assay::assess
