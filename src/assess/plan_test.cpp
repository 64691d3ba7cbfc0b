// SPDX-License-Identifier: Apache-2.0
// Which applications serve a product best, on schemes small enough to choose by head.
#include "assess/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assess/entries.hpp"

namespace assay::assess {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kQuestions = R"(questions:
  - {id: q.a, ask: Is a so?, why: w, subject: product, state: any, interface: any, person: "yes", settle: [{by: answer, cost: 30, what: Say a.}], remedy: Mend a., source: s, confidence: confirmed}
  - {id: q.b, ask: Is b so?, why: w, subject: product, state: any, interface: any, person: "yes", settle: [{by: answer, cost: 40, what: Say b.}], remedy: Mend b., source: s, confidence: confirmed}
  - {id: q.c, ask: Is c so?, why: w, subject: product, state: any, interface: any, person: "yes", settle: [{by: answer, cost: 5, what: Say c.}], remedy: Mend c., source: s, confidence: confirmed}
)";

std::string scheme(std::string_view id, std::string_view market, std::string_view applications) {
  const std::string name(id);
  return "id: " + name + "\nedition: \"1\"\ntitle: T\npublisher: P\nmarkets: [" + std::string(market) +
         "]\ncombine: roll-up\ncounts: {}\ncomplete: true\nlevels:\n"
         "  - {id: low, title: l, state: open, source: s, confidence: confirmed}\n"
         "  - {id: high, title: h, state: open, source: s, confidence: confirmed}\n" +
         (applications.empty() ? "" : "applications:\n" + std::string(applications));
}

std::string application(std::string_view id, std::string_view more) {
  return "  - {id: " + std::string(id) + ", title: " + std::string(id) + ", source: s, confidence: confirmed" +
         (more.empty() ? "" : ", " + std::string(more)) + "}\n";
}

std::string requirement(std::string_view id, std::string_view question) {
  const std::string name(id);
  return "  - {id: " + name + ", title: t, text: t, status: mandatory, source: s, confidence: confirmed, assessments: [{id: " + name +
         " a, kind: checklist, units: [{id: " + name + " u, title: t, question: " + std::string(question) +
         ", confidence: confirmed}]}]}\n";
}

constexpr std::string_view kScope = "include: [{id: i, article: a, why: w, when: {fact: sold, is: true}}]\n";

class Plans : public testing::Test {
 protected:
  // Japan asks a and c, Britain a and b, Singapore c.
  std::string jp = application("label", "fee: {amount: 1000, currency: JPY}, grants: JP label");
  std::string uk = application("statement", "fee: {amount: 0, currency: GBP}, grants: UK statement");
  std::string sg;
  std::string recognitions;
  std::string markets = "[jp, uk]";
  std::string facts = "{sold: true}";
  std::string more;  // of product.yaml
  std::string date = "2026-06-01";
  std::map<std::string, double> rates;

