// SPDX-License-Identifier: Apache-2.0
#include "assess/catalogue_map.hpp"

#include <algorithm>
#include <set>

#include "assess/entries.hpp"

namespace assay::assess {
namespace {

// What rules over observations can do to a question, a unit or a requirement.
struct Machine {
  bool refutes = false, grants = false, supports = false;
  void operator|=(const Machine& other) {
    refutes = refutes || other.refutes;
    grants = grants || other.grants;
    supports = supports || other.supports;
  }
};

bool observes(const Condition& condition) {
  bool found = false;
  for_each(condition, [&](const Condition& c, bool) {
    using Form = Condition::Kind;
    const bool seen = c.kind == Form::seen || c.kind == Form::none;
    // What people read off papers and note of guided steps is no machine's finding.
    const bool stated = c.name == "document" || c.name == "certificate-of" || c.name == "trial";
    found = found || c.kind == Form::undeclared || (seen && !stated);
  });
  return found;
}

// A tree read for what is decided once a machine has given an answer, whatever the nodes above it said.
class Walking {
 public:
  explicit Walking(const Tree& tree) : tree_(tree), sure_(tree.nodes.size()) {}

  Machine machine() {
    Machine out;
    for (const Node& node : tree_.nodes) {
      if (node.question == nullptr) continue;
      for (const Rule& rule : node.question->rules) {
        if (!observes(rule.when)) continue;
        const Sure end = sure(rule.answer == "yes" ? node.yes : node.no);
        const bool gives = node.question->may_give(rule.answer);
        if (end.fail && gives) {
          out.refutes = true;
        } else {
          out.supports = true;
        }
        out.grants = out.grants || (end.pass && gives);
      }
    }
    return out;
  }

 private:
  struct Sure {
    bool fail = false, pass = false, known = false;
  };

  // Which end is certain from there on, when nothing but machines answers.
  Sure sure(const Branch& branch) {
    if (!branch.end.empty()) return {branch.end == "fail", branch.end == "pass", true};
    Sure& out = sure_[branch.node];
    if (out.known) return out;
    out.known = true;  // a loop is a lint error; it decides nothing
    const Node& node = tree_.nodes[branch.node];
    const Sure yes = sure(node.yes);
    const Sure no = sure(node.no);
    const auto given = [&](std::string_view answer) {
      return node.question != nullptr && node.question->may_give(answer) &&
             std::ranges::any_of(node.question->rules, [&](const Rule& rule) { return rule.answer == answer && observes(rule.when); });
    };
    const bool says_yes = given("yes");
    const bool says_no = given("no");
    out.fail = (yes.fail && no.fail) || (says_yes && yes.fail) || (says_no && no.fail);
    out.pass = (yes.pass && no.pass) || (says_yes && yes.pass) || (says_no && no.pass);
    return out;
  }

  const Tree& tree_;
  std::vector<Sure> sure_;
};

class Mapping {
 public:
  explicit Mapping(const Catalogue& catalogue) : catalogue_(catalogue) {}

  Machine unit(const Scheme& scheme, const AssessmentEntry& assessment, const Unit& u) {
    const auto known = units_.find(&u);
    if (known != units_.end()) return known->second;
    units_[&u] = {};  // a loop is a lint error; it adds nothing
    Machine out;
    for (const Tree* tree : u.trees) out |= Walking(*tree).machine();
    // A conceptual unit wants people or documents beside the machine, and what the question does not cover too.
    const bool covers = u.relation == "equal" || (u.relation == "wider" && !u.sufficient.empty());
    if (assessment.kind == "conceptual" || !covers) {
      out.supports = out.supports || out.grants;
      out.grants = false;
    }
    for (const std::string& reference : u.inherits) {
      if (const Scheme* whole = catalogue_.whole(reference)) {
        for (const Requirement& r : whole->requirements) out |= requirement(*whole, r);
        continue;
      }
      const auto [other, entry] = catalogue_.find(scheme, reference);
      if (entry == nullptr) continue;
      for (const AssessmentEntry& a : entry->requirement->assessments) {
        if (entry->assessment != nullptr && entry->assessment != &a) continue;
        for (const Unit& inner : a.units) {
          if (entry->unit == nullptr || entry->unit == &inner) out |= unit(*other, a, inner);
        }
      }
    }
    units_[&u] = out;
    return out;
  }

  Machine requirement(const Scheme& scheme, const Requirement& r) {
    Machine out;
    for (const AssessmentEntry& a : r.assessments) {
      for (const Unit& u : a.units) out |= unit(scheme, a, u);
    }
    return out;
  }

