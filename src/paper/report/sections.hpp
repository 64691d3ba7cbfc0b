// SPDX-License-Identifier: Apache-2.0
#pragma once

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
};
std::vector<OwedGroup> owed_groups(const std::vector<Owed>& owed);
Html owed_instances(const OwedGroup& group, bool with_anchors);

// Rows of what is owed, as a section elsewhere names them; empty when it is not in the overall list.
std::string owed_anchor(const ReportInput& input, const Owed& owed);
std::size_t contradictions_count(const ReportInput& input);
std::string scheme_anchor(std::string_view scheme);

}  // namespace assay::paper