  Plan made() {
    std::vector<CatalogueFile> files = {
        {"knowledge/kinds.yaml",
         "kinds: {account: {about: a, fields: {user: {type: text}}, identity: [user], exclusive: []}}\nchecks: {}\n"},
        {"knowledge/subjects.yaml", "subjects: {product: {title: the product, single: true}}\n"},
        {"knowledge/facts/f.yaml", "facts: {sold: {ask: Sold?, why: w, type: boolean}, large: {ask: Large?, why: w, type: boolean}}\n"},
        {"knowledge/questions/q.yaml", std::string(kQuestions)},
        {"schemes/jp/scheme.yaml", scheme("jp", "jp", jp)},
        {"schemes/jp/scope.yaml", std::string(kScope)},
        {"schemes/jp/requirements/r.yaml", "requirements:\n" + requirement("j-1", "q.a") + requirement("j-2", "q.c")},
        {"schemes/uk/scheme.yaml", scheme("uk", "uk", uk)},
        {"schemes/uk/scope.yaml", std::string(kScope)},
        {"schemes/uk/requirements/r.yaml", "requirements:\n" + requirement("u-1", "q.a") + requirement("u-2", "q.b")},
        {"schemes/sg/scheme.yaml", scheme("sg", "sg", sg)},
        {"schemes/sg/scope.yaml", std::string(kScope)},
        {"schemes/sg/requirements/r.yaml", "requirements:\n" + requirement("s-1", "q.c")},
    };
    if (!recognitions.empty()) files.push_back({"knowledge/recognitions.yaml", "recognitions:\n" + recognitions});
    for (const Error& error : load_catalogue(files, catalogue)) ADD_FAILURE() << error.to_text();
    Case input;
    const std::string text = "product: {name: N, model: M, version: \"1\", manufacturer: {name: X}}\nmarkets: " + markets +
                             "\nproperties: " + facts + "\n" + more;
    for (const Error& error : Product::parse(text, "product.yaml", input.product)) ADD_FAILURE() << error.to_text();
    input.date = *parse_day(date);
    return plan(*catalogue, input.product, judge(*catalogue, input), input.date, rates);
  }
  // "scheme/application", or "scheme<recognition" where it is deemed.
  static std::vector<std::string> steps(const Plan& plan) {
    std::vector<std::string> out;
    for (const PlanStep& s : plan.steps) out.push_back(s.scheme + (s.deemed_by.empty() ? "/" + s.application : "<" + s.deemed_by));
    return out;
  }
  static std::string recognition(std::string_view id, std::string_view from, std::string_view to, std::string_view requirements,
                                 std::string_view rest = "confidence: confirmed") {
    return "  - {id: " + std::string(id) + ", from: {standard: " + std::string(from) + "}, to: {scheme: " + std::string(to) +
           ", requirements: " + std::string(requirements) + "}, source: s, " + std::string(rest) + "}\n";
  }
  std::shared_ptr<const Catalogue> catalogue;
};

TEST_F(Plans, EachSchemeHasItsOwnWhereNothingIsRecognised) {
  const Plan plan = made();
  EXPECT_THAT(steps(plan), ElementsAre("jp/label", "uk/statement"));
  EXPECT_EQ(plan.fees.at("JPY"), 1000);
  EXPECT_EQ(plan.fees.at("GBP"), 0);
  EXPECT_TRUE(plan.fees_complete);
  EXPECT_TRUE(plan.all_considered);
}

TEST_F(Plans, WorkSharedBySchemesIsCountedOnceAtItsFirst) {
  const Plan plan = made();
  EXPECT_EQ(plan.steps[0].open_minutes, 35);
  EXPECT_EQ(plan.steps[1].open_minutes, 40);
  EXPECT_EQ(plan.open_minutes, 75);
}

TEST_F(Plans, AMarketThatIsNotChosenIsNotPlanned) {
  markets = "[uk]";
  EXPECT_THAT(steps(made()), ElementsAre("uk/statement"));
}

TEST_F(Plans, ALabelThatStandsForAWholeSchemeMakesItsApplicationNeedless) {
  recognitions = recognition("jp-for-uk", "JP label", "uk", "all");
  const Plan plan = made();
  EXPECT_THAT(steps(plan), ElementsAre("jp/label", "uk<jp-for-uk"));
  EXPECT_EQ(plan.steps[1].through, "jp/label");
  EXPECT_EQ(plan.steps[1].open_minutes, 0);
  EXPECT_THAT(plan.steps[1].stays, IsEmpty());
}

TEST_F(Plans, NamingAllMandatoryRequirementsIsTheWholeScheme) {
  recognitions = recognition("jp-for-uk", "JP label", "uk", "[u-1, u-2]");
  EXPECT_THAT(steps(made()), ElementsAre("jp/label", "uk<jp-for-uk"));
}

TEST_F(Plans, APartialRecognitionIsAWaiver) {
  recognitions = recognition("jp-for-uk", "JP label", "uk", "[u-2]");
  const Plan plan = made();
  EXPECT_THAT(steps(plan), ElementsAre("jp/label", "uk/statement"));
  EXPECT_THAT(plan.steps[1].waives, ElementsAre("u-2 (jp-for-uk)"));
  EXPECT_EQ(plan.steps[1].open_minutes, 0) << "u-1 asks what Japan asks, u-2 is waived";
}

TEST_F(Plans, WhatSufficesLeavesTheRestToBeMet) {
  recognitions = recognition("jp-for-uk", "JP label", "uk", "[u-1]", "suffices: true, confidence: confirmed");
  const Plan plan = made();
  EXPECT_THAT(steps(plan), ElementsAre("jp/label", "uk<jp-for-uk"));
  EXPECT_THAT(plan.steps[1].stays, ElementsAre("u-2"));
  EXPECT_EQ(plan.steps[1].open_minutes, 40);
}

