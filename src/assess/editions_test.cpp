// SPDX-License-Identifier: Apache-2.0
// What another edition of a scheme changes, and what a changed catalogue changes.
#include "assess/editions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assess/entries.hpp"

namespace assay::assess {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string question(std::string_view id, std::string_view ask = "so") {
  return "  - {id: " + std::string(id) + ", ask: \"Is " + std::string(id) + " " + std::string(ask) +
         "?\", why: w, subject: product, state: any, interface: any, person: \"yes\", settle: [{by: answer, cost: 5, what: Say so.}], "
         "remedy: \"Mend " +
         std::string(id) + ".\", source: s, confidence: confirmed}\n";
}

std::string requirement(std::string_view id, std::string_view how, std::string_view status = "mandatory", std::string_view more = "") {
  const std::string name(id);
  return "  - {id: \"" + name + "\", title: title of " + name + ", text: t, status: " + std::string(status) +
         ", source: s, confidence: confirmed" + std::string(more) + ", assessments: [{id: \"" + name +
         " a\", kind: checklist, units: [{id: \"" + name + " u\", title: t, " + std::string(how) + ", confidence: confirmed}]}]}\n";
}

std::string scheme(std::string_view id, std::string_view edition) {
  return "{id: " + std::string(id) + ", edition: \"" + std::string(edition) +
         "\", title: T, publisher: P, markets: [eu], combine: roll-up, counts: {}, complete: true, default: " +
         (edition == "1" ? "true" : "false") + "}\n";
}

constexpr std::string_view kScope = "include: [{id: i, article: a, why: w, when: {placed: {ge: \"2020-01-01\"}}}]\n";
constexpr std::string_view kTree = R"(trees:
  - id: t
    title: t
    subject: product
    start: one
    nodes:
      one: {question: q.tree, "yes": pass, "no": two}
      two: {question: q.deep, "yes": pass, "no": fail}
)";
constexpr std::string_view kMoves = R"(from: s
moves:
  - {to: "n-1", from: ["1"], change: renumbered}
  - {to: "n-2", from: ["2", "3"], change: wider, note: Two became one.}
  - {to: "n-3", change: new}
  - {to: "n-4", from: ["4"], change: reworded, keeps: true}
dropped: [{from: "5", note: Nobody missed it.}]
)";

struct Made {
  std::string questions = question("q.a") + question("q.b") + question("q.c") + question("q.d") + question("q.tree") + question("q.deep");
  std::string tree{kTree};
  std::string first = requirement("1", "question: q.a") + requirement("2", "question: q.b") + requirement("3", "question: q.c") +
                      requirement("4", "tree: t") + requirement("5", "question: q.d");
  std::string moves{kMoves};

  std::shared_ptr<const Catalogue> load() const {
    const std::vector<CatalogueFile> files = {
        {"knowledge/kinds.yaml",
         "kinds: {account: {about: a, fields: {user: {type: text}}, identity: [user], exclusive: []}}\nchecks: {}\n"},
        {"knowledge/subjects.yaml", "subjects: {product: {title: the product, single: true}}\n"},
        {"knowledge/questions/q.yaml", "questions:\n" + questions},
        {"schemes/s/scheme.yaml", scheme("s", "1")},
        {"schemes/s/scope.yaml", std::string(kScope)},
        {"schemes/s/trees/t.yaml", tree},
        {"schemes/s/requirements/r.yaml", "requirements:\n" + first},
        {"schemes/s@2/scheme.yaml", scheme("s", "2")},
        {"schemes/s@2/scope.yaml", std::string(kScope)},
        {"schemes/s@2/moves.yaml", moves},
        {"schemes/s@2/requirements/r.yaml", "requirements:\n" + requirement("n-1", "question: q.a") +
                                                requirement("n-2", "question: q.b", "recommended") + requirement("n-3", "question: q.d") +
                                                requirement("n-4", "inherits: [s/4]")},
        {"schemes/law/scheme.yaml", scheme("law", "1")},
        {"schemes/law/scope.yaml", std::string(kScope)},
        {"schemes/law/requirements/r.yaml", "requirements:\n" + requirement("art-1", "inherits: [s/*]")},
    };
    std::shared_ptr<const Catalogue> out;
    for (const Error& error : load_catalogue(files, out)) ADD_FAILURE() << error.to_text();
    return out;
  }
};

