// SPDX-License-Identifier: Apache-2.0
#include "office/importing.hpp"

#include <gmock/gmock.h>

#include "base/yaml.hpp"

namespace assay::office {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const assess::Catalogue& no_catalogue() {
  static const std::shared_ptr<const assess::Catalogue> empty = [] {
    std::shared_ptr<const assess::Catalogue> out;
    static_cast<void>(assess::load_catalogue({}, out));
    return out;
  }();
  return *empty;
}

intake::Entry entry(std::string makes, std::string table, std::string id, std::vector<std::pair<std::string, std::string>> fields,
                    std::string place = "X.md:1") {
  intake::Entry out{std::move(makes), std::move(table), std::move(id), place, {}};
  for (auto& [field, text] : fields) out.fields.push_back({field, Value(text), place});
  return out;
}

Import import_of(std::string_view product, std::vector<intake::Entry> entries, const ImportRules& rules = {}) {
  intake::Interpretation tables;
  tables.entries = std::move(entries);
  return merged(*parse_yaml(product), std::move(tables), no_catalogue(), rules);
}

std::vector<std::string> changes(const Import& import) {
  std::vector<std::string> out;
  for (const Change& c : import.changes) out.push_back(std::string(word_of(c.kind)) + " " + c.path + ": " + c.was + " -> " + c.becomes);
  return out;
}

TEST(Importing, AddsKeepsAndLeavesWhatDiffers) {
  const auto got = import_of("ixit: {AuthMech: [{ID: AuthMech-1, Description: login, Default Status: <state>}]}",
                             {entry("ixit", "AuthMech", "AuthMech-1", {{"Description", "login"}, {"Default Status", "on"}}),
                              entry("ixit", "AuthMech", "AuthMech-1", {{"Description", "another"}}),
                              entry("ixit", "UserInfo", "", {{"Support Period", "5 years"}})});
  EXPECT_THAT(changes(got), ElementsAre("added ixit.AuthMech[AuthMech-1].Default Status: <state> -> on",
                                        "conflict ixit.AuthMech[AuthMech-1].Description: login -> another",
                                        "added ixit.UserInfo.Support Period:  -> 5 years"));
  EXPECT_EQ(got.same, 1U);
  EXPECT_EQ(got.after["ixit"]["AuthMech"].items()[0]["Description"].text(), "login");
}

TEST(Importing, FilesThatDisagreeAreAConflictEvenWithReplace) {
  const auto got = import_of(
      "product: {}", {entry("ics", "", "5.1-1", {{"support", "Y"}}, "A.md:1"), entry("ics", "", "5.1-1", {{"support", "N"}}, "B.md:2")},
      {true, "", ""});
  EXPECT_THAT(changes(got), ElementsAre("added ics.5.1-1.support:  -> Y", "conflict ics.5.1-1.support: Y -> N"));
  EXPECT_THAT(got.changes[1].place, HasSubstr("B.md:2 (the other value is from A.md:1)"));
}

// A reason written for "yes" must not stand under "not applicable".
TEST(Importing, AnIcsRowGoesInWholeOrNotAtAll) {
  const std::string_view held = "ics: {'5.1-1': {support: Y, detail: done so, reference: p. 3}}";
  const auto rows = [] { return std::vector{entry("ics", "", "5.1-1", {{"support", "N/A"}, {"reference", "p. 9"}})}; };
  const auto left = import_of(held, rows());
  EXPECT_THAT(changes(left), ElementsAre("conflict ics.5.1-1.support: Y -> N/A"));
  EXPECT_EQ(left.after["ics"]["5.1-1"]["reference"].text(), "p. 3");
  const auto replaced = import_of(held, rows(), {true, "", ""});
  EXPECT_EQ(replaced.after["ics"]["5.1-1"]["support"].text(), "N/A");
  EXPECT_FALSE(replaced.after["ics"]["5.1-1"].has("detail"));
  EXPECT_EQ(replaced.after["ics"]["5.1-1"]["reference"].text(), "p. 9");
}

TEST(Importing, OldTableNamesOfTheDeclarationAreUsedWhereItHasThem) {
  const auto got = import_of("ixit: {ComMech: [{ID: ComMech-1}], SecParam: [{ID: SecParam-1, Communication Mechanisms: ComMech-1}]}",
                             {entry("ixit", "SecComMech", "ComMech-1", {{"Description", "TLS"}}),
                              entry("ixit", "SecParam", "SecParam-1", {{"Secure Communication Mechanisms", "ComMech-1"}})});
  EXPECT_THAT(changes(got), ElementsAre("added ixit.ComMech[ComMech-1].Description:  -> TLS"));
  EXPECT_FALSE(got.after["ixit"].has("SecComMech"));
}

TEST(Importing, PathsAreFoundByRequirementAndWhatTheyAreFor) {
  const auto path = [](const char* justification) {
    auto e = entry("en18031", "DT", "", {{"Requirement", "ACM-1"}, {"Path", "DN-1=Y"}, {"Justification", justification}});
    Value list = Value::array();
    list.push("SA-1");
    e.fields.push_back({"For", std::move(list), "x"});
    return e;
  };
  const auto first = import_of("product: {}", {path("why")});
  EXPECT_THAT(changes(first),
              ElementsAre("added en18031.DT[ACM-1, SA-1].Path:  -> DN-1=Y", "added en18031.DT[ACM-1, SA-1].Justification:  -> why"));
  intake::Interpretation again;
  again.entries = {path("other")};
  const auto second = merged(first.after, again, no_catalogue(), {});
  EXPECT_EQ(second.after["en18031"]["DT"].items().size(), 1U);
  EXPECT_THAT(changes(second), ElementsAre("conflict en18031.DT[ACM-1, SA-1].Justification: why -> other"));
}

TEST(Importing, OneSchemesEntriesCarryItsName) {
  const auto got = import_of("product: {}", {entry("ics", "", "5.1-1", {{"support", "Y"}})}, {false, "en-303-645@3.1.3", ""});
  EXPECT_THAT(changes(got), ElementsAre("added ics.en-303-645@3.1.3/5.1-1.support:  -> Y"));
}

// A label counts in other schemes: what somebody typed into a cell is none.
TEST(Importing, ACertificateNeedsItsFile) {
  const auto got = import_of(
      "product: {}", {entry("certificates", "", "", {{"standard", "JC-STAR STAR-1"}, {"scope", "X"}}, "in/c.csv:2, column 1"),
                      entry("certificates", "", "", {{"standard", "S"}, {"scope", "X"}, {"file", "l.pdf"}}, "in/c.csv:3, column 1")});
  ASSERT_EQ(got.papers.size(), 1U);
  EXPECT_EQ(got.papers[0].file, "in/l.pdf");
  EXPECT_FALSE(got.papers[0].stated.fields.has("file"));
  ASSERT_EQ(got.notices.size(), 1U);
  EXPECT_THAT(got.notices[0].what, HasSubstr("names no file of the certificate"));
  EXPECT_THAT(changes(got), IsEmpty());
}

TEST(Importing, FactsAreTyped) {
  const auto form = [](const char* type, std::vector<const char*> words = {}) {
    Value out = Value::object();
    out.set("type", type);
    Value list = Value::array();
    for (const char* w : words) list.push(w);
    out.set("one_of", std::move(list));
    return out;
  };
  EXPECT_EQ(*fact_value(form("boolean"), "いいえ"), Value(false));
  EXPECT_FALSE(fact_value(form("boolean"), "maybe"));
  EXPECT_EQ(*fact_value(form("integer"), "12"), Value(12));
  EXPECT_FALSE(fact_value(form("date"), "1.5.2026"));
  EXPECT_EQ(fact_value(form("words", {"Home", "car"}), "home")->text(), "Home");
  EXPECT_EQ(fact_value(form("list", {"eu", "uk"}), "UK, eu")->items().size(), 2U);
  EXPECT_FALSE(fact_value(form("list", {"eu", "uk"}), "eu, moon"));
}

}  // namespace
}  // namespace assay::office
