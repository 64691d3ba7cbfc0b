// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include "assess/linting.hpp"
#include "base/clock.hpp"
#include "base/json.hpp"
#include "model/product.hpp"

namespace assay::assess {
namespace {

void lint_counts(Lint& lint, const Scheme& scheme) {
  std::map<std::string, std::int64_t> found = {{"requirements", 0}, {"units", 0},       {"mandatory", 0},
                                               {"recommended", 0},  {"informative", 0}, {"trees", 0},
                                               {"assessments", 0},  {"conditions", 0},  {"cases", 0}};
  found["trees"] =
      std::ranges::count_if(scheme.trees, [](const auto& t) { return t.second.variant_of.empty() && t.second.part_of.empty(); });
  found["levels"] = static_cast<std::int64_t>(scheme.levels.size());
  found["conditions"] = static_cast<std::int64_t>(scheme.conditions.size());
  found["cases"] = static_cast<std::int64_t>(scheme.cases.size());
  for (const Requirement& requirement : scheme.requirements) {
    ++found["requirements"];
    ++found[requirement.status];
    found["assessments"] += static_cast<std::int64_t>(requirement.assessments.size());
    for (const AssessmentEntry& assessment : requirement.assessments) found["units"] += static_cast<std::int64_t>(assessment.units.size());
  }
  for (const auto& [name, expected] : scheme.counts) {
    const auto at = found.find(name);
    if (at == found.end()) {
      lint.say(scheme.source, "counts has no " + json_quoted(name));
    } else if (at->second != expected) {
      lint.say(scheme.source, scheme.id + " says " + std::to_string(expected) + " " + name + ", there are " + std::to_string(at->second));
    }
  }
  if (!scheme.complete && scheme.gaps.empty()) lint.say(scheme.source, "complete: false needs `gaps`");
}

void lint_tree(Lint& lint, const Tree& tree) {
  enum class Mark { fresh, open, done };
  std::vector<Mark> marks(tree.nodes.size(), Mark::fresh);
  const std::function<void(std::size_t)> visit = [&](std::size_t index) {
    const Node& node = tree.nodes[index];
    if (marks[index] == Mark::open) lint.say(node.source, "tree " + tree.id + " runs in a loop through " + json_quoted(node.id));
    if (marks[index] != Mark::fresh) return;
    marks[index] = Mark::open;
    for (const Branch* branch : {&node.yes, &node.no}) {
      if (branch->end.empty()) visit(branch->node);
    }
    const bool same = node.yes.end == node.no.end && (!node.yes.end.empty() || node.yes.node == node.no.node);
    if (same) lint.say(node.source, "both answers of node " + json_quoted(node.id) + " lead to the same place");
    marks[index] = Mark::done;
  };
  visit(tree.start);
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const Node& node = tree.nodes[i];
    if (marks[i] == Mark::fresh) lint.say(node.source, "no path of tree " + tree.id + " leads to node " + json_quoted(node.id));
    if (node.question != nullptr && node.question->subject != tree.subject && node.question->subject != "product") {
      lint.say(node.source,
               "the question " + node.question_id + " is about " + node.question->subject + ", the tree about " + tree.subject);
    }
  }
  if (lint.catalogue.subject(tree.subject) == nullptr) lint.say(tree.source, "there is no subject " + json_quoted(tree.subject));
}

void lint_unit(Lint& lint, const Requirement& requirement, const AssessmentEntry& assessment, const Unit& unit) {
  if (!assessment.route.empty() && std::ranges::find(requirement.routes, assessment.route, &Route::id) == requirement.routes.end()) {
    lint.say(assessment.source, requirement.id + " has no route " + json_quoted(assessment.route));
  }
  for (const Tree* tree : unit.trees) {
    if (tree->subject != unit.subject) lint.say(unit.source, "the variants of " + unit.id + " are about different subjects");
  }
  const bool about_product = unit.subject == "product";
  if (!unit.on_none.empty() && (about_product || !unit.inherits.empty()))
    lint.say(unit.source, unit.id + " always has its instance; `on_none` says nothing");
  if (!unit.where.empty()) {
    if (about_product || !unit.inherits.empty()) {
      lint.say(unit.source, unit.id + " has no rows that `where` could narrow");
    } else {
      lint_row_fields(lint, unit.where, unit.source, unit.subject);
    }
  }
  if (!unit.refutes.empty() && unit.relation != "wider") lint.say(unit.source, "`refutes` belongs to a wider question");
  if (!unit.sufficient.empty() && unit.relation != "wider") lint.say(unit.source, "`sufficient` belongs to a wider question");
  if (unit.relation != "equal" && !unit.inherits.empty())
    lint.say(unit.source, "a unit that inherits asks no question; `relation` says nothing");
}

// Everything that a requirement's verdict is made from, to find loops.
class Loops {
 public:
  explicit Loops(Lint& lint) : lint_(lint) {}
  void requirement(const Scheme& scheme, const Requirement& r) {
    if (!enter(&r, r.source, scheme.id + "/" + r.id)) return;
    for (const AssessmentEntry& assessment : r.assessments) {
      for (const Unit& u : assessment.units) unit(scheme, u);
    }
    leave(&r);
  }