EditionDiff compare(const Catalogue& before, std::string_view from, const Catalogue& after, std::string_view to,
                    const Assessment* old = nullptr, const Assessment* now = nullptr) {
  auto diff = compare_editions({&before, std::string(from), old}, {&after, std::string(to), now});
  if (diff) return *std::move(diff);
  ADD_FAILURE() << diff.error().to_text();
  return {};
}

EditionChange change_of(const EditionDiff& diff, std::string_view requirement) {
  for (const EditionChange& c : diff.changes) {
    if (c.requirement == requirement || (c.requirement.empty() && c.from.front() == requirement)) return c;
  }
  ADD_FAILURE() << "nothing is said of " << requirement;
  return {};
}

TEST(Editions, MovesTellWhatBecameOfEachRequirement) {
  const auto catalogue = Made{}.load();
  const EditionDiff diff = compare(*catalogue, "s", *catalogue, "s@2");
  EXPECT_TRUE(diff.by_moves);
  ASSERT_EQ(diff.changes.size(), 5U);
  const EditionChange same = change_of(diff, "n-1");
  EXPECT_EQ(same.change, "renumbered");
  EXPECT_TRUE(same.keeps);
  EXPECT_THAT(same.from, ElementsAre("1"));
  EXPECT_THAT(same.kept, ElementsAre("q.a"));
  const EditionChange joined = change_of(diff, "n-2");
  EXPECT_EQ(joined.change, "wider");
  EXPECT_FALSE(joined.keeps);
  EXPECT_EQ(joined.note, "Two became one.");
  EXPECT_EQ(joined.status_before, "mandatory");
  EXPECT_EQ(joined.status, "recommended");
  EXPECT_THAT(joined.kept, ElementsAre("q.b"));
  EXPECT_THAT(joined.left, ElementsAre("q.c"));
  EXPECT_THAT(joined.added, IsEmpty());
  const EditionChange fresh = change_of(diff, "n-3");
  EXPECT_EQ(fresh.change, "new");
  EXPECT_THAT(fresh.from, IsEmpty());
  EXPECT_THAT(fresh.added, ElementsAre("q.d"));
  EXPECT_TRUE(change_of(diff, "n-4").keeps);
  const EditionChange dropped = change_of(diff, "5");
  EXPECT_EQ(dropped.change, "dropped");
  EXPECT_EQ(dropped.note, "Nobody missed it.");
  EXPECT_TRUE(dropped.requirement.empty());
}

TEST(Editions, WhatIsInheritedIsAskedToo) {
  const auto catalogue = Made{}.load();
  EXPECT_THAT(change_of(compare(*catalogue, "s", *catalogue, "s@2"), "n-4").kept, ElementsAre("q.deep", "q.tree"));
  Made later;
  later.questions += question("q.e");
  later.first += requirement("6", "question: q.e");
  later.moves.replace(later.moves.find("dropped: ["), 10, R"(dropped: [{from: "6", note: n}, )");
  const auto grown = later.load();
  const EditionChange law = change_of(compare(*catalogue, "law", *grown, "law"), "art-1");
  EXPECT_EQ(law.change, "changed");
  EXPECT_THAT(law.added, ElementsAre("q.e"));
}

TEST(Editions, TheOtherWayRoundGoesByEqualIds) {
  const auto catalogue = Made{}.load();
  const EditionDiff diff = compare(*catalogue, "s@2", *catalogue, "s");
  EXPECT_FALSE(diff.by_moves);
  EXPECT_EQ(change_of(diff, "1").change, "new");
  EXPECT_EQ(change_of(diff, "n-1").change, "dropped");
}

TEST(Editions, AnUnchangedCatalogueHasNoChange) {
  const auto one = Made{}.load();
  const auto two = Made{}.load();
  for (const char* id : {"s", "s@2", "law"}) {
    for (const EditionChange& c : compare(*one, id, *two, id).changes) EXPECT_EQ(c.change, "unchanged") << id << " " << c.requirement;
  }
}

