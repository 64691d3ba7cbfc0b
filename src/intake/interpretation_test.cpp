// SPDX-License-Identifier: Apache-2.0
#include "intake/interpretation.hpp"

#include <gmock/gmock.h>

#include "base/json.hpp"

namespace assay::intake {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Mappings& shipped() {
  static const Mappings mappings = [] {
    Mappings out;
    const auto files = embedded_files();
    for (const Error& e : load_mappings({files.begin(), files.end()}, out)) ADD_FAILURE() << e.to_text();
    return out;
  }();
  return mappings;
}

Interpretation of(std::string_view text, std::string_view name, std::string_view only = {}) {
  const auto tables = read_tables(bytes_of(text), name);
  EXPECT_TRUE(tables) << (tables ? "" : tables.error().to_text());
  return tables ? interpret(*tables, shipped(), only) : Interpretation{};
}

// "ixit.AuthMech[AuthMech-1].Description=x" for every value.
std::vector<std::string> values(const Interpretation& i) {
  std::vector<std::string> out;
  for (const Entry& e : i.entries) {
    for (const Given& g : e.fields) {
      out.push_back(e.makes + (e.table.empty() ? "" : "." + e.table) + (e.id.empty() ? "" : "[" + e.id + "]") + "." + g.field + "=" +
                    (g.value.is_array() ? to_json(g.value) : g.value.scalar_text()));
    }
  }
  return out;
}

std::vector<std::string> notices(const Interpretation& i) {
  std::vector<std::string> out;
  for (const Notice& n : i.notices) out.push_back(n.place + ": " + n.what);
  return out;
}

Table sheet(std::string name, std::vector<std::vector<std::string>> rows) {
  Table out;
  out.file = "book.xlsx";
  out.name = std::move(name);
  std::uint32_t line = 0;
  for (auto& row : rows) {
    ++line;
    for (out.rows.emplace_back(); std::string & text : row) out.rows.back().push_back({std::move(text), line});
  }
  return out;
}

TEST(Interpretation, MakersIcs) {
  const auto got = of(R"(# ICS of the gateway
#### 5.1 Passwords
| Reference | Status | Support | Detail |
|---|---|---|---|
| **Provision 5.1-1** | M F (a) | **Y** | Random, on the label. |
| Provision 5.1-2A | R | N/A | |
| 5.0-1 | M | Y | Kept. |
| Provision 6.2 | M | not supported | No consent yet. |
| Provision 5.1-4 | M | Y (partly) | Half of it. |
| Provision 5.1-5 | M | | |
)",
                      "ICS.md");
  EXPECT_THAT(values(got),
              ElementsAre("ics[5.1-1].support=Y", "ics[5.1-1].detail=Random, on the label.", "ics[5.1-2A].support=N/A",
                          "ics[5.0-1].support=Y", "ics[5.0-1].detail=Kept.", "ics[6-2].support=N", "ics[6-2].detail=No consent yet."));
  EXPECT_THAT(notices(got), ElementsAre(HasSubstr("ICS.md:9, column 3: found Y (partly), expected one of Y, N, N/A"),
                                        HasSubstr("ICS.md:9: 5.1-4 has text and no support")));
  ASSERT_EQ(got.known.size(), 1U);
  EXPECT_EQ(got.known[0].mapping, "ts-103-701-ics");
  EXPECT_EQ(got.known[0].rows, 4U);
}

TEST(Interpretation, LaboratoryIcsUnderATitleBlock) {
  const auto got =
      interpret({sheet("ICS", {{"ACME laboratory", ""},
                               {"Product", "GW-1"},
                               {"Provision", "Status", "Supported (Y/N/N/A)", "Detail / Justification", "IXIT reference", "Verdict"},
                               {"Provision", "Status", "Y", "N", "", ""},
                               {"5.1 No universal default passwords", "5.1 No universal default passwords"},
                               {"5.1-1", "M C(1)", "yes", "Random.", "IXIT 1", "PASS"},
                               {"5.1-2", "M C(2)", "該当なし", "No default.", "", ""},
                               {"see annex", "x", "y"}})},
                shipped());
  EXPECT_THAT(values(got), ElementsAre("ics[5.1-1].support=Y", "ics[5.1-1].detail=Random.", "ics[5.1-1].reference=IXIT 1",
                                       "ics[5.1-2].support=N/A", "ics[5.1-2].detail=No default."));
  EXPECT_EQ(got.entries[0].field("support")->place, "book.xlsx, sheet ICS, cell C6");
  EXPECT_THAT(notices(got),
              ElementsAre(HasSubstr("cell F3: the column Verdict is not known"), HasSubstr("cell A8: found see annex, which is no id")));
}

