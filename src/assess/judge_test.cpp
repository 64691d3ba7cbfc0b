// SPDX-License-Identifier: Apache-2.0
#include "assess/judge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "assess/small_scheme.hpp"
#include "base/json.hpp"
#include "model/schema.hpp"

namespace assay::assess {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kKnown = "{kind: account, at: {path: /etc/shadow, line: 1}, user: root, password: known, locked: false}";
constexpr std::string_view kSafe = "{kind: account, at: {path: /etc/shadow, line: 1}, user: root, password: not-found, locked: false}";

TEST(Judge, NothingKnownIsInconclusiveAndOwesTheQuestion) {
  Trial t;
  EXPECT_EQ(t.verdict("known"), "inconclusive");
  EXPECT_THAT(t.owed("known"), ElementsAre("observation t.no-known"));
  const Owed& owed = t.requirement("known").owed.front();
  EXPECT_EQ(owed.cost, 5);
  EXPECT_EQ(owed.settle.size(), 2U);
  EXPECT_THAT(owed.settles, Contains("small/known a"));
}

TEST(Judge, AnObservationRefutesAndIsCited) {
  Trial t;
  t.observe(kKnown);
  EXPECT_EQ(t.verdict("known"), "fail");
  const InstanceVerdict& instance = t.unit("known a").instances.front();
  ASSERT_EQ(instance.path.size(), 1U);
  EXPECT_EQ(instance.path[0].because, "Account root opens.");
  EXPECT_THAT(instance.path[0].observations, ElementsAre(t.input.observations[0].id));
  EXPECT_EQ(t.requirement("known").basis, Basis::machine);
  EXPECT_THAT(t.requirement("known").remedies, ElementsAre("Remove the account."));
}

TEST(Judge, AbsenceNeedsCoverage) {
  EXPECT_EQ(Trial().observe(kSafe).verdict("known"), "inconclusive");
  EXPECT_EQ(Trial().observe(kSafe).cover("firmware/accounts").verdict("known"), "pass");
  Trial cut;
  cut.observe(kSafe).cover("firmware/accounts", false);
  EXPECT_EQ(cut.verdict("known"), "inconclusive");
  EXPECT_THAT(cut.unit("known a").instances[0].reasons, Contains(HasSubstr("no complete coverage of firmware/accounts: time is up")));
}

TEST(Judge, OneIncompleteImageIsEnoughToDoubtAnAbsence) {
  Trial t;
  t.cover("firmware/accounts").add_evidence("sha256:second", "firmware");
  EXPECT_EQ(t.verdict("known"), "inconclusive");
  t.cover("firmware/accounts", true, "sha256:second");
  EXPECT_EQ(t.verdict("known"), "pass");
  t.cover("firmware/accounts", false, "sha256:second");
  EXPECT_EQ(t.verdict("known"), "inconclusive") << "a second run was cut short";
}

TEST(Judge, CoverageOfAnotherScopeIsNone) {
  Trial t;
  t.observe("{kind: coverage, check: firmware/accounts, scope: boot, complete: true}");
  EXPECT_EQ(t.verdict("known"), "inconclusive");
}

TEST(Judge, AFieldThatIsAbsentMayBeAnything) {
  Trial t;
  t.observe("{kind: account, at: {path: /etc/shadow}, user: root}").cover("firmware/accounts");
  EXPECT_EQ(t.verdict("known"), "inconclusive");
}

TEST(Judge, ARuleThatMayNotGiveItsAnswerOnlySupports) {
  Trial t("ixit: {AuthMech: [{ID: A-1, user: root}]}\n");
  t.observe("{kind: login, at: {request: r1}, user: root, result: refused}");
  EXPECT_EQ(t.verdict("refute"), "inconclusive");
  EXPECT_THAT(t.unit("refute a").instances[0].path[0].supports, ElementsAre(HasSubstr("yes: A login was refused.")));
}

TEST(Judge, APersonAnswersWithEvidenceOrNotAtAll) {
  EXPECT_EQ(Trial().answer("t.no-known", "yes").verdict("known"), "inconclusive");
  EXPECT_EQ(Trial().answer("t.no-known", "yes", "", {"sha256:absent"}).verdict("known"), "inconclusive");
  Trial cited;
  cited.add_evidence("sha256:report", "document", "").answer("t.no-known", "yes", "", {"sha256:report"});
  EXPECT_EQ(cited.verdict("known"), "pass");
  EXPECT_EQ(cited.requirement("known").basis, Basis::document);
  Trial said;
  said.answer("t.person", "yes").answer("t.premise", "yes");
  EXPECT_EQ(said.verdict("conditional"), "pass");
  EXPECT_EQ(said.requirement("conditional").basis, Basis::attested);
}

TEST(Judge, TheLastAnswerCounts) {
  EXPECT_EQ(Trial().answer("t.person", "yes").answer("t.person", "no").verdict("same"), "fail");
  EXPECT_EQ(Trial().answer("t.person", "no").answer("t.person", "yes").verdict("same"), "pass");
}

TEST(Judge, AnAnswerForOneInstanceIsNotOneForAll) {
  const std::string product = "ixit: {SoftServ: [{ID: S-1, port: 80}, {ID: S-2, port: 443}]}\n";
  Trial one(product);
  one.answer("t.service", "yes", "S-1");
  EXPECT_EQ(one.verdict("services"), "inconclusive");
  EXPECT_EQ(one.unit("services a").instances[0].verdict, Verdict::pass);
  EXPECT_EQ(one.unit("services a").instances[1].verdict, Verdict::inconclusive);
  Trial all(product);
  all.answer("t.service", "yes");
  EXPECT_EQ(all.verdict("services"), "pass");
  Trial differ(product);
  differ.answer("t.service", "yes", "S-1").answer("t.service", "no");
  EXPECT_EQ(differ.unit("services a").instances[0].verdict, Verdict::inconclusive) << "which was meant cannot be told";
  EXPECT_EQ(differ.unit("services a").instances[1].verdict, Verdict::fail);
}

TEST(Judge, ObservationBeatsAnswerAndTheContradictionIsListed) {
  Trial t;
  t.add_evidence("sha256:report", "document").observe(kKnown).answer("t.no-known", "yes", "", {"sha256:report"});
  EXPECT_EQ(t.verdict("known"), "fail");
  ASSERT_FALSE(t.requirement("known").contradictions.empty());
  const Contradiction& c = t.requirement("known").contradictions.front();
  EXPECT_THAT(c.says, HasSubstr("J. Tester answers yes; found was no"));
  EXPECT_EQ(c.answers.size(), 1U);
  EXPECT_EQ(c.observations.size(), 1U);
}

TEST(Judge, TheIcsIsContradictedToo) {
  Trial t("ics: {known: {support: Y, detail: all closed}}\n");
  t.observe(kKnown);
  ASSERT_EQ(t.requirement("known").contradictions.size(), 1U);
  EXPECT_THAT(t.requirement("known").contradictions[0].says, HasSubstr("claims Y"));
}

TEST(Judge, UnknownNodesAreWalkedBothWays) {
  Trial open;
  EXPECT_EQ(open.verdict("same"), "inconclusive");
  EXPECT_THAT(open.owed("same"), ElementsAre("answer t.person")) << "the first node leads to the same place either way";
  EXPECT_EQ(open.answer("t.person", "no").verdict("same"), "fail") << "all reachable ends agree";
  EXPECT_EQ(Trial().answer("t.person", "no").verdict("gated"), "inconclusive") << "it may be not applicable";
  Trial gated;
  EXPECT_THAT(gated.owed("gated"), testing::UnorderedElementsAre("answer t.premise", "answer t.person"));
}

TEST(Judge, BothRulesHoldingIsAConflictThatNeverPasses) {
  Trial t;
  t.observe("{kind: login, at: {request: r1}, user: a, result: accepted}")
      .observe("{kind: login, at: {request: r2}, user: b, result: refused}");
  EXPECT_EQ(t.verdict("login"), "fail") << "what was refuted stays refuted";
  EXPECT_EQ(t.unit("login a").instances[0].path[0].answer, "conflict");
  EXPECT_FALSE(t.requirement("login").contradictions.empty());
  t.answer("t.person", "yes");
  EXPECT_EQ(t.verdict("turned"), "inconclusive") << "one branch passes, the other is not applicable";
}

TEST(Judge, ContradictoryObservationsSupportNothing) {
  Trial t;
  t.observe("{kind: account, at: {path: /a}, user: root, password: not-found, locked: false}").cover("firmware/accounts");
  EXPECT_EQ(t.verdict("known"), "pass");
  t.add_evidence("sha256:two", "firmware").cover("firmware/accounts", true, "sha256:two");
  t.observe("{kind: account, at: {path: /a}, user: root, password: known, locked: false}", "sha256:two");
  EXPECT_EQ(t.verdict("known"), "fail");
  Trial same;
  same.observe("{kind: login, at: {request: r1}, user: a, result: refused}");
  EXPECT_EQ(same.verdict("login"), "pass");
  same.add_evidence("sha256:two", "firmware").observe("{kind: login, at: {request: r1}, user: a, result: accepted}", "sha256:two");
  EXPECT_EQ(same.verdict("login"), "fail");
  same.input.disposals.push_back({same.input.observations[1].id, "J. Tester", "wrong unit", {}});
  same.answer("t.person", "yes");
  EXPECT_EQ(same.verdict("login"), "pass") << "withdrawn by name and reason";
}

TEST(Judge, AnUnrelatedFieldInDispute) {
  Trial t;
  t.observe("{kind: account, at: {path: /a}, user: root, password: not-found, locked: true}").cover("firmware/accounts");
  t.observe("{kind: account, at: {path: /a}, user: root, password: not-found, locked: false}");
  EXPECT_EQ(t.verdict("known"), "pass") << "neither account is known, whether locked or not";
}

TEST(Judge, ConceptualUnitsNeedAPersonOrADocument) {
  Trial t;
  t.observe(kSafe).cover("firmware/accounts");
  EXPECT_EQ(t.verdict("concept"), "inconclusive");
  EXPECT_THAT(t.owed("concept"), ElementsAre("answer t.no-known"));
  t.add_evidence("sha256:report", "document").answer("t.no-known", "yes", "", {"sha256:report"});
  EXPECT_EQ(t.verdict("concept"), "pass");
  EXPECT_EQ(t.requirement("concept").basis, Basis::document);
  EXPECT_EQ(t.requirement("known").basis, Basis::document) << "the weakest of what was used";
  EXPECT_EQ(Trial().observe(kKnown).verdict("concept"), "fail") << "refuting needs nobody";
  EXPECT_EQ(Trial().observe("{kind: document, role: manual, contains: contact}").verdict("paper"), "pass");
}

TEST(Judge, NoInstanceIsInconclusiveUnlessCompleteAndCovered) {
  EXPECT_EQ(Trial().verdict("services"), "inconclusive");
  EXPECT_THAT(Trial().owed("services"), ElementsAre("declaration ixit.SoftServ"));
  EXPECT_EQ(Trial("complete: [SoftServ]\n").verdict("services"), "inconclusive");
  EXPECT_THAT(Trial("complete: [SoftServ]\n").owed("services"), ElementsAre("observation ixit.SoftServ"));
  EXPECT_EQ(Trial("complete: [SoftServ]\n").cover("firmware/listeners").verdict("services"), "fail");
  EXPECT_EQ(Trial("complete: [AuthMech]\n").cover("firmware/accounts").verdict("refute"), "inconclusive") << "no reason is written";
  EXPECT_EQ(
      Trial("complete: [AuthMech]\nics: {refute: {support: N/A, detail: it has no login}}\n").cover("firmware/accounts").verdict("refute"),
      "not-applicable");
}

TEST(Judge, WhatIsSeenAndNotDeclaredIsAnInstanceOfItsOwn) {
  Trial t("ixit: {AuthMech: [{ID: A-1, user: admin}]}\n");
  t.observe(kKnown);
  EXPECT_EQ(t.verdict("refute"), "fail");
  ASSERT_EQ(t.unit("refute a").instances.size(), 2U);
  EXPECT_EQ(t.unit("refute a").instances[1].id, "account root");
  EXPECT_FALSE(t.unit("refute a").instances[1].declared);
  Trial named("ixit: {AuthMech: [{ID: A-1, user: root}]}\n");
  EXPECT_EQ(named.observe(kKnown).unit("refute a").instances.size(), 1U);
}

TEST(Judge, AListenerIsItsPortAndTransport) {
  Trial t("ixit: {SoftServ: [{ID: S-1, service: web, port: 80, transport: tcp}]}\n");
  t.observe("{kind: listener, service: lighttpd, port: 80, transport: tcp}")
      .observe("{kind: listener, service: lighttpd, port: 80, transport: udp}");
  ASSERT_EQ(t.unit("services a").instances.size(), 2U);
  EXPECT_EQ(t.unit("services a").instances[1].id, "listener lighttpd 80/udp");
}

TEST(Judge, UndeclaredThings) {
  const std::string product = "ixit: {SoftServ: [{ID: S-1, port: 80}]}\n";
  EXPECT_EQ(Trial(product).observe("{kind: listener, service: telnet, port: 23, transport: tcp}").verdict("complete"), "fail");
  EXPECT_EQ(Trial(product).observe("{kind: listener, service: http, port: 80, transport: tcp}").verdict("complete"), "inconclusive");
  EXPECT_EQ(Trial(product).cover("firmware/listeners").verdict("complete"), "pass");
  Trial claimed(product + "complete: [SoftServ]\n");
  claimed.observe("{kind: listener, service: telnet, port: 23, transport: tcp}");
  EXPECT_THAT(claimed.requirement("services").contradictions.front().says, HasSubstr("calls SoftServ complete"));
}

TEST(Judge, ARowSpeaksForItselfOnly) {
  Trial t("ixit: {SoftServ: [{ID: S-1, Justification: needed for settings}, {ID: S-2}]}\n");
  EXPECT_EQ(t.unit("services a").instances[0].verdict, Verdict::pass);
  EXPECT_EQ(t.unit("services a").instances[0].basis, Basis::document);
  EXPECT_THAT(t.unit("services a").instances[0].path[0].declared, ElementsAre(HasSubstr("ixit.SoftServ[S-1].Justification:")));
  EXPECT_EQ(t.unit("services a").instances[1].verdict, Verdict::inconclusive) << "the cell is not given";
}

TEST(Judge, NotApplicableNeedsItsReason) {
  const std::string without = "";
  Trial t;
  t.input.product = Trial("").input.product;
  auto product = [&](std::string_view more) {
    Product out;
    const std::string yaml =
        "product: {name: n, model: CC-1, version: \"1.0\", manufacturer: {name: M}}\nproperties: {passwords: false, consumer: true}\n" +
        std::string(more);
    EXPECT_THAT(Product::parse(yaml, "p", out), IsEmpty());
    return out;
  };
  t.input.product = product("");
  EXPECT_EQ(t.verdict("conditional"), "inconclusive");
  EXPECT_THAT(t.owed("conditional"), ElementsAre("justification small/conditional"));
  Trial reasoned;
  reasoned.input.product = product("ics: {conditional: {support: N/A, detail: there is no login}}\n");
  EXPECT_EQ(reasoned.verdict("conditional"), "not-applicable");
  EXPECT_TRUE(reasoned.requirement("conditional").justified);
  Trial claims_support;
  claims_support.input.product = product("ics: {conditional: {support: Y, detail: how it is met}}\n");
  EXPECT_EQ(claims_support.verdict("conditional"), "inconclusive");
  Trial noted;
  noted.input.product = product("");
  noted.answer("small/conditional", "not-applicable");
  EXPECT_EQ(noted.verdict("conditional"), "not-applicable");
  EXPECT_EQ(noted.requirement("conditional").basis, Basis::attested);
  Trial closing;
  closing.input.product = product("");
  closing.input.closing = true;
  EXPECT_EQ(closing.verdict("conditional"), "fail");
}

TEST(Judge, AMachineRefutesNotApplicable) {
  Trial t("ics: {conditional: {support: N/A, detail: there is no login}}\n");
  t.observe(kKnown).answer("t.person", "yes").answer("t.premise", "no");
  EXPECT_EQ(t.verdict("conditional"), "pass") << "the premise was seen; the answer and the ICS do not take it back";
  EXPECT_FALSE(t.requirement("conditional").contradictions.empty());
}

TEST(Judge, AnEndInATreeNeedsItsReasonToo) {
  Trial t;
  t.answer("t.premise", "no");
  EXPECT_EQ(t.verdict("gated"), "inconclusive");
  EXPECT_THAT(t.owed("gated"), ElementsAre("justification small/gated"));
  EXPECT_EQ(t.answer("small/gated", "not-applicable").verdict("gated"), "not-applicable");
  EXPECT_EQ(Trial().answer("t.premise", "no").answer("small/gated", "not-applicable", "", {}, "  ").verdict("gated"), "inconclusive");
}

TEST(Judge, ARecommendationLeftOutStaysFailAndOwesItsReason) {
  Trial t;
  t.answer("t.person", "no");
  EXPECT_EQ(t.verdict("recommended"), "fail");
  EXPECT_FALSE(t.requirement("recommended").justified);
  EXPECT_THAT(t.owed("recommended"), ElementsAre("justification small/recommended"));
  t.answer("small/recommended", "deviation");
  EXPECT_EQ(t.verdict("recommended"), "fail");
  EXPECT_TRUE(t.requirement("recommended").justified);
  EXPECT_THAT(t.owed("recommended"), IsEmpty());
}

TEST(Judge, UnverifiedEntriesCountOnceConfirmed) {
  Trial t;
  t.answer("t.person", "yes");
  EXPECT_EQ(t.verdict("unverified"), "inconclusive");
  EXPECT_EQ(t.requirement("unverified").would_be, "pass");
  EXPECT_THAT(t.owed("unverified"), ElementsAre("confirmation small/unverified"));
  t.confirm("unverified");
  EXPECT_EQ(t.verdict("unverified"), "pass");
  EXPECT_EQ(t.requirement("unverified").would_be, "");
  t.input.confirmations[0].edition = "0";
  EXPECT_EQ(Trial(t).confirm("nothing").verdict("unverified"), "inconclusive") << "another edition was confirmed";
}

TEST(Judge, UnverifiedQuestionsAndConditions) {
  Trial q;
  q.answer("t.unsure", "yes");
  EXPECT_EQ(q.verdict("unsure"), "inconclusive");
  EXPECT_EQ(q.confirm("t.unsure").verdict("unsure"), "pass");
  Trial c("ics: {doubtful: {support: N/A, detail: none}}\n");
  c.answer("t.premise-too", "no");
  EXPECT_EQ(c.verdict("doubtful"), "inconclusive");
  EXPECT_EQ(c.requirement("doubtful").would_be, "not-applicable");
  EXPECT_EQ(c.confirm("telemetry").verdict("doubtful"), "not-applicable");
  EXPECT_EQ(Trial().answer("t.premise-too", "yes").answer("t.person", "yes").verdict("doubtful"), "pass")
      << "the unverified condition lets nothing off";
}

TEST(Judge, DisputedTreesWaitForANamedPerson) {
  Trial t;
  t.answer("t.person", "yes").observe("{kind: document, role: manual, contains: nothing}");
  EXPECT_EQ(t.verdict("disputed"), "inconclusive");
  EXPECT_EQ(t.unit("disputed a").variants.at("strict"), Verdict::fail);
  EXPECT_EQ(t.unit("disputed a").variants.at("lenient"), Verdict::pass);
  EXPECT_THAT(t.owed("disputed"), ElementsAre("choice small/disputed a"));
  Trial chosen(t);
  EXPECT_EQ(chosen.answer("small/disputed a", "lenient").verdict("disputed"), "pass");
  Trial strict(t);
  EXPECT_EQ(strict.answer("small/disputed a", "strict").verdict("disputed"), "fail");
  Trial nobody(t);
  nobody.answer("small/disputed a", "lenient");
  nobody.input.answers.back().by.clear();
  EXPECT_EQ(nobody.verdict("disputed"), "inconclusive");
  EXPECT_EQ(Trial().answer("t.person", "no").verdict("disputed"), "fail") << "where the readings agree nobody has to choose";
}

TEST(Judge, ANarrowerQuestionNeverSupportsPass) {
  Trial t;
  t.answer("t.person", "yes").add_evidence("sha256:report", "document");
  EXPECT_EQ(t.verdict("narrow"), "inconclusive");
  EXPECT_EQ(Trial(t).answer("small/narrow a", "yes").verdict("narrow"), "inconclusive") << "the rest needs evidence";
  EXPECT_EQ(Trial(t).answer("small/narrow a", "yes", "", {"sha256:report"}).verdict("narrow"), "pass");
  EXPECT_EQ(Trial().answer("t.person", "no").verdict("narrow"), "fail");
}

TEST(Judge, InheritsRollsUpOthersWithinAndAcrossSchemes) {
  Trial t;
  t.observe(kSafe).cover("firmware/accounts");
  EXPECT_EQ(t.verdict("inherits"), "inconclusive");
  EXPECT_EQ(t.verdict("across"), "pass");
  EXPECT_THAT(t.owed("inherits"), Contains("observation t.paper"));
  EXPECT_EQ(t.observe("{kind: document, role: manual, contains: contact}").verdict("inherits"), "pass");
  EXPECT_EQ(Trial().observe(kKnown).verdict("across"), "fail");
  Trial only;
  only.input.schemes = {"other"};
  EXPECT_EQ(only.observe(kKnown).verdict("across"), "fail") << "what is inherited is judged though its scheme is not asked for";
}

TEST(Judge, RoutesAreChosenByTheDeclaration) {
  EXPECT_EQ(Trial().answer("t.person", "yes").verdict("routed"), "pass");
  Trial other("routes: {small/routed: other}\n");
  EXPECT_EQ(other.answer("t.person", "yes").verdict("routed"), "inconclusive");
  EXPECT_EQ(other.requirement("routed").route, "other");
  Trial unknown("routes: {small/routed: nowhere}\n");
  EXPECT_EQ(unknown.answer("t.person", "yes").verdict("routed"), "inconclusive");
  EXPECT_THAT(unknown.owed("routed"), ElementsAre("declaration small/routed"));
}

TEST(Judge, EvidenceOfAnotherVersionIsStaleUntilCarriedOver) {
  Trial t;
  t.input.evidence[0].version = "0.9";
  t.observe(kKnown).cover("firmware/accounts");
  EXPECT_EQ(t.verdict("known"), "inconclusive");
  ASSERT_EQ(t.judged().stale.items().size(), 1U);
  EXPECT_EQ(t.judged().stale.items()[0]["evidence"].text(), "sha256:firmware");
  Trial carried(t);
  carried.input.evidence[0].carried_by = "J. Tester";
  carried.input.evidence[0].version = "1.0";
  EXPECT_EQ(carried.confirm("x").verdict("known"), "fail");
  Trial unbound(t);
  unbound.input.evidence[0].version.clear();
  EXPECT_EQ(unbound.confirm("x").verdict("known"), "inconclusive");
}

TEST(Judge, AnswersOfAnotherVersionAreStale) {
  Trial t;
  t.answer("t.person", "no");
  t.input.answers[0].version = "0.9";
  EXPECT_EQ(t.verdict("same"), "inconclusive");
  EXPECT_EQ(t.judged().stale.items().size(), 1U);
}

TEST(Judge, ACaptureNamesItsDevice) {
  Trial t;
  t.add_evidence("sha256:capture", "capture").observe("{kind: login, at: {request: r}, user: a, result: accepted}", "sha256:capture");
  EXPECT_EQ(t.verdict("login"), "inconclusive");
  t.input.evidence[1].device = "02:00:00:00:00:01";
  EXPECT_EQ(t.confirm("x").verdict("login"), "fail");
  Trial unlisted;
  unlisted.observe(kKnown, "sha256:unlisted");
  EXPECT_EQ(unlisted.verdict("known"), "inconclusive") << "evidence that is not held shows nothing";
}

TEST(Judge, ALabelHeldCountsWhereTheLawSaysSo) {
  const auto label = [](std::string_view more) {
    return "{kind: certificate-of, standard: Star label, edition: \"1\", scope: camera CC-1, issued: 2026-01-01, identifier: L1" +
           std::string(more) + "}";
  };
  Trial t;
  t.observe(label(", expires: 2027-01-01"));
  EXPECT_EQ(t.verdict("known"), "pass");
  EXPECT_EQ(t.requirement("known").recognition, "label-for-small");
  EXPECT_EQ(t.requirement("known").basis, Basis::document);
  EXPECT_EQ(t.verdict("login"), "inconclusive") << "it grants nothing else";
  EXPECT_EQ(Trial().observe(label(", expires: 2026-05-31")).verdict("known"), "inconclusive");
  EXPECT_EQ(Trial().observe(label("")).verdict("known"), "inconclusive") << "a label has an end date";
  Trial refuted;
  refuted.observe(label(", expires: 2027-01-01")).observe(kKnown);
  EXPECT_EQ(refuted.verdict("known"), "fail");
  EXPECT_THAT(refuted.requirement("known").contradictions.back().says, HasSubstr("what was observed refutes it"));
  EXPECT_EQ(
      Trial()
          .observe("{kind: certificate-of, standard: Star label, edition: \"2\", scope: CC-1, issued: 2026-01-01, expires: 2027-01-01}")
          .verdict("known"),
      "inconclusive");
  EXPECT_EQ(
      Trial()
          .observe("{kind: certificate-of, standard: Star label, edition: \"1\", scope: CC-10, issued: 2026-01-01, expires: 2027-01-01}")
          .verdict("known"),
      "inconclusive");
  EXPECT_EQ(Trial().observe("{kind: certificate-of, standard: Statement, scope: CC-1, issued: 2026-01-01}").verdict("login"), "pass");
  Trial early;
  early.input.date = *parse_day("2024-12-31");
  EXPECT_EQ(
      early.observe("{kind: certificate-of, standard: Star label, edition: \"1\", scope: CC-1, issued: 2024-01-01, expires: 2027-01-01}")
          .verdict("known"),
      "inconclusive");
}

TEST(Judge, En18031Combines) {
  Trial t;
  t.answer("t.person", "yes");
  EXPECT_EQ(t.verdict("both"), "inconclusive");
  EXPECT_EQ(t.cover("firmware/accounts").verdict("both"), "pass");
  using V = Verdict;
  EXPECT_EQ(combine_en_18031({{"conceptual", V::not_applicable}, {"functional-completeness", V::inconclusive}}), V::not_applicable);
  EXPECT_EQ(combine_en_18031({{"conceptual", V::not_applicable}, {"functional-completeness", V::fail}}), V::fail);
  EXPECT_EQ(combine_en_18031({{"conceptual", V::pass}, {"functional-completeness", V::not_applicable}}), V::inconclusive);
  EXPECT_EQ(combine_en_18031({{"conceptual", V::pass}, {"functional-sufficiency", V::pass}}), V::pass);
  EXPECT_EQ(combine_en_18031({}), V::inconclusive);
}

TEST(Judge, RollsUpAllInputsOfUpToFour) {
  const std::vector<Verdict> all = {Verdict::pass, Verdict::fail, Verdict::inconclusive, Verdict::not_applicable};
  const auto reference = [](const std::vector<Verdict>& in) {
    int fails = 0, opens = 0, passes = 0;
    for (const Verdict v : in) {
      if (v == Verdict::fail) ++fails;
      if (v == Verdict::inconclusive) ++opens;
      if (v == Verdict::pass) ++passes;
    }
    if (fails > 0) return Verdict::fail;
    if (opens > 0 || in.empty()) return Verdict::inconclusive;
    return passes > 0 ? Verdict::pass : Verdict::not_applicable;
  };
  for (std::size_t n = 0; n <= 4; ++n) {
    for (std::size_t code = 0; code < (1ULL << (2 * n)); ++code) {
      std::vector<Verdict> in;
      for (std::size_t i = 0; i < n; ++i) in.push_back(all[(code >> (2 * i)) & 3U]);
      EXPECT_EQ(roll_up(in), reference(in)) << n << " " << code;
    }
  }
}

TEST(Judge, OwedListsWhatSettlesMostForLeastFirst) {
  Trial t;
  const auto& owed = t.judged().owed;
  ASSERT_GE(owed.size(), 4U);
  for (std::size_t i = 1; i < owed.size(); ++i) {
    const double before = static_cast<double>(owed[i - 1].settles.size()) / std::max(owed[i - 1].cost, 1);
    const double now = static_cast<double>(owed[i].settles.size()) / std::max(owed[i].cost, 1);
    EXPECT_GE(before, now) << owed[i].question;
  }
  const auto person = std::ranges::find(owed, "t.person", &Owed::question);
  ASSERT_NE(person, owed.end());
  EXPECT_THAT(person->settles, testing::AllOf(Contains("small/same a"), Contains("other/both c"))) << "over all chosen schemes";
}

TEST(Judge, SchemesAreThoseInScope) {
  Trial t;
  t.input.schemes.clear();
  ASSERT_EQ(t.judged().schemes.size(), 1U);
  EXPECT_EQ(t.judged().schemes[0].id, "small");
  EXPECT_EQ(t.judged().schemes[0].applies, "applies");
  Trial named;
  EXPECT_EQ(named.judged().schemes[0].applies, "does-not-apply") << "judged because it was asked for";
}

TEST(Judge, JsonFollowsItsSchema) {
  Trial t("ixit: {SoftServ: [{ID: S-1, Justification: needed}], AuthMech: [{ID: A-1, user: admin}]}\n");
  t.observe(kKnown).answer("t.person", "yes").cover("firmware/listeners");
  Value json = to_value(t.judged());
  const auto schema = shipped_schema("verdicts");
  ASSERT_TRUE(schema) << schema.error().to_text();
  std::string all;
  for (const Error& error : schema->apply(json, "verdicts")) all += error.to_text() + "\n";
  EXPECT_EQ(all, "");
}

}  // namespace
}  // namespace assay::assess
