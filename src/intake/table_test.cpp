// SPDX-License-Identifier: Apache-2.0
#include "intake/table.hpp"

#include <gmock/gmock.h>
#include <xlsxwriter.h>

#include "intake/made_workbook.hpp"

namespace assay::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::vector<std::string>> texts(const Table& table) {
  std::vector<std::vector<std::string>> out;
  for (const auto& row : table.rows) {
    for (out.emplace_back(); const Cell& cell : row) out.back().push_back(cell.text);
  }
  return out;
}

using Row = std::vector<std::string>;

std::vector<Table> read(std::string_view bytes, std::string_view name) {
  auto tables = read_tables(bytes_of(bytes), name);
  EXPECT_TRUE(tables) << (tables ? "" : tables.error().to_text());
  return tables ? *std::move(tables) : std::vector<Table>{};
}

std::string refusal(std::string_view bytes, std::string_view name, const Limits& limits = {}) {
  const auto tables = read_tables(bytes_of(bytes), name, limits);
  return tables ? "was read" : tables.error().to_text();
}

TEST(Csv, ReadsRfc4180) {
  const auto tables = read("\xEF\xBB\xBFID,Text\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n,\r\n2,\n", "x.csv");
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_THAT(texts(tables[0]), ElementsAre(Row{"ID", "Text"}, Row{"1", "a, \"b\"\nc"}, Row{"2", ""}));
  EXPECT_EQ(tables[0].place(2, 0), "x.csv:5, column 1");
}

TEST(Csv, FindsItsSeparator) {
  EXPECT_THAT(texts(read("A;B;C,D\n1;2;3\n", "x.csv")[0]), ElementsAre(Row{"A", "B", "C,D"}, Row{"1", "2", "3"}));
  EXPECT_THAT(texts(read("A\tB\n1\t2", "x.csv")[0]), ElementsAre(Row{"A", "B"}, Row{"1", "2"}));
  EXPECT_THAT(texts(read("sep=;\r\nA;B\r\n", "x.csv")[0]), ElementsAre(Row{"A", "B"}));
}

TEST(Csv, RefusesWhatWouldBeReadWrongly) {
  EXPECT_THAT(refusal("a,\"b\nc\n", "x.csv"), HasSubstr("x.csv:1: a quoted cell is never closed"));
  EXPECT_THAT(refusal("\x83\x65\x83\x58,b\n", "x.csv"), HasSubstr("not UTF-8"));
  EXPECT_THAT(refusal(std::string("\xFF\xFE"
                                  "a\0",
                                  4),
                      "x.csv"),
              HasSubstr("UTF-16"));
  EXPECT_THAT(refusal(std::string(2000, ','), "x.csv"), HasSubstr("more than 1024 columns"));
  EXPECT_THAT(refusal("a,b\nc,d\n", "x.csv", Limits{.cells = 3}), HasSubstr("more than 3 cells"));
}

TEST(Markdown, ReadsEveryTableWithItsHeading) {
  const auto tables = read(R"(# ICS
## 5.1 Passwords
| Reference | Support | Detail |
|:---|:-:|---|
| **Provision 5.1-1** | `Y` | a \| b<br>c |

```
| not | a table |
|---|---|
```
## 5.2
Reference | Support
--- | ---
5.2-1 | N
)",
                           "ICS.md");
  ASSERT_EQ(tables.size(), 3U);
  EXPECT_EQ(tables[0].name, "5.1 Passwords");
  EXPECT_EQ(tables[0].path, "ICS\n5.1 Passwords");
  EXPECT_THAT(texts(tables[0]), ElementsAre(Row{"Reference", "Support", "Detail"}, Row{"Provision 5.1-1", "Y", "a | b\nc"}));
  EXPECT_EQ(tables[0].place(1, 1), "ICS.md:5, column 2");
  EXPECT_EQ(tables[1].name, "5.2");
  EXPECT_THAT(texts(tables[1]), ElementsAre(Row{"Reference", "Support"}, Row{"5.2-1", "N"}));
  EXPECT_EQ(tables[2].form, Table::Form::headings);
}

