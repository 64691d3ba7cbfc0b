// SPDX-License-Identifier: Apache-2.0
#include "paper/report/tree_walks.hpp"

#include <array>

namespace assay::paper {
namespace {

constexpr std::array<std::string_view, 2> kAnswers = {"yes", "no"};

class Following {
 public:
  Following(const TreeNodes& tree, TreeWalks& out) : tree_(tree), out_(out) {}

  void follow(const InstanceVerdict& instance) {
    steps_.clear();
    // A node is told apart by its question too: another tree of the unit may have one of the same name.
    for (const Step& step : instance.path) steps_.try_emplace({step.node, step.question}, &step);
    sure_.clear();
    may_.clear();
    walk_ = {&instance, {}, {}};
    visit(tree_.start(), true);
    if (!walk_.steps.empty()) out_.walks.push_back(std::move(walk_));
  }

 private:
  void visit(std::string_view id, bool sure) {
    const Value* node = tree_.node(id);
    if (node == nullptr) {
      if (!walk_.steps.empty()) walk_.ends.insert(id);
      return;
    }
    if (!(sure ? sure_ : may_).insert(id).second) return;
    const auto at = steps_.find({(*node)["id"].text(), (*node)["question"].text()});
    if (at == steps_.end()) return;
    const Step& step = *at->second;
    walk_.steps.emplace_back(node, &step);
    count(out_.nodes[id], sure);
    if (step.answer == "yes" || step.answer == "no") {
      const std::string_view answer = step.answer == "yes" ? kAnswers[0] : kAnswers[1];
      count(out_.branches[{id, answer}], sure);
      visit((*node)[answer].text(), sure);
      return;
    }
    ++(step.answer == "conflict" ? out_.contested : out_.open)[id];
    for (const std::string_view answer : kAnswers) {
      count(out_.branches[{id, answer}], false);
      visit((*node)[answer].text(), false);
    }
  }

  static void count(Traffic& traffic, bool sure) { ++(sure ? traffic.sure : traffic.may); }

  const TreeNodes& tree_;
  TreeWalks& out_;
  std::map<std::pair<std::string_view, std::string_view>, const Step*> steps_;
  std::set<std::string_view> sure_, may_;
  TreeWalk walk_;
};

}  // namespace

TreeNodes::TreeNodes(const Value& tree) : tree_(&tree) {
  for (const Value& node : tree["nodes"].items()) nodes_.try_emplace(node["id"].text(), &node);
}

const Value* TreeNodes::node(std::string_view id) const {
  const auto at = nodes_.find(id);
  return at == nodes_.end() ? nullptr : at->second;
}

Traffic TreeWalks::at(std::string_view node) const {
  const auto found = nodes.find(node);
  return found == nodes.end() ? Traffic{} : found->second;
}

Traffic TreeWalks::at(std::string_view node, std::string_view answer) const {
  const auto found = branches.find({node, answer});
  return found == branches.end() ? Traffic{} : found->second;
}

TreeWalks walks_of(const TreeNodes& tree, const std::vector<InstanceVerdict>& instances) {
  TreeWalks out;
  Following following(tree, out);
  for (const InstanceVerdict& instance : instances) following.follow(instance);
  return out;
}

std::string_view end_words(std::string_view end) {
  if (end == "pass") return "PASS";
  if (end == "fail") return "FAIL";
  if (end == "not-applicable") return "NOT APPLICABLE";
  return end == "continued" ? "GOES ON" : end;
}

std::string path_text(const TreeWalk& walk) {
  std::string out;
  for (const auto& [node, step] : walk.steps) {
    out += std::string((*node)["id"].text()) + (step->answer == "yes" ? "=Y " : step->answer == "no" ? "=N " : "=? ");
  }
  out += "→ ";
  std::string ends;
  for (const std::string_view end : {"pass", "fail", "not-applicable", "continued"}) {
    if (walk.ends.contains(end)) ends += (ends.empty() ? "" : " or ") + std::string(end_words(end));
  }
  return out + (ends.empty() ? "open" : ends);
}

}  // namespace assay::paper
