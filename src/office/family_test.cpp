// SPDX-License-Identifier: Apache-2.0
#include "office/family.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/bytes.hpp"
#include "office/desk.hpp"

namespace assay::office {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const assess::Catalogue& catalogue() {
  static const std::shared_ptr<const assess::Catalogue> shared = [] {
    std::shared_ptr<const assess::Catalogue> out;
    for (const Error& e : load_catalogue("", out)) ADD_FAILURE() << e.to_text();
    return out;
  }();
  return *shared;
}

std::string declaration(std::string_view model, std::string_view version, std::string_view more = {}, std::string_view maker = "Works") {
  return "product: {name: Camera, model: " + std::string(model) + ", version: \"" + std::string(version) +
         "\", manufacturer: {name: " + std::string(maker) + "}}\n" + std::string(more);
}

constexpr std::string_view kStatement =
    "same: the image\n          differs: the case\n          by: J. Smith\n          date: 2026-05-01\n"
    "          versions: {this: \"2.0\", base: \"1.0\"}\n";

std::string family(std::string_view covers, std::string_view rest = kStatement, std::string_view of = "../base") {
  return "family:\n  name: Line\n  variants:\n    - of: " + std::string(of) +
         "\n      equivalences:\n        - id: one\n          covers: [" + std::string(covers) + "]\n          " + std::string(rest);
}

class FamilyTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) /
            ("family-" + std::to_string(::getpid()) + "-" + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(root_);
    make("base", declaration("TC-1", "1.0"));
    make("here", declaration("TC-2", "2.0"));
  }
  void TearDown() override { fs::remove_all(root_); }

  void declare(const std::string& name, const std::string& yaml) { std::ofstream(root_ / name / "product.yaml") << yaml; }
  void make(const std::string& name, const std::string& yaml) {
    fs::create_directories(root_ / name);
    declare(name, yaml);
    ASSERT_TRUE(record::Workspace::create((root_ / name).string()));
  }
  std::string hold(const std::string& name, const std::string& bytes, const std::string& type, const std::string& version,
                   const std::string& sample = "TC-1 0001") {
    auto workspace = record::Workspace::open((root_ / name).string());
    EXPECT_TRUE(workspace);
    Evidence e;
    e.id = *workspace->put_blob(bytes_of(bytes));
    e.name = bytes;
    e.type = type;
    e.version = version;
    e.sample = sample;
    Observation o;
    o.kind = "account";
    o.evidence = e.id;
    o.by = "firmware/accounts";
    o.fields.set("user", "root");
    o.seal();
    EXPECT_TRUE(workspace->add(e, {o}, "J. Tester"));
    return e.id;
  }
  void state(const std::string& question, const std::string& value, const std::string& instance = {}, const std::string& version = "1.0") {
    auto workspace = record::Workspace::open((root_ / "base").string());
    ASSERT_TRUE(workspace);
    Answer a;
    a.question = question;
    a.value = value;
    a.instance = instance;
    a.by = "J. Tester";
    a.note = "because";
    a.version = version;
    a.seal();
    ASSERT_TRUE(workspace->answer(a));
  }
  // Errors as text.
  std::vector<std::string> read(const std::string& yaml, std::string_view leave_out = {}) {
    declare("here", yaml);
    Product product;
    for (const Error& e : load_product((root_ / "here/product.yaml").string(), product)) ADD_FAILURE() << e.to_text();
    const auto own = record::Workspace::open((root_ / "here").string());
    EXPECT_TRUE(own);
    found_ = {};
    std::vector<std::string> out;
    for (const Error& e : read_family(product, (root_ / "here").string(), *own, catalogue(), *parse_day("2026-06-01"), leave_out, found_))
      out.push_back(e.to_text());
    return out;
  }
  std::vector<std::string> kept() const {
    std::vector<std::string> out;
    for (const auto& l : found_.lendings) {
      for (const auto& item : l.kept) out.push_back(item.what + ": " + item.reason);
    }
    return out;
  }

  fs::path root_;
  Family found_;
};