TEST(Markdown, HeadingsAreRowsWhereTheyCarryAnId) {
  const auto tables = read(R"(# IXIT 1-AuthMech: Authentication Mechanisms

## **ID**: AuthMech-Web
### Description
Login of the web
page.

* first
* second
### Default Status
On
---
## ID: AuthMech-API
### Default Status
Off
)",
                           "IXIT.md");
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].name, "IXIT 1-AuthMech: Authentication Mechanisms");
  EXPECT_THAT(texts(tables[0]),
              ElementsAre(Row{"ID", "Description", "Default Status"},
                          Row{"AuthMech-Web", "Login of the web page.\n\n* first\n* second", "On"}, Row{"AuthMech-API", "", "Off"}));
  EXPECT_EQ(tables[0].place(2, 2), "IXIT.md:14");
}

TEST(Markdown, HeadingsAreFieldsOtherwise) {
  const auto tables =
      read("# IXIT 2-UserInfo: User Information\n## Support Period\nFive years.\n## Empty\n## Model Designation\nX-1\n", "U.md");
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_THAT(texts(tables[0]), ElementsAre(Row{"Field", "Value"}, Row{"Support Period", "Five years."}, Row{"Model Designation", "X-1"}));
}

TEST(Xlsx, ReadsWhatARealWriterWrites) {
  const std::string path = ::testing::TempDir() + "table_test.xlsx";
  lxw_workbook* book = workbook_new(path.c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, "5.1 & more");
  lxw_format* date = workbook_add_format(book);
  format_set_num_format(date, "dd/mm/yyyy");
  worksheet_write_string(sheet, 0, 0, "Provision", nullptr);
  worksheet_write_string(sheet, 1, 0, " ü <b> ", nullptr);
  worksheet_write_number(sheet, 1, 1, 5.1, nullptr);
  worksheet_write_number(sheet, 1, 2, 46'143, date);
  worksheet_write_boolean(sheet, 1, 3, 1, nullptr);
  worksheet_write_formula_str(sheet, 1, 4, "=A1", nullptr, "Provision");
  worksheet_merge_range(sheet, 3, 0, 4, 1, "both", nullptr);
  worksheet_write_string(sheet, 4, 2, "last", nullptr);
  lxw_worksheet* hidden = workbook_add_worksheet(book, "lists");
  worksheet_write_string(hidden, 0, 0, "Y", nullptr);
  worksheet_hide(hidden);
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  const auto file = MappedFile::open(path);
  ASSERT_TRUE(file);
  const auto tables = read(text_of(file->bytes()), "lab.xlsx");
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables[0].name, "5.1 & more");
  EXPECT_FALSE(tables[0].hidden);
  EXPECT_TRUE(tables[1].hidden);
  EXPECT_THAT(texts(tables[0]), ElementsAre(Row{"Provision"}, Row{"ü <b>", "5.1", "2026-05-01", "true", "Provision"}, Row{"both", "both"},
                                            Row{"both", "both", "last"}));
  EXPECT_EQ(tables[0].place(3, 2), "lab.xlsx, sheet 5.1 & more, cell C5");
  EXPECT_EQ(tables[0].place(3, 9), "lab.xlsx, sheet 5.1 & more, row 5");
}

TEST(Xlsx, ReadsInlineAndRichStringsWithoutTheirReadings) {
  const std::string shared = R"(<sst><si><r><t>認証</t></r><r><t xml:space="preserve"> 1</t></r><rPh><t>ニンショウ</t></rPh></si></sst>)";
  const auto tables = read(workbook_of(R"(<sheetData><row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2" t="inlineStr"><is><t>in</t></is></c>
      <c r="D2" t="e"><v>#N/A</v></c><c r="E2" t="s"><v>9</v></c></row></sheetData>)",
                                       {{"xl/sharedStrings.xml", shared}}),
                           "x.xlsx");
  EXPECT_THAT(texts(tables.at(0)), ElementsAre(Row{"", "認証 1", "in", "#N/A"}));
}

