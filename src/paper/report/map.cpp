// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "paper/report/sections.hpp"
#include "paper/report/words.hpp"

namespace assay::paper {
namespace {

constexpr int kCell = 17;  // with its gap
constexpr int kInRow = 18;
constexpr int kNames = 54;  // the id of a row's first requirement
constexpr std::size_t kMostAnswers = 8;

std::string n(std::size_t number) {
  return std::to_string(number);
}

// "Fail: 5.1-1, 5.3-2. Pass: …"
std::string strip_words(const SchemeVerdict& scheme) {
  std::string out;
  for (const Verdict verdict : kVerdicts) {
    std::string ids;
    for (const RequirementVerdict& r : scheme.requirements) {
      if (r.verdict == verdict && ids.size() < 2000) ids += (ids.empty() ? "" : ", ") + cut(r.id, 40);
    }
    if (!ids.empty()) out += (out.empty() ? "" : " ") + std::string(verdict_word(verdict)) + ": " + ids + ".";
  }
  return out;
}

// One cell a requirement, in the scheme's order.
Html strip(const SchemeVerdict& scheme) {
  const std::size_t count = scheme.requirements.size();
  const std::size_t lines = (count + kInRow - 1) / kInRow;
  const std::size_t width = kNames + kInRow * kCell;
  const std::string size = n(width) + "\" height=\"" + n(lines * kCell);
  Html out{"<svg class=\"strip\" role=\"img\" width=\"" + size + "\" viewBox=\"0 0 " + n(width) + " " + n(lines * kCell) +
           "\" aria-label=\"" + escaped(strip_words(scheme)) + "\">"};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t line = i / kInRow;
    const RequirementVerdict& r = scheme.requirements[i];
    if (i % kInRow == 0) out.text += "<text class=\"sn\" x=\"0\" y=\"" + n(line * kCell + 12) + "\">" + escaped(cut(r.id, 9)) + "</text>";
    out.text += "<use href=\"#c-" + std::string(verdict_class(r.verdict)) + "\" x=\"" + n(kNames + (i % kInRow) * kCell) + "\" y=\"" +
                n(line * kCell) + "\"/>";
  }
  out.text += "</svg>";
  return out;
}

std::size_t asked_by(const ReportInput& input, std::string_view scheme) {
  for (const Value& row : input.map["schemes"].items()) {
    if (row["scheme"].text() == scheme) return static_cast<std::size_t>(std::max<std::int64_t>(0, row["questions"].integer()));
  }
  return 0;
}

// How many questions each two schemes share; on the diagonal all that the scheme asks.
Html matrix(const ReportInput& input, const std::vector<const SchemeVerdict*>& schemes, const std::vector<SharedQuestion>& shared) {
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> pairs;
  for (const SharedQuestion& question : shared) {
    for (const std::size_t a : question.schemes) {
      for (const std::size_t b : question.schemes) {
        if (b < a) ++pairs[{a, b}];
      }
    }
  }
  std::size_t most = 1;
  for (const auto& [pair, count] : pairs) most = std::max(most, count);
  const std::size_t names = 148;
  const std::size_t cell = 23;
  const std::size_t head = 16;
  const std::string width = n(names + schemes.size() * cell + 8);
  const std::string height = n(head + schemes.size() * cell + 2);
  std::string words;
  Html body;
  for (std::size_t i = 0; i < schemes.size(); ++i) {
    const std::size_t y = head + i * cell;
    const std::string middle = n(y + 14);
    body.text += "<text class=\"mn\" x=\"0\" y=\"" + middle + "\">" + n(i + 1) + "</text><text class=\"mn\" x=\"18\" y=\"" + middle +
                 "\">" + escaped(cut(schemes[i]->id, 22)) + "</text>";
    body.text += "<text class=\"mh\" x=\"" + n(names + i * cell + cell / 2) + "\" y=\"11\" text-anchor=\"middle\">" + n(i + 1) + "</text>";
    for (std::size_t k = 0; k <= i; ++k) {
      const auto at = pairs.find({i, k});
      const std::size_t count = i == k ? asked_by(input, schemes[i]->id) : at == pairs.end() ? 0 : at->second;
      const std::string shade = i == k ? "own" : count == 0 ? "0" : n(1 + std::min<std::size_t>(3, (count * 4 - 1) / most));
      body.text += "<rect class=\"ms-" + shade + "\" x=\"" + n(names + k * cell) + "\" y=\"" + n(y) + "\" width=\"" + n(cell - 2) +
                   "\" height=\"" + n(cell - 2) + "\"/><text class=\"mt mt-" + shade + "\" x=\"" + n(names + k * cell + cell / 2 - 1) +
                   "\" y=\"" + middle + "\" text-anchor=\"middle\">" + (count == 0 ? "·" : n(count)) + "</text>";
      if (i != k && count != 0) words += " " + cut(schemes[i]->id, 60) + " and " + cut(schemes[k]->id, 60) + ": " + n(count) + ".";
    }
  }
  Html out{"<svg class=\"matrix\" role=\"img\" width=\"" + width + "\" height=\"" + height + "\" viewBox=\"0 0 " + width + " " + height +
           "\" aria-label=\"Questions that two schemes share." + escaped(cut(words, 8000)) + "\">"};
  out += body;
  out.text += "</svg>";
  return out;
}

// Answers that settled most rows first.
std::vector<Fields> answers_at_work(const ReportInput& input, const Citations& citations, std::size_t& settled, std::size_t& used) {
  std::map<std::string, Verdict, std::less<>> verdicts;
  for (const SchemeVerdict& scheme : input.assessment.schemes) {
    for (const RequirementVerdict& r : scheme.requirements) verdicts.emplace(scheme.id + "/" + r.id, r.verdict);
  }
  struct Work {
    const Source* source;
    std::vector<std::string_view> rows;
    std::set<std::string_view> schemes;
  };
  std::vector<Work> works;
  std::set<std::string_view> all;
  for (const Source& source : citations.answers()) {
    if (source.answer == nullptr) continue;
    Work work{&source, {}, {}};
    for (const std::string_view row : source.cited_by) {
      const auto at = verdicts.find(row);
      if (at == verdicts.end() || at->second == Verdict::inconclusive) continue;
      work.rows.push_back(row);
      work.schemes.insert(row.substr(0, row.find('/')));
      all.insert(row);
    }
    if (!work.rows.empty()) works.push_back(std::move(work));
  }
  settled = all.size();
  used = works.size();
  std::ranges::stable_sort(works, [](const Work& a, const Work& b) { return a.rows.size() > b.rows.size(); });
  std::vector<Fields> out;
  for (const Work& work : works) {
    if (out.size() == kMostAnswers || work.rows.size() < 2) break;
    Fields row;
    row.html("answer_html", citations.answer(work.source->id)).text("question", cut(work.source->answer->question, 120));
    row.text("count", grouped(work.rows.size())).text("schemes", counted(work.schemes.size(), "scheme"));
    row.html("rows_html", citations.rows(work.rows));
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

std::vector<SharedQuestion> shared_questions(const ReportInput& input) {
  std::map<std::string_view, std::size_t> index;
  for (const SchemeVerdict* scheme : in_page_order(input)) index.emplace(scheme->id, index.size());
  std::vector<SharedQuestion> out;
  for (const Value& row : input.map["sharing"].items()) {
    SharedQuestion one{row["question"].text(), {}};
    for (const Value& scheme : row["schemes"].items()) {
      if (const auto at = index.find(scheme.text()); at != index.end()) one.schemes.push_back(at->second);
    }
    if (one.schemes.size() > 1) out.push_back(std::move(one));
  }
  return out;
}

Html map_part(Page& page, const ReportInput& input, const Citations& citations) {
  const std::vector<const SchemeVerdict*> schemes = in_page_order(input);
  if (schemes.empty()) return {};
  std::vector<Fields> strips;
  std::size_t asked = 0;
  for (const SchemeVerdict* scheme : schemes) {
    asked += asked_by(input, scheme->id);
    if (scheme->requirements.empty()) continue;
    Fields row;
    row.text("name", short_name(*scheme)).text("anchor", anchor("g", {scheme->id}));
    row.text("applies", scheme->applies == "applies" ? "" : applies_word(scheme->applies));
    row.html("tally_html", tally(verdict_counts(*scheme)))
        .html("claim_html", clipped(scheme->claim, 200))
        .html("strip_html", strip(*scheme));
    strips.push_back(std::move(row));
  }
  const std::vector<SharedQuestion> shared = shared_questions(input);
  std::size_t repeated = 0;
  std::map<std::size_t, std::size_t> by_count;
  for (const SharedQuestion& question : shared) {
    repeated += question.schemes.size() - 1;
    ++by_count[question.schemes.size()];
  }
  std::size_t settled = 0;
  std::size_t used = 0;
  std::vector<Fields> answers = answers_at_work(input, citations, settled, used);
  const std::size_t most = by_count.empty() ? 0 : by_count.rbegin()->first;
  const bool mapped = schemes.size() > 1 && asked > repeated && !shared.empty();
  Fields fields;
  fields.list("strips", std::move(strips)).flag("mapped", mapped);
  fields.text("asked", grouped(asked)).text("distinct", grouped(asked - std::min(asked, repeated))).text("shared", grouped(shared.size()));
  fields.text("most", grouped(most)).html("matrix_html", mapped ? matrix(input, schemes, shared) : Html{});
  fields.text("used", counted(used, "answer")).text("settled", counted(settled, "requirement"));
  fields.flag("has_answers", !answers.empty()).list("answers", std::move(answers));
  return page.fill("map", fields);
}

}  // namespace assay::paper
