// SPDX-License-Identifier: Apache-2.0
#include "model/schema.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/yaml.hpp"

namespace assay {
namespace {

std::vector<Error> check(std::string_view schema, std::string_view yaml, Value* out = nullptr) {
  const auto s = Schema::from(*parse_json(schema), "test");
  EXPECT_TRUE(s) << s.error().what;
  auto document = parse_yaml(yaml);
  EXPECT_TRUE(document);
  auto errors = s->apply(*document, "f.yaml");
  if (out != nullptr) *out = *document;
  return errors;
}

TEST(Schema, MakesPlainScalarsWhatTheSchemaSays) {
  Value out;
  EXPECT_TRUE(
      check(
          R"({"type":"object","properties":{"n":{"type":"integer"},"b":{"type":"boolean"},"t":{"type":"string"},"x":{"type":["boolean","string"]}}})",
          "n: 7\nb: true\nt: 7\nx: no\n", &out)
          .empty());
  EXPECT_EQ(out["n"].integer(), 7);
  EXPECT_TRUE(out["b"].boolean());
  EXPECT_EQ(out["t"].text(), "7");
  EXPECT_EQ(out["x"].text(), "no") << "only true and false are booleans";
  EXPECT_EQ(check(R"({"type":"object","properties":{"n":{"type":"integer"}}})", "n: \"7\"\n").size(), 1U) << "quoted is text";
}

TEST(Schema, NamesAllErrorsWithPlaceAndMeantKey) {
  const auto errors = check(
      R"({"type":"object","additionalProperties":false,"required":["model"],"properties":{"model":{"type":"string"},"size":{"type":"integer","minimum":1},"kind":{"enum":["alpha","beta"]}}})",
      "modle: x\nsize: 0\nkind: alhpa\n");
  ASSERT_EQ(errors.size(), 4U);
  EXPECT_EQ(errors[0].where.line, 1U);
  std::string all;
  for (const Error& e : errors) all += e.to_text() + "\n";
  EXPECT_NE(all.find("f.yaml:1:1: unknown key \"modle\"; did you mean \"model\"?"), std::string::npos) << all;
  EXPECT_NE(all.find("needs \"model\""), std::string::npos) << all;
  EXPECT_NE(all.find("f.yaml:2:7: found 0 for size, expected at least 1"), std::string::npos) << all;
  EXPECT_NE(all.find("expected \"alpha\""), std::string::npos) << all;
}

TEST(Schema, ChecksTextListsAndCombinations) {
  EXPECT_EQ(check(R"({"type":"string","pattern":"^[a-z]+$"})", "Abc").size(), 1U);
  EXPECT_EQ(check(R"({"type":"string","format":"date"})", "2026-02-30").size(), 1U);
  EXPECT_EQ(check(R"({"type":"array","items":{"type":"integer"},"minItems":1,"uniqueItems":true})", "[1, 1, x]").size(), 2U);
  EXPECT_EQ(check(R"({"type":"array","minItems":1})", "[]").size(), 1U);
  EXPECT_TRUE(check(R"({"oneOf":[{"type":"integer"},{"type":"array"}]})", "[1]").empty());
  EXPECT_EQ(check(R"({"oneOf":[{"type":"integer"},{"type":"array"}]})", "{a: b}").size(), 1U);
  EXPECT_EQ(check(R"({"not":{"type":"object","required":["a"]}})", "{a: b}").size(), 1U);
  EXPECT_TRUE(
      check(
          R"({"$ref":"#/$defs/t","$defs":{"t":{"type":"object","patternProperties":{"^x":{"type":"integer"}},"additionalProperties":false}}})",
          "{x1: 4}")
          .empty());
}

TEST(Schema, RefusesKeywordsItWouldNotCheck) {
  EXPECT_FALSE(Schema::from(*parse_json(R"({"dependentRequired":{}})"), "t"));
  EXPECT_FALSE(Schema::from(*parse_json(R"({"$ref":"#/$defs/none"})"), "t"));
  EXPECT_FALSE(Schema::from(*parse_json(R"({"pattern":"("})"), "t"));
}

TEST(Schema, EveryShippedSchemaLoads) {
  const auto names = shipped_schema_names();
  EXPECT_GE(names.size(), 1U);
  for (const auto name : names) {
    const auto s = shipped_schema(name);
    EXPECT_TRUE(s) << name << ": " << s.error().to_text();
  }
}

}  // namespace
}  // namespace assay
