// SPDX-License-Identifier: Apache-2.0
#include "base/pattern_set.hpp"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>
#include <set>

namespace assay {
namespace {

TEST(PatternSet, FindsLiteralBytesAndExpressions) {
  const auto set = PatternSet::build({{.text = std::string("hs\0qs", 5), .literal = true}, {.text = "BusyBox v[0-9.]+"}});
  ASSERT_TRUE(set);
  std::set<std::size_t> seen;
  std::uint64_t literal_end = 0;
  set->scan(bytes_of(std::string_view("xxhs\0qs..BusyBox v1.19.2 ", 25)), [&](std::size_t id, std::uint64_t end) {
    seen.insert(id);
    if (id == 0) literal_end = end;
    return true;
  });
  EXPECT_EQ(seen, (std::set<std::size_t>{0, 1}));
  EXPECT_EQ(literal_end, 7U);
}

TEST(PatternSet, SaysWhichExpressionIsWrong) {
  const auto set = PatternSet::build({{.text = "good"}, {.text = "(unclosed"}});
  ASSERT_FALSE(set);
  EXPECT_NE(set.error().what.find("(unclosed"), std::string::npos);
}

// A missed secret would be a false PASS: the engine is held against RE2 on random texts.
TEST(PatternSet, AgreesWithRe2OnRandomTexts) {
  const std::vector<std::string> expressions = {"a+b", "[a-c]{3}", "x(y|z)+", "a.c", "bb*c", "[^a]b{2,3}", "zz", "c$"};
  std::vector<Pattern> patterns;
  for (const std::string& e : expressions) patterns.push_back({.text = e});
  const auto set = PatternSet::build(patterns);
  ASSERT_TRUE(set);
  std::mt19937 random(7);  // NOLINT: the same texts every run
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::size_t i = 0; i < 1 + random() % 60; ++i) text += "abcxyz"[random() % 6];
    std::set<std::size_t> seen;
    set->scan(bytes_of(text), [&](std::size_t id, std::uint64_t) {
      seen.insert(id);
      return true;
    });
    for (std::size_t i = 0; i < expressions.size(); ++i) {
      EXPECT_EQ(seen.contains(i), RE2::PartialMatch(text, expressions[i])) << expressions[i] << " on " << text;
    }
  }
}

}  // namespace
}  // namespace assay
