// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "assess/made_cases.hpp"
#include "assess/small_scheme.hpp"
#include "assess/testing_catalogue.hpp"
#include "base/json.hpp"

namespace assay::assess {
namespace {

// The verdict, and what is owed for it: what giving something must change.
std::string standing(const RequirementVerdict& row) {
  std::string out(to_text(row.verdict));
  for (const Owed& owed : row.owed) out += "\n" + owed.kind + " " + owed.question + " " + owed.instance + " " + owed.what;
  return out;
}

// Gives what is owed, one way after another, and says whether one of them made a difference.
class Giving {
 public:
  Giving(const Catalogue& catalogue, const Scheme& scheme, const Maker& maker, const RequirementVerdict& row)
      : catalogue_(catalogue), scheme_(scheme), maker_(maker), row_(row), before_(standing(row)) {}

  bool changes(const Owed& owed) {
    if (owed.kind == "confirmation") return by_confirmation(owed);
    if (owed.kind == "justification") return by_answer(owed, "not-applicable") || by_answer(owed, "deviation");
    if (owed.kind == "choice") return by_choice(owed);
    if (owed.kind == "acceptance") return by_answer(owed, "accepted");
    if (owed.kind == "declaration" && by_filling(owed)) return true;
    if (owed.question.starts_with("ixit.") || owed.question.starts_with("en18031.")) return by_inventory(owed);
    if (by_disposal(owed)) return true;
    if (owed.kind == "declaration" && owed.question.find('/') != std::string::npos) return by_correction(owed);
    return by_answer(owed, "yes") || by_answer(owed, "no");
  }

 private:
  bool differs(Maker& with) {
    const Assessment now = judge(catalogue_, with.made());
    for (const RequirementVerdict& r : now.schemes.front().requirements) {
      if (r.id == row_.id) return standing(r) != before_;
    }
    return false;
  }
  bool by_answer(const Owed& owed, std::string_view value) {
    Maker with = maker_;
    with.answer(owed.question, value, owed.instance);
    return differs(with);
  }
  bool by_confirmation(const Owed& owed) {
    const auto slash = owed.question.find('/');
    const std::string id = owed.question.substr(0, slash);
    const Scheme* scheme = catalogue_.scheme(id);
    Maker with = maker_;
    with.out.confirmations.push_back(
        {id, scheme == nullptr ? "" : scheme->edition, owed.question.substr(slash + 1), "J. Tester", "the book", {}});
    return differs(with);
  }
  bool by_choice(const Owed& owed) {
    const auto [scheme, entry] = catalogue_.find(scheme_, owed.question);
    if (entry == nullptr || entry->unit == nullptr) return false;
    return std::ranges::any_of(entry->unit->trees, [&](const Tree* tree) { return by_answer(owed, tree->id); });
  }
  bool by_inventory(const Owed& owed) {
    const std::string table = owed.question.substr(owed.question.find('.') + 1);
    Maker with = maker_;
    if (owed.kind == "declaration") {
      with.row(table);
      // A row that the unit's `where` leaves out would be none of its instances.
      for (const auto& [of, unit] : reads(catalogue_, scheme_, *scheme_.entry(row_.id)->requirement).units) {
        if (unit->subject != table) continue;
        Condition row;
        row.kind = Condition::Kind::declared;
        row.name = table;
        row.where = unit->where;
        Question about;
        about.subject = table;
        with.satisfy(row, about);
      }
    } else {
      std::erase_if(with.out.observations, [](const Observation& o) { return o.kind == "coverage" && !o.fields["complete"].boolean(); });
      for (const std::string& check : catalogue_.subject(table)->checks) with.cover(check);
    }
    return differs(with);
  }
  bool by_filling(const Owed& owed) {
    Maker with = maker_;
    // What was only seen is named by its own key, which a made row does not know.
    if (owed.what.starts_with("Add a row for ")) return true;
    return with.fill(owed) && differs(with);
  }
  bool by_disposal(const Owed& owed) {
    for (auto at = owed.what.find("o:"); at != std::string::npos; at = owed.what.find("o:", at + 1)) {
      Maker with = maker_;
      with.out.disposals.push_back({owed.what.substr(at, 18), "J. Tester", "wrong", {}});
      if (differs(with)) return true;
    }
    return false;
  }
  bool by_correction(const Owed& owed) {
    Maker with = maker_;
    std::erase_if(with.out.answers, [&](const Answer& a) { return a.question == owed.question; });
    return differs(with);
  }