 private:
  void unit(const Scheme& scheme, const Unit& u) {
    if ((u.inherits.empty() && u.gates.empty()) || !enter(&u, u.source, scheme.id + "/" + u.id)) return;
    for (const std::string& reference : u.inherits) {
      if (const Scheme* all = lint_.catalogue.whole(reference)) {
        for (const Requirement& r : all->requirements) requirement(*all, r);
        continue;
      }
      const auto [other, entry] = lint_.catalogue.find(scheme, reference);
      if (entry == nullptr) continue;
      if (entry->assessment == nullptr) {
        requirement(*other, *entry->requirement);
        continue;
      }
      for (const Unit& inner : entry->assessment->units) {
        if (entry->unit == nullptr || entry->unit == &inner) unit(*other, inner);
      }
    }
    for (const Gate& gate : u.gates) {
      const Entry* entry = scheme.entry(gate.after);
      if (entry != nullptr && entry->unit != nullptr) unit(scheme, *entry->unit);
    }
    leave(&u);
  }
  bool enter(const void* what, const Source& at, const std::string& name) {
    if (done_.contains(what)) return false;
    if (open_.insert(what).second) return true;
    if (said_.insert(what).second) lint_.say(at, name + " inherits from itself, or waits for itself");
    return false;
  }
  void leave(const void* what) {
    open_.erase(what);
    done_.insert(what);
  }

  Lint& lint_;
  std::set<const void*> open_, done_, said_;
};

void lint_scope(Lint& lint, const Scheme& scheme) {
  if (scheme.scope.include.empty()) lint.say(scheme.source, scheme.id + " has no scope.yaml that includes anything");
  std::set<std::string_view> ids;
  for (const auto* rules : {&scheme.scope.include, &scheme.scope.exclude}) {
    for (const ScopeRule& rule : *rules) {
      if (!ids.insert(rule.id).second) lint.say(rule.source, "the scope rule " + json_quoted(rule.id) + " is there twice");
      lint_condition(lint, rule.when, rule.source, "product");
      for_each(rule.when, [&](const Condition& c, bool) {
        if (c.kind == Condition::Kind::seen || c.kind == Condition::Kind::none || c.kind == Condition::Kind::undeclared) {
          lint.say({rule.source.file, c.mark}, "scope is decided by the declaration, not by observations");
        }
      });
    }
  }
}

// Prescribed information leads to a cell or a fact that exists.
void lint_information(Lint& lint, const Requirement& requirement) {
  for (const Information& i : requirement.information) {
    if (i.table.empty() == i.fact.empty() || i.table.empty() != i.field.empty()) {
      lint.say(i.source, i.id + " names either a table and a field, or a fact");
      continue;
    }
    if (!i.fact.empty()) {
      if (lint.catalogue.fact(i.fact) == nullptr) lint.say(i.source, "there is no fact " + json_quoted(i.fact));
      continue;
    }
    const auto tables = ixit_tables();
    if (std::ranges::find(tables, i.table) == tables.end()) {
      lint.unknown(i.source, "table", i.table, tables);
      continue;
    }
    const auto fields = ixit_fields(i.table);
    if (std::ranges::find(fields, i.field) == fields.end()) lint.unknown(i.source, "field of " + i.table, i.field, fields);
    lint_row_fields(lint, i.where, i.source, i.table);
  }
}

// A gate without `through` hands its own instances on, so both are about the same; with it, the cell exists.
void lint_gates(Lint& lint, const Scheme& scheme, const Unit& unit) {
  for (const Gate& gate : unit.gates) {
    const Entry* entry = scheme.entry(gate.after);
    if (entry == nullptr || entry->unit == nullptr) continue;
    if (gate.through.empty() && entry->unit->subject != unit.subject) {
      lint.say(gate.source, unit.id + " is about " + unit.subject + ", its gate " + gate.after + " about " + entry->unit->subject +
                                "; name the cell that leads there with `through`");
    }
    if (gate.through.empty()) continue;
    const auto fields = ixit_fields(unit.subject);
    if (std::ranges::find(fields, gate.through) == fields.end())
      lint.unknown(gate.source, "field of " + unit.subject, gate.through, fields);
  }
}

void lint_levels(Lint& lint, const Scheme& scheme) {
  std::set<std::string_view> ids;
  for (const Level& level : scheme.levels) {
    if (!ids.insert(level.id).second) lint.say(level.source, "the level " + json_quoted(level.id) + " is there twice");
  }
  const auto want = [&](const std::string& level, const Source& at) {
    if (!level.empty() && !ids.contains(level))
      lint.unknown(at, "level of " + scheme.id, level, std::vector<std::string_view>(ids.begin(), ids.end()));
  };
  for (const Requirement& requirement : scheme.requirements) want(requirement.level, requirement.source);
  std::set<std::string_view> applications;
  for (const Application& application : scheme.applications) {
    if (!applications.insert(application.id).second)
      lint.say(application.source, "the application " + json_quoted(application.id) + " is there twice");
    want(application.level, application.source);
    for (const Condition& when : application.when) lint_condition(lint, when, application.source, "product");
  }
}

// Every requirement of the later edition has its origin, and none of the earlier one is lost.
void lint_moves(Lint& lint, const Scheme& scheme) {
  if (scheme.moved_from.empty()) return;
  const Scheme* before = lint.catalogue.scheme(scheme.moved_from);
  if (before == nullptr) {
    lint.say(scheme.source, "moves.yaml: there is no scheme " + json_quoted(scheme.moved_from));
    return;
  }
  const auto requirement_of = [](const Scheme& of, const std::string& id) {
    const Entry* entry = of.entry(id);
    return entry != nullptr && entry->assessment == nullptr;
  };
  std::set<std::string_view> told, arrived;
  for (const Move& move : scheme.moves) {
    if (!arrived.insert(move.to).second) lint.say(move.source, move.to + " moved twice");
    if (!requirement_of(scheme, move.to)) lint.say(move.source, scheme.id + " has no requirement " + json_quoted(move.to));
    if ((move.change == "new") != move.from.empty()) lint.say(move.source, move.to + ": only what is new comes from nowhere");
    for (const std::string& from : move.from) {
      told.insert(from);
      if (!requirement_of(*before, from)) lint.say(move.source, before->id + " has no requirement " + json_quoted(from));
    }
  }
  for (const auto& [from, why] : scheme.dropped) told.insert(from);
  for (const Requirement& requirement : scheme.requirements) {
    if (!arrived.contains(requirement.id)) lint.say(requirement.source, "moves.yaml does not say where " + requirement.id + " comes from");
  }
  for (const Requirement& requirement : before->requirements) {
    if (!told.contains(requirement.id))
      lint.say(requirement.source, "moves.yaml of " + scheme.id + " does not say what became of " + requirement.id);
  }
}

void lint_recognitions(Lint& lint) {
  std::set<std::string_view> ids;
  for (const Recognition& r : lint.catalogue.recognitions) {
    if (!ids.insert(r.id).second) lint.say(r.source, "the recognition " + json_quoted(r.id) + " is there twice");
    const Scheme* scheme = lint.catalogue.scheme(r.scheme);
    if (scheme == nullptr) {
      lint.say(r.source, "there is no scheme " + json_quoted(r.scheme));
      continue;
    }
    for (const std::string& id : r.requirements) {
      const Entry* entry = scheme->entry(id);
      if (entry == nullptr || entry->assessment != nullptr) lint.say(r.source, r.scheme + " has no requirement " + json_quoted(id));
    }
  }
}

}  // namespace

