// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "paper/report.hpp"
#include "paper/report/citations.hpp"
#include "paper/report/page.hpp"
#include "paper/report/tree_walks.hpp"

namespace assay::paper {

// The decision trees of a unit, drawn, with who walked them, why that way, and who accepted it.
class Trees {
 public:
  Trees(Page& page, const ReportInput& input, const Citations& citations);
  // Empty where the unit asks its questions one by one.
  Html of(const SchemeVerdict& scheme, const RequirementVerdict& requirement, const AssessmentVerdict& assessment, const UnitVerdict& unit);

 private:
  struct Drawn {
    TreeNodes tree;
    TreeWalks walks;
  };
  struct Reason {
    std::string_view text, place;
    const Answer* answer = nullptr;
  };
  Reason reason(const std::string& row, std::string_view instance, bool conceptual) const;
  const Answer* said(const std::string& row, std::string_view instance, std::string_view value) const;
  Html figure(const Drawn& drawn, const UnitVerdict& unit, bool several);
  Html held_up(const InstanceVerdict& instance) const;
  Html who(const std::string& row, const InstanceVerdict& instance) const;
  Html why(const std::string& row, const InstanceVerdict& instance, bool conceptual) const;
  Html table(const std::string& row, const UnitVerdict& unit, const std::vector<Drawn>& drawn, bool conceptual);

  Page& page_;
  const ReportInput& input_;
  const Citations& citations_;
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, const PathReason*> reasons_;
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, const Answer*> said_;  // question, instance, value
  std::map<std::string_view, const Answer*> answers_;
};

}  // namespace assay::paper
