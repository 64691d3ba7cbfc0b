// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>

#include "paper/report/sections.hpp"
#include "paper/report/words.hpp"

namespace assay::paper {
namespace {

constexpr std::array<std::string_view, 3> kStatuses = {"mandatory", "recommended", "informative"};

using Counts = std::array<std::size_t, kVerdicts.size()>;

std::vector<const RequirementVerdict*> of_status(const SchemeVerdict& scheme, std::string_view status) {
  std::vector<const RequirementVerdict*> out;
  for (const RequirementVerdict& requirement : scheme.requirements) {
    const bool known = std::ranges::find(kStatuses, requirement.status) != kStatuses.end();
    // A status that we do not know stands with the mandatory ones: it must not look lighter than it may be.
    if ((known ? std::string_view(requirement.status) : kStatuses.front()) == status) out.push_back(&requirement);
  }
  return out;
}

Counts count(const std::vector<const RequirementVerdict*>& requirements) {
  Counts out{};
  for (std::size_t i = 0; i < kVerdicts.size(); ++i) {
    out.at(i) = static_cast<std::size_t>(std::ranges::count(requirements, kVerdicts.at(i), &RequirementVerdict::verdict));
  }
  return out;
}

std::string percent(std::size_t part, std::size_t whole) {
  const std::size_t hundredths = whole == 0 ? 0 : (part * 10000 + whole / 2) / whole;
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%zu.%02zu%%", hundredths / 100, hundredths % 100);
  return buffer.data();
}

std::string counts_words(const Counts& counts) {
  std::string out;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts.at(i) == 0) continue;
    std::string word(verdict_word(kVerdicts.at(i)));
    word.front() = static_cast<char>(word.front() | 0x20);
    out += (out.empty() ? "" : ", ") + grouped(counts.at(i)) + " " + word;
  }
  return out.empty() ? "none" : out;
}

Html bar(const Counts& counts, std::size_t total, std::string_view label) {
  Html out{"<svg class=\"bar\" role=\"img\" width=\"100%\" height=\"22\" aria-label=\"" + escaped(label) + "\">"};
  std::size_t at = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts.at(i) == 0) continue;
    const std::string css(verdict_class(kVerdicts.at(i)));
    out.text += "<svg x=\"" + percent(at, total) + "\" width=\"" + percent(counts.at(i), total) + "\" height=\"22\">";
    out.text += "<rect class=\"b b-" + css + "\" width=\"100%\" height=\"22\"/>";
    // A number needs room: segments under a tenth go without, the words below the bar have it.
    if (counts.at(i) * 10 >= total) {
      const std::string number = std::to_string(counts.at(i));
      const std::size_t width = 8 + 8 * number.size();
      out.text += "<rect class=\"bn-ground\" x=\"50%\" y=\"3\" width=\"" + std::to_string(width) +
                  "\" height=\"16\" rx=\"3\" transform=\"translate(-" + std::to_string(width / 2) + " 0)\"/>";
      out.text += "<text class=\"bn\" x=\"50%\" y=\"15.5\" text-anchor=\"middle\">" + number + "</text>";
    }
    out.text += "</svg>";
    at += counts.at(i);
  }
  out.text += "</svg>";
  return out;
}

Html tile(const SchemeVerdict& scheme, const RequirementVerdict& requirement) {
  const std::string css(verdict_class(requirement.verdict));
  const std::string title = cut(requirement.title, 160);
  Html out{"<li><a class=\"tile t-" + css + "\" href=\"#" + requirement_anchor(scheme.id, requirement.id) + "\" title=\"" + escaped(title) +
           "\">"};
  out += icon(requirement.verdict);
  out.text += "<span class=\"t-id\">" + escaped(cut(requirement.id, 40)) + "</span> <span class=\"unseen\">" + escaped(title) +
              "</span> <span class=\"t-word\">" + std::string(verdict_word(requirement.verdict));
  // The mark is explained in the legend.
  if (!requirement.would_be.empty()) out.text += " *";
  out.text += "</span></a></li>";
  return out;
}

// With more schemes than these the tiles fold: the strips above them show the same.
constexpr std::size_t kUnfolded = 3;

