// SPDX-License-Identifier: Apache-2.0
#pragma once

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
Html glance_section(Page& page, const ReportInput& input);
Html owed_section(Page& page, const ReportInput& input, const Citations& citations);
Html contradictions_section(Page& page, const ReportInput& input, const Citations& citations);
Html requirements_section(Page& page, const ReportInput& input, const Citations& citations);
Html sources_section(Page& page, const ReportInput& input, const Citations& citations);
Html contents(Page& page, const ReportInput& input, const Citations& citations);

// What is asked in the same words, with the same ways to settle it, for several instances; in the order of the first.
struct OwedGroup {
  std::vector<const Owed*> items;
  std::set<std::string_view> instances;
};
std::vector<OwedGroup> owed_groups(const std::vector<Owed>& owed);
Html owed_instances(const OwedGroup& group);

// A row of the overall list, from 1.
std::string owed_anchor(std::size_t row);
std::size_t contradictions_count(const ReportInput& input);
std::string scheme_anchor(std::string_view scheme);

}  // namespace assay::paper