TEST_F(Plans, AnUnverifiedRecognitionGivesNothing) {
  recognitions = recognition("jp-for-uk", "JP label", "uk", "all", "confidence: unverified");
  EXPECT_THAT(steps(made()), ElementsAre("jp/label", "uk/statement"));
  recognitions = recognition("jp-for-uk", "JP label", "uk", "[u-2]", "confidence: unverified");
  EXPECT_THAT(made().steps[1].waives, IsEmpty());
}

TEST_F(Plans, ARecognitionGivesNothingBeforeItIsInForce) {
  recognitions = recognition("jp-for-uk", "JP label", "uk", "all", "in_force: \"2026-06-02\", confidence: confirmed");
  EXPECT_THAT(steps(made()), ElementsAre("jp/label", "uk/statement"));
  date = "2026-06-02";
  EXPECT_THAT(steps(made()), ElementsAre("jp/label", "uk<jp-for-uk"));
  recognitions = recognition("jp-for-uk", "JP label", "uk", "[u-2]", "in_force: \"2026-06-02\", confidence: confirmed");
  EXPECT_THAT(made().steps[1].waives, ElementsAre("u-2 (jp-for-uk)"));
  date = "2026-06-01";
  EXPECT_THAT(made().steps[1].waives, IsEmpty());
}

TEST_F(Plans, ARecognitionIsOfItsStandardEditionAndLevel) {
  const auto from = [](std::string_view what) {
    return "  - {id: r, from: {" + std::string(what) + "}, to: {scheme: uk, requirements: all}, source: s, confidence: confirmed}\n";
  };
  jp = application("label", "level: low, grants: JP label");
  for (const auto& [what, last] : {std::pair{"standard: JP label", "uk<r"},
                                   {"standard: Another label", "uk/statement"},
                                   {"standard: JP label, edition: \"1\"", "uk<r"},
                                   {"standard: JP label, edition: \"2\"", "uk/statement"},
                                   {"standard: JP label, level: low", "uk<r"},
                                   {"standard: JP label, level: high", "uk/statement"}}) {
    recognitions = from(what);
    EXPECT_EQ(steps(made()).back(), last) << what;
  }
}

TEST_F(Plans, FewerLaboratoriesComeBeforeAnyFee) {
  jp = application("tested", "lab: true, fee: {amount: 1, currency: JPY}") +
       application("declared", "lab: false, fee: {amount: 9000, currency: JPY}");
  EXPECT_EQ(steps(made()).front(), "jp/declared");
}

TEST_F(Plans, ALabelOfAnotherMarketIsTakenWhereItSavesALaboratory) {
  markets = "[uk]";
  uk = application("test-report", "lab: true, fee: {amount: 0, currency: GBP}");
  EXPECT_THAT(steps(made()), ElementsAre("uk/test-report"));
  recognitions = recognition("jp-for-uk", "JP label", "uk", "all");
  const Plan plan = made();
  EXPECT_THAT(steps(plan), ElementsAre("jp/label", "uk<jp-for-uk"));
  EXPECT_EQ(plan.steps[0].result, "does-not-apply");
}

TEST_F(Plans, ALabelOfAnotherMarketIsNotTakenForItsFeeAlone) {
  markets = "[uk]";
  uk = application("dear", "fee: {amount: 900, currency: GBP}");
  recognitions = recognition("jp-for-uk", "JP label", "uk", "all");
  rates = {{"JPY", 0.005}, {"GBP", 1}};
  EXPECT_THAT(steps(made()), ElementsAre("uk/dear"));
}

TEST_F(Plans, TheLesserFeeOfOneCurrencyNeedsNoRate) {
  jp = application("dear", "fee: {amount: 2000, currency: JPY}") + application("cheap", "fee: {amount: 1000, currency: JPY}");
  EXPECT_EQ(steps(made()).front(), "jp/cheap");
}