Html scheme_glance(Page& page, const SchemeVerdict& scheme, bool folded) {
  std::vector<Fields> groups;
  for (const std::string_view status : kStatuses) {
    const auto requirements = of_status(scheme, status);
    if (requirements.empty()) continue;
    const Counts counts = count(requirements);
    const std::string words = counts_words(counts);
    Html tiles;
    for (const RequirementVerdict* requirement : requirements) tiles += tile(scheme, *requirement);
    Fields group;
    group.text("status", status_word(status)).text("css", status).text("total", grouped(requirements.size())).text("words", words);
    group.html("bar_html", bar(counts, requirements.size(), std::string(status_word(status)) + " requirements: " + words));
    group.html("tiles_html", std::move(tiles)).flag("folded", folded);
    groups.push_back(std::move(group));
  }
  const bool judged = !groups.empty();
  Fields fields;
  fields.text("title", cut(scheme.title, 200)).text("name", short_name(scheme)).html("claim_html", clipped(scheme.claim, 400));
  fields.text("anchor", judged ? scheme_anchor(scheme.id) : "").text("applies", applies_word(scheme.applies));
  fields.text("glance_anchor", anchor("g", {scheme.id}));
  fields.flag("plainly_applies", scheme.applies == "applies").flag("judged", judged).list("groups", std::move(groups));
  return page.fill("glance_scheme", fields);
}

}  // namespace

Html glance_section(Page& page, const ReportInput& input, const Citations& citations) {
  Html schemes;
  Counts all{};
  bool marked = false;
  const std::vector<const SchemeVerdict*> in_order = in_page_order(input);
  for (const SchemeVerdict* scheme : in_order) {
    schemes += scheme_glance(page, *scheme, in_order.size() > kUnfolded);
    for (const RequirementVerdict& requirement : scheme->requirements) {
      marked = marked || !requirement.would_be.empty();
      for (std::size_t i = 0; i < kVerdicts.size(); ++i) all.at(i) += requirement.verdict == kVerdicts.at(i) ? 1U : 0U;
    }
  }
  std::vector<Fields> legend;
  constexpr std::array<std::string_view, 4> meanings = {"refuted: something seen speaks against it",
                                                        "not settled: what is missing is listed under What is owed",
                                                        "shown by what is cited", "does not concern this product, with a written reason"};
  for (std::size_t i = 0; i < kVerdicts.size(); ++i) {
    Fields entry;
    entry.html("badge_html", badge(kVerdicts.at(i))).text("count", grouped(all.at(i))).text("means", meanings.at(i));
    legend.push_back(std::move(entry));
  }
  Fields fields;
  fields.list("legend", std::move(legend)).flag("marked", marked).flag("none", input.assessment.schemes.empty());
  fields.html("schemes_html", std::move(schemes)).html("map_html", map_part(page, input, citations));
  return page.fill("glance", fields);
}

Html contents(Page& page, const ReportInput& input, const Citations& citations) {
  std::vector<Fields> groups;
  for (const Market& market : markets(input)) {
    std::vector<Fields> schemes;
    for (const SchemeVerdict* scheme : market.schemes) {
      if (scheme->requirements.empty()) continue;
      const auto fails = std::ranges::count(scheme->requirements, Verdict::fail, &RequirementVerdict::verdict);
      Fields entry;
      entry.text("anchor", scheme_anchor(scheme->id)).text("name", cut(scheme->base.empty() ? scheme->id : scheme->base, 40));
      entry.text("title", cut(scheme->title, 160)).text("edition", cut(scheme->edition, 24));
      entry.text("fails", fails == 0 ? "" : grouped(static_cast<std::uint64_t>(fails)) + " fail");
      schemes.push_back(std::move(entry));
    }
    if (schemes.empty()) continue;
    Fields group;
    group.text("market", market.name).list("schemes", std::move(schemes));
    groups.push_back(std::move(group));
  }
  Fields fields;
  fields.list("groups", std::move(groups)).text("owed", grouped(input.assessment.owed.size()));
  fields.text("contradictions", grouped(contradictions_count(input)));
  fields.text("observations", grouped(input.observations.size())).text("answers", grouped(citations.answers().size()));
  fields.text("withdrawn", grouped(citations.withdrawn().size())).text("stale", grouped(input.assessment.stale.items().size()));
  return page.fill("contents", fields);
}

}  // namespace assay::paper
