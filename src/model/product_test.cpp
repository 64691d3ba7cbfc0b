// SPDX-License-Identifier: Apache-2.0
#include "model/product.hpp"

#include <gtest/gtest.h>

namespace assay {
namespace {

constexpr std::string_view kTenLines = R"(product:
  name: Garden Cam
  model: GC-2
  version: "1.10"
  manufacturer: {name: Example Works}
markets: [uk, eu]
)";

std::string all(const std::vector<Error>& errors) {
  std::string out;
  for (const Error& e : errors) out += e.to_text() + "\n";
  return out;
}

TEST(Product, TenLinesAreEnough) {
  Product p;
  const auto errors = Product::parse(kTenLines, "product.yaml", p);
  ASSERT_TRUE(errors.empty()) << all(errors);
  EXPECT_EQ(p.version(), "1.10");
  EXPECT_EQ(p.markets(), (std::vector<std::string_view>{"uk", "eu"}));
  EXPECT_TRUE(p.rows("AuthMech").empty());
}

TEST(Product, ReadsOldTableNamesAsNewOnes) {
  Product p;
  const auto errors = Product::parse(
      std::string(kTenLines) +
          "ixit:\n  ComMech:\n    - {ID: ComMech-1, Description: TLS to the cloud}\n  ExtAPI:\n    - {ID: ExtAPI-1}\n  SecParam:\n"
          "    - {ID: SecParam-1, Communication Mechanisms: none}\n  UserInfo: {Support Period: until 2031-12-31}\n",
      "product.yaml", p);
  ASSERT_TRUE(errors.empty()) << all(errors);
  ASSERT_EQ(p.rows("SecComMech").size(), 1U);
  EXPECT_EQ(p.rows("LogIntf").size(), 1U);
  EXPECT_EQ((*p.rows("SecParam")[0])["Secure Communication Mechanisms"].text(), "none");
  EXPECT_EQ((*p.rows("UserInfo")[0])["Support Period"].text(), "until 2031-12-31");
}

TEST(Product, NamesEveryMistakeAtOnce) {
  Product p;
  const auto errors = Product::parse(
      "product:\n  name: X\n  modell: Y\n  version: \"1\"\n  manufacturer: {name: Z}\nmarkets: [uk, france]\nixit:\n  AuthMech:\n    - "
      "{ID: A, Desription: x}\n",
      "p.yaml", p);
  const std::string text = all(errors);
  EXPECT_NE(text.find("p.yaml:3:3: unknown key \"modell\" in product; did you mean \"model\"?"), std::string::npos) << text;
  EXPECT_NE(text.find("product needs \"model\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"france\""), std::string::npos) << text;
  EXPECT_NE(text.find("did you mean \"Description\"?"), std::string::npos) << text;
}

TEST(Product, ChecksRowIdsAndReferences) {
  Product p;
  const auto errors = Product::parse(std::string(kTenLines) +
                                         "support: {from: \"2026-01-01\", until: \"2025-01-01\"}\nixit:\n  AuthMech:\n    - {ID: "
                                         "AuthMech-1}\n    - {ID: AuthMech-1}\n  SoftServ:\n"
                                         "    - {ID: SoftServ-1, Authentication Mechanism: AuthMech-2}\n",
                                     "p.yaml", p);
  const std::string text = all(errors);
  EXPECT_NE(text.find("twice"), std::string::npos) << text;
  EXPECT_NE(text.find("\"AuthMech-2\", which is no row of AuthMech"), std::string::npos) << text;
  EXPECT_NE(text.find("ends before it begins"), std::string::npos) << text;
}

TEST(Product, KnowsItsTables) {
  const auto tables = ixit_tables();
  EXPECT_EQ(std::count_if(tables.begin(), tables.end(), [](std::string_view t) { return table_section(t) == "ixit"; }), 29);
  EXPECT_EQ(std::count_if(tables.begin(), tables.end(), [](std::string_view t) { return table_section(t) == "en18031"; }), 21);
  EXPECT_EQ(table_section("Asset"), "en18031");
  EXPECT_TRUE(ixit_single("UserInfo"));
  EXPECT_FALSE(ixit_single("AuthMech"));
  const auto fields = ixit_fields("AuthMech");
  EXPECT_NE(std::find(fields.begin(), fields.end(), "Brute Force Prevention"), fields.end());
}

TEST(Product, ALinkStatedOnOneSideStandsOnBoth) {
  Product p;
  const auto errors = Product::parse(R"(product: {name: N, model: M, version: "1", manufacturer: {name: X}}
en18031: {Asset: [{ID: key, ACM: [web]}], ACM: [{ID: web}], AUM: [{ID: login, ACM: [web]}]}
)",
                                     "p.yaml", p);
  ASSERT_TRUE(errors.empty());
  EXPECT_EQ((*p.rows("ACM").front())["Assets"].items().front().text(), "key");
  EXPECT_EQ((*p.rows("ACM").front())["AuthenticationMechanism"].items().front().text(), "login");
}

TEST(Product, RefusesABombWithoutGrowing) {
  Product p;
  std::string bomb = "a: &a [x,x,x,x]\n";
  for (char c = 'b'; c < 'k'; ++c)
    bomb += std::string(1, c) + ": &" + c + " [*" + static_cast<char>(c - 1) + ",*" + static_cast<char>(c - 1) + "]\n";
  const auto errors = Product::parse(bomb, "p.yaml", p);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].where.line, 1U);
}

}  // namespace
}  // namespace assay