 private:
  const Catalogue& catalogue_;
  std::map<const Unit*, Machine> units_;
};

}  // namespace

CatalogueMap map_of(const Catalogue& catalogue) {
  CatalogueMap out;
  Mapping mapping(catalogue);
  std::map<std::string, std::set<std::string>> used;
  for (const auto& [id, scheme] : catalogue.schemes) {
    for (const SchemeCondition& c : scheme.conditions) used[c.question_id].insert(id);
    for (const Requirement& r : scheme.requirements) {
      for (const AssessmentEntry& a : r.assessments) {
        for (const Unit& u : a.units) {
          for (const Tree* tree : u.trees) {
            for (const Node& node : tree->nodes) used[node.question_id].insert(id);
          }
        }
      }
    }
  }
  for (const auto& [id, scheme] : catalogue.schemes) {
    SchemeMap row;
    row.scheme = id;
    row.edition = scheme.edition;
    const auto doubt = [&](const std::string& entry, const std::string& title, const std::string& source) {
      ++row.unverified;
      out.unverified.push_back({id, entry, title, source});
    };
    for (const SchemeCondition& c : scheme.conditions) {
      if (c.confidence == Confidence::unverified) doubt(c.id, c.title, c.origin);
    }
    for (const Requirement& r : scheme.requirements) {
      ++row.requirements;
      if (r.confidence == Confidence::unverified) doubt(r.id, r.title, r.origin);
      const Machine all = mapping.requirement(scheme, r);
      row.refutable += all.refutes ? 1 : 0;
      row.supportable += all.grants || all.supports ? 1 : 0;
      row.personal += !all.refutes && !all.grants && !all.supports ? 1 : 0;
      for (const AssessmentEntry& a : r.assessments) {
        for (const Unit& u : a.units) {
          ++row.units;
          if (u.confidence == Confidence::unverified) doubt(u.id, u.title, u.origin.empty() ? r.origin : u.origin);
          const Machine one = mapping.unit(scheme, a, u);
          row.unit_refutable += one.refutes ? 1 : 0;
          row.unit_grantable += one.grants ? 1 : 0;
          row.unit_personal += !one.refutes && !one.grants && !one.supports ? 1 : 0;
        }
      }
    }
    for (const auto& [question, schemes] : used) {
      if (!schemes.contains(id)) continue;
      ++row.questions;
      row.shared += schemes.size() > 1 ? 1 : 0;
    }
    out.schemes.push_back(std::move(row));
  }
  for (const auto& [question, schemes] : used) {
    ++out.shared_by[schemes.size()];
    if (schemes.size() > 1) out.sharing.emplace_back(question, std::vector<std::string>(schemes.begin(), schemes.end()));
  }
  std::ranges::stable_sort(out.sharing, [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
  for (const auto& [id, question] : catalogue.questions) out.unused += used.contains(id) ? 0 : 1;
  return out;
}

Value to_value(const CatalogueMap& map) {
  Value out = Value::object();
  Value schemes = Value::array();
  for (const SchemeMap& s : map.schemes) {
    Value row = Value::object();
    const auto set = [&](std::string_view name, std::size_t n) { row.set(name, static_cast<std::int64_t>(n)); };
    row.set("scheme", s.scheme);
    row.set("edition", s.edition);
    set("requirements", s.requirements);
    set("refutable", s.refutable);
    set("supportable", s.supportable);
    set("personal", s.personal);
    set("units", s.units);
    set("unit_refutable", s.unit_refutable);
    set("unit_grantable", s.unit_grantable);
    set("unit_personal", s.unit_personal);
    set("questions", s.questions);
    set("shared", s.shared);
    set("unverified", s.unverified);
    schemes.push(std::move(row));
  }
  out.set("schemes", std::move(schemes));
  Value shared = Value::array();
  for (const auto& [schemes_count, questions] : map.shared_by) {
    Value row = Value::object();
    row.set("schemes", static_cast<std::int64_t>(schemes_count));
    row.set("questions", static_cast<std::int64_t>(questions));
    shared.push(std::move(row));
  }
  out.set("shared_by", std::move(shared));
  out.set("unused_questions", static_cast<std::int64_t>(map.unused));
  Value sharing = Value::array();
  for (const auto& [question, ids] : map.sharing) {
    Value row = Value::object();
    row.set("question", question);
    Value list = Value::array();
    for (const std::string& id : ids) list.push(id);
    row.set("schemes", std::move(list));
    sharing.push(std::move(row));
  }
  out.set("sharing", std::move(sharing));
  Value unverified = Value::array();
  for (const UnverifiedEntry& u : map.unverified) {
    Value row = Value::object();
    row.set("scheme", u.scheme);
    row.set("entry", u.entry);
    row.set("title", u.title);
    row.set("source", u.source);
    unverified.push(std::move(row));
  }
  out.set("unverified", std::move(unverified));
  return out;
}

}  // namespace assay::assess
