// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "assess/linting.hpp"
#include "base/json.hpp"

namespace assay::assess {
namespace {

struct Reach {
  bool pass = false, fail = false, none = false;
  void operator|=(const Reach& other) {
    pass = pass || other.pass;
    fail = fail || other.fail;
    none = none || other.none;
  }
};

bool may_be(const Question& q, std::string_view answer) {
  const bool by_rule = q.may_give(answer) && std::ranges::any_of(q.rules, [&](const Rule& r) { return r.answer == answer; });
  return by_rule || q.person != "no";
}

bool speaks_from_documents(const Condition& condition) {
  bool found = false;
  for_each(condition, [&](const Condition& c, bool) {
    using Kind = Condition::Kind;
    const bool declared = c.kind == Kind::declared || c.kind == Kind::fact || c.kind == Kind::value || c.kind == Kind::placed ||
                          c.kind == Kind::ics || c.kind == Kind::ics_unjustified;
    found = found || declared || (c.kind == Kind::seen && (c.name == "document" || c.name == "certificate-of"));
  });
  return found;
}

// Whether a person or a document can stand behind an answer to it, as conceptual units need.
bool reaches_people(const Question& q) {
  return q.person != "no" ||
         std::ranges::any_of(q.rules, [&](const Rule& r) { return q.may_give(r.answer) && speaks_from_documents(r.when); });
}

class Reaching {
 public:
  explicit Reaching(const Catalogue& catalogue) : catalogue_(catalogue) {}

  Reach requirement(const Scheme& scheme, const Requirement& r, std::string_view route) {
    if (!open_.insert(&r).second) return {};
    Reach all{true, false, true};
    bool one_passes = false;
    for (const AssessmentEntry& assessment : r.assessments) {
      if (!assessment.route.empty() && assessment.route != route) continue;
      for (const Unit& entry : assessment.units) {
        const Reach reach = unit(scheme, assessment, entry);
        one_passes = one_passes || reach.pass;
        all.pass = all.pass && (reach.pass || reach.none);
        all.fail = all.fail || reach.fail;
        all.none = all.none && reach.none;
      }
    }
    all.pass = all.pass && one_passes;
    all.none = all.none || !r.conditions.empty();
    open_.erase(&r);
    return all;
  }

  // Whether some way through the tree, with answers that can be given, goes along the branch. After all units were looked at.
  bool taken(const Branch& branch) const { return taken_.contains(&branch); }

  Reach unit(const Scheme& scheme, const AssessmentEntry& assessment, const Unit& u) {
    if (!u.inherits.empty()) return inherited(scheme, u);
    Reach out;
    for (const Tree* tree : u.trees) {
      Way way;
      bool people = false;
      Reach reach = from(*tree, tree->start, way, people);
      if (assessment.kind == "conceptual" && !people) reach.pass = false;
      out |= reach;
    }
    out.fail = out.fail || u.on_none == "fail";
    out.none = out.none || u.on_none == "not-applicable" || !u.gates.empty();
    return out;
  }

 private:
  Reach inherited(const Scheme& scheme, const Unit& u) {
    Reach all{true, false, true};
    bool one_passes = false;
    for (const std::string& reference : u.inherits) {
      const auto [other, entry] = catalogue_.find(scheme, reference);
      Reach reach;
      if (const Scheme* all_of_it = catalogue_.whole(reference)) {
        for (const Requirement& r : all_of_it->requirements)
          reach |= requirement(*all_of_it, r, r.routes.empty() ? "" : r.routes.front().id);
      } else if (entry == nullptr) {
        continue;
      } else if (entry->assessment == nullptr) {
        reach = requirement(*other, *entry->requirement, entry->requirement->routes.empty() ? "" : entry->requirement->routes.front().id);
      } else {
        for (const Unit& inner : entry->assessment->units) {
          if (entry->unit == nullptr || entry->unit == &inner) reach |= unit(*other, *entry->assessment, inner);
        }
      }
      one_passes = one_passes || reach.pass;
      all.pass = all.pass && (reach.pass || reach.none);
      all.fail = all.fail || reach.fail;
      all.none = all.none && reach.none;
    }
    all.pass = all.pass && one_passes;
    return all;
  }

  // Answers given so far on the way down; the same question has the same answer wherever it stands.
  struct Way {
    std::map<const Question*, std::string_view> answers;
    std::size_t steps = 0;
  };
  // Far more than any tree that people walk; a wider one is taken as reaching what it has seen so far.
  static constexpr std::size_t kMaxSteps = 1U << 16U;

  Reach from(const Tree& tree, std::size_t index, Way& way, bool& people) {
    Reach out;
    const Node& node = tree.nodes[index];
    if (node.question == nullptr || way.answers.size() > tree.nodes.size() || ++way.steps > kMaxSteps) return out;
    people = people || reaches_people(*node.question);
    const auto given = way.answers.find(node.question);
    const std::string_view before = given == way.answers.end() ? std::string_view{} : given->second;
    for (const auto& [answer, branch] : {std::pair<std::string_view, const Branch*>{"yes", &node.yes}, {"no", &node.no}}) {
      if (!may_be(*node.question, answer) || (!before.empty() && before != answer)) continue;
      taken_.insert(branch);
      if (branch->end == "pass") out.pass = true;
      if (branch->end == "fail") out.fail = true;
      if (branch->end == "not-applicable" || branch->end == "continued") out.none = true;
      if (!branch->end.empty()) continue;
      way.answers[node.question] = answer;
      if (open_nodes_.insert(&tree.nodes[branch->node]).second) {
        out |= from(tree, branch->node, way, people);
        open_nodes_.erase(&tree.nodes[branch->node]);
      }
      if (before.empty()) way.answers.erase(node.question);
    }
    return out;
  }

  const Catalogue& catalogue_;
  std::set<const Requirement*> open_;
  std::set<const Node*> open_nodes_;
  std::set<const Branch*> taken_;
};

}  // namespace

void lint_reach(Lint& lint) {
  Reaching reaching(lint.catalogue);
  for (const auto& [id, scheme] : lint.catalogue.schemes) {
    for (const SchemeCondition& condition : scheme.conditions) {
      if (condition.question == nullptr) continue;
      for (const std::string_view answer : {"yes", "no"}) {
        if (!may_be(*condition.question, answer))
          lint.say(condition.source, "nothing can answer " + std::string(answer) + " to " + condition.question_id);
      }
    }
    for (const Requirement& requirement : scheme.requirements) {
      std::vector<std::string> routes;
      for (const Route& route : requirement.routes) routes.push_back(route.id);
      if (routes.empty()) routes.emplace_back();
      for (const std::string& route : routes) {
        const Reach reach = reaching.requirement(scheme, requirement, route);
        const std::string name = requirement.id + (route.empty() ? "" : " by the route " + route);
        if (!reach.pass) lint.say(requirement.source, name + " can never PASS");
        if (!reach.fail) lint.say(requirement.source, name + " can never FAIL");
      }
    }
    for (const auto& [tree_id, tree] : scheme.trees) {
      const bool walked = reaching.taken(tree.nodes[tree.start].yes) || reaching.taken(tree.nodes[tree.start].no);
      for (const Node& node : tree.nodes) {
        for (const auto& [answer, branch] : {std::pair<std::string_view, const Branch*>{"yes", &node.yes}, {"no", &node.no}}) {
          if (walked && !reaching.taken(*branch)) {
            lint.say(node.source,
                     "nothing leads along " + json_quoted(answer) + " of node " + json_quoted(node.id) + " of tree " + tree_id);
          }
        }
      }
    }
  }
}

}  // namespace assay::assess
