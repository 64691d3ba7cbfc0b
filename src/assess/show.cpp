// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>

#include "assess/catalogue.hpp"
#include "assess/entries.hpp"

namespace assay::assess {
namespace {

Value texts(const std::vector<std::string>& from) {
  Value out = Value::array();
  for (const std::string& text : from) out.push(text);
  return out;
}

std::string where_text(const std::vector<std::pair<std::string, Matcher>>& where) {
  std::string out;
  for (const auto& [field, matcher] : where) out += (out.empty() ? "" : ", ") + field + ": " + matcher.to_text();
  return out;
}

std::set<std::string_view> questions_of(const Scheme& scheme) {
  std::set<std::string_view> out;
  for (const SchemeCondition& condition : scheme.conditions) out.insert(condition.question_id);
  for (const auto& [id, tree] : scheme.trees) {
    for (const Node& node : tree.nodes) out.insert(node.question_id);
  }
  for (const Requirement& requirement : scheme.requirements) {
    for (const AssessmentEntry& assessment : requirement.assessments) {
      for (const Unit& unit : assessment.units) {
        if (!unit.question_id.empty()) out.insert(unit.question_id);
      }
    }
  }
  return out;
}

Value show(const Question& q) {
  Value out = Value::object();
  out.set("what", "question");
  out.set("id", q.id);
  out.set("ask", q.ask);
  out.set("why", q.why);
  if (!q.ask_ja.empty()) {
    Value ja = Value::object();
    ja.set("ask", q.ask_ja);
    ja.set("why", q.why_ja);
    out.set("ja", std::move(ja));
  }
  out.set("subject", q.subject);
  out.set("state", q.state);
  out.set("interface", q.interface);
  out.set("good", q.good);
  out.set("machine", texts(q.machine));
  out.set("person", q.person);
  Value rules = Value::array();
  for (const Rule& rule : q.rules) {
    Value row = Value::object();
    row.set("answer", rule.answer);
    row.set("because", rule.because);
    row.set("when", rule.when.to_text());
    row.set("counts", q.may_give(rule.answer));
    rules.push(std::move(row));
  }
  out.set("rules", std::move(rules));
  Value settle = Value::array();
  for (const Value& way : q.settle) settle.push(way);
  out.set("settle", std::move(settle));
  out.set("remedy", q.remedy);
  out.set("source", q.origin);
  out.set("confidence", to_text(q.confidence));
  return out;
}

Value show(const Subject& s) {
  Value out = Value::object();
  out.set("what", "subject");
  out.set("id", s.id);
  out.set("title", s.title);
  Value observed = Value::array();
  for (const Sighting& sighting : s.observed) {
    Value row = Value::object();
    row.set("kind", sighting.kind);
    row.set("id", sighting.id);
    row.set_if("where", where_text(sighting.where));
    row.set_if("row", where_text(sighting.row));
    observed.push(std::move(row));
  }
  out.set("observed", std::move(observed));
  out.set("match", texts(s.match));
  out.set("checks", texts(s.checks));
  return out;
}

Value show(const Unit& u) {
  Value out = Value::object();
  out.set("what", "unit");
  out.set("id", u.id);
  out.set("title", u.title);
  out.set_if("question", u.question_id);
  out.set_if("tree", u.tree_id);
  out.set_if("variants", texts(u.variant_ids));
  out.set_if("inherits", texts(u.inherits));
  out.set_if("subject", u.subject);
  out.set("relation", u.relation);
  out.set_if("on_none", u.on_none);
  out.set_if("where", where_text(u.where));
  out.set("confidence", to_text(u.confidence));
  return out;
}

Value show(const AssessmentEntry& a) {
  Value out = Value::object();
  out.set("what", "assessment");
  out.set("id", a.id);
  out.set("kind", a.kind);
  out.set_if("route", a.route);
  Value units = Value::array();
  for (const Unit& unit : a.units) units.push(show(unit));
  out.set("units", std::move(units));
  return out;
}

Value show(const Scheme& scheme, const Requirement& r) {
  Value out = Value::object();
  out.set("what", "requirement");
  out.set("scheme", scheme.id);
  out.set("id", r.id);
  out.set("title", r.title);
  out.set("text", r.text);
  out.set("status", r.status);
  out.set_if("printed", r.printed);
  Value conditions = Value::array();
  for (const std::string& id : r.conditions) {
    Value row = Value::object();
    row.set("id", id);
    if (const SchemeCondition* condition = scheme.condition(id)) row.set("title", condition->title);
    conditions.push(std::move(row));
  }
  out.set_if("conditions", std::move(conditions));
  out.set("source", r.origin);
  out.set("confidence", to_text(r.confidence));
  Value assessments = Value::array();
  for (const AssessmentEntry& a : r.assessments) assessments.push(show(a));
  out.set("assessments", std::move(assessments));
  return out;
}

std::string branch_text(const Tree& tree, const Branch& branch) {
  return branch.end.empty() ? tree.nodes[branch.node].id : branch.end;
}

Value show(const Tree& tree) {
  Value out = Value::object();
  out.set("what", "tree");
  out.set("id", tree.id);
  out.set("title", tree.title);
  out.set("subject", tree.subject);
  out.set("start", tree.nodes[tree.start].id);
  Value nodes = Value::array();
  for (const Node& node : tree.nodes) {
    Value row = Value::object();
    row.set("id", node.id);
    row.set("question", node.question_id);
    row.set("yes", branch_text(tree, node.yes));
    row.set("no", branch_text(tree, node.no));
    nodes.push(std::move(row));
  }
  out.set("nodes", std::move(nodes));
  return out;
}

// A tree as it is drawn: with the words of its questions.
Value drawn(const Tree& tree) {
  Value out = show(tree);
  Value nodes = Value::array();
  for (const Node& node : tree.nodes) {
    Value row = Value::object();
    row.set("id", node.id);
    row.set("question", node.question_id);
    row.set("ask", node.question == nullptr ? std::string{} : node.question->ask);
    row.set("yes", branch_text(tree, node.yes));
    row.set("no", branch_text(tree, node.no));
    nodes.push(std::move(row));
  }
  out.set("nodes", std::move(nodes));
  out.set_if("variant_of", tree.variant_of);
  out.set_if("continues", tree.continues_unit);
  return out;
}

Value summary(const Scheme& scheme) {
  std::int64_t units = 0;
  std::array<std::int64_t, 3> sure{};
  const auto count = [&](Confidence c) { ++sure[static_cast<std::size_t>(c)]; };
  for (const SchemeCondition& condition : scheme.conditions) count(condition.confidence);
  for (const Requirement& requirement : scheme.requirements) {
    count(requirement.confidence);
    for (const AssessmentEntry& assessment : requirement.assessments) {
      units += static_cast<std::int64_t>(assessment.units.size());
      for (const Unit& unit : assessment.units) count(unit.confidence);
    }
  }
  Value out = Value::object();
  out.set("id", scheme.base);
  out.set("key", scheme.id);
  out.set("edition", scheme.edition);
  out.set("title", scheme.title);
  out.set("publisher", scheme.publisher);
  out.set("requirements", static_cast<std::int64_t>(scheme.requirements.size()));
  out.set("units", units);
  const auto own =
      std::ranges::count_if(scheme.trees, [](const auto& t) { return t.second.variant_of.empty() && t.second.part_of.empty(); });
  out.set("trees", static_cast<std::int64_t>(own));
  out.set("questions", static_cast<std::int64_t>(questions_of(scheme).size()));
  Value confidence = Value::object();
  for (const Confidence c : {Confidence::confirmed, Confidence::secondary, Confidence::unverified}) {
    confidence.set(to_text(c), sure[static_cast<std::size_t>(c)]);
  }
  out.set("confidence", std::move(confidence));
  if (!scheme.levels.empty()) {
    Value levels = Value::array();
    for (const Level& level : scheme.levels) levels.push(level.id);
    out.set("levels", std::move(levels));
  }
  out.set("complete", scheme.complete);
  out.set_if("gaps", texts(scheme.gaps));
  return out;
}

Value show(const Scheme& scheme) {
  Value out = Value::object();
  out.set("what", "scheme");
  const Value short_form = summary(scheme);
  for (const auto& member : short_form.members()) out.set(member.name, member.value);
  out.set("combine", scheme.combine);
  Value rows = Value::array();
  for (const Requirement& requirement : scheme.requirements) {
    Value row = Value::object();
    row.set("id", requirement.id);
    row.set("title", requirement.title);
    row.set("status", requirement.status);
    row.set("confidence", to_text(requirement.confidence));
    rows.push(std::move(row));
  }
  out.set("rows", std::move(rows));
  return out;
}

Value show_entry(const Scheme& scheme, const Entry& entry) {
  if (entry.unit != nullptr) return show(*entry.unit);
  return entry.assessment != nullptr ? show(*entry.assessment) : show(scheme, *entry.requirement);
}

}  // namespace

Value decision_trees(const Catalogue& catalogue, std::string_view scheme_id, std::string_view requirement) {
  Value out = Value::array();
  const Scheme* scheme = catalogue.scheme(scheme_id);
  const Entry* entry = scheme == nullptr ? nullptr : scheme->entry(requirement);
  if (entry == nullptr || entry->requirement == nullptr) return out;
  for (const AssessmentEntry& assessment : entry->requirement->assessments) {
    for (const Unit& unit : assessment.units) {
      if (!unit.own.empty()) continue;
      for (const Tree* tree : unit.trees) {
        Value row = Value::object();
        row.set("unit", unit.id);
        row.set("tree", drawn(*tree));
        out.push(std::move(row));
      }
    }
  }
  return out;
}

std::string digest(const Catalogue& catalogue) {
  return catalogue.digest;
}

Value list(const Catalogue& catalogue) {
  Value out = Value::array();
  for (const auto& [id, scheme] : catalogue.schemes) out.push(summary(scheme));
  return out;
}

std::vector<std::string> scheme_ids(const Catalogue& catalogue) {
  std::vector<std::string> out;
  for (const auto& [id, scheme] : catalogue.schemes) out.push_back(id);
  return out;
}

std::vector<std::string> ids(const Catalogue& catalogue) {
  std::vector<std::string> out;
  for (const auto& [id, question] : catalogue.questions) out.push_back(id);
  for (const auto& [id, subject] : catalogue.subjects) out.push_back(id);
  for (const auto& [id, scheme] : catalogue.schemes) {
    out.push_back(id);
    for (const Requirement& requirement : scheme.requirements) {
      out.push_back(id + "/" + requirement.id);
      for (const AssessmentEntry& assessment : requirement.assessments) {
        for (const Unit& unit : assessment.units) out.push_back(id + "/" + unit.id);
      }
    }
  }
  return out;
}

bool confirmable(const Catalogue& catalogue, std::string_view scheme_id, std::string_view entry) {
  const Scheme* scheme = catalogue.scheme(scheme_id);
  if (scheme == nullptr) return false;
  const bool recognition =
      std::ranges::any_of(catalogue.recognitions, [&](const Recognition& r) { return r.scheme == scheme_id && r.id == entry; });
  return recognition || scheme->entry(entry) != nullptr || scheme->condition(entry) != nullptr || catalogue.question(entry) != nullptr;
}

Value show(const Catalogue& catalogue, std::string_view id) {
  if (const Scheme* scheme = catalogue.scheme(id)) return show(*scheme);
  if (const Question* question = catalogue.question(id)) return show(*question);
  if (const Subject* subject = catalogue.subject(id)) return show(*subject);
  for (const auto& [scheme_id, scheme] : catalogue.schemes) {
    std::string_view inner = id;
    if (id.starts_with(scheme_id + "/")) inner.remove_prefix(scheme_id.size() + 1);
    if (const Entry* entry = scheme.entry(inner)) return show_entry(scheme, *entry);
    if (const auto tree = scheme.trees.find(inner); tree != scheme.trees.end()) return show(tree->second);
  }
  return {};
}

}  // namespace assay::assess
