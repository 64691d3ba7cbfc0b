// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "base/json.hpp"
#include "paper/report/sections.hpp"
#include "paper/report/words.hpp"

namespace assay::paper {
namespace {

constexpr std::size_t kMostWays = 20;
constexpr std::size_t kMostInstances = 200;
constexpr std::size_t kShownOwed = 40;

// "answer" -> what a person has to do.
std::string_view kind_words(std::string_view kind) {
  if (kind == "answer") return "Answer";
  if (kind == "observation") return "Evidence";
  if (kind == "declaration") return "Declaration";
  if (kind == "justification") return "Written reason";
  if (kind == "confirmation") return "Catalogue entry to confirm";
  if (kind == "choice") return "Choice between readings";
  return kind;
}

std::string_view way_words(const Value& way) {
  const std::string_view by = way["by"].text();
  if (by == "answer") return "answer";
  if (by == "observation") return "evidence";
  if (by == "declaration") return "declaration";
  return by;
}

std::vector<Fields> ways(const Owed& owed) {
  std::vector<Fields> out;
  if (owed.settle.empty()) {
    Fields one;
    one.html("what_html", clipped(owed.what)).text("by", "").text("kind", "").text("cost", duration_text(owed.cost));
    out.push_back(std::move(one));
  }
  for (const Value& way : owed.settle) {
    if (out.size() == kMostWays) break;
    const bool priced = way.has("cost");
    Fields one;
    one.html("what_html", clipped(way["what"].scalar_text())).text("by", cut(way_words(way), 40));
    one.text("kind", cut(way["kind"].scalar_text(), 60));
    one.text("cost", priced ? duration_text(static_cast<int>(std::clamp<std::int64_t>(way["cost"].integer(), 0, 10'000'000))) : "");
    out.push_back(std::move(one));
  }
  return out;
}

using Rows = std::vector<std::string_view>;

std::string owed_row_anchor(const Owed& owed) {
  return anchor("w", {owed.kind, owed.question, owed.instance});
}

// The same contradiction shows up in every requirement that asks the question; the page tells it once.
struct Told {
  const Contradiction* contradiction = nullptr;
  std::vector<std::string> rows;
};

std::vector<Told> told(const ReportInput& input) {
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, std::size_t> known;
  std::vector<Told> out;
  for (const SchemeVerdict& scheme : input.assessment.schemes) {
    for (const RequirementVerdict& requirement : scheme.requirements) {
      for (const Contradiction& c : requirement.contradictions) {
        const auto [at, fresh] = known.try_emplace({c.question, c.instance, c.says}, out.size());
        if (fresh) out.push_back({&c, {}});
        std::vector<std::string>& rows = out[at->second].rows;
        std::string row = scheme.id + "/" + requirement.id;
        if (rows.empty() || rows.back() != row) rows.push_back(std::move(row));
      }
    }
  }
  return out;
}

}  // namespace

std::string owed_anchor(const ReportInput& input, const Owed& owed) {
  const auto same = [&](const Owed& other) {
    return other.question == owed.question && other.instance == owed.instance && other.kind == owed.kind;
  };
  return std::ranges::any_of(input.assessment.owed, same) ? owed_row_anchor(owed) : std::string();
}

std::vector<OwedGroup> owed_groups(const std::vector<Owed>& owed) {
  std::unordered_map<std::string, std::size_t> known;
  std::vector<OwedGroup> out;
  for (const Owed& one : owed) {
    std::string key = one.kind + '\n' + one.question + '\n' + one.ask + '\n' + one.what + '\n' + std::to_string(one.cost);
    for (const Value& way : one.settle) key += '\n' + to_json(way);
    const auto [at, fresh] = known.try_emplace(std::move(key), out.size());
    if (fresh) out.push_back({});
    OwedGroup& group = out[at->second];
    const bool again = std::ranges::any_of(group.items, [&](const Owed* item) { return item->instance == one.instance; });
    if (!again || group.items.size() > kMostInstances) group.items.push_back(&one);
  }
  return out;
}

Html owed_instances(const OwedGroup& group, bool with_anchors) {
  Html out;
  std::size_t shown = 0;
  for (const Owed* item : group.items) {
    if (item->instance.empty() || item->instance == "product") continue;
    if (++shown > kMostInstances) continue;
    out.text += out.empty() ? "" : ", ";
    const std::string id = with_anchors ? " id=\"" + owed_row_anchor(*item) + "\"" : std::string();
    out.text += "<code" + id + ">" + escaped(cut(item->instance, 120)) + "</code>";
  }
  if (shown > kMostInstances) out.text += " and " + grouped(shown - kMostInstances) + " more, in the JSON report";
  return out;
}

Html owed_section(Page& page, const ReportInput& input, const Citations& citations) {
  std::vector<Html> rows;
  std::int64_t total = 0;
  std::set<std::string> anchors;
  for (const OwedGroup& group : owed_groups(input.assessment.owed)) {
    const Owed& owed = *group.items.front();
    Rows settles;
    std::set<std::string_view> seen;
    for (const Owed* item : group.items) {
      total += std::max(0, item->cost);
      for (const std::string& row : item->settles) {
        if (seen.insert(row).second) settles.emplace_back(row);
      }
    }
    // One anchor each instance, on its name; the row's own when there is no instance to name.
    const bool named = !owed.instance.empty() && owed.instance != "product";
    std::string place = named ? std::string() : owed_row_anchor(owed);
    if (!place.empty() && !anchors.insert(place).second) place.clear();
    Fields fields;
    fields.text("number", grouped(rows.size() + 1)).text("anchor", place).text("kind", kind_words(owed.kind));
    fields.html("ask_html", clipped(owed.ask)).text("question", cut(owed.question, 120));
    fields.html("instances_html", owed_instances(group, true)).list("ways", ways(owed));
    fields.text("each", group.items.size() > 1 ? "each of " + grouped(group.items.size()) : "");
    fields.text("count", counted(settles.size(), "row")).html("settles_html", citations.rows(settles));
    rows.push_back(page.fill("owed_row", fields));
  }
  Html first;
  Html rest;
  const std::size_t shown = rows.size() <= kShownOwed + 5 ? rows.size() : kShownOwed;
  for (std::size_t i = 0; i < rows.size(); ++i) (i < shown ? first : rest) += rows[i];
  Fields fields;
  fields.flag("any", !rows.empty()).html("rows_html", std::move(first)).html("rest_html", std::move(rest));
  fields.text("rest_count", grouped(rows.size() - shown)).text("items", counted(input.assessment.owed.size(), "item"));
  fields.text("rows", rows.size() == input.assessment.owed.size() ? "" : counted(rows.size(), "row"));
  fields.text("total", duration_text(static_cast<int>(std::min<std::int64_t>(total, 1'000'000'000))));
  return page.fill("owed", fields);
}

std::size_t contradictions_count(const ReportInput& input) {
  return told(input).size();
}

Html contradictions_section(Page& page, const ReportInput& input, const Citations& citations) {
  std::vector<Fields> items;
  for (const Told& one : told(input)) {
    const Contradiction& c = *one.contradiction;
    Fields fields;
    fields.html("says_html", citations.linked(c.says))
        .html("question_html", citations.row(c.question, cut(c.question, 120)))
        .text("instance", cut(c.instance, 120));
    fields.html("cites_html", citations.list(c.observations, c.answers, c.declared))
        .html("rows_html", citations.rows(Rows(one.rows.begin(), one.rows.end())));
    items.push_back(std::move(fields));
  }
  Fields fields;
  fields.flag("any", !items.empty()).list("items", std::move(items));
  return page.fill("contradictions", fields);
}

}  // namespace assay::paper
