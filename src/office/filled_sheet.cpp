// SPDX-License-Identifier: Apache-2.0
// Answers of a filled sheet, recorded one by one.
#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "office/questionnaire.hpp"

namespace assay::office {
namespace {

std::string cell_text(const intake::Entry& e, std::string_view field) {
  const intake::Given* given = e.field(field);
  if (given == nullptr) return {};
  std::string out = given->value.scalar_text();
  // Our CSV guards against formulas so.
  if (out.size() > 1 && out.front() == '\'' && std::string_view("=+-@").find(out[1]) != std::string_view::npos) out.erase(0, 1);
  return out;
}

class Recording {
 public:
  Recording(Desk& desk, const std::string& by, std::vector<Answer> said) : desk_(desk), by_(by), said_(std::move(said)) {}

  void take(const intake::Entry& e) {
    place_ = e.field("value")->place;
    Answer a;
    a.question = e.id;
    a.value = cell_text(e, "value");
    a.instance = cell_text(e, "instance");
    a.by = cell_text(e, "by").empty() ? by_ : cell_text(e, "by");
    a.note = cell_text(e, "note");
    if (!seen_.insert(a.question + "\n" + a.instance).second)
      return wrong("a second row for " + a.question + (a.instance.empty() ? "" : " of " + a.instance));
    if (a.by.empty()) return wrong("nobody is named who answers: fill in By, or say --by NAME");
    if (a.value == "confirmed") return confirm(a);
    if (a.value == "not-applicable" && a.question.find('/') == std::string::npos)
      return wrong("a question is answered yes or no; what does not apply is said of the requirement, on the sheet Statements");
    if (cite(e, a)) answer(std::move(a));
  }

  Filled done;

 private:
  void wrong(std::string what) { done.wrong.push_back({place_, std::move(what)}); }

  // `confirmed` says that an unverified entry was checked; it holds for all products.
  void confirm(const Answer& a) {
    const auto slash = a.question.find('/');
    const std::string scheme = a.question.substr(0, slash);
    std::string edition;
    const Value schemes = assess::list(desk_.catalogue());
    for (const Value& s : schemes.items()) {
      if (s["id"].text() == scheme) edition = s["edition"].text();
    }
    if (slash == std::string::npos || edition.empty() || assess::show(desk_.catalogue(), a.question).is_null())
      return wrong("nothing in the catalogue is called " + printable(a.question, 80));
    if (trim(a.note).empty()) return wrong("a confirmation names the source it was checked against, in Note");
    const Confirmation c{scheme, edition, a.question.substr(slash + 1), a.by, a.note, assay::to_text(now())};
    const auto held = load_confirmations(confirmations_path());
    if (!held) return wrong(held.error().what);
    if (std::ranges::any_of(*held, [&](const Confirmation& h) {
          return h.scheme == c.scheme && h.edition == c.edition && h.entry == c.entry && h.by == c.by && h.source == c.source;
        })) {
      ++done.unchanged;
      return;
    }
    if (const auto saved = save_confirmation(confirmations_path(), c); !saved) return wrong(saved.error().what);
    done.confirmations.push_back(c);
  }

  bool cite(const intake::Entry& e, Answer& a) {
    const std::string files = cell_text(e, "evidence");
    if (files.empty()) return true;
    const std::string at = e.field("evidence")->place;
    const std::string sheet = at.substr(0, std::min(at.find(", sheet "), at.rfind(':')));
    for (const std::string_view name : split(files, ';')) {
      if (trim(name).empty()) continue;
      const auto evidence = cited_evidence(desk_, std::string(trim(name)), std::filesystem::path(sheet).parent_path().string());
      if (!evidence) {
        done.wrong.push_back({at, evidence.error().what});
        return false;
      }
      a.evidence.push_back(evidence->id);
    }
    return true;
  }

  void answer(Answer a) {
    const auto last = std::ranges::find_if(said_.rbegin(), said_.rend(),
                                           [&](const Answer& s) { return s.question == a.question && s.instance == a.instance; });
    if (last != said_.rend() && last->value == a.value && last->by == a.by && last->note == a.note && last->evidence == a.evidence &&
        last->version == desk_.product().version()) {
      ++done.unchanged;
      return;
    }
    auto stored = desk_.answer(std::move(a));
    if (!stored) return wrong(stored.error().what);
    done.answers.push_back(*std::move(stored));
  }

  Desk& desk_;
  const std::string& by_;
  std::vector<Answer> said_;
  std::set<std::string> seen_;
  std::string place_;
};

}  // namespace

Result<Filled> record_filled(Desk& desk, const intake::Interpretation& sheet, const std::string& by) {
  TRY(auto said, desk.workspace().answers());
  Recording recording(desk, by, std::move(said));
  for (const intake::Entry& e : sheet.entries) {
    if (e.makes == "answers") recording.take(e);
  }
  return std::move(recording.done);
}

}  // namespace assay::office
