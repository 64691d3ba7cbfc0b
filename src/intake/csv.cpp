// SPDX-License-Identifier: Apache-2.0
// RFC 4180, with what spreadsheets write beside it: another separator than the comma, `sep=;` as the first line, lone LF or CR.
#include <algorithm>
#include <array>
#include <filesystem>

#include "base/text.hpp"
#include "intake/table.hpp"

namespace assay::intake {
namespace {

// The separator that the first line has most of, outside quotes.
char separator_of(std::string_view text) {
  constexpr std::array<char, 3> kKnown = {',', ';', '\t'};
  std::array<std::size_t, 3> count{};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    for (std::size_t i = 0; i < kKnown.size(); ++i) count.at(i) += c == kKnown.at(i) ? 1U : 0U;
  }
  return kKnown.at(static_cast<std::size_t>(std::ranges::max_element(count) - count.begin()));
}

}  // namespace

Result<std::vector<Table>> read_csv(std::string_view text, std::string_view name, const Limits& limits) {
  const auto where = [&](std::uint32_t line) { return Where{.path = std::string(name), .line = line}; };
  Table table;
  table.form = Table::Form::csv;
  table.file = name;
  table.name = std::filesystem::path(name).stem().string();
  std::uint32_t line = 1;
  char separator = 0;
  if (text.size() >= 5 && starts_with_icase(text, "sep=") && (text.size() == 5 || text[5] == '\r' || text[5] == '\n')) {
    separator = text[4];
    text.remove_prefix(std::min(text.size(), text.find('\n') == std::string_view::npos ? text.size() : text.find('\n') + 1));
    ++line;
  } else {
    separator = separator_of(text);
  }
  std::size_t cells = 0;
  std::vector<Cell> row;
  const auto end_row = [&] {
    if (std::ranges::any_of(row, [](const Cell& c) { return !c.text.empty(); })) table.rows.push_back(std::move(row));
    row.clear();
  };
  for (std::size_t i = 0; i < text.size();) {
    Cell cell{{}, line};
    if (text[i] == '"') {
      const std::uint32_t opened = line;
      bool closed = false;
      for (++i; i < text.size(); ++i) {
        if (text[i] == '"') {
          if (i + 1 < text.size() && text[i + 1] == '"') {
            cell.text += '"';
            ++i;
            continue;
          }
          closed = true;
          ++i;
          break;
        }
        if (text[i] == '\n') ++line;
        if (text[i] != '\r') cell.text += text[i];
      }
      if (!closed) return fail(Errc::malformed, "a quoted cell is never closed", where(opened));
    }
    while (i < text.size() && text[i] != separator && text[i] != '\n' && text[i] != '\r') cell.text += text[i++];
    cell.text = std::string(trim(cell.text));
    if (++cells > limits.cells) return fail(Errc::limit, "more than " + std::to_string(limits.cells) + " cells", where(line));
    if (row.size() >= limits.columns) return fail(Errc::limit, "more than " + std::to_string(limits.columns) + " columns", where(line));
    row.push_back(std::move(cell));
    if (i >= text.size()) break;
    if (text[i] == separator) {
      ++i;
      if (i >= text.size()) row.push_back(Cell{{}, line});
      continue;
    }
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
    ++i;
    ++line;
    end_row();
  }
  end_row();
  std::vector<Table> out;
  if (!table.rows.empty()) out.push_back(std::move(table));
  return out;
}

}  // namespace assay::intake
