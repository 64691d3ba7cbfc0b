// SPDX-License-Identifier: Apache-2.0
#include "cli/tree_drawing.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"

namespace assay::cli {
namespace {

// A tree over thousands of instances is told by its first ways; the rest is in the report.
constexpr std::size_t kMaxWays = 12;

std::string end_words(std::string_view end) {
  if (end == "pass") return "PASS";
  if (end == "fail") return "FAIL";
  return end == "not-applicable" ? "NOT APPLICABLE" : "goes on in the next tree";
}

class Drawing {
 public:
  Drawing(Terminal& t, const Value& tree, const UnitVerdict& unit) : t_(t), tree_(tree) {
    for (const Value& node : tree["nodes"].items()) nodes_[std::string(node["id"].text())] = &node;
    for (const InstanceVerdict& instance : unit.instances) {
      bool met = false;
      for (const Step& step : instance.path) {
        const auto at = nodes_.find(step.node);
        if (at == nodes_.end() || (*at->second)["question"].text() != step.question) continue;
        ++taken_[{step.node, step.answer}];
        met = true;
      }
      if (met) walked_.push_back(&instance);
    }
  }

  void draw() {
    const std::string start(tree_["start"].text());
    t_.paragraph(t_.bold(printable(tree_["id"].text(), 60)) + "  " + printable(tree_["title"].text(), 200), 2);
    node(start, "  ");
    t_.line();
    for (std::size_t i = 0; i < std::min(walked_.size(), kMaxWays); ++i) way(*walked_[i]);
    if (walked_.size() > kMaxWays) t_.line("    … and " + std::to_string(walked_.size() - kMaxWays) + " more");
    if (walked_.empty()) t_.line(t_.dim("    nothing has walked it yet"));
  }

 private:
  std::size_t taken(const std::string& node, const char* answer) const {
    const auto at = taken_.find({node, answer});
    return at == taken_.end() ? 0 : at->second;
  }

  void node(const std::string& id, const std::string& indent) {
    const auto at = nodes_.find(id);
    if (at == nodes_.end()) return;
    const Value& n = *at->second;
    const bool again = !drawn_.insert(id).second;
    const std::string head = indent + t_.bold(id) + " ";
    if (again) {
      t_.line(head + t_.dim("(drawn above)"));
      return;
    }
    const std::size_t unknown = taken(id, "unknown") + taken(id, "conflict");
    const std::string ask = printable(n["ask"].text(), 400) + (unknown == 0 ? "" : "  [? " + std::to_string(unknown) + " open]");
    const std::string hanging = indent + std::string(cells(id) + 1, ' ');
    // Deep down a tree there is still room for a few words.
    const std::size_t room = std::max<std::size_t>(24, t_.width() - std::min(t_.width(), cells(hanging)));
    std::string line;
    bool first = true;
    const auto flush = [&] {
      t_.line((first ? head : hanging) + line);
      first = false;
      line.clear();
    };
    for (const std::string_view word : split(ask, ' ')) {
      if (!line.empty() && cells(line) + 1 + cells(word) > room) flush();
      line += (line.empty() ? "" : " ") + std::string(word);
    }
    flush();
    for (const char* answer : {"yes", "no"}) {
      const bool last = std::string_view(answer) == "no";
      const std::size_t n_taken = taken(id, answer);
      const std::string to(n[answer].text());
      const std::string edge = indent + (last ? "└─ " : "├─ ") + padded(answer, 4) + (n_taken == 0 ? "  " : "● ");
      const std::string count = n_taken == 0 ? "" : "  (" + std::to_string(n_taken) + ")";
      if (!nodes_.contains(to)) {
        t_.line(n_taken == 0 ? t_.dim(edge + end_words(to)) : edge + t_.bold(end_words(to)) + count);
        continue;
      }
      t_.line(n_taken == 0 ? t_.dim(edge + "→ " + to) : edge + "→ " + to + count);
      node(to, indent + (last ? "      " : "│     "));
    }
  }

  void way(const InstanceVerdict& instance) {
    std::string steps;
    for (const Step& step : instance.path) {
      const auto at = nodes_.find(step.node);
      if (at == nodes_.end() || (*at->second)["question"].text() != step.question) continue;
      const std::string_view word = step.answer == "yes" ? "Y" : step.answer == "no" ? "N" : "?";
      steps += step.node + "=" + std::string(word) + " ";
    }
    t_.paragraph(printable(instance.id, 60) + "  " + steps + "→ " + t_.verdict(instance.verdict) +
                     (instance.declared ? "" : "  (seen, not declared)"),
                 4);
  }

  Terminal& t_;
  const Value& tree_;
  std::map<std::string, const Value*> nodes_;
  std::map<std::pair<std::string, std::string>, std::size_t> taken_;
  std::set<std::string> drawn_;
  std::vector<const InstanceVerdict*> walked_;
};

}  // namespace

void draw_trees(Terminal& t, const Value& trees, const RequirementVerdict& requirement) {
  for (const Value& row : trees.items()) {
    for (const AssessmentVerdict& assessment : requirement.assessments) {
      for (const UnitVerdict& unit : assessment.units) {
        if (unit.id != row["unit"].text()) continue;
        Drawing(t, row["tree"], unit).draw();
        t.line();
      }
    }
  }
}

}  // namespace assay::cli
