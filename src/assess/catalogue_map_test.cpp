// SPDX-License-Identifier: Apache-2.0
// What a machine can refute or support, counted on a scheme of a few rows.
#include "assess/catalogue_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assess/entries.hpp"

namespace assay::assess {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr std::string_view kSeen = "{seen: account, where: {password: known}}";
constexpr std::string_view kNone = "{none: account, where: {password: known}, covered: [firmware/accounts]}";

std::string rule(std::string_view answer, std::string_view when) {
  return "{answer: \"" + std::string(answer) + "\", because: Found., when: " + std::string(when) + "}";
}

std::string question(std::string_view id, std::string_view rules, std::string_view machine = R"(["yes", "no"])") {
  return "  - {id: " + std::string(id) + ", ask: \"Is " + std::string(id) +
         " so?\", why: w, subject: product, state: any, interface: any, person: \"yes\", machine: " + std::string(machine) + ", rules: [" +
         std::string(rules) + "], settle: [{by: answer, cost: 5, what: Say so.}], remedy: \"Mend " + std::string(id) +
         ".\", source: s, confidence: confirmed}\n";
}

std::string requirement(std::string_view id, std::string_view how, std::string_view kind = "checklist",
                        std::string_view confidence = "confirmed") {
  const std::string name(id);
  return "  - {id: " + name + ", title: t, text: t, status: mandatory, source: of " + name +
         ", confidence: confirmed, assessments: [{id: " + name + " a, kind: " + std::string(kind) + ", units: [{id: " + name +
         " u, title: t, " + std::string(how) + ", confidence: " + std::string(confidence) + "}]}]}\n";
}

struct Counts {
  bool refutable, supportable, personal, unit_grantable;
  bool operator==(const Counts&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Counts& c) {
  return out << (c.refutable ? "refutable " : "") << (c.supportable ? "supportable " : "") << (c.personal ? "personal " : "")
             << (c.unit_grantable ? "grantable" : "");
}

CatalogueMap mapped(std::string_view questions, std::string_view requirements, std::string_view trees = "", std::string_view other = "") {
  std::vector<CatalogueFile> files = {
      {"knowledge/kinds.yaml", R"(kinds:
  account: {about: a, fields: {user: {type: text}, password: {type: text}}, identity: [user], exclusive: []}
  document: {about: d, fields: {role: {type: text}}, identity: [role], exclusive: []}
checks: {firmware/accounts: {evidence: firmware, scope: root, about: all}}
)"},
      {"knowledge/subjects.yaml", "subjects: {product: {title: the product, single: true}}\n"},
      {"knowledge/questions/q.yaml", "questions:\n" + std::string(questions)},
  };
  const auto add = [&](const std::string& id, std::string_view rows) {
    const std::string folder = "schemes/" + id;
    files.push_back({folder + "/scheme.yaml", "{id: " + id +
                                                  ", edition: \"1\", title: T, publisher: P, markets: [eu], combine: roll-up, "
                                                  "counts: {}, complete: true}\n"});
    files.push_back({folder + "/scope.yaml", "include: [{id: i, article: a, why: w, when: {placed: {ge: \"2020-01-01\"}}}]\n"});
    files.push_back({folder + "/requirements/r.yaml", "requirements:\n" + std::string(rows)});
  };
  add("s", requirements);
  if (!trees.empty()) files.push_back({"schemes/s/trees/t.yaml", "trees:\n" + std::string(trees)});
  if (!other.empty()) add("t", other);
  std::shared_ptr<const Catalogue> catalogue;
  for (const Error& error : load_catalogue(files, catalogue)) ADD_FAILURE() << error.to_text();
  return map_of(*catalogue);
}

// Of a scheme with one requirement of one unit.
Counts counts(std::string_view questions, std::string_view how, std::string_view trees = "", std::string_view kind = "checklist") {
  const CatalogueMap map = mapped(questions, requirement("r", how, kind), trees);
  const SchemeMap& s = map.schemes.front();
  EXPECT_EQ(s.requirements, 1U);
  EXPECT_EQ(s.units, 1U);
  EXPECT_EQ(s.refutable, s.unit_refutable);
  EXPECT_EQ(s.personal, s.unit_personal);
  return {s.refutable == 1, s.supportable == 1, s.personal == 1, s.unit_grantable == 1};
}

TEST(CatalogueMap, AQuestionIsWhatItsRulesCanSay) {
  const std::string no = rule("no", kSeen);
  const std::string yes = rule("yes", kNone);
  EXPECT_EQ(counts(question("t.q", no + ", " + yes), "question: t.q"), (Counts{true, true, false, true}));
  EXPECT_EQ(counts(question("t.q", no), "question: t.q"), (Counts{true, false, false, false}));
  EXPECT_EQ(counts(question("t.q", yes), "question: t.q"), (Counts{false, true, false, true}));
  EXPECT_EQ(counts(question("t.q", no + ", " + yes, R"(["no"])"), "question: t.q"), (Counts{true, true, false, false}));
  EXPECT_EQ(counts(question("t.q", ""), "question: t.q"), (Counts{false, false, true, false}));
}

TEST(CatalogueMap, WhatPeopleReadOffPapersIsNoMachines) {
  EXPECT_EQ(
      counts(question("t.q", rule("yes", "{seen: document, where: {role: policy}}") + ", " + rule("no", "{value: product.batch, is: x}")),
             "question: t.q"),
      (Counts{false, false, true, false}));
}

TEST(CatalogueMap, AUnitMayPassOnNo) {
  EXPECT_EQ(counts(question("t.q", rule("no", kSeen)), "question: t.q, pass_on: \"no\""), (Counts{false, true, false, true}));
}

TEST(CatalogueMap, AMachineAloneGrantsNoConceptualAndNoNarrowUnit) {
  const std::string yes = question("t.q", rule("yes", kNone));
  EXPECT_EQ(counts(yes, "question: t.q", "", "conceptual"), (Counts{false, true, false, false}));
  EXPECT_EQ(counts(yes, "question: t.q, relation: narrower"), (Counts{false, true, false, false}));
  EXPECT_EQ(counts(yes, "question: t.q, relation: wider"), (Counts{false, true, false, false}));
  EXPECT_EQ(counts(yes, "question: t.q, relation: wider, sufficient: because"), (Counts{false, true, false, true}));
}

constexpr std::string_view kTree = R"(  - id: t
    title: t
    subject: product
    start: one
    nodes:
      one: {question: q.one, "yes": pass, "no": two}
      two: {question: q.two, "yes": pass, "no": fail}
)";

TEST(CatalogueMap, OnlyAnAnswerThatLeadsToFailRefutes) {
  const std::string person = question("q.two", "");
  EXPECT_EQ(counts(question("q.one", rule("no", kSeen)) + person, "tree: t", kTree), (Counts{false, true, false, false}))
      << "it leads on to what a person says";
  EXPECT_EQ(counts(question("q.one", "") + question("q.two", rule("no", kSeen)), "tree: t", kTree), (Counts{true, false, false, false}));
  EXPECT_EQ(counts(question("q.one", rule("no", kSeen)) + question("q.two", rule("no", kSeen)), "tree: t", kTree),
            (Counts{true, false, false, false}));
  EXPECT_EQ(counts(question("q.one", rule("yes", kNone)) + person, "tree: t", kTree), (Counts{false, true, false, true}));
  EXPECT_EQ(counts(question("q.one", "") + person, "tree: t", kTree), (Counts{false, false, true, false}));
}

TEST(CatalogueMap, WhatIsInheritedIsCountedWithTheHeir) {
  const CatalogueMap map = mapped(question("t.q", rule("no", kSeen)) + question("t.p", ""),
                                  requirement("r", "question: t.q") + requirement("heir", "inherits: [r]"), "",
                                  requirement("whole", "inherits: [s/*]") + requirement("alone", "question: t.p"));
  EXPECT_EQ(map.schemes[0].refutable, 2U);
  EXPECT_EQ(map.schemes[1].scheme, "t");
  EXPECT_EQ(map.schemes[1].refutable, 1U);
  EXPECT_EQ(map.schemes[1].personal, 1U);
}

TEST(CatalogueMap, SharedQuestionsAreCountedByTheirSchemes) {
  const CatalogueMap map =
      mapped(question("t.q", "") + question("t.p", "") + question("t.idle", ""),
             requirement("a", "question: t.q") + requirement("b", "question: t.p"), "", requirement("c", "question: t.q"));
  EXPECT_EQ(map.schemes[0].questions, 2U);
  EXPECT_EQ(map.schemes[0].shared, 1U);
  EXPECT_EQ(map.schemes[1].questions, 1U);
  EXPECT_EQ(map.schemes[1].shared, 1U);
  EXPECT_THAT(map.shared_by, ElementsAre(Pair(1U, 1U), Pair(2U, 1U)));
  EXPECT_THAT(map.sharing, ElementsAre(Pair("t.q", ElementsAre("s", "t"))));
  EXPECT_EQ(map.unused, 1U);
}

TEST(CatalogueMap, WhatIsUnverifiedIsNamedWithItsSource) {
  const CatalogueMap map =
      mapped(question("t.q", ""), requirement("a", "question: t.q", "checklist", "unverified") + requirement("b", "question: t.q"));
  EXPECT_EQ(map.schemes[0].unverified, 1U);
  ASSERT_EQ(map.unverified.size(), 1U);
  EXPECT_EQ(map.unverified[0].entry, "a u");
  EXPECT_EQ(map.unverified[0].source, "of a");
}

TEST(CatalogueMap, JsonHasEveryCount) {
  const Value value = to_value(mapped(question("t.q", rule("no", kSeen)), requirement("a", "question: t.q")));
  const Value& row = value["schemes"].items().front();
  for (const char* name : {"requirements", "refutable", "supportable", "personal", "units", "unit_refutable", "unit_grantable",
                           "unit_personal", "questions", "shared", "unverified"})
    EXPECT_TRUE(row[name].is_integer()) << name;
  EXPECT_THAT(value["unverified"].items(), IsEmpty());
}

}  // namespace
}  // namespace assay::assess