TEST_F(FamilyTest, LendsWhatIsCoveredAndNothingElse) {
  const std::string id = hold("base", "image", "firmware", "1.0");
  hold("base", "paper", "document", "1.0");
  EXPECT_THAT(read(declaration("TC-2", "2.0", family("firmware"))), IsEmpty());
  ASSERT_EQ(found_.evidence.size(), 1U);
  EXPECT_EQ(found_.evidence[0].id, id);
  EXPECT_EQ(found_.evidence[0].borrowed.equivalence, "one");
  EXPECT_EQ(found_.evidence[0].borrowed.from, "../base");
  EXPECT_EQ(found_.observations.size(), 1U);
  EXPECT_THAT(read(declaration("TC-2", "2.0", family(id.substr(0, 15)))), IsEmpty());
  EXPECT_EQ(found_.evidence.size(), 1U);
  EXPECT_THAT(read(declaration("TC-2", "2.0", family("firmware")), "one"), IsEmpty());
  EXPECT_THAT(found_.evidence, IsEmpty()) << "left out";
}

TEST_F(FamilyTest, LendsOnlyWhatIsBoundToTheOtherProduct) {
  hold("base", "old", "firmware", "0.9");
  hold("base", "foreign", "firmware", "1.0", "TC-10 0001");
  hold("base", "capture", "capture", "1.0");
  const std::string carried = hold("base", "carried", "firmware", "0.8");
  ASSERT_TRUE(record::Workspace::open((root_ / "base").string())->carry_over(carried, "1.0", "J. Tester", "the same"));
  hold("base", "both", "firmware", "1.0");
  hold("here", "both", "firmware", "1.9", "TC-2");
  EXPECT_THAT(read(declaration("TC-2", "2.0", family("firmware, capture"))), IsEmpty());
  EXPECT_THAT(found_.evidence, IsEmpty());
  EXPECT_THAT(kept(), testing::UnorderedElementsAre(
                          "firmware old: is of version 0.9 there", "firmware foreign: was taken of \"TC-10 0001\", not of TC-1",
                          "capture capture: names no MAC or address of the device",
                          "firmware carried: was itself carried over there, by J. Tester", "firmware both: is held here itself"));
}

TEST_F(FamilyTest, AStatementThatLacksSomethingLendsNothing) {
  hold("base", "image", "firmware", "1.0");
  const auto why = [&](std::string statement) {
    EXPECT_THAT(read(declaration("TC-2", "2.0", family("firmware", statement))), IsEmpty());
    EXPECT_THAT(found_.evidence, IsEmpty());
    return found_.lendings.at(0).why_not;
  };
  EXPECT_THAT(why("same: the image\n          by: J. Smith\n"), HasSubstr("`differs`"));
  EXPECT_THAT(why("same: a\n          differs: b\n          by: c\n          date: 2026-05-01\n"), HasSubstr("software versions"));
  const std::string other = "same: a\n          differs: b\n          by: c\n          date: 2026-05-01\n          versions: ";
  EXPECT_THAT(why(other + "{this: \"1.9\", base: \"1.0\"}\n"), HasSubstr("speaks of version 1.9, not 2.0"));
  EXPECT_THAT(why(other + "{this: \"2.0\", base: \"0.9\"}\n"), HasSubstr("speaks of version 0.9 of ../base, which is at 1.0"));
  EXPECT_THAT(why(std::string(kStatement) + "          document: test-report\n"), HasSubstr("neither held nor beside"));
  std::ofstream(root_ / "here/report.pdf") << "x";
  EXPECT_THAT(why(std::string(kStatement) + "          document: report.txt\n"), HasSubstr("report.txt"));
  EXPECT_THAT(read(declaration("TC-2", "2.0", family("firmware", std::string(kStatement) + "          document: report.pdf\n"))),
              IsEmpty());
  EXPECT_EQ(found_.evidence.size(), 1U);
}

TEST_F(FamilyTest, WhatWasWithdrawnThereIsWithdrawnHere) {
  hold("base", "image", "firmware", "1.0");
  {
    auto workspace = record::Workspace::open((root_ / "base").string());
    ASSERT_TRUE(workspace->dispose({workspace->observations()->at(0).id, "J. Tester", "false", "2026-05-01T00:00:00Z"}));
  }
  EXPECT_THAT(read(declaration("TC-2", "2.0", family("firmware"))), IsEmpty());
  EXPECT_EQ(found_.disposals.size(), 1U);
}

