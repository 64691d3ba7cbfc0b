// SPDX-License-Identifier: Apache-2.0
#include "intake/table.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace assay::intake {
namespace {

std::string column_letters(std::size_t column) {
  std::string out;
  for (std::size_t n = column + 1; n != 0; n = (n - 1) / 26) out.insert(out.begin(), static_cast<char>('A' + (n - 1) % 26));
  return out;
}

bool has_ending(std::string_view name, std::initializer_list<std::string_view> endings) {
  const std::string lower = to_lower(name);
  return std::ranges::any_of(endings, [&](std::string_view e) { return lower.ends_with(e); });
}

// A line of dashes and bars under a line with bars: no CSV has that.
bool looks_like_markdown(std::string_view text) {
  const auto at = text.find("|--");
  const auto spaced = text.find("| --");
  const auto aligned = text.find("|:-");
  return std::min({at, spaced, aligned}) != std::string_view::npos || text.starts_with("# ");
}

}  // namespace

std::string_view Table::text(std::size_t row, std::size_t column) const {
  return row < rows.size() && column < rows[row].size() ? std::string_view(rows[row][column].text) : std::string_view{};
}

std::string Table::place(std::size_t row, std::size_t column) const {
  const bool given = row < rows.size() && column < rows[row].size();
  const std::uint32_t line = row >= rows.size() || rows[row].empty() ? 0 : given ? rows[row][column].line : rows[row].front().line;
  if (form == Form::sheet) {
    std::string out = file + ", sheet " + printable(name, 60);
    if (line == 0) return out;
    return out + (given ? ", cell " + column_letters(column) : ", row ") + std::to_string(line);
  }
  std::string out = file + (line == 0 ? "" : ":" + std::to_string(line));
  if (given && form != Form::headings) out += ", column " + std::to_string(column + 1);
  return out;
}

Result<std::vector<Table>> read_tables(Bytes bytes, std::string_view name, const Limits& limits) {
  const Where where{.path = std::string(name)};
  if (bytes.size() > limits.file) return fail(Errc::limit, "larger than " + bytes_text(limits.file), where);
  std::string_view text = text_of(bytes);
  if (text.starts_with("PK\x03\x04")) return read_xlsx(bytes, name, limits);
  if (text.starts_with("\xD0\xCF\x11\xE0"))
    return fail(Errc::unsupported, "an old .xls workbook or one with a password; save it as .xlsx without a password", where);
  if (text.starts_with("%PDF-")) return fail(Errc::unsupported, "a PDF, whose tables are drawings; ask for the .xlsx, .csv or .md", where);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return fail(Errc::unsupported, "UTF-16 text; save it as CSV UTF-8", where);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.find('\0') != std::string_view::npos) return fail(Errc::unsupported, "neither a workbook (.xlsx) nor text (.csv, .md)", where);
  if (valid_utf8(text) != text) return fail(Errc::malformed, "not UTF-8 text; save it as CSV UTF-8", where);
  if (has_ending(name, {".md", ".markdown"})) return read_markdown(text, name, limits);
  if (has_ending(name, {".csv", ".tsv"}) || !looks_like_markdown(text)) return read_csv(text, name, limits);
  return read_markdown(text, name, limits);
}

}  // namespace assay::intake
