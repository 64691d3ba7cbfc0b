// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "paper/report/sections.hpp"
#include "paper/report/words.hpp"

namespace assay::paper {
namespace {

constexpr std::size_t kShownRows = 10;
constexpr std::size_t kMostSettled = 1000;
constexpr std::size_t kMostWays = 20;

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

// The rows something settles, by scheme; each a link to its place.
Html settled(const std::vector<std::string>& settles, const Citations& citations) {
  std::vector<std::pair<std::string_view, std::vector<std::string_view>>> schemes;
  for (const std::string& reference : settles) {
    const std::string_view scheme = std::string_view(reference).substr(0, reference.find('/'));
    auto at = std::ranges::find(schemes, scheme, &std::pair<std::string_view, std::vector<std::string_view>>::first);
    if (at == schemes.end()) at = schemes.insert(schemes.end(), {scheme, {}});
    at->second.emplace_back(reference);
  }
  Html out;
  for (const auto& [scheme, references] : schemes) {
    out.text += "<div class=\"settled\"><span class=\"muted\">" + escaped(cut(scheme, 60)) + "</span> ";
    const auto put = [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i < to; ++i) {
        const std::string_view reference = references[i];
        const auto slash = reference.find('/');
        out.text += i == from ? "" : ", ";
        out += citations.row(reference, cut(slash == std::string_view::npos ? reference : reference.substr(slash + 1), 60));
      }
    };
    const std::size_t first = references.size() <= kShownRows + 2 ? references.size() : kShownRows;
    put(0, first);
    if (first < references.size()) {
      const std::size_t most = std::min(references.size(), kMostSettled);
      out.text += " <details class=\"rest\"><summary>" + grouped(references.size() - first) + " more</summary>";
      put(first, most);
      if (most < references.size()) out.text += " and " + grouped(references.size() - most) + " more, in the JSON report";
      out.text += "</details>";
    }
    out.text += "</div>";
  }
  return out;
}

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

Html owed_section(Page& page, const ReportInput& input, const Citations& citations) {
  Html rows;
  std::size_t number = 0;
  std::int64_t total = 0;
  std::set<std::string> anchors;
  for (const Owed& owed : input.assessment.owed) {
    total += std::max(0, owed.cost);
    Fields fields;
    std::string place = owed_row_anchor(owed);
    const bool fresh = anchors.insert(place).second;
    fields.text("number", grouped(++number)).text("anchor", fresh ? place : "");
    fields.text("kind", kind_words(owed.kind)).html("ask_html", clipped(owed.ask)).html("what_html", clipped(owed.what));
    fields.text("question", cut(owed.question, 120)).text("instance", cut(owed.instance, 120));
    fields.text("cost", duration_text(owed.cost)).list("ways", ways(owed));
    fields.text("count", counted(owed.settles.size(), "row")).html("settles_html", settled(owed.settles, citations));
    rows += page.fill("owed_row", fields);
  }
  Fields fields;
  fields.flag("any", number != 0).html("rows_html", std::move(rows)).text("count", counted(number, "item"));
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
    fields.html("says_html", clipped(c.says, 600)).text("question", cut(c.question, 120)).text("instance", cut(c.instance, 120));
    fields.html("cites_html", citations.list(c.observations, c.answers, c.declared)).html("rows_html", settled(one.rows, citations));
    items.push_back(std::move(fields));
  }
  Fields fields;
  fields.flag("any", !items.empty()).list("items", std::move(items));
  return page.fill("contradictions", fields);
}

}  // namespace assay::paper