void lint_schemes(Lint& lint) {
  Loops loops(lint);
  for (const auto& [id, scheme] : lint.catalogue.schemes) {
    lint_counts(lint, scheme);
    lint_scope(lint, scheme);
    lint_levels(lint, scheme);
    lint_moves(lint, scheme);
    std::set<std::string_view> conditions;
    std::set<std::string_view> used_trees;
    for (const SchemeCondition& condition : scheme.conditions) {
      if (!conditions.insert(condition.id).second)
        lint.say(condition.source, "the condition " + json_quoted(condition.id) + " is there twice");
      if (condition.question != nullptr && condition.question->subject != "product")
        lint.say(condition.source, "a condition is asked of the product");
    }
    for (const auto& [tree_id, tree] : scheme.trees) {
      lint_tree(lint, tree);
      for (const std::string* other : {&tree.variant_of, &tree.part_of}) {
        if (!other->empty() && !scheme.trees.contains(*other)) lint.say(tree.source, "there is no tree " + json_quoted(*other));
      }
    }
    for (const Requirement& requirement : scheme.requirements) {
      loops.requirement(scheme, requirement);
      lint_information(lint, requirement);
      for (const AssessmentEntry& assessment : requirement.assessments) {
        for (const Unit& unit : assessment.units) {
          lint_unit(lint, requirement, assessment, unit);
          lint_gates(lint, scheme, unit);
          for (const Tree* tree : unit.trees) used_trees.insert(tree->id);
        }
      }
      for (const Route& route : requirement.routes) {
        const bool used =
            std::ranges::any_of(requirement.assessments, [&](const AssessmentEntry& a) { return a.route == route.id || a.route.empty(); });
        if (!used) lint.say(requirement.source, "no assessment takes the route " + json_quoted(route.id));
      }
    }
    for (const auto& [tree_id, tree] : scheme.trees) {
      if (!used_trees.contains(tree_id)) lint.say(tree.source, "no unit uses tree " + tree_id);
    }
  }
  lint_recognitions(lint);
}

}  // namespace assay::assess
