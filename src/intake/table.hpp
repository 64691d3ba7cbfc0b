// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace assay::intake {

// Text of one cell; `line` is its row in a sheet, or its line in a text file, from 1.
struct Cell {
  std::string text;
  std::uint32_t line = 0;
};

// A table of text as somebody keeps it. Rows may have different lengths; empty cells are there, rows without any text are not.
struct Table {
  enum class Form : std::uint8_t {
    sheet,     // of a workbook
    csv,       // the whole file
    pipes,     // a Markdown table
    headings,  // a Markdown text whose headings are rows (`## ID: x`) or fields
  };
  Form form = Form::sheet;
  std::string file;
  std::string name;  // of the sheet; of a Markdown table the heading above it
  std::string path;  // Markdown: all headings above it, outermost first, one a line
  bool hidden = false;
  std::vector<std::vector<Cell>> rows;

  // "ics.xlsx, sheet ICS, cell C7" or "ICS.md:12, column 3"; `column` from 0. A column past the row's end names the row alone.
  std::string place(std::size_t row, std::size_t column) const;
  std::string_view text(std::size_t row, std::size_t column) const;
};

// What a hostile file may cost us.
struct Limits {
  std::uint64_t file = 64U << 20U;
  std::uint64_t part = 32U << 20U;      // one part of a workbook, unpacked; trees of it take some ten times that
  std::uint64_t unpacked = 64U << 20U;  // all parts of a workbook that are read
  std::uint64_t ratio = 200;            // unpacked to packed, once a part passes 1 MiB
  std::size_t parts = 4096, sheets = 256, tables = 4096;
  std::size_t columns = 1024, cells = 1'000'000;
  std::uint64_t text = 64U << 20U;  // all cells
};

// XLSX, CSV (comma, semicolon or tab) or Markdown, told apart by content and, for text, by the name's ending. Formulas give their stored
// values, dates become ISO, booleans true and false; the cells of a merged area all have its text.
Result<std::vector<Table>> read_tables(Bytes bytes, std::string_view name, const Limits& limits = {});

Result<std::vector<Table>> read_xlsx(Bytes bytes, std::string_view name, const Limits& limits);
Result<std::vector<Table>> read_csv(std::string_view text, std::string_view name, const Limits& limits);
Result<std::vector<Table>> read_markdown(std::string_view text, std::string_view name, const Limits& limits);

}  // namespace assay::intake
