// SPDX-License-Identifier: Apache-2.0
#include "base/yaml.hpp"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Yaml, KeepsScalarsAsTextWithMarks) {
  const auto v = parse_yaml("version: 1.10\nanswer: no\nquoted: \"7\"\nnothing:\nlist: [a, b]\n", "p.yaml");
  ASSERT_TRUE(v) << v.error().to_text();
  EXPECT_EQ((*v)["version"].text(), "1.10") << "1.10 is not 1.1";
  EXPECT_EQ((*v)["answer"].text(), "no") << "no is not false";
  EXPECT_TRUE((*v)["version"].plain);
  EXPECT_FALSE((*v)["quoted"].plain);
  EXPECT_TRUE((*v)["nothing"].is_null());
  EXPECT_EQ((*v)["quoted"].mark.line, 3U);
  EXPECT_EQ((*v)["quoted"].mark.column, 9U);
  EXPECT_EQ((*v)["list"].items().size(), 2U);
}

TEST(Yaml, RefusesBombsAndTricks) {
  EXPECT_FALSE(parse_yaml("a: &x [1]\nb: *x\n")) << "anchors";
  EXPECT_FALSE(parse_yaml("a: !!python/object x\n")) << "tags";
  EXPECT_FALSE(parse_yaml(std::string(200, '[') + std::string(200, ']'))) << "depth";
  EXPECT_FALSE(parse_yaml("a: 1\n---\nb: 2\n")) << "two documents";
  EXPECT_FALSE(parse_yaml("? [a]\n: 1\n")) << "key that is no word";
  EXPECT_FALSE(parse_yaml("a: \xff\n")) << "not UTF-8";
  EXPECT_FALSE(parse_yaml(std::string((16U << 20U) + 1, ' '))) << "size";
}

TEST(Yaml, NamesPlaceOfDuplicateKeysAndSyntaxErrors) {
  const auto twice = parse_yaml("a: 1\nb: 2\na: 3\n", "p.yaml");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().where.line, 3U);
  const auto broken = parse_yaml("a: [1, 2\nb: 3\n", "p.yaml");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().where.path, "p.yaml");
  EXPECT_GT(broken.error().where.line, 0U);
}

TEST(Yaml, WritesWhatItReads) {
  const auto v = parse_yaml("product:\n  name: \"yes\"\n  list:\n    - {a: b, c: 'd: e'}\n    - plain\n  empty: []\n");
  ASSERT_TRUE(v);
  const auto again = parse_yaml(to_yaml(*v));
  ASSERT_TRUE(again) << to_yaml(*v);
  EXPECT_EQ(*again, *v) << to_yaml(*v);
}

TEST(Yaml, PlainStaysPlainAndQuotedStaysQuoted) {
  const std::string text = "a: true\nb: \"true\"\nc: 3\nd: \"3\"\n";
  EXPECT_EQ(to_yaml(*parse_yaml(text)), text);
  EXPECT_EQ(to_yaml(*parse_yaml("{a: [no, 'no', 1.5], b: x y}")), "a:\n  - no\n  - \"no\"\n  - 1.5\nb: x y\n");
}

TEST(Yaml, LinesAreWrittenAsLinesAndComeBackTheSame) {
  for (const char* text : {"one\ntwo", "one\n\n  three: #", "a\nb\n", "\na", " a\nb", "a\r\nb", "a\tb\nc", "- a\n- b", "a\n b \nc"}) {
    Value v = Value::object();
    Value list = Value::array();
    list.push(text);
    v.set("map", text);
    v.set("list", std::move(list));
    const auto again = parse_yaml(to_yaml(v));
    ASSERT_TRUE(again) << to_yaml(v);
    EXPECT_EQ(*again, v) << to_yaml(v);
  }
}

TEST(Yaml, EveryPrefixEndsCleanly) {
  const std::string text = "a: {b: [1, \"x\", 'y'], c: |\n  block\n}\nd: >-\n  folded\n";
  for (std::size_t n = 0; n <= text.size(); ++n) static_cast<void>(parse_yaml(std::string_view(text).substr(0, n)));
}

}  // namespace
}  // namespace assay
