// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "paper/report.hpp"
#include "paper/report/citations.hpp"
#include "paper/report/page.hpp"

namespace assay::paper {

// The page's sections, in its order. Each is complete markup with its own heading.
Html front_section(Page& page, const ReportInput& input, const Citations& citations);
Html glance_section(Page& page, const ReportInput& input, const Citations& citations);
Html owed_section(Page& page, const ReportInput& input, const Citations& citations);
Html contradictions_section(Page& page, const ReportInput& input, const Citations& citations);
Html requirements_section(Page& page, const ReportInput& input, const Citations& citations);
Html sources_section(Page& page, const ReportInput& input, const Citations& citations);
Html contents(Page& page, const ReportInput& input, const Citations& citations);
// Parts of a section.
Html scope_part(Page& page, const ReportInput& input);
Html map_part(Page& page, const ReportInput& input, const Citations& citations);

// The schemes of the page in its order: by market, and as they came.
struct Market {
  std::string name;
  std::vector<const SchemeVerdict*> schemes;
};
std::vector<Market> markets(const ReportInput& input);
std::vector<const SchemeVerdict*> in_page_order(const ReportInput& input);
std::array<std::size_t, 4> verdict_counts(const SchemeVerdict& scheme);  // in the order of kVerdicts
std::string short_name(const SchemeVerdict& scheme);                     // "en-303-645 2.1.1"

// A question asked by several schemes of the report, and by which.
struct SharedQuestion {
  std::string_view question;
  std::vector<std::size_t> schemes;  // indexes of in_page_order()
};
std::vector<SharedQuestion> shared_questions(const ReportInput& input);

// What is asked in the same words, but for the instance's own name, with the same ways to settle it, for several instances; in the order
// of the first.
struct OwedGroup {
  std::vector<const Owed*> items;
  std::set<std::string_view> instances;
  std::string ask, what;  // with INSTANCE where each has its own name
};
// `text` with INSTANCE for the instance's name where it stands as a whole word.
std::string for_any(std::string_view text, std::string_view instance);
std::vector<OwedGroup> owed_groups(const std::vector<Owed>& owed);
Html owed_instances(const OwedGroup& group);

// A row of the overall list, from 1.
std::string owed_anchor(std::size_t row);
std::size_t contradictions_count(const ReportInput& input);
std::string scheme_anchor(std::string_view scheme);

}  // namespace assay::paper
