// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "paper/report/sections.hpp"
#include "paper/report/words.hpp"

namespace assay::paper {
namespace {

constexpr std::size_t kMostFacts = 12;

const Value* row_of(const ReportInput& input, std::string_view scheme) {
  const auto at = std::ranges::find_if(input.scope, [&](const Value& row) { return row["key"].text() == scheme; });
  return at == input.scope.end() ? nullptr : &*at;
}

Html rule_of(const Value* row) {
  if (row == nullptr) return {};
  Html out;
  if (const std::string_view article = (*row)["article"].text(); !article.empty())
    out.text += "<div class=\"article\">" + escaped(cut(article, 160)) + "</div>";
  out += clipped((*row)["why"].text());
  return out;
}

// What would tell whether a scheme applies.
Html facts(const Value* row) {
  Html out;
  if (row == nullptr) return out;
  std::size_t shown = 0;
  for (const Value& ask : (*row)["asks"].items()) {
    if (++shown > kMostFacts) break;
    std::string words;
    for (const Value& word : ask["one_of"].items()) words += (words.empty() ? "" : ", ") + word.scalar_text();
    out.text += "<li>" + clipped(ask["ask"].text()).text + " " + code(cut(ask["fact"].text(), 80)).text;
    if (!words.empty()) out.text += " <span class=\"muted\">" + escaped(cut(words, 200)) + "</span>";
    out.text += "</li>";
  }
  return out.empty() ? out : Html{"<ul class=\"tells\">" + out.text + "</ul>"};
}

Fields scheme_row(const ReportInput& input, const SchemeVerdict& scheme) {
  const Value* row = row_of(input, scheme.id);
  Fields out;
  out.text("title", cut(scheme.title.empty() ? scheme.id : scheme.title, 200)).text("name", short_name(scheme));
  out.text("anchor", scheme.requirements.empty() ? "" : scheme_anchor(scheme.id)).html("tally_html", tally(verdict_counts(scheme)));
  out.html("claim_html", clipped(scheme.claim, 400)).html("rule_html", rule_of(row)).html("facts_html", facts(row));
  return out;
}

}  // namespace

std::string scheme_anchor(std::string_view scheme) {
  return anchor("s", {scheme});
}

std::string short_name(const SchemeVerdict& scheme) {
  return cut(scheme.base.empty() ? scheme.id : scheme.base, 80) + (scheme.edition.empty() ? "" : " " + cut(scheme.edition, 60));
}

std::array<std::size_t, 4> verdict_counts(const SchemeVerdict& scheme) {
  std::array<std::size_t, 4> out{};
  for (std::size_t i = 0; i < kVerdicts.size(); ++i) {
    out.at(i) = static_cast<std::size_t>(std::ranges::count(scheme.requirements, kVerdicts.at(i), &RequirementVerdict::verdict));
  }
  return out;
}

std::vector<Market> markets(const ReportInput& input) {
  std::map<std::string, std::vector<const SchemeVerdict*>> by_name;
  for (const SchemeVerdict& scheme : input.assessment.schemes) {
    const Value* row = row_of(input, scheme.id);
    by_name[row == nullptr ? std::string("Market not given") : market_word((*row)["market"].text())].push_back(&scheme);
  }
  std::vector<Market> out;
  for (auto& [name, schemes] : by_name) out.push_back({name, std::move(schemes)});
  return out;
}

std::vector<const SchemeVerdict*> in_page_order(const ReportInput& input) {
  std::vector<const SchemeVerdict*> out;
  for (const Market& market : markets(input)) out.insert(out.end(), market.schemes.begin(), market.schemes.end());
  return out;
}

Html scope_part(Page& page, const ReportInput& input) {
  std::vector<Fields> groups;
  std::vector<Fields> undecided;
  for (const Market& market : markets(input)) {
    std::vector<Fields> rows;
    for (const SchemeVerdict* scheme : market.schemes) {
      (scheme->applies == "unknown" ? undecided : rows).push_back(scheme_row(input, *scheme));
    }
    if (rows.empty()) continue;
    Fields group;
    group.text("market", market.name).list("rows", std::move(rows));
    groups.push_back(std::move(group));
  }
  std::vector<Fields> apart;
  for (const Value& row : input.scope) {
    const std::string_view key = row["key"].text();
    const bool judged = std::ranges::any_of(input.assessment.schemes, [&](const SchemeVerdict& s) { return s.id == key; });
    if (judged) continue;
    const bool unknown = row["result"].text() == "unknown";
    const std::string title = cut(row["title"].text().empty() ? key : row["title"].text(), 200);
    const std::string name = cut(row["scheme"].text(), 80) + " " + cut(row["edition"].text(), 60);
    if (unknown) {
      Fields one;
      one.text("title", title).text("name", name).text("anchor", "").html("tally_html", {}).html("claim_html", {});
      one.html("rule_html", rule_of(&row)).html("facts_html", facts(&row));
      undecided.push_back(std::move(one));
      continue;
    }
    Fields one;
    one.text("title", title)
        .text("name", name)
        .text("article", cut(row["article"].text(), 160))
        .html("why_html", clipped(row["why"].text()));
    one.text("market", row["rule"].text() == "market" ? market_word(row["market"].text()) : "");
    // One that applies and was not asked for is no less applicable.
    one.text("unjudged", row["result"].text() == "applies" ? "applies, but was not judged" : "");
    apart.push_back(std::move(one));
  }
  Fields fields;
  fields.flag("any", !groups.empty()).flag("none", groups.empty() && undecided.empty() && apart.empty());
  fields.list("groups", std::move(groups)).flag("has_undecided", !undecided.empty()).list("undecided", std::move(undecided));
  fields.text("apart_count", counted(apart.size(), "scheme")).flag("has_apart", !apart.empty()).list("apart", std::move(apart));
  return page.fill("scope", fields);
}

}  // namespace assay::paper
