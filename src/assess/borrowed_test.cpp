// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "assess/made_cases.hpp"
#include "assess/small_scheme.hpp"
#include "base/json.hpp"
#include "model/schema.hpp"

namespace assay::assess {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kKnown = "{kind: account, at: {path: /etc/shadow, line: 1}, user: root, password: known, locked: false}";
constexpr std::string_view kSafe = "{kind: account, at: {path: /etc/shadow, line: 1}, user: root, password: not-found, locked: false}";

Borrowed statement(std::string_view version = "1.0") {
  Borrowed b;
  b.from = "../base";
  b.equivalence = "same-image";
  b.same = "the software image";
  b.differs = "the colour of the case, which no software sees";
  b.by = "J. Smith";
  b.date = "2026-05-01";
  b.version = version;
  b.base_version = "7.1";
  return b;
}

// A case whose firmware lies with another variant of version 7.1.
Trial borrowing(const Borrowed& borrowed = statement()) {
  Trial t;
  t.input.evidence[0].version = "7.1";
  t.input.evidence[0].borrowed = borrowed;
  return t;
}

BorrowedUse use_of(std::string_view evidence) {
  return {std::string(evidence), {}, "../base", "same-image", "J. Smith"};
}

TEST(Borrowed, EvidenceCountsByTheStatementAndIsCited) {
  Trial t = borrowing();
  t.observe(kSafe).cover("firmware/accounts");
  EXPECT_EQ(t.verdict("known"), "pass");
  EXPECT_EQ(t.requirement("known").basis, Basis::document) << "a person states that the image is the same";
  const auto lent = use_of("sha256:firmware");
  EXPECT_THAT(t.requirement("known").borrowed, ElementsAre(lent));
  EXPECT_THAT(t.unit("known a").instances[0].borrowed, ElementsAre(lent));
  EXPECT_THAT(t.unit("known a").instances[0].path[0].borrowed, ElementsAre(lent));
  EXPECT_THAT(t.requirement("inherits").borrowed, ElementsAre(lent)) << "what rolls it up rests on it too";
  EXPECT_THAT(t.judged().stale.items(), IsEmpty());
  Value verdicts = to_value(t.judged());
  for (const Error& e : shipped_schema("verdicts")->apply(verdicts, "verdicts")) ADD_FAILURE() << e.to_text();
}

TEST(Borrowed, AConceptDoesNotPassOnWhatAMachineSawOfAnotherVariant) {
  Trial t = borrowing();
  t.observe(kSafe).cover("firmware/accounts");
  EXPECT_EQ(t.verdict("concept"), "inconclusive");
}

TEST(Borrowed, ARefutationStaysOne) {
  Trial t = borrowing();
  t.observe(kKnown);
  EXPECT_EQ(t.verdict("known"), "fail");
  EXPECT_THAT(t.requirement("known").borrowed, ElementsAre(use_of("sha256:firmware")));
  t.observe("{kind: account, at: {path: /etc/passwd}, user: admin, password: not-found, locked: false}", "sha256:own")
      .cover("firmware/accounts", true, "sha256:own")
      .add_evidence("sha256:own", "firmware");
  EXPECT_EQ(t.verdict("known"), "fail") << "own evidence does not take it back";
}

TEST(Borrowed, OwnEvidenceThatSaysOtherwiseIsAConflict) {
  Trial t = borrowing();
  t.observe("{kind: login, at: {request: r1}, user: root, result: refused}");
  EXPECT_EQ(t.verdict("login"), "pass");
  t.add_evidence("sha256:own", "probe").observe("{kind: login, at: {request: r1}, user: root, result: accepted}", "sha256:own");
  EXPECT_EQ(t.verdict("login"), "fail");
  EXPECT_FALSE(t.requirement("login").contradictions.empty());
}

TEST(Borrowed, AStatementThatLacksSomethingCountsForNothing) {
  const auto why = [](auto change) {
    Borrowed b = statement();
    change(b);
    Trial t = borrowing(b);
    t.observe(kSafe).cover("firmware/accounts");
    EXPECT_EQ(t.verdict("known"), "inconclusive");
    EXPECT_THAT(t.requirement("known").borrowed, IsEmpty());
    return t.judged().stale.items().empty() ? std::string() : std::string(t.judged().stale.items()[0]["reason"].text());
  };
  EXPECT_THAT(why([](Borrowed& b) { b.by.clear(); }), HasSubstr("does not say `by`"));
  EXPECT_THAT(why([](Borrowed& b) { b.same = " "; }), HasSubstr("does not say `same`"));
  EXPECT_THAT(why([](Borrowed& b) { b.differs.clear(); }), HasSubstr("does not say `differs`"));
  EXPECT_THAT(why([](Borrowed& b) { b.date.clear(); }), HasSubstr("does not say `date`"));
  EXPECT_THAT(why([](Borrowed& b) { b.date = "2026-07-01"; }), HasSubstr("after the day of judging"));
  EXPECT_THAT(why([](Borrowed& b) { b.version = "0.9"; }), HasSubstr("speaks of version 0.9, not 1.0"));
  EXPECT_THAT(why([](Borrowed& b) { b.base_version = "7.2"; }), HasSubstr("is of version 7.1, not 7.2"));
}

TEST(Borrowed, ACaptureStillNeedsItsDevice) {
  Trial t = borrowing();
  t.input.evidence[0].type = "capture";
  t.observe(kKnown);
  EXPECT_EQ(t.verdict("known"), "inconclusive");
}

TEST(Borrowed, AnAnswerCountsAndTheOwnOneComesBeforeIt) {
  Trial t;
  t.answer("t.person", "yes");
  t.input.answers[0].version = "7.1";
  t.input.answers[0].borrowed = statement();
  EXPECT_EQ(t.verdict("narrow"), "inconclusive");
  EXPECT_EQ(t.verdict("same"), "pass");
  EXPECT_EQ(t.requirement("same").basis, Basis::attested) << "it cites no evidence";
  ASSERT_EQ(t.requirement("same").borrowed.size(), 1U);
  EXPECT_EQ(t.requirement("same").borrowed[0].answer, t.input.answers[0].id);
  Trial own(t);
  own.answer("t.person", "no");
  std::ranges::reverse(own.input.answers);
  EXPECT_EQ(own.verdict("same"), "fail") << "whichever was given first";
  ASSERT_FALSE(own.requirement("same").contradictions.empty());
  EXPECT_THAT(own.requirement("same").contradictions[0].says, HasSubstr("../base"));
}

TEST(Borrowed, AnOwnAnswerThatCitesBorrowedEvidenceSaysSo) {
  Trial t = borrowing();
  t.answer("t.paper", "yes", {}, {"sha256:firmware"});
  EXPECT_EQ(t.verdict("paper"), "pass");
  EXPECT_THAT(t.requirement("paper").borrowed, ElementsAre(use_of("sha256:firmware")));
}

TEST(Borrowed, AReasonForNotApplicableIsCited) {
  Trial t;
  constexpr std::string_view kNoPasswords = R"(product: {name: Case Camera, model: CC-1, version: "1.0", manufacturer: {name: M}}
markets: [eu]
properties: {consumer: true, medical: false, passwords: false}
)";
  ASSERT_TRUE(Product::parse(kNoPasswords, "product.yaml", t.input.product).empty());
  EXPECT_EQ(t.verdict("conditional"), "inconclusive");
  t.answer("small/conditional", "not-applicable");
  t.input.answers[0].version = "7.1";
  t.input.answers[0].borrowed = statement();
  EXPECT_EQ(t.verdict("conditional"), "not-applicable");
  EXPECT_EQ(t.requirement("conditional").borrowed.size(), 1U);
}