TEST_F(Plans, FeesOfTwoCurrenciesCompareWithRatesOnly) {
  jp = application("yen", "fee: {amount: 1000, currency: JPY}") + application("dollars", "fee: {amount: 20, currency: USD}");
  EXPECT_EQ(steps(made()).front(), "jp/yen") << "nothing tells them apart: the first";
  rates = {{"JPY", 0.01}, {"USD", 1}};
  EXPECT_EQ(steps(made()).front(), "jp/yen");
  rates = {{"JPY", 0.05}, {"USD", 1}};
  EXPECT_EQ(steps(made()).front(), "jp/dollars");
  rates = {{"JPY", 0.05}};
  EXPECT_EQ(steps(made()).front(), "jp/yen") << "a currency without a rate is not free";
}

TEST_F(Plans, AFeeThatIsNotKnownIsNotTakenForNone) {
  jp = application("unknown", "days: 3") + application("priced", "fee: {amount: 1000, currency: JPY}, days: 1");
  const Plan plan = made();
  EXPECT_EQ(steps(plan).front(), "jp/priced") << "money cannot tell, so the days do";
  jp = application("unknown", "days: 1") + application("priced", "fee: {amount: 1000, currency: JPY}, days: 3");
  EXPECT_EQ(steps(made()).front(), "jp/unknown");
  EXPECT_FALSE(made().fees_complete);
  jp = application("unknown", "days: 1") + application("free", "fee: {amount: 0, currency: JPY}, days: 3");
  EXPECT_EQ(steps(made()).front(), "jp/free");
}

TEST_F(Plans, LessWorkDecidesBetweenEqualFees) {
  uk = application("alone", "fee: {amount: 0, currency: GBP}");
  recognitions = recognition("jp-for-uk", "JP label", "uk", "all");
  EXPECT_EQ(steps(made()).back(), "uk<jp-for-uk");
}

TEST_F(Plans, AReducedRouteNeedsWhatItRestsOn) {
  jp = application("label", "fee: {amount: 1000, currency: JPY}") +
       application("short", "fee: {amount: 600, currency: JPY}, needs: UK statement");
  const Plan plan = made();
  EXPECT_THAT(steps(plan), ElementsAre("jp/short", "uk/statement"));
  EXPECT_EQ(plan.steps[0].through, "uk/statement");
  uk = application("statement", "fee: {amount: 0, currency: GBP}");
  EXPECT_THAT(steps(made()), ElementsAre("jp/label", "uk/statement")) << "nothing grants what the short route needs";
}

TEST_F(Plans, TwoThatWaitForEachOtherNeverStart) {
  jp = application("label", "fee: {amount: 1000, currency: JPY}, grants: JP label") +
       application("short", "fee: {amount: 600, currency: JPY}, grants: JP label, needs: UK statement");
  uk = application("statement", "fee: {amount: 500, currency: GBP}, grants: UK statement");
  recognitions = recognition("jp-for-uk", "JP label", "uk", "all");
  for (const auto& yen : {0.001, 1.0}) {
    rates = {{"JPY", yen}, {"GBP", 1}};
    const auto found = steps(made());
    EXPECT_THAT(found, testing::AnyOf(ElementsAre("jp/label", "uk<jp-for-uk"), ElementsAre("jp/short", "uk/statement")));
  }
  uk = application("statement", "grants: UK statement, needs: JP label");
  jp = application("short", "grants: JP label, needs: UK statement");
  recognitions.clear();
  EXPECT_THAT(made().steps, IsEmpty());
}

TEST_F(Plans, WhatStandsForAllLendsNothingToAPaperOfOnesOwn) {
  jp = application("short", "fee: {amount: 600, currency: JPY}, needs: UK statement");
  sg = application("level", "fee: {amount: 50, currency: SGD}, grants: SG label");
  markets = "[jp, sg, uk]";
  recognitions = recognition("sg-for-uk", "SG label", "uk", "[u-2]", "suffices: true, confidence: confirmed");
  const Plan plan = made();
  ASSERT_THAT(steps(plan), ElementsAre("jp/short", "sg/level", "uk/statement")) << "the short route needs the statement itself";
  EXPECT_THAT(plan.steps[2].waives, IsEmpty());
  EXPECT_EQ(plan.steps[2].open_minutes, 40);
}