constexpr std::string_view kRows = "ixit: {AuthMech: [{ID: AuthMech-1, Description: web login}, {ID: AuthMech-2, Description: shell}]}\n";
constexpr std::string_view kOtherRows =
    "ixit: {AuthMech: [{ID: AuthMech-1, Description: web login}, {ID: AuthMech-2, Description: app}]}\n";

// A question about each authentication mechanism, and one about the product.
std::pair<std::string, std::string> questions() {
  std::pair<std::string, std::string> out;
  for (const std::string& id : assess::ids(catalogue())) {
    const Value shown = assess::show(catalogue(), id);
    if (shown["what"].text() != "question") continue;
    if (shown["subject"].text() == "AuthMech" && out.first.empty()) out.first = id;
    if (shown["subject"].text() == "product" && out.second.empty()) out.second = id;
  }
  return out;
}

TEST_F(FamilyTest, AnswersAreLentForRowsThatBothDeclareAlike) {
  const auto [of_rows, of_product] = questions();
  declare("base", declaration("TC-1", "1.0", kRows));
  state(of_rows, "yes");
  state(of_product, "yes", {}, "0.9");
  state(of_product, "no");
  state("uk-psti/sch1-1", "accepted");
  const std::string rows(kOtherRows);
  EXPECT_THAT(read(declaration("TC-2", "2.0", rows + family("answers"))), IsEmpty());
  std::vector<std::string> lent;
  for (const Answer& a : found_.answers) lent.push_back(a.question + " " + a.value + " " + a.instance);
  EXPECT_THAT(lent, testing::UnorderedElementsAre(of_rows + " yes AuthMech-1", of_product + " no "));
  EXPECT_THAT(kept(), testing::IsSupersetOf({of_rows + " = yes for AuthMech-2: AuthMech-2 is not declared alike here",
                                             std::string("uk-psti/sch1-1 = accepted: accepts the papers of that product alone")}));
  EXPECT_THAT(read(declaration("TC-2", "2.0", rows + family(of_product))), IsEmpty());
  EXPECT_EQ(found_.answers.size(), 1U);
}

TEST_F(FamilyTest, AnAnswerThatWasDisputedThereIsNotLent) {
  const auto [of_rows, of_product] = questions();
  declare("base", declaration("TC-1", "1.0", kRows));
  state(of_rows, "no", "AuthMech-1");
  state(of_rows, "yes");
  EXPECT_THAT(read(declaration("TC-2", "2.0", std::string(kRows) + family("answers"))), IsEmpty());
  ASSERT_EQ(found_.answers.size(), 1U);
  EXPECT_EQ(found_.answers[0].instance, "AuthMech-2");
}

TEST_F(FamilyTest, MistakesAreToldWithTheirPlace) {
  const std::string id = hold("base", "image", "firmware", "1.0");
  const std::string file = (root_ / "here/product.yaml").string();
  EXPECT_THAT(read(declaration("TC-2", "2.0", family("firmware", kStatement, "../bas"))),
              ElementsAre(AllOf(HasSubstr(file + ":5:"), HasSubstr("\"../bas\" is no directory"))));
  fs::create_directory(root_ / "empty");
  EXPECT_THAT(read(declaration("TC-2", "2.0", family("firmware", kStatement, "../empty"))), ElementsAre(HasSubstr("is no workspace")));
  EXPECT_THAT(read(declaration("TC-2", "2.0", family("firmwear"))),
              ElementsAre(AllOf(HasSubstr(file + ":8:"), HasSubstr("found \"firmwear\""), HasSubstr("did you mean firmware?"))));
  EXPECT_THAT(read(declaration("TC-2", "2.0", family("sha256:000000"))), ElementsAre(HasSubstr("names no evidence of \"../base\"")));
  EXPECT_THAT(read(declaration("TC-2", "2.0", family("firmware"), "Others")),
              ElementsAre(HasSubstr("is made by \"Works\", this product by \"Others\"")));
  EXPECT_THAT(read(declaration("TC-2", "2.0", family("firmware", kStatement, "."))),
              ElementsAre(HasSubstr("borrows from this product itself")));
  declare("base", declaration("TC-1", "1.0", family("firmware", kStatement, "../third")));
  make("third", declaration("TC-3", "3.0", family("firmware", kStatement, "../here")));
  EXPECT_THAT(read(declaration("TC-2", "2.0", family("firmware"))), ElementsAre(HasSubstr("here → base → third → here")));
}

}  // namespace
}  // namespace assay::office
