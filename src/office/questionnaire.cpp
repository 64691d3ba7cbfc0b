// SPDX-License-Identifier: Apache-2.0
#include "office/questionnaire.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "assess/entries.hpp"
#include "base/text.hpp"
#include "office/importing.hpp"

namespace assay::office {
namespace {

namespace fs = std::filesystem;

// "<scheme>/<unit>" -> "<scheme> <requirement>".
std::map<std::string, std::string> requirements_of(const Assessment& assessment) {
  std::map<std::string, std::string> out;
  for (const SchemeVerdict& s : assessment.schemes) {
    for (const RequirementVerdict& r : s.requirements) {
      const std::string name = s.id + " " + r.id;
      out.emplace(s.id + "/" + r.id, name);
      for (const AssessmentVerdict& a : r.assessments) {
        for (const UnitVerdict& u : a.units) out.emplace(s.id + "/" + u.id, name);
      }
    }
  }
  return out;
}

std::vector<paper::AskedFact> facts_of(const assess::Catalogue& catalogue, const assess::Case& input, bool japanese) {
  std::vector<paper::AskedFact> out;
  const auto chosen = [&](const std::string& scheme) {
    return input.schemes.empty() ||
           std::ranges::any_of(input.schemes, [&](const std::string& s) { return s == scheme || scheme.substr(0, scheme.find('@')) == s; });
  };
  for (const assess::ScopeAnswer& answer : assess::scope(catalogue, input.product, input.date)) {
    if (!chosen(answer.scheme)) continue;
    for (const Value& ask : answer.asks) {
      const std::string id(ask["fact"].text());
      auto at = std::ranges::find(out, id, &paper::AskedFact::id);
      if (at == out.end()) {
        paper::AskedFact fact;
        fact.id = id;
        fact.ask = ask["ask"].text();
        fact.why = ask["why"].text();
        fact.type = ask["type"].text();
        for (const Value& word : ask["one_of"].items()) fact.one_of.emplace_back(word.text());
        if (const assess::Fact* known = catalogue.fact(id)) {
          fact.type = known->type;
          fact.why = known->why;
          fact.one_of = known->one_of;
          if (japanese && !known->ask_ja.empty()) fact.ask = known->ask_ja;
        }
        if (fact.type.empty()) {
          const Value form = fact_of(catalogue, id);
          fact.type = form["type"].text();
          for (const Value& word : form["one_of"].items()) fact.one_of.emplace_back(word.text());
        }
        out.push_back(std::move(fact));
        at = out.end() - 1;
      }
      at->schemes.push_back(answer.scheme);
    }
  }
  // Where the product is sold decides most; then what most schemes ask.
  std::ranges::stable_sort(out, [](const paper::AskedFact& a, const paper::AskedFact& b) {
    if ((a.id == "markets") != (b.id == "markets")) return a.id == "markets";
    return a.schemes.size() > b.schemes.size();
  });
  return out;
}

std::vector<std::string> takes(const assess::Catalogue& catalogue, const Owed& owed) {
  if (owed.kind == "declaration" || owed.kind == "observation") return {};
  if (owed.kind == "confirmation") return {"confirmed"};
  if (owed.kind == "acceptance") return {"accepted"};
  if (owed.kind == "answer") return {"yes", "no"};
  if (owed.kind == "choice") {
    std::vector<std::string> out;
    const Value shown = assess::show(catalogue, owed.question);
    for (const Value& v : shown["variants"].items()) out.emplace_back(v.text());
    return out;
  }
  // The judge asks why something is not met or why it does not apply, in so many words.
  if (owed.what.find(" deviation") != std::string::npos) return {"deviation"};
  if (owed.what.find(" not-applicable") != std::string::npos) return {"not-applicable"};
  return {};
}

std::string held_so_far(const std::vector<Answer>& answers, const Owed& owed, const std::string& person) {
  const Answer* last = nullptr;
  for (const Answer& a : answers) {
    if (a.question == owed.question && (a.instance.empty() || a.instance == owed.instance)) last = &a;
  }
  if (last == nullptr) return {};
  return "Answered " + last->value + " by " + printable(last->by, 60) +
         (person == "with-evidence" && last->evidence.empty() ? ", without the evidence that makes it count."
                                                              : ", which does not settle it.");
}

}  // namespace

paper::Questionnaire questionnaire(const assess::Catalogue& catalogue, const assess::Case& input, const Assessment& assessment,
                                   std::string_view language) {
  const bool japanese = language == "ja";
  paper::Questionnaire out;
  out.product = std::string(input.product.name()) + " " + std::string(input.product.model());
  out.version = input.product.version();
  out.date = assessment.date;
  out.language = japanese ? "ja" : "en";
  out.facts = facts_of(catalogue, input, japanese);
  const auto names = requirements_of(assessment);
  for (const Owed& owed : assessment.owed) {
    paper::AskedRow row;
    row.kind = owed.kind;
    row.question = owed.question;
    row.instance = owed.instance == "product" ? "" : owed.instance;
    row.ask = owed.ask;
    row.what = owed.what;
    row.settle.assign(owed.settle.begin(), owed.settle.end());
    row.cost = owed.cost;
    row.rows = owed.settles.size();
    for (const std::string& unit : owed.settles) {
      const auto name = names.find(unit);
      std::string shown = name == names.end() ? unit : name->second;
      if (std::ranges::find(row.requirements, shown) == row.requirements.end()) row.requirements.push_back(std::move(shown));
    }
    // One row to answer, though a person and a machine both owe something about it.
    auto& rows = catalogue.question(owed.question) == nullptr ? out.statements : out.questions;
    const auto same =
        std::ranges::find_if(rows, [&](const paper::AskedRow& r) { return r.question == row.question && r.instance == row.instance; });
    if (same != rows.end() && &rows == &out.questions) {
      for (const std::string& r : row.requirements) {
        if (std::ranges::find(same->requirements, r) == same->requirements.end()) same->requirements.push_back(r);
      }
      same->rows += row.rows;
      if (same->what != row.what && !row.what.empty()) same->what += (same->what.empty() ? "" : " ") + row.what;
      continue;
    }
    const assess::Question* question = catalogue.question(owed.question);
    if (question == nullptr) {
      row.topic = owed.question.substr(0, owed.question.find('/'));
      row.takes = takes(catalogue, owed);
      row.held = held_so_far(input.answers, owed, "");
      out.statements.push_back(std::move(row));
      continue;
    }
    row.topic = owed.question.substr(0, owed.question.find('.'));
    row.why = question->why;
    row.person = question->person;
    if (japanese && !question->ask_ja.empty()) row.ask = question->ask_ja;
    if (japanese && !question->why_ja.empty()) row.why = question->why_ja;
    if (question->person != "no") row.takes = {"yes", "no"};
    row.held = held_so_far(input.answers, owed, question->person);
    out.questions.push_back(std::move(row));
  }
  return out;
}

Result<Evidence> cited_evidence(Desk& desk, const std::string& name, const std::string& folder) {
  auto held = desk.find_evidence(name);
  if (held || held.error().code == Errc::conflict) return held;
  const fs::path path = fs::path(name).is_absolute() || folder.empty() ? fs::path(name) : fs::path(folder) / name;
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return held;
  std::shared_ptr<const firmware::Knowledge> knowledge;
  if (auto errors = load_knowledge("", knowledge); !errors.empty()) return tl::unexpected(std::move(errors.front()));
  struct Silent final : Progress {
    void step(std::string_view, std::uint64_t, std::uint64_t) override {}
  } silent;
  TRY(const Examination examined, examine_path(path.string(), "", *knowledge, firmware::Options{}, silent));
  return desk.add(path.string(), examined, {}, {});
}

}  // namespace assay::office