TEST_F(Plans, TwoLabelsDoNotWaiveEachOther) {
  recognitions = recognition("jp-for-uk", "JP label", "uk", "[u-1]") + recognition("uk-for-jp", "UK statement", "jp", "[j-1]");
  Plan plan = made();
  ASSERT_THAT(steps(plan), ElementsAre("jp/label", "uk/statement"));
  EXPECT_THAT(plan.steps[0].waives, IsEmpty());
  EXPECT_THAT(plan.steps[1].waives, ElementsAre("u-1 (jp-for-uk)"));
  // What the statement rests on cannot come from the label that needs the statement.
  jp = application("short", "fee: {amount: 600, currency: JPY}, grants: JP label, needs: UK statement");
  plan = made();
  ASSERT_THAT(steps(plan), ElementsAre("jp/short", "uk/statement"));
  EXPECT_THAT(plan.steps[0].waives, ElementsAre("j-1 (uk-for-jp)"));
  EXPECT_THAT(plan.steps[1].waives, IsEmpty());
  EXPECT_EQ(plan.open_minutes, 75);
}

TEST_F(Plans, ACheaperWayRoundIsFoundOverTwoSchemes) {
  jp = application("label", "fee: {amount: 100000, currency: JPY}, grants: JP label");
  sg = application("level", "fee: {amount: 50, currency: SGD}, grants: SG label");
  recognitions = recognition("jp-for-uk", "JP label", "uk", "all") + recognition("sg-for-jp", "SG label", "jp", "all");
  markets = "[jp, sg]";
  rates = {{"JPY", 0.01}, {"SGD", 1}};
  EXPECT_THAT(steps(made()), ElementsAre("jp<sg-for-jp", "sg/level"));
  // A scheme that is only deemed to be met grants no label to rest on.
  markets = "[jp, sg, uk]";
  EXPECT_THAT(steps(made()), ElementsAre("jp<sg-for-jp", "sg/level", "uk/statement"));
}

TEST_F(Plans, AnApplicationIsOpenFromItsDayForWhomItIs) {
  jp = application("label", "fee: {amount: 1000, currency: JPY}") +
       application("new", "fee: {amount: 10, currency: JPY}, from: \"2026-06-02\"") +
       application("large", "fee: {amount: 1, currency: JPY}, when: {fact: large, is: true}");
  EXPECT_EQ(steps(made()).front(), "jp/large") << "not ruled out while nobody has said";
  markets = "[jp]";
  facts = "{sold: true, large: false}";
  EXPECT_EQ(steps(made()).front(), "jp/label");
  date = "2026-06-02";
  EXPECT_EQ(steps(made()).front(), "jp/new");
}

TEST_F(Plans, TheLevelAimedAtChoosesTheApplication) {
  jp = application("low", "level: low, fee: {amount: 1, currency: JPY}") +
       application("high", "level: high, fee: {amount: 9, currency: JPY}");
  EXPECT_EQ(steps(made()).front(), "jp/low");
  more = "levels: {jp: high}\n";
  EXPECT_EQ(steps(made()).front(), "jp/high");
}

TEST_F(Plans, ASchemeWithoutApplicationsStillStandsInThePlan) {
  jp = "";
  const Plan plan = made();
  EXPECT_THAT(steps(plan), ElementsAre("jp/", "uk/statement"));
  EXPECT_EQ(plan.steps[0].open_minutes, 35);
}

TEST_F(Plans, APlanAppliesToSchemesThatMayApply) {
  markets = "[jp]";
  facts = "{}";
  const Plan plan = made();
  ASSERT_THAT(steps(plan), ElementsAre("jp/label"));
  EXPECT_EQ(plan.steps[0].result, "unknown");
  facts = "{sold: false}";
  EXPECT_THAT(made().steps, IsEmpty());
}

TEST_F(Plans, JsonTellsAllThatWasFound) {
  recognitions = recognition("jp-for-uk", "JP label", "uk", "[u-1]", "suffices: true, confidence: confirmed");
  const Value value = to_value(made());
  EXPECT_EQ(value["steps"].items().size(), 2U);
  EXPECT_EQ(value["steps"].items()[0]["fee"]["currency"].text(), "JPY");
  EXPECT_EQ(value["steps"].items()[1]["deemed_by"].text(), "jp-for-uk");
  EXPECT_EQ(value["steps"].items()[1]["through"].text(), "jp/label");
  EXPECT_EQ(value["steps"].items()[1]["stays"].items()[0].text(), "u-2");
  EXPECT_EQ(value["fees"]["JPY"].scalar_text(), "1000");
  EXPECT_TRUE(value["fees_complete"].boolean());
}

}  // namespace
}  // namespace assay::assess