  const Catalogue& catalogue_;
  const Scheme& scheme_;
  const Maker& maker_;
  const RequirementVerdict& row_;
  std::string before_;
};

void every_inconclusive_owes_what_moves_it(const Catalogue& catalogue, int rounds) {
  std::mt19937 random(20260601);
  std::size_t given = 0;
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::uint32_t> numbers(80);
    for (std::uint32_t& n : numbers) n = static_cast<std::uint32_t>(random());
    Choices choices(numbers);
    auto at = catalogue.schemes.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(choices.below(catalogue.schemes.size())));
    const Scheme& scheme = at->second;
    if (scheme.requirements.empty()) continue;
    const Requirement& requirement = scheme.requirements[choices.below(scheme.requirements.size())];
    const Reads all = reads(catalogue, scheme, requirement);
    Maker maker(catalogue, scheme, choices);
    std::vector<const Question*> questions(all.questions.begin(), all.questions.end());
    std::ranges::sort(questions, {}, [](const Question* q) { return q->id; });
    for (const auto& [of, unit] : all.units) {
      if (!unit->subject.empty() && unit->subject != "product" && choices.one_in(2)) maker.row(unit->subject);
    }
    for (const Question* q : questions) {
      const std::size_t what = choices.below(6);
      if (what < 2) maker.answer(q->id, what == 0 ? "yes" : "no", {}, choices.one_in(2));
      if (what == 2 && !q->rules.empty()) maker.satisfy(q->rules[choices.below(q->rules.size())].when, *q);
    }
    if (choices.one_in(2)) {
      for (const auto& [id, check] : catalogue.checks) maker.cover(id, !choices.one_in(6));
    }
    if (choices.one_in(3) && !maker.out.observations.empty()) maker.contradict(maker.out.observations.front());
    if (choices.one_in(3) && !questions.empty() && questions.front()->subject != "product") {
      Value list = Value::array();
      list.push(questions.front()->subject);
      maker.set("complete", list);
    }
    const Assessment out = judge(catalogue, maker.made());
    for (const RequirementVerdict& row : out.schemes.front().requirements) {
      if (row.verdict != Verdict::inconclusive) continue;
      EXPECT_FALSE(row.owed.empty()) << scheme.id << "/" << row.id << " owes nothing\n" << to_json(to_value(row));
      if (row.id != requirement.id) continue;
      for (const Owed& owed : row.owed) {
        if (owed.what.starts_with("Correct the declaration")) continue;
        ++given;
        EXPECT_TRUE(Giving(catalogue, scheme, maker, row).changes(owed))
            << scheme.id << "/" << row.id << " owes " << owed.kind << " " << owed.question << " " << owed.instance << ": " << owed.what
            << "\n"
            << to_json(to_value(row)).substr(0, 3000);
        if (testing::Test::HasFailure()) return;
      }
    }
  }
  std::printf("%zu owed things given\n", given);
  EXPECT_GT(given, 100U);
}

TEST(Owed, EveryInconclusiveOwesWhatMovesItSmall) {
  every_inconclusive_owes_what_moves_it(*small_catalogue(), 1500);
}

TEST(Owed, EveryInconclusiveOwesWhatMovesItShipped) {
  std::shared_ptr<const Catalogue> catalogue;
  load_catalogue(shipped_files(), catalogue);
  every_inconclusive_owes_what_moves_it(*catalogue, 120);
}

}  // namespace
}  // namespace assay::assess
