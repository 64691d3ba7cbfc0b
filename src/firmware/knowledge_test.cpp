// SPDX-License-Identifier: Apache-2.0
#include "firmware/knowledge.hpp"

#include <gtest/gtest.h>

#include "firmware/checks/made_image.hpp"
#include "firmware/components/signatures.hpp"

namespace assay::firmware {
namespace {

std::vector<Error> load(std::string_view path, std::string_view text) {
  std::shared_ptr<const Knowledge> out;
  return load_knowledge({{path, text}}, out);
}

TEST(Knowledge, WhatShipsLoadsWithoutError) {
  const auto files = embedded_files();
  std::shared_ptr<const Knowledge> out;
  for (const Error& e : load_knowledge({files.begin(), files.end()}, out)) ADD_FAILURE() << e.to_text();
  ASSERT_NE(out, nullptr);
  EXPECT_GE(out->signatures.size(), 130U);
  EXPECT_GE(out->passwords.size(), 900U);
  EXPECT_GE(out->programs.size(), 50U);
}

// Every signature proves itself: its own samples give its version, and nothing where nothing is to be found.
TEST(Knowledge, EverySignatureMatchesItsSamplesAndNoMore) {
  const Knowledge& knowledge = shipped_knowledge();
  const auto versions = [&](const Signature& s, const SignatureSample& sample) {
    std::string text = sample.text;
    // File names count for ELF files only.
    if (!sample.file.empty())
      text.insert(0, std::string("\x7f"
                                 "ELF") +
                         std::string(12, '\0'));
    std::vector<std::string> out;
    for (const auto& hit : find_signatures(knowledge, bytes_of(text), sample.file)) {
      if (hit.signature == &s) out.push_back(hit.version);
    }
    return out;
  };
  for (const Signature& s : knowledge.signatures) {
    for (const auto& sample : s.match) {
      EXPECT_EQ(versions(s, sample), std::vector<std::string>{sample.version}) << s.id << ": " << sample.text << sample.file;
    }
    for (const auto& sample : s.no_match) EXPECT_TRUE(versions(s, sample).empty()) << s.id << ": " << sample.text;
  }
}

TEST(Knowledge, MisspeltKeyIsAnErrorWithItsLine) {
  const auto errors = load("knowledge/components/x.yaml", "components:\n  - id: a\n    patern: x\n");
  ASSERT_FALSE(errors.empty());
  EXPECT_EQ(errors[0].where.line, 3U);
}

TEST(Knowledge, BadExpressionIsAnError) {
  const auto errors =
      load("knowledge/components/x.yaml", "components:\n  - id: a\n    patterns: ['(']\n    match: [{text: a, version: b}]\n");
  EXPECT_FALSE(errors.empty());
}

TEST(Knowledge, PatternNeedsAGroup) {
  const auto errors =
      load("knowledge/components/x.yaml", "components:\n  - id: a\n    patterns: ['abc']\n    match: [{text: abc, version: b}]\n");
  EXPECT_FALSE(errors.empty());
}

TEST(Knowledge, AllErrorsComeAtOnce) {
  const auto errors =
      load("knowledge/services/x.yaml", "programs:\n  - {names: [a], listens: [{service: x, port: 99999}]}\n  - {listens: []}\n");
  EXPECT_EQ(errors.size(), 2U);
}

TEST(Knowledge, CpeEscapesWhatMustBeEscaped) {
  const Knowledge& knowledge = shipped_knowledge();
  const auto found = std::ranges::find(knowledge.signatures, "busybox", &Signature::id);
  ASSERT_NE(found, knowledge.signatures.end());
  EXPECT_EQ(cpe_of(*found, "1.2+git"), "cpe:2.3:a:busybox:busybox:1.2\\+git:*:*:*:*:*:*:*");
  EXPECT_EQ(purl_of(*found, "1.2+git"), "pkg:generic/busybox@1.2%2Bgit");
}

}  // namespace
}  // namespace assay::firmware
