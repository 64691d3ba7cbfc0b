// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assess/judge.hpp"
#include "assess/small_scheme.hpp"

namespace assay::assess {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr std::string_view kImageScope = "{kind: coverage, check: firmware/accounts, scope: image, complete: true}";

TEST(Coverage, AKernelBesideTheRootFileSystemStandsInNobodysWay) {
  Trial t;
  t.add_evidence("sha256:kernel", "firmware").observe(kImageScope, "sha256:kernel");
  EXPECT_EQ(t.verdict("known"), "inconclusive") << "nothing was said of the root file system yet";
  EXPECT_THAT(t.unit("known a").instances[0].reasons, Contains(HasSubstr("it did not run on sha256:firmware")));
  EXPECT_EQ(t.cover("firmware/accounts").verdict("known"), "pass");
}

TEST(Coverage, AnotherScopeAloneShowsNoAbsence) {
  Trial t;
  t.observe(kImageScope);
  EXPECT_EQ(t.verdict("known"), "inconclusive");
  EXPECT_THAT(t.unit("known a").instances[0].reasons, Contains(HasSubstr("no firmware evidence shows the scope root")));
}

TEST(Coverage, AnIncompleteRunBlocksWhateverItsScope) {
  Trial t;
  t.cover("firmware/accounts").add_evidence("sha256:kernel", "firmware");
  t.observe("{kind: coverage, check: firmware/accounts, scope: image, complete: false, reason: encrypted}", "sha256:kernel");
  EXPECT_EQ(t.verdict("known"), "inconclusive");
  EXPECT_THAT(t.unit("known a").instances[0].reasons, Contains(HasSubstr("encrypted")));
  t.observe(kImageScope, "sha256:kernel");
  EXPECT_EQ(t.verdict("known"), "inconclusive") << "a complete run beside it does not undo the one that was cut short";
}

TEST(Coverage, OneReportMayCoverBothScopes) {
  Trial t;
  t.observe(kImageScope).cover("firmware/accounts");
  EXPECT_EQ(t.verdict("known"), "pass");
  EXPECT_EQ(t.unit("known a").instances[0].path[0].observations.size(), 2U) << "all that the absence rests on is cited";
}

TEST(Coverage, NeedsEvidenceOfTheChecksOwnType) {
  Trial t;
  t.input.evidence[0].type = "probe";
  EXPECT_EQ(t.cover("firmware/accounts").verdict("known"), "inconclusive");
  EXPECT_THAT(t.unit("known a").instances[0].reasons, Contains(HasSubstr("no firmware evidence of this version is held")));
  Trial beside;
  beside.add_evidence("sha256:scan", "probe");
  EXPECT_EQ(beside.cover("firmware/accounts").verdict("known"), "pass") << "evidence of another type needs no such report";
}

TEST(Coverage, EvidenceThatMayNotBeUsedNeitherCoversNorBlocks) {
  Trial t;
  t.add_evidence("sha256:old", "firmware", "0.9").cover("firmware/accounts", true, "sha256:old");
  EXPECT_EQ(t.verdict("known"), "inconclusive") << "the old image shows nothing of this version";
  EXPECT_EQ(t.cover("firmware/accounts").verdict("known"), "pass");
}

// Every set of complete reports taken away from a PASS, or from anything else, never makes a PASS.
TEST(Coverage, TakingReportsAwayNeverMakesAPass) {
  struct Report {
    std::string_view evidence, scope;
  };
  const std::vector<Report> reports = {
      {"sha256:firmware", "root"}, {"sha256:firmware", "image"}, {"sha256:kernel", "root"}, {"sha256:kernel", "image"}};
  const auto verdict = [&](std::size_t kept, bool cut_short) {
    Trial t;
    t.add_evidence("sha256:kernel", "firmware");
    for (std::size_t i = 0; i < reports.size(); ++i) {
      if ((kept >> i & 1U) == 0) continue;
      t.observe("{kind: coverage, check: firmware/accounts, scope: " + std::string(reports[i].scope) + ", complete: true}",
                reports[i].evidence);
    }
    if (cut_short) t.cover("firmware/accounts", false, "sha256:kernel");
    return t.verdict("known");
  };
  for (std::size_t all = 0; all < 16; ++all) {
    EXPECT_NE(verdict(all, true), "pass") << all;
    if (verdict(all, false) == "pass") continue;
    for (std::size_t less = 0; less < all; ++less) {
      if ((less & all) != less) continue;
      EXPECT_NE(verdict(less, false), "pass") << all << " " << less;
    }
  }
}

}  // namespace
}  // namespace assay::assess
