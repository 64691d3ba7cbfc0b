// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/evidence.hpp"
#include "model/observation.hpp"
#include "model/verdict.hpp"

namespace assay::paper {

// What a report is written from; it judges nothing itself.
struct ReportInput {
  Assessment assessment;
  std::vector<Evidence> evidence;
  std::vector<Observation> observations;
  std::vector<Answer> answers;
  std::vector<Disposal> disposals;
  std::vector<std::string> scope;  // "uk-psti: applies — s. 4 (…)": one line a scheme, for the front page
  std::string program;             // "assay 0.1.0"
};

// One self-contained HTML file: no script or style from elsewhere, no network; light and dark, print, keyboard, screen reader.
// Same input, same bytes. Every text that comes from evidence or people is escaped.
Result<std::string> html(const ReportInput& input);
// The same content as JSON.
std::string json(const ReportInput& input);

}  // namespace assay::paper