TEST(Borrowed, CarriedOverToAnotherVersionIsStale) {
  Trial t;
  t.input.evidence[0].version = "0.9";
  t.input.evidence[0].carried_by = "J. Tester";
  t.observe(kKnown);
  EXPECT_EQ(t.verdict("known"), "inconclusive") << "it was carried to 0.9, and the product moved on";
}

// A case towards PASS, parts of which lie with another variant.
struct Split {
  Case all;      // with the equivalence "one", and what is borrowed by "two"
  Case without;  // less what "one" lends
  Case void_of;  // "one" is signed by nobody
};

Split split_case(const Catalogue& catalogue, Choices& choices) {
  const auto at = std::next(catalogue.schemes.begin(), static_cast<std::ptrdiff_t>(choices.below(catalogue.schemes.size())));
  const Scheme& scheme = at->second;
  Maker maker(catalogue, scheme, choices);
  const Requirement& requirement = scheme.requirements[choices.below(scheme.requirements.size())];
  const Reads all = reads(catalogue, scheme, requirement);
  if (!choices.one_in(4)) {
    for (const auto& [id, check] : catalogue.checks) maker.cover(id, !choices.one_in(8));
  }
  for (const Question* q : all.conditions) maker.answer(q->id, "yes");
  for (const auto& [of, unit] : all.units) {
    if (unit->trees.empty()) continue;
    if (unit->subject != "product") maker.row(unit->subject);
    for (const auto& [q, answer] : way_to(*unit->trees.front(), "pass")) {
      for (const Rule& rule : q->rules) {
        if (rule.answer == answer ? !choices.one_in(3) : choices.one_in(6)) maker.satisfy(rule.when, *q);
      }
      if (choices.one_in(2)) maker.answer(q->id, answer, {}, choices.one_in(2));
    }
  }
  for (std::size_t i = choices.below(4); i > 0; --i) maker.observe_at_random();
  Split out;
  out.all = maker.made();
  for (const Requirement& r : scheme.requirements)
    out.all.confirmations.push_back({scheme.id, scheme.edition, r.id, "J. Tester", "the book", {}});
  const auto terms = [&](const std::string& id) {
    Borrowed b = statement(out.all.product.version());
    b.equivalence = id;
    return b;
  };
  const auto borrow = [&](auto& what) {
    const std::size_t which = choices.below(3);
    if (which == 0) return;
    what.borrowed = terms(which == 1 ? "one" : "two");
    what.version = "7.1";
  };
  for (Evidence& e : out.all.evidence) borrow(e);
  for (Answer& a : out.all.answers) borrow(a);
  out.without = out.void_of = out.all;
  std::set<std::string> gone;
  for (const Evidence& e : out.all.evidence) {
    if (e.borrowed.equivalence == "one") gone.insert(e.id);
  }
  std::erase_if(out.without.evidence, [&](const Evidence& e) { return gone.contains(e.id); });
  std::erase_if(out.without.observations, [&](const Observation& o) { return gone.contains(o.evidence); });
  std::erase_if(out.without.answers, [](const Answer& a) { return a.borrowed.equivalence == "one"; });
  for (Evidence& e : out.void_of.evidence) {
    if (e.borrowed.equivalence == "one") e.borrowed.by.clear();
  }
  for (Answer& a : out.void_of.answers) {
    if (a.borrowed.equivalence == "one") a.borrowed.by.clear();
  }
  return out;
}

