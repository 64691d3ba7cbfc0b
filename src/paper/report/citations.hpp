// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "paper/report.hpp"
#include "paper/report/escape.hpp"

namespace assay::paper {

// One observation, answer or piece of evidence as the page numbers it: O12, A3, E1.
struct Source {
  std::string number;
  std::string anchor;
  const Observation* observation = nullptr;  // nullptr: cited, but not among the report's observations
  const Answer* answer = nullptr;
  const Evidence* evidence = nullptr;
  const Disposal* disposal = nullptr;
  std::string id;
  std::vector<std::string_view> cited_by;  // "<scheme>/<requirement>", in the page's order, each once
};

// A page of more rows opens in no browser; the JSON report has them all.
inline constexpr std::size_t kMostRows = 20'000;

// What is cited, by whom, and where it stands on the page. Borrows the input. Every id that a verdict cites has an entry, so that no link
// leads nowhere; entries are numbered in the canonical order of observations, so numbers do not depend on how verdicts are arranged.
class Citations {
 public:
  explicit Citations(const ReportInput& input);
  Citations(const Citations&) = delete;
  Citations& operator=(const Citations&) = delete;

  const std::vector<Source>& observations() const { return observations_; }  // cited, not withdrawn
  const std::vector<Source>& answers() const { return answers_; }            // all
  const std::vector<Source>& evidence() const { return evidence_; }
  const std::vector<Source>& withdrawn() const { return withdrawn_; }
  const std::vector<const Observation*>& uncited() const { return uncited_; }
  std::size_t left_out() const { return left_out_; }  // cited observations beyond kMostRows: named, but without a row

  // Links; the id as text where nothing stands behind it.
  Html observation(std::string_view id) const;
  Html answer(std::string_view id) const;
  Html evidence_file(std::string_view id) const;
  // An id of whichever sort, or a text.
  Html any(std::string_view text) const;
  // "<scheme>/<requirement or unit>" as a link with the words `shown`.
  Html row(std::string_view reference, std::string_view shown) const;
  // "<scheme>/<row>" references as links, by scheme.
  Html rows(const std::vector<std::string_view>& references) const;
  // A text whose "o:…" and "a:…" ids become links; long ones clipped.
  Html linked(std::string_view text, std::size_t shown = 600) const;
  // A list of all that something rests on; nothing when there is nothing.
  Html list(const std::vector<std::string>& observations, const std::vector<std::string>& answers,
            const std::vector<std::string>& declared) const;

 private:
  void walk(const ReportInput& input);
  void cite(std::string_view id, std::string_view row);

  std::vector<Source> observations_, answers_, evidence_, withdrawn_;
  std::vector<const Observation*> uncited_;
  std::size_t left_out_ = 0;
  std::vector<std::string> row_names_;
  std::map<std::string, std::vector<std::string_view>, std::less<>> cited_by_;  // id -> rows
  std::unordered_map<std::string_view, std::string> row_anchors_;
  std::unordered_map<std::string_view, const Source*> by_id_;
  std::vector<std::string> unit_names_;
};

std::string requirement_anchor(std::string_view scheme, std::string_view requirement);
std::string unit_anchor(std::string_view scheme, std::string_view unit);
// Text between tags as <code>, isolated from its surroundings' writing direction.
Html code(std::string_view text);

}  // namespace assay::paper
