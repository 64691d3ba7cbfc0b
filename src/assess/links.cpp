// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "assess/reading.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace assay::assess {
namespace {

template <class Map>
std::vector<std::string_view> names(const Map& map) {
  std::vector<std::string_view> out;
  for (const auto& [id, entry] : map) out.push_back(id);
  return out;
}

}  // namespace

void Links::unknown(const Source& source, std::string_view what, std::string_view id, std::vector<std::string_view> known) {
  const std::string_view meant = nearest(id, known);
  errors_.push_back(out_.error(source, "there is no " + std::string(what) + " " + json_quoted(id) +
                                           (meant.empty() ? std::string{} : "; did you mean " + json_quoted(meant) + "?")));
}

void Links::add(Scheme& scheme, const std::string& id, Entry entry, const Source& source) {
  const auto [before, fresh] = scheme.entries.try_emplace(id, entry);
  if (fresh) return;
  // A requirement with one assessment may give it its own id, and an assessment of one unit likewise: the outermost is meant.
  const Entry& outer = before->second;
  const bool nested = outer.requirement == entry.requirement && (outer.assessment == nullptr || outer.assessment == entry.assessment) &&
                      (outer.unit == nullptr);
  if (!nested) errors_.push_back(out_.error(source, "the id " + json_quoted(id) + " is used twice in scheme " + scheme.id));
}

void Links::resolve(Tree& tree) {
  for (Node& node : tree.nodes) {
    node.question = out_.question(node.question_id);
    if (node.question == nullptr) unknown(node.source, "question", node.question_id, names(out_.questions));
  }
}

void Links::resolve(Scheme& scheme, Unit& unit) {
  const auto with_tree = [&](const std::string& id) {
    const auto at = scheme.trees.find(id);
    if (at == scheme.trees.end()) {
      unknown(unit.source, "tree", id, names(scheme.trees));
      return;
    }
    unit.trees.push_back(&at->second);
    unit.subject = at->second.subject;
  };
  if (!unit.tree_id.empty()) with_tree(unit.tree_id);
  for (const std::string& id : unit.variant_ids) with_tree(id);
  if (unit.question_id.empty()) return;
  const Question* question = out_.question(unit.question_id);
  if (question == nullptr) {
    unknown(unit.source, "question", unit.question_id, names(out_.questions));
    return;
  }
  const bool turned = unit.pass_on == "no";
  Node node{unit.question_id, question, unit.question_id, Branch{turned ? "fail" : "pass", 0}, Branch{turned ? "pass" : "fail", 0},
            unit.source};
  unit.own.push_back(Tree{unit.id, unit.title, question->subject, {std::move(node)}, 0, unit.source});
  unit.trees.push_back(&unit.own.front());
  unit.subject = question->subject;
}

void Links::resolve(Scheme& scheme) {
  for (SchemeCondition& condition : scheme.conditions) {
    condition.question = out_.question(condition.question_id);
    if (condition.question == nullptr) unknown(condition.source, "question", condition.question_id, names(out_.questions));
  }
  for (auto& [id, tree] : scheme.trees) resolve(tree);
  for (Requirement& requirement : scheme.requirements) {
    add(scheme, requirement.id, {&requirement, nullptr, nullptr}, requirement.source);
    for (AssessmentEntry& assessment : requirement.assessments) {
      add(scheme, assessment.id, {&requirement, &assessment, nullptr}, assessment.source);
      for (Unit& unit : assessment.units) {
        add(scheme, unit.id, {&requirement, &assessment, &unit}, unit.source);
        resolve(scheme, unit);
      }
    }
    for (const std::string& condition : requirement.conditions) {
      if (scheme.condition(condition) != nullptr) continue;
      std::vector<std::string_view> known;
      for (const SchemeCondition& c : scheme.conditions) known.push_back(c.id);
      unknown(requirement.source, "condition", condition, known);
    }
  }
}

// Gates and continuations lead from unit to unit of one scheme.
void Links::resolve_gates(Scheme& scheme) {
  const auto unit_of = [&](const std::string& id, const Source& source) -> Unit* {
    const Entry* entry = scheme.entry(id);
    if (entry != nullptr && entry->unit != nullptr) return const_cast<Unit*>(entry->unit);  // the scheme is not const here
    unknown(source, "unit", id, names(scheme.entries));
    return nullptr;
  };
  for (Requirement& requirement : scheme.requirements) {
    for (AssessmentEntry& assessment : requirement.assessments) {
      for (Unit& unit : assessment.units) {
        for (const Gate& gate : unit.gates) {
          if (Unit* before = unit_of(gate.after, gate.source)) before->is_gate = true;
        }
      }
    }
  }
  for (const auto& [id, tree] : scheme.trees) {
    if (!tree.continues_unit.empty()) (void)unit_of(tree.continues_unit, tree.source);
  }
}

void Links::resolve() {
  for (auto& [id, scheme] : out_.schemes) resolve(scheme);
  for (auto& [id, scheme] : out_.schemes) resolve_gates(scheme);
  for (auto& [id, scheme] : out_.schemes) {
    for (const Requirement& requirement : scheme.requirements) {
      for (const AssessmentEntry& assessment : requirement.assessments) {
        for (const Unit& unit : assessment.units) {
          for (const std::string& reference : unit.inherits) {
            if (out_.whole(reference) != nullptr) continue;
            const auto [other, entry] = out_.find(scheme, reference);
            if (entry == nullptr) unknown(unit.source, "requirement, assessment or unit", reference, names(other->entries));
          }
        }
      }
    }
  }
}

}  // namespace assay::assess