TEST(Xlsx, DatesOfBothCalendars) {
  const std::string styles = R"(<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[Red]0.0&quot;days&quot;"/>
      <numFmt numFmtId="165" formatCode="yyyy\-mm\-dd"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="164"/>
      <xf numFmtId="165"/></cellXfs></styleSheet>)";
  const std::string cells = R"(<sheetData><row><c s="1"><v>46143.5</v></c><c s="2"><v>46143</v></c><c s="3"><v>59</v></c>
      <c s="3"><v>61</v></c><c s="3"><v>-1</v></c></row></sheetData>)";
  EXPECT_THAT(texts(read(workbook_of(cells, {{"xl/styles.xml", styles}}), "x.xlsx").at(0)),
              ElementsAre(Row{"2026-05-01T12:00:00", "46143", "1900-02-28", "1900-03-01", "-1"}));
  std::string book = kBook;
  book.replace(book.find("<workbookPr/>"), 13, "<workbookPr date1904=\"1\"/>");
  EXPECT_THAT(texts(read(workbook_of(cells, {{"xl/styles.xml", styles}, {"xl/workbook.xml", book}}), "x.xlsx").at(0)).front().front(),
              "2030-05-02T12:00:00");
}

TEST(Xlsx, HostilePackagesAreRefused) {
  const std::string row = "<sheetData><row><c><v>1</v></c></row></sheetData>";
  EXPECT_EQ(refusal(workbook_of(row), "x.xlsx"), "was read");
  EXPECT_THAT(refusal(workbook_of("<!DOCTYPE x [<!ENTITY a 'b'>]>" + row), "x.xlsx"), HasSubstr("entities are not accepted"));
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  EXPECT_THAT(refusal(workbook_of(deep), "x.xlsx"), HasSubstr("nested deeper than 64"));
  EXPECT_THAT(refusal(workbook_of("<sheetData"), "x.xlsx"), HasSubstr("x.xlsx//xl/worksheets/sheet1.xml"));
  EXPECT_THAT(refusal(workbook_of(std::string(40U << 20U, ' ')), "x.xlsx"), HasSubstr("unpacks to more than is read"));
  EXPECT_THAT(refusal(workbook_of(row + std::string(3U << 20U, ' ')), "x.xlsx", Limits{.ratio = 2}), HasSubstr("unpacks to more"));
  EXPECT_THAT(refusal(workbook_of(R"(<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>)"), "x.xlsx"), HasSubstr("columns"));
  // A merged area over the whole sheet costs what the sheet has, not what it spans.
  EXPECT_EQ(refusal(workbook_of(row + R"(<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>)"), "x.xlsx"), "was read");
  EXPECT_THAT(refusal(zip_of({{"word/document.xml", "<w/>"}}), "x.docx"), HasSubstr("no Excel workbook"));
  EXPECT_THAT(refusal("PK\x03\x04rubbish", "x.xlsx"), HasSubstr("zip"));
  EXPECT_THAT(refusal("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "x.xls"), HasSubstr("save it as .xlsx"));
  EXPECT_THAT(refusal("%PDF-1.7", "x.pdf"), HasSubstr("PDF"));
}

TEST(Xlsx, EveryBeginningIsReadOrRefused) {
  const std::string whole = workbook_of("<sheetData><row><c t=\"inlineStr\"><is><t>a</t></is></c></row></sheetData>");
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const auto tables = read_tables(bytes_of(std::string_view(whole).substr(0, n)), "x.xlsx");
    if (tables) {
      EXPECT_LE(tables->size(), 1U);
    }
  }
}

}  // namespace
}  // namespace assay::intake
