// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include "paper/report.hpp"
#include "paper/report/sections.hpp"

namespace assay::paper {
namespace {

// Each tree once, by "<scheme>/<tree>", and what walks it: "<scheme>/<requirement>" -> [{unit, tree}].
void add_trees(const ReportInput& input, Value& out) {
  std::map<std::string, const Value*> trees;
  Value walks = Value::object();
  for (const auto& [row, list] : input.trees) {
    const std::string scheme = row.substr(0, row.find('/'));
    Value named = Value::array();
    for (const Value& one : list.items()) {
      const std::string name = scheme + "/" + std::string(one["tree"]["id"].text());
      trees.emplace(name, &one["tree"]);
      Value walk = Value::object();
      walk.set("unit", one["unit"]);
      walk.set("tree", name);
      named.push(std::move(walk));
    }
    walks.set(row, std::move(named));
  }
  Value drawn = Value::object();
  for (const auto& [name, tree] : trees) drawn.set(name, *tree);
  out.set("trees", std::move(drawn));
  out.set("walks", std::move(walks));
  Value reasons = Value::array();
  for (const PathReason& one : input.path_reasons) {
    Value row = Value::object();
    row.set("scheme", one.scheme);
    row.set("requirement", one.requirement);
    row.set("instance", one.instance);
    row.set("text", one.text);
    row.set("place", one.place);
    reasons.push(std::move(row));
  }
  out.set("path_reasons", std::move(reasons));
}

void add_sharing(const ReportInput& input, Value& out) {
  const std::vector<const SchemeVerdict*> schemes = in_page_order(input);
  Value sharing = Value::array();
  for (const SharedQuestion& question : shared_questions(input)) {
    Value row = Value::object();
    row.set("question", question.question);
    Value ids = Value::array();
    for (const std::size_t index : question.schemes) ids.push(schemes[index]->id);
    row.set("schemes", std::move(ids));
    sharing.push(std::move(row));
  }
  out.set("sharing", std::move(sharing));
}

}  // namespace

std::string json(const ReportInput& input) {
  const auto values = [](const auto& items) {
    Value out = Value::array();
    for (const auto& item : items) out.push(to_value(item));
    return out;
  };
  Value out = Value::object();
  out.set("program", input.program);
  out.set("assessment", to_value(input.assessment));
  Value scope = Value::array();
  for (const Value& row : input.scope) scope.push(row);
  out.set("scope", std::move(scope));
  add_trees(input, out);
  add_sharing(input, out);
  out.set("evidence", values(input.evidence));
  out.set("observations", values(input.observations));
  out.set("answers", values(input.answers));
  out.set("disposals", values(input.disposals));
  return to_json(out, JsonStyle::pretty) + "\n";
}

}  // namespace assay::paper