TEST(Interpretation, IxitInBothEditionsAndForms) {
  const auto table = of(R"(## IXIT 11-ComMech
| ID | Description | Security Guarantees | Comment |
|---|---|---|---|
| ComMech-1 | TLS 1.3 | confidentiality | x |

## Summary
| Mechanism ID | Layer |
|---|---|
| ComMech-1 | transport |
)",
                        "IXIT.md");
  EXPECT_THAT(values(table), ElementsAre("ixit.SecComMech[ComMech-1].Description=TLS 1.3",
                                         "ixit.SecComMech[ComMech-1].Security Guarantees=confidentiality"));
  EXPECT_THAT(notices(table), ElementsAre(HasSubstr("IXIT.md:2, column 4: the column Comment"), HasSubstr("IXIT.md:7: no mapping knows")));

  const auto headings =
      of("# IXIT 13-SoftServ: Software Services\n## **ID**: SoftServ-Web\n### Allows Configuration (Yes/No)\nYes.\n", "S.md");
  EXPECT_THAT(values(headings), ElementsAre("ixit.SoftServ[SoftServ-Web].Allows Configuration=Yes."));

  const auto single = of("# IXIT-2-USERINFO: User Information\n## Support Period\nFive years.\n## Sunshine\nYes.\n", "U.md");
  EXPECT_THAT(values(single), ElementsAre("ixit.UserInfo.Support Period=Five years."));
  EXPECT_THAT(notices(single), ElementsAre(HasSubstr("U.md:4: UserInfo has no field Sunshine")));
}

TEST(Interpretation, AnUnnamedSheetIsKnownByItsRowIds) {
  EXPECT_THAT(values(interpret({sheet("Sheet1", {{"ID", "Description"}, {"UserIntf-1", "Button"}})}, shipped())),
              ElementsAre("ixit.UserIntf[UserIntf-1].Description=Button"));
}

TEST(Interpretation, En18031Workbook) {
  const auto got = interpret(
      {sheet("ACM-1",
             {{"E.Info.ACM-1.SecurityAsset", ".Access", "E.Info.ACM-1.SecurityAsset.ACM", ".PublicAccess", "E.Info.DT.ACM-1",
               "E.Just.DT.ACM-1"},
              {"SA-1: Wi-Fi credentials", "web page, LAN", "ACM-1; ACM-2", "", "DN-1: no, DN-2: No → DN-3 = Y", "Behind the login."},
              {"just words", "x", "", "", "", ""}}),
       sheet("Interfaces",
             {{"ID", "Description", "Type", "Factory Default", "Local Only"}, {"IF-1", "Ethernet", "Network", "yes", "perhaps"}})},
      shipped());
  EXPECT_THAT(values(got), ElementsAre("en18031.Asset[SA-1].Class=security", "en18031.Asset[SA-1].Description=Wi-Fi credentials",
                                       "en18031.Asset[SA-1].Access=web page, LAN", "en18031.Asset[SA-1].ACM=[\"ACM-1\",\"ACM-2\"]",
                                       "en18031.DT.Requirement=ACM-1", "en18031.DT.For=[\"SA-1\"]", "en18031.DT.Path=DN-1=N DN-2=N DN-3=Y",
                                       "en18031.DT.Justification=Behind the login.", "en18031.Interface[IF-1].Description=Ethernet",
                                       "en18031.Interface[IF-1].Type=network", "en18031.Interface[IF-1].FactoryDefault=Y"));
  EXPECT_THAT(notices(got), ElementsAre(HasSubstr("row 3: the row has no id"), HasSubstr("cell E2: found perhaps, expected one of Y, N")));
}

