// SPDX-License-Identifier: Apache-2.0
// What EN 18031 asks of the documentation beside the walk itself: gates between requirements, prescribed information, justified and
// accepted paths, and trees that go on over another subject.
#include <algorithm>

#include "assess/judging.hpp"
#include "base/text.hpp"

namespace assay::assess {
namespace {

std::string place_of(const Unit& unit, const Instance& instance) {
  return std::string(table_section(unit.subject)) + "." + unit.subject + "[" + instance.id + "]";
}

bool names(const Value& cell, std::string_view id) {
  if (!cell.is_array()) return cell.scalar_text() == id;
  return std::ranges::any_of(cell.items(), [&](const Value& item) { return item.scalar_text() == id; });
}

bool is_filled(const Value& cell) {
  if (cell.is_text()) return !says_nothing(cell.text());
  return !cell.empty();
}

}  // namespace

Judging::GateState Judging::gate(const Context& context, const Instance& instance) {
  GateState out;
  if (context.unit.gates.empty()) return out;
  // What no document names is kept out by none.
  if (instance.row == nullptr && instance.id != "product") return out;
  out.truth = Truth::no;
  std::string closed;
  for (const Gate& gate : context.unit.gates) {
    const Entry* entry = context.scheme.entry(gate.after);
    if (entry == nullptr || entry->unit == nullptr) continue;
    const JudgedUnit& before = unit(context.scheme, *entry->requirement, *entry->assessment, *entry->unit);
    out.borrowed.insert(out.borrowed.end(), before.carried.borrowed.begin(), before.carried.borrowed.end());
    std::vector<std::string> ids;
    if (gate.through.empty()) {
      ids.push_back(instance.id);
    } else {
      const Value& cell = (*instance.row)[gate.through];
      for (const Value& item : cell.items()) ids.push_back(item.scalar_text());
      if (cell.is_text() && !cell.empty()) ids.push_back(cell.scalar_text());
      if (cell.empty()) {
        out.truth = either(out.truth, Truth::unknown);
        Owed owed;
        owed.question = context.scheme.id + "/" + context.unit.id;
        owed.instance = instance.id;
        owed.kind = "declaration";
        owed.cost = 5;
        owed.ask = "Which " + gate.through + " does " + instance.id + " belong to?";
        owed.what = "Fill in " + place_of(context.unit, instance) + "." + gate.through + " in product.yaml.";
        merge_owed(out.owed, owed);
      }
    }
    for (const std::string& id : ids) {
      const auto at = before.ended.find(id);
      Truth passed = Truth::no;
      if (at != before.ended.end()) {
        if (at->second.verdict == Verdict::pass) passed = Truth::yes;
        if (at->second.verdict == Verdict::inconclusive) {
          passed = Truth::unknown;
          for (const Owed& owed : at->second.owed) merge_owed(out.owed, owed);
        }
      }
      out.truth = either(out.truth, passed);
    }
    closed += (closed.empty() ? "" : ", ") + entry->requirement->id;
  }
  if (out.truth == Truth::no) out.says = "left out: it did not pass " + closed;
  if (out.truth == Truth::unknown) out.says = "whether it enters is open: " + closed + " is not settled for it";
  if (out.truth == Truth::yes) out.owed.clear();
  return out;
}

// While it is open whether an instance enters, nothing it ends with counts.
void Judging::hold_at_gate(const Context& context, const GateState& gate, InstanceVerdict& shown, Carried& carried) {
  if (gate.truth != Truth::unknown) return;
  shown.reasons.push_back(gate.says);
  for (Owed owed : gate.owed) {
    owed.settles = {context.scheme.id + "/" + context.unit.id};
    merge_owed(carried.owed, owed);
  }
  sort_owed(carried.owed);
  shown.owed = carried.owed;
  if (carried.verdict == Verdict::inconclusive) return;
  shown.would_be = to_text(carried.verdict);
  carried.verdict = Verdict::inconclusive;
  carried.basis = Basis::none;
  shown.verdict = carried.verdict;
  shown.basis = carried.basis;
}

void Judging::go_on(const Context& context, const Tree& tree, const Instance& instance, InstanceVerdict& shown, Carried& carried) {
  const Entry* next = context.scheme.entry(tree.continues_unit);
  if (next == nullptr || next->unit == nullptr) {
    carried.verdict = Verdict::inconclusive;
    return;
  }
  const std::string& subject = next->unit->subject;
  for (const Instance& other : asking_.inventories().of(subject).instances) {
    bool linked = other.row != nullptr && names((*other.row)[tree.continues_through], instance.id);
    // What was only observed of both shares the component's name.
    const auto* theirs = other.key("component");
    const auto* ours = instance.key("component");
    linked = linked || (theirs != nullptr && ours != nullptr && *theirs == *ours);
    if (!linked) continue;
    carried.steps_back = true;
    shown.reasons.push_back("goes on in " + tree.continues_unit + ", with " + other.id + " and what else is there of it");
    return;
  }
  carried.verdict = Verdict::inconclusive;
  shown.reasons.push_back("goes on in " + tree.continues_unit + ", where nothing names it");
  Owed owed;
  owed.question = std::string(table_section(subject)) + "." + subject;
  owed.instance = instance.id;
  owed.kind = "declaration";
  owed.cost = 15;
  owed.ask = "Which rows of " + subject + " belong to " + instance.id + "?";
  owed.what = "Add them to " + owed.question + ", with " + instance.id + " in the cell " + tree.continues_through + ".";
  merge_owed(carried.owed, owed);
}

// A conceptual PASS or NOT APPLICABLE stands on documents that are complete, on a written reason and on somebody who accepted it.
void Judging::require_documentation(const Context& context, const Instance& instance, const Walked& chosen, InstanceVerdict& shown,
                                    Carried& carried) {
  const auto hold = [&](const std::string& reason) {
    carried.verdict = Verdict::inconclusive;
    shown.reasons.push_back(reason);
  };
  for (const Information& wanted : context.requirement.information) {
    if (!wanted.node.empty()) {
      const auto step = std::ranges::find(chosen.path, wanted.node, [](const auto& s) { return s.first->id; });
      const bool met = step != chosen.path.end() && step->second->step.answer == wanted.answer;
      if (!met) continue;
    }
    missing_information(context, instance, wanted, carried);
  }
  if (!carried.owed.empty() && carried.verdict != Verdict::inconclusive) hold("documentation that is prescribed is missing");
  const bool reasoned = answered_with_reasons(chosen);
  const std::string row = context.scheme.id + "/" + context.requirement.id;
  const DocumentedPath* path = documented_.of(context.scheme, context.requirement.id, instance.id);
  const Answer* accepted = asking_.answer_among(row, instance.id, {"accepted"});
  const bool by_person = accepted != nullptr && accepted->value == "accepted" && !says_nothing(accepted->by);
  if (carried.verdict == Verdict::inconclusive && !reasoned && !by_person) {
    // Nothing to accept yet.
    return;
  }
  // A reason and an acceptance are of the path that was written down, not of another one.
  if (!reasoned && (!chosen.contradictions.empty() || !chosen.astray.empty())) {
    hold(chosen.astray.empty() ? "what was found goes another way than the documented path"
                               : "the documented path answers " + chosen.astray + ", where its own answers do not lead");
    Owed owed;
    owed.question = "en18031.DT";
    owed.instance = instance.id == "product" ? "" : instance.id;
    owed.kind = "declaration";
    owed.cost = 15;
    owed.ask = "Which path does " + instance.id + " take through " + context.requirement.id + "?";
    owed.what = "Correct the path and its justification" + (path == nullptr ? std::string{} : " in " + path->path.place) +
                ": it has to be the one that is walked.";
    merge_owed(carried.owed, owed);
    return;
  }
  const bool justified = reasoned || (path != nullptr && !path->justification.empty()) ||
                         justification(context.scheme, context.requirement, instance.id).given;
  if (!justified) {
    const bool closing = input_.closing && carried.verdict != Verdict::inconclusive;
    hold("the path has no written justification (E.Just)");
    if (closing) carried.verdict = Verdict::fail;
    Owed owed = owed_justification(context.scheme, context.requirement, instance.id == "product" ? "" : instance.id, false);
    owed.ask = "Why is the path of " + context.requirement.id + " right for " + instance.id + "?";
    owed.what = "Write E.Just.DT." + context.requirement.id + " as Justification of the row of en18031.DT for " + instance.id + ".";
    merge_owed(carried.owed, owed);
    return;
  }
  if (reasoned || by_person) {
    if (by_person) shown.reasons.push_back("accepted by " + printable(accepted->by, 80));
    if (by_person) asking_.note_borrowed(*accepted, carried.borrowed);
    if (by_person) carried.basis = std::max(carried.basis, asking_.cites_evidence(*accepted) ? Basis::document : Basis::attested);
    return;
  }
  if (carried.verdict == Verdict::inconclusive) return;
  hold("nobody has accepted the documented path and its justification");
  Owed owed;
  owed.question = row;
  owed.kind = "acceptance";
  owed.cost = 10;
  owed.ask = "Are the documented paths and justifications of " + context.requirement.id + " right?";
  owed.what = "A named person reads en18031.DT for " + context.requirement.id + " and accepts it: assay answer " + row +
              " accepted --by NAME --note REASON (one instance with --for).";
  merge_owed(carried.owed, owed);
}

void Judging::missing_information(const Context& context, const Instance& instance, const Information& wanted, Carried& carried) {
  Owed owed;
  owed.question = context.scheme.id + "/" + wanted.id;
  owed.kind = "declaration";
  owed.cost = 5;
  owed.ask = "What is documented as " + wanted.id + (wanted.title.empty() ? "?" : " (" + wanted.title + ")?");
  if (!wanted.fact.empty()) {
    const Value* given = input_.product.fact(wanted.fact);
    const Fact* fact = catalogue_.fact(wanted.fact);
    if (given != nullptr && is_filled(*given) && (fact == nullptr || fits(*fact, *given))) return;
    owed.what = "Give properties." + wanted.fact + " in product.yaml.";
    merge_owed(carried.owed, owed);
    return;
  }
  const MatchScope scope = asking_.evaluation().scope_of(instance);
  const auto want = [&](const Value& row, const std::string& id) {
    if (match_row(wanted.where, row, scope) == Truth::no || is_filled(row[wanted.field])) return;
    owed.instance = id;
    owed.what = "Fill in " + std::string(table_section(wanted.table)) + "." + wanted.table + "[" + id + "]." + wanted.field + ".";
    merge_owed(carried.owed, owed);
  };
  if (wanted.table == context.unit.subject) {
    if (instance.row != nullptr) {
      want(*instance.row, instance.id);
      return;
    }
    owed.instance = instance.id;
    owed.what = "Add a row for " + instance.id + " to " + std::string(table_section(wanted.table)) + "." + wanted.table + ".";
    merge_owed(carried.owed, owed);
    return;
  }
  const auto rows = input_.product.rows(wanted.table);
  for (std::size_t i = 0; i < rows.size(); ++i) want(*rows[i], row_id(wanted.table, *rows[i], i));
  if (!rows.empty()) return;
  owed.what = "Fill in the table " + std::string(table_section(wanted.table)) + "." + wanted.table + " of product.yaml.";
  merge_owed(carried.owed, owed);
}

}  // namespace assay::assess
