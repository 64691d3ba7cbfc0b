// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assess/judge.hpp"
#include "assess/small_scheme.hpp"

namespace assay::assess {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using V = Verdict;

constexpr std::string_view kKnown = "{kind: account, at: {path: /etc/shadow, line: 1}, user: root, password: known, locked: false}";
constexpr std::string_view kLabel =
    "{kind: certificate-of, standard: Star label, edition: \"1\", scope: camera CC-1, issued: 2026-01-01, expires: 2027-01-01, identifier: "
    "L1}";

// EN 18031-1, 4.3: rows are the conceptual verdict, columns the functional one, both in the order of `kAll`.
TEST(Combining, TheTableOfEn18031) {
  constexpr V kAll[] = {V::pass, V::fail, V::inconclusive, V::not_applicable};
  constexpr V kTable[4][4] = {{V::pass, V::fail, V::inconclusive, V::inconclusive},
                              {V::fail, V::fail, V::fail, V::fail},
                              {V::inconclusive, V::fail, V::inconclusive, V::inconclusive},
                              {V::not_applicable, V::fail, V::not_applicable, V::not_applicable}};
  for (std::size_t c = 0; c < 4; ++c) {
    for (std::size_t f = 0; f < 4; ++f) {
      for (const char* kind : {"functional-completeness", "functional-sufficiency"}) {
        EXPECT_EQ(combine_en_18031({{"conceptual", kAll[c]}, {kind, kAll[f]}}), kTable[c][f]) << c << " " << f;
        EXPECT_EQ(combine_en_18031({{kind, kAll[f]}, {"conceptual", kAll[c]}}), kTable[c][f]) << c << " " << f;
      }
    }
  }
}

TEST(Combining, AllThreePrescribedKindsMustPass) {
  const auto three = [](V concept_verdict, V completeness, V sufficiency) {
    return combine_en_18031(
        {{"conceptual", concept_verdict}, {"functional-completeness", completeness}, {"functional-sufficiency", sufficiency}});
  };
  EXPECT_EQ(three(V::pass, V::pass, V::pass), V::pass);
  EXPECT_EQ(three(V::pass, V::pass, V::inconclusive), V::inconclusive);
  EXPECT_EQ(three(V::pass, V::not_applicable, V::pass), V::inconclusive);
  EXPECT_EQ(three(V::not_applicable, V::inconclusive, V::inconclusive), V::not_applicable);
  EXPECT_EQ(three(V::inconclusive, V::inconclusive, V::fail), V::fail);
  EXPECT_EQ(combine_en_18031({{"functional-completeness", V::pass}}), V::pass) << "only one kind is prescribed";
  EXPECT_EQ(combine_en_18031({{"functional-completeness", V::not_applicable}}), V::not_applicable);
}

TEST(Combining, PartsThatDoNotFitOweTheirCorrection) {
  Trial t("complete: [AuthMech]\n");
  t.answer("t.person", "yes").answer("other/mixed", "not-applicable").cover("firmware/accounts");
  EXPECT_EQ(t.verdict("mixed"), "inconclusive") << "the concept passes, the functional part does not apply";
  EXPECT_THAT(t.owed("mixed"), ElementsAre("declaration other/mixed"));
}

TEST(Recognising, ObservationsBesideTheLabel) {
  Trial refuted;
  EXPECT_EQ(refuted.observe(kLabel).observe(kKnown).verdict("known"), "fail");
  Trial withdrawn(refuted);
  withdrawn.input.disposals.push_back({refuted.input.observations[1].id, "J. Tester", "wrong unit", {}});
  EXPECT_EQ(withdrawn.confirm("x").verdict("known"), "pass");
}

TEST(Recognising, WhatIsRefutedOnAnUnverifiedRowStaysOpen) {
  Trial t;
  t.observe(kLabel).observe(kKnown);
  EXPECT_EQ(t.verdict("labelled"), "inconclusive")
      << "the row is unverified, so the FAIL does not count yet; the label does not take it back";
  EXPECT_EQ(t.requirement("labelled").would_be, "fail");
  EXPECT_THAT(t.requirement("labelled").contradictions.back().says, HasSubstr("what was observed refutes it"));
  EXPECT_EQ(Trial().observe(kLabel).verdict("labelled"), "pass");
}

TEST(Recognising, ContradictoryObservationsKeepALabelFromCounting) {
  Trial t;
  t.observe(kLabel).answer("t.person", "yes");
  EXPECT_EQ(t.verdict("turned"), "pass");
  t.observe("{kind: login, at: {request: r1}, user: a, result: accepted}")
      .observe("{kind: login, at: {request: r2}, user: b, result: refused}");
  EXPECT_EQ(t.verdict("turned"), "inconclusive");
  EXPECT_THAT(t.requirement("turned").contradictions.back().says, HasSubstr("contradict one another"));
}

TEST(Recognising, NeedsStoredEvidenceOfTheProduct) {
  EXPECT_EQ(Trial().observe(kLabel).verdict("known"), "pass");
  EXPECT_EQ(Trial().observe(kLabel, "sha256:nowhere").verdict("known"), "inconclusive") << "the paper is not held";
  Trial stale;
  stale.add_evidence("sha256:old", "document", "0.9").observe(kLabel, "sha256:old");
  EXPECT_EQ(stale.verdict("known"), "inconclusive") << "a paper of another version";
  Trial twice;
  twice.observe(kLabel).observe(
      "{kind: certificate-of, standard: Star label, edition: \"1\", scope: camera CC-1, issued: 2026-02-01, expires: 2027-01-01, "
      "identifier: L1}");
  EXPECT_EQ(twice.verdict("known"), "inconclusive") << "two papers of one number that do not agree";
  Trial disposed;
  disposed.observe(kLabel);
  disposed.input.disposals.push_back({disposed.input.observations[0].id, "J. Tester", "forged", {}});
  EXPECT_EQ(disposed.verdict("known"), "inconclusive");
  Trial computed;
  computed.observe("{kind: account, user: root, at: {path: /a}, password: not-found}").cover("firmware/accounts");
  EXPECT_EQ(computed.verdict("known"), "pass");
  EXPECT_EQ(computed.requirement("known").recognition, "") << "a computed verdict grants nothing elsewhere";
}

}  // namespace
}  // namespace assay::assess
