// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Json, ReadsWhatItWrites) {
  const auto v = parse_json(R"({"a":[1,2.5,true,null,"x\u00e9\n"],"b":{}})");
  ASSERT_TRUE(v);
  EXPECT_EQ((*v)["a"].items().size(), 5U);
  EXPECT_EQ((*v)["a"].items()[1].number(), 2.5);
  EXPECT_EQ(to_json(*v), "{\"a\":[1,2.5,true,null,\"xé\\n\"],\"b\":{}}");
  EXPECT_EQ(*parse_json(to_json(*v, JsonStyle::pretty)), *v);
}

TEST(Json, CanonicalFormSortsNames) {
  EXPECT_EQ(to_canonical_json(*parse_json(R"({"b":1,"a":{"d":2,"c":3}})")), R"({"a":{"c":3,"d":2},"b":1})");
  EXPECT_EQ(*parse_json(R"({"b":1,"a":2})"), *parse_json(R"({"a":2,"b":1.0})"));
}

TEST(Json, RefusesDuplicateKeysWithLineAndColumn) {
  const auto v = parse_json("{\n \"a\": 1,\n \"a\": 2}", "x.json");
  ASSERT_FALSE(v);
  EXPECT_EQ(v.error().where.path, "x.json");
  EXPECT_EQ(v.error().where.line, 3U);
  EXPECT_NE(v.error().what.find("\"a\""), std::string::npos);
}

TEST(Json, RefusesDepthTrailingTextAndBadUtf8) {
  EXPECT_FALSE(parse_json(std::string(100, '[') + std::string(100, ']')));
  EXPECT_FALSE(parse_json("{} x"));
  EXPECT_FALSE(parse_json("\"\xff\""));
  EXPECT_FALSE(parse_json(""));
  EXPECT_FALSE(parse_json("{\"a\":"));
}

TEST(Json, EscapesWhatWouldBreakOut) {
  EXPECT_EQ(json_quoted("\"\\\x01"), "\"\\\"\\\\\\u0001\"");
  EXPECT_EQ(to_json(Value(std::string("\xff"))), "\"\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace assay
