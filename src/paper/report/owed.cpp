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
  if (kind == "acceptance") return "Acceptance by a named person";
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

std::vector<Fields> ways(const OwedGroup& group) {
  const Owed& owed = *group.items.front();
  const bool several = group.instances.size() > 1;
  const auto said = [&](std::string_view text) { return several ? for_any(text, owed.instance) : std::string(text); };
  std::vector<Fields> out;
  if (owed.settle.empty()) {
    Fields one;
    one.html("what_html", clipped(group.what)).text("by", "").text("kind", "").text("cost", duration_text(owed.cost));
    out.push_back(std::move(one));
  }
  for (const Value& way : owed.settle) {
    if (out.size() == kMostWays) break;
    const bool priced = way.has("cost");
    Fields one;
    one.html("what_html", clipped(said(way["what"].scalar_text()))).text("by", cut(way_words(way), 40));
    one.text("kind", cut(way["kind"].scalar_text(), 60));
    one.text("cost", priced ? duration_text(static_cast<int>(std::clamp<std::int64_t>(way["cost"].integer(), 0, 10'000'000))) : "");
    out.push_back(std::move(one));
  }
  return out;
}

using Rows = std::vector<std::string_view>;

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

std::string owed_anchor(std::size_t row) {
  return anchor("w", {std::to_string(row)});
}

std::string for_any(std::string_view text, std::string_view instance) {
  std::string out(text);
  // Shorter names are words of their own too often.
  if (instance.size() < 3) return out;
  const auto in_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  constexpr std::string_view any = "INSTANCE";
  for (std::size_t at = 0; (at = out.find(instance, at)) != std::string::npos;) {
    const std::size_t end = at + instance.size();
    const bool whole = (at == 0 || !in_name(out[at - 1])) && (end == out.size() || !in_name(out[end]));
    if (whole) out.replace(at, instance.size(), any);
    at += whole ? any.size() : 1;
  }
  return out;
}

std::vector<OwedGroup> owed_groups(const std::vector<Owed>& owed) {
  std::unordered_map<std::string, std::size_t> known;
  std::vector<OwedGroup> out;
  for (const Owed& one : owed) {
    std::string key = one.kind + '\n' + one.question + '\n' + for_any(one.ask, one.instance) + '\n' + for_any(one.what, one.instance) +
                      '\n' + std::to_string(one.cost);
    for (const Value& way : one.settle) key += '\n' + for_any(to_json(way), one.instance);
    const auto [at, fresh] = known.try_emplace(std::move(key), out.size());
    if (fresh) out.push_back({});
    OwedGroup& group = out[at->second];
    group.items.push_back(&one);
    group.instances.insert(one.instance);
    if (fresh) {
      group.ask = one.ask;
      group.what = one.what;
    } else if (group.instances.size() == 2) {
      group.ask = for_any(one.ask, one.instance);
      group.what = for_any(one.what, one.instance);
    }
  }
  return out;
}

Html owed_instances(const OwedGroup& group) {
  Html out;
  std::size_t shown = 0;
  std::set<std::string_view> named;
  for (const Owed* item : group.items) {
    const std::string_view instance = item->instance;
    if (instance.empty() || instance == "product" || !named.insert(instance).second || ++shown > kMostInstances) continue;
    out.text += out.empty() ? "" : ", ";
    out.text += code(cut(instance, 120)).text;
  }
  if (shown > kMostInstances) out.text += " and " + grouped(shown - kMostInstances) + " more, in the JSON report";
  return out;
}

Html owed_section(Page& page, const ReportInput& input, const Citations& citations) {
  std::vector<Html> rows;
  std::int64_t total = 0;
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
    Fields fields;
    fields.text("number", grouped(rows.size() + 1)).text("anchor", owed_anchor(rows.size() + 1)).text("kind", kind_words(owed.kind));
    fields.html("ask_html", clipped(group.ask)).text("question", cut(owed.question, 120));
    fields.html("instances_html", owed_instances(group)).list("ways", ways(group));
    fields.text("each", group.instances.size() > 1 ? "each of " + grouped(group.instances.size()) : "");
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
    const bool own_row = one.rows.size() == 1 && one.rows.front() == c.question;
    Fields fields;
    fields.html("says_html", citations.linked(c.says))
        .html("question_html", citations.row(c.question, cut(c.question, 120)))
        .text("instance", c.instance == "product" ? "" : cut(c.instance, 120));
    fields.html("cites_html", citations.list(c.observations, c.answers, c.declared))
        .html("rows_html", own_row ? Html{} : citations.rows(Rows(one.rows.begin(), one.rows.end())));
    items.push_back(std::move(fields));
  }
  Fields fields;
  fields.flag("any", !items.empty()).list("items", std::move(items));
  return page.fill("contradictions", fields);
}

}  // namespace assay::paper