// Each way in which the data of a requirement can change, and the requirement that must be named for it.
TEST(Editions, EveryChangeOfDataIsSeen) {
  const auto before = Made{}.load();
  const auto with = [&](auto&& edit) {
    Made made;
    edit(made);
    std::vector<std::string> out;
    for (const EditionChange& c : compare(*before, "s", *made.load(), "s").changes) {
      if (c.change != "unchanged") out.push_back((c.requirement.empty() ? c.from.front() : c.requirement) + " " + c.change);
    }
    return out;
  };
  const auto replaced = [](std::string& in, std::string_view from, std::string_view to) {
    const auto at = in.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    in.replace(at, from.size(), to);
  };
  EXPECT_THAT(with([&](Made& m) { replaced(m.questions, question("q.b"), question("q.b", "really so")); }), ElementsAre("2 changed"));
  EXPECT_THAT(with([&](Made& m) { replaced(m.first, "question: q.b", "question: q.d"); }), ElementsAre("2 changed"));
  EXPECT_THAT(with([&](Made& m) { replaced(m.first, "question: q.b", "question: q.b, pass_on: \"no\""); }), ElementsAre("2 changed"));
  EXPECT_THAT(with([&](Made& m) { replaced(m.first, "question: q.b", "question: q.b, relation: narrower"); }), ElementsAre("2 changed"));
  EXPECT_THAT(with([&](Made& m) { replaced(m.tree, R"("yes": pass, "no": two)", R"("yes": two, "no": pass)"); }), ElementsAre("4 changed"));
  EXPECT_THAT(with([&](Made& m) { replaced(m.tree, R"("yes": pass, "no": fail)", R"("yes": not-applicable, "no": fail)"); }),
              ElementsAre("4 changed"));
  EXPECT_THAT(with([&](Made& m) { replaced(m.questions, question("q.deep"), question("q.deep", "deeply so")); }), ElementsAre("4 changed"));
}

TEST(Editions, VerdictsStandBesideTheChange) {
  const auto catalogue = Made{}.load();
  Assessment judged;
  const auto scheme_with = [](std::string id, std::vector<std::pair<std::string, Verdict>> verdicts) {
    SchemeVerdict out;
    out.id = std::move(id);
    for (auto& [name, verdict] : verdicts) {
      RequirementVerdict r;
      r.id = name;
      r.verdict = verdict;
      out.requirements.push_back(std::move(r));
    }
    return out;
  };
  judged.schemes = {scheme_with("s", {{"1", Verdict::pass}, {"2", Verdict::pass}, {"3", Verdict::fail}, {"5", Verdict::fail}}),
                    scheme_with("s@2", {{"n-1", Verdict::pass}, {"n-2", Verdict::inconclusive}})};
  const EditionDiff diff = compare(*catalogue, "s", *catalogue, "s@2", &judged, &judged);
  EXPECT_EQ(change_of(diff, "n-1").verdict_before, "pass");
  EXPECT_EQ(change_of(diff, "n-1").verdict, "pass");
  EXPECT_EQ(change_of(diff, "n-2").verdict_before, "fail") << "of two that became one the worse counts";
  EXPECT_EQ(change_of(diff, "n-2").verdict, "inconclusive");
  EXPECT_EQ(change_of(diff, "n-3").verdict, "");
  EXPECT_EQ(change_of(diff, "5").verdict_before, "fail");
}

TEST(Editions, AnUnknownSchemeIsAnError) {
  const auto catalogue = Made{}.load();
  const auto diff = compare_editions({catalogue.get(), "s", nullptr}, {catalogue.get(), "s@3", nullptr});
  ASSERT_FALSE(diff.has_value());
  EXPECT_THAT(diff.error().what, HasSubstr("s@3"));
}

TEST(Editions, JsonNamesBothSides) {
  const auto catalogue = Made{}.load();
  const Value value = to_value(compare(*catalogue, "s", *catalogue, "s@2"));
  EXPECT_EQ(value["before"].text(), "s");
  EXPECT_EQ(value["after"].text(), "s@2");
  EXPECT_TRUE(value["by_moves"].boolean());
  EXPECT_EQ(value["changes"].items().size(), 5U);
}

}  // namespace
}  // namespace assay::assess