// What an equivalence takes away from a PASS is evidence that speaks against it or leaves it open, and that is told; an equivalence that
// only supports can be withdrawn without anything becoming PASS. One that nobody signed is as good as none.
TEST(BorrowedProperties, WithoutAnEquivalenceNothingPassesThatItDidNotSpeakAgainst) {
  setenv("RC_PARAMS", "seed=20260601 max_success=600 max_size=160", 0);
  std::size_t carried = 0;
  std::size_t refused = 0;
  rc::detail::checkGTest([&] {
    Choices choices(*rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 1U << 16U)));
    const Catalogue& catalogue = *small_catalogue();
    const Split split = split_case(catalogue, choices);
    const Assessment with = judge(catalogue, split.all);
    const Assessment without = judge(catalogue, split.without);
    const Assessment unsigned_ = judge(catalogue, split.void_of);
    for (std::size_t s = 0; s < with.schemes.size(); ++s) {
      for (std::size_t i = 0; i < with.schemes[s].requirements.size(); ++i) {
        const RequirementVerdict& x = with.schemes[s].requirements[i];
        const RequirementVerdict& y = without.schemes[s].requirements[i];
        RC_ASSERT(to_json(to_value(y)) == to_json(to_value(unsigned_.schemes[s].requirements[i])));
        const bool by_one = std::ranges::find(x.borrowed, "one", &BorrowedUse::equivalence) != x.borrowed.end();
        if (x.verdict == Verdict::pass && y.verdict != Verdict::pass) {
          ++carried;
          if (!by_one || x.basis < Basis::document) RC_LOG() << to_json(to_value(x)) << "\n" << to_json(to_value(y));
          RC_ASSERT(by_one && x.basis >= Basis::document);
        }
        if (x.verdict != Verdict::pass && y.verdict == Verdict::pass) {
          ++refused;
          // What rolls others up leaves the telling to them.
          const bool rolls_up = !x.assessments.empty() && !x.assessments[0].units.empty() && !x.assessments[0].units[0].inherits.empty();
          const std::string told = rolls_up ? to_json(to_value(with)) : to_json(to_value(x));
          const bool named = std::ranges::any_of(split.all.evidence, [&](const Evidence& e) {
            return e.borrowed.equivalence == "one" && told.find(e.name.empty() ? e.id : e.name) != std::string::npos;
          });
          if (!by_one && !named) RC_LOG() << told << "\n" << to_json(to_value(y));
          RC_ASSERT(by_one || named);
        }
      }
    }
  });
  EXPECT_GT(carried, 50U) << "the cases made must reach what they test";
  std::printf("%zu PASS carried by an equivalence, %zu kept from PASS by one\n", carried, refused);
}

}  // namespace
}  // namespace assay::assess
