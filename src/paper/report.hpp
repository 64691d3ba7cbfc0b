// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"
#include "model/evidence.hpp"
#include "model/observation.hpp"
#include "model/verdict.hpp"

namespace assay::paper {

// Why the documented path of an instance through a requirement's trees is right (E.Just of EN 18031).
struct PathReason {
  std::string scheme, requirement, instance;
  std::string text;
  std::string place;  // in product.yaml
};

// What a report is written from; it judges nothing itself.
struct ReportInput {
  Assessment assessment;
  std::vector<Evidence> evidence;
  std::vector<Observation> observations;
  std::vector<Answer> answers;
  std::vector<Disposal> disposals;
  std::vector<Value> scope;            // one of each scheme of the catalogue, as assess::to_value(ScopeAnswer) gives it, and its `title`
  std::map<std::string, Value> trees;  // "<scheme>/<requirement>" -> the trees it walks, as assess::decision_trees() gives them
  std::vector<PathReason> path_reasons;
  Value map;            // the catalogue's map, as assess::to_value(CatalogueMap) gives it: its `schemes` and `sharing` are read
  std::string program;  // "assay 0.1.0"
};

// One self-contained HTML file: no script or style from elsewhere, no network; light and dark, print, keyboard, screen reader.
// Same input, same bytes. Every text that comes from evidence or people is escaped.
Result<std::string> html(const ReportInput& input);
// The same content as JSON; a decision tree once, and named where it is walked.
std::string json(const ReportInput& input);

}  // namespace assay::paper