TEST(Interpretation, En18031SheetIsKnownByItsHeads) {
  EXPECT_THAT(values(interpret({sheet("Tabelle1", {{"E.Info.SUM-2.SUM", "Sign"}, {"SUM-1: updates over TLS", "RSA"}})}, shipped())),
              ElementsAre("en18031.SUM[SUM-1].Description=updates over TLS", "en18031.SUM[SUM-1].Sign=RSA"));
}

TEST(Interpretation, Certificates) {
  const auto got = interpret({sheet("Labels", {{"Standard", "Scope", "Issued", "Expires", "File"},
                                               {"JC-STAR STAR-1", "GW-1", "2026/5/1", "30.04.2028", "label.pdf"},
                                               {"JC-STAR STAR-1", "GW-2", "5/1/2026", "", ""},
                                               {"JC-STAR STAR-1", "", "", "", ""}})},
                             shipped());
  EXPECT_THAT(values(got), ElementsAre("certificates.standard=JC-STAR STAR-1", "certificates.scope=GW-1", "certificates.issued=2026-05-01",
                                       "certificates.expires=2028-04-30", "certificates.file=label.pdf",
                                       "certificates.standard=JC-STAR STAR-1", "certificates.scope=GW-2"));
  EXPECT_THAT(notices(got), ElementsAre(HasSubstr("C3: found 5/1/2026, expected a day"), HasSubstr("row 4: a certificate needs")));
}

TEST(Interpretation, AnswersInBothLanguages) {
  const auto got = interpret({sheet("質問", {{"質問ID", "対象", "回答", "回答者", "備考"},
                                             {"updates.signed", "UpdMech-1", "はい", "佐藤", "設計書 3 章"},
                                             {"updates.other", "", "", "", ""}}),
                              sheet("Facts", {{"Fact", "Answer"}, {"consumer", "yes"}})},
                             shipped());
  EXPECT_THAT(values(got),
              ElementsAre("answers[updates.signed].instance=UpdMech-1", "answers[updates.signed].value=yes",
                          "answers[updates.signed].by=佐藤", "answers[updates.signed].note=設計書 3 章", "facts[consumer].value=yes"));
  EXPECT_THAT(notices(got), IsEmpty());
}

TEST(Interpretation, OnlyTheMappingAskedFor) {
  const auto got = interpret({sheet("ICS", {{"Provision", "Support"}, {"5.1-1", "Y"}})}, shipped(), "certificates");
  EXPECT_THAT(values(got), IsEmpty());
  EXPECT_THAT(notices(got), Contains(HasSubstr("no mapping knows this table")));
}

TEST(Mappings, MistakesAreTold) {
  const auto errors_of = [](std::string_view text) {
    Mappings out;
    std::vector<std::string> said;
    for (const Error& e : load_mappings({{"knowledge/imports/x.yaml", text}}, out)) said.push_back(e.to_text());
    return said;
  };
  EXPECT_THAT(errors_of("imports:\n  - {id: a, title: t, makes: ics, columns: [{to: id, heads: ['(']}]}\n"),
              ElementsAre(HasSubstr("knowledge/imports/x.yaml:2:"), HasSubstr("needs a column for support")));
  EXPECT_THAT(
      errors_of("imports:\n  - {id: a, title: t, makes: ixit, tables: [{table: Nope, named: [x]}], columns: [{to: Colour, heads: [x]}]}\n"),
      ElementsAre(HasSubstr("no table ixit.Nope"), HasSubstr("no")));
  EXPECT_THAT(
      errors_of("imports:\n  - {id: a, title: t, makes: facts, columns: [{to: fact, heads: [x], patterns: [{match: x, as: '\\1'}]}]}\n"),
      Contains(HasSubstr("`as` does not fit")));
}

}  // namespace
}  // namespace assay::intake
