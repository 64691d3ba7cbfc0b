// SPDX-License-Identifier: Apache-2.0
// SpreadsheetML (ECMA-376 part 1, clause 18): what the cells show, as text.
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "intake/parts.hpp"
#include "intake/table.hpp"
#include "intake/xml.hpp"

namespace assay::intake {
namespace {

// Excel's own bounds.
constexpr std::uint32_t kMaxRow = 1'048'576;
constexpr std::uint32_t kMaxColumn = 16'384;

struct Spot {
  std::uint32_t row = 0, column = 0;  // from 1
};

// "C12"; nothing else.
std::optional<Spot> spot_of(std::string_view text) {
  Spot out;
  std::size_t i = 0;
  for (; i < text.size() && text[i] >= 'A' && text[i] <= 'Z' && i < 4; ++i)
    out.column = out.column * 26 + static_cast<std::uint32_t>(text[i] - 'A' + 1);
  const auto row = to_integer(text.substr(i));
  if (i == 0 || out.column > kMaxColumn || !row || *row < 1 || *row > kMaxRow) return std::nullopt;
  out.row = static_cast<std::uint32_t>(*row);
  return out;
}

// Text of a shared or inline string: its runs in order; phonetic guides (rPh) are readings beside the text, not part of it.
void append_text(const pugi::xml_node& node, std::string& out) {
  for (const pugi::xml_node& part : node.children()) {
    const std::string_view name = local_name(part.name());
    if (name == "t") out += part.text().get();
    if (name == "r") out += child(part, "t").text().get();
  }
}

// A format code that shows a day or a time: y, m, d, h or s outside quotes, brackets and escapes.
bool shows_time(std::string_view code) {
  bool quoted = false;
  bool bracket = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (quoted) {
      continue;
    } else if (c == '[') {
      // [h] and [mm] are elapsed times; [Red] and [$-411] are not.
      bracket = true;
    } else if (c == ']') {
      bracket = false;
    } else if (!bracket && std::string_view("ymdhsYMDHS").find(c) != std::string_view::npos && code != "General") {
      return true;
    }
  }
  return false;
}

// ECMA-376 part 1, 18.8.30, with the East Asian ones.
bool built_in_time(std::int64_t id) {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

std::string iso(double serial, bool from_1904) {
  if (!(serial >= 0) || serial > 2'958'466) return {};
  const double whole = std::floor(serial);
  auto seconds = static_cast<std::int64_t>(std::llround((serial - whole) * 86'400));
  auto days = static_cast<std::int64_t>(whole);
  if (seconds == 86'400) {
    seconds = 0;
    ++days;
  }
  std::array<char, 16> time{};
  std::snprintf(time.data(), time.size(), "%02d:%02d:%02d", static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                static_cast<int>(seconds % 60));
  if (days == 0 && !from_1904) return time.data();
  // Serial 60 is 1900-02-29, a day that never was: before it the count is one ahead.
  const Day zero =
      from_1904 ? Day(std::chrono::year(1904) / 1 / 1) : Day(std::chrono::year(1899) / 12 / 30) + std::chrono::days(days < 60 ? 1 : 0);
  const std::string day = to_text(zero + std::chrono::days(days));
  return seconds == 0 ? day : day + "T" + time.data();
}

class Workbook {
 public:
  Workbook(std::string_view name, const Limits& limits) : name_(name), limits_(limits) {}

  Result<std::vector<Table>> read(Bytes zip) {
    TRY(parts_, read_parts(zip, name_, limits_, [](std::string_view part) {
          return part == "_rels/.rels" || ((part.ends_with(".xml") || part.ends_with(".rels")) &&
                                           part.find("/media/") == std::string_view::npos && part.starts_with("xl/"));
        }));
    if (!parts_.contains("xl/workbook.xml"))
      return fail(Errc::unsupported, "no Excel workbook in it; save it as .xlsx", Where{.path = std::string(name_)});
    pugi::xml_document book;
    TRY_VOID(load("xl/workbook.xml", book));
    const pugi::xml_node root = child(book, "workbook");
    const std::string_view epoch = attribute(child(root, "workbookPr"), "date1904");
    from_1904_ = epoch == "1" || epoch == "true";
    TRY_VOID(shared_strings());
    TRY_VOID(styles());
    TRY_VOID(relations());
    std::vector<Table> out;
    for (const pugi::xml_node& sheet : child(root, "sheets").children()) {
      if (local_name(sheet.name()) != "sheet") continue;
      if (out.size() >= limits_.sheets)
        return fail(Errc::limit, "more than " + std::to_string(limits_.sheets) + " sheets", Where{.path = std::string(name_)});
      Table table;
      table.file = name_;
      table.name = valid_utf8(attribute(sheet, "name"));
      table.hidden = !attribute(sheet, "state").empty() && attribute(sheet, "state") != "visible";
      // The sheet's relation is r:id; sheetId is a number of another kind.
      const auto target = relations_.find(attribute(sheet, "id"));
      if (target == relations_.end() || !parts_.contains(target->second)) continue;
      TRY_VOID(sheet_of(target->second, table));
      out.push_back(std::move(table));
    }
    return out;
  }

 private:
  Result<void> load(std::string_view part, pugi::xml_document& out) const {
    return parse_xml(parts_.find(part)->second, std::string(name_) + "//" + std::string(part), out);
  }

  Result<void> shared_strings() {
    if (!parts_.contains("xl/sharedStrings.xml")) return {};
    pugi::xml_document document;
    TRY_VOID(load("xl/sharedStrings.xml", document));
    for (const pugi::xml_node& item : child(document, "sst").children()) {
      if (local_name(item.name()) != "si") continue;
      append_text(item, strings_.emplace_back());
    }
    return {};
  }

  Result<void> styles() {
    if (!parts_.contains("xl/styles.xml")) return {};
    pugi::xml_document document;
    TRY_VOID(load("xl/styles.xml", document));
    const pugi::xml_node root = child(document, "styleSheet");
    std::map<std::int64_t, bool> own;
    for (const pugi::xml_node& format : child(root, "numFmts").children())
      own[to_integer(attribute(format, "numFmtId")).value_or(-1)] = shows_time(attribute(format, "formatCode"));
    for (const pugi::xml_node& format : child(root, "cellXfs").children()) {
      if (local_name(format.name()) != "xf") continue;
      const std::int64_t id = to_integer(attribute(format, "numFmtId")).value_or(0);
      const auto made = own.find(id);
      time_style_.push_back(made != own.end() ? made->second : built_in_time(id));
    }
    return {};
  }

  Result<void> relations() {
    if (!parts_.contains("xl/_rels/workbook.xml.rels")) return {};
    pugi::xml_document document;
    TRY_VOID(load("xl/_rels/workbook.xml.rels", document));
    for (const pugi::xml_node& r : child(document, "Relationships").children()) {
      std::string target(attribute(r, "Target"));
      target = target.starts_with('/') ? target.substr(1) : "xl/" + target;
      relations_.emplace(std::string(attribute(r, "Id")), std::move(target));
    }
    return {};
  }

  std::string shown(const pugi::xml_node& cell) const {
    const std::string_view type = attribute(cell, "t");
    if (type == "inlineStr") {
      std::string out;
      append_text(child(cell, "is"), out);
      return out;
    }
    const std::string_view value = child(cell, "v").text().get();
    if (type == "s") {
      const auto index = to_integer(value);
      return index && *index >= 0 && static_cast<std::size_t>(*index) < strings_.size() ? strings_[static_cast<std::size_t>(*index)] : "";
    }
    if (type == "b") return value == "1" ? "true" : value == "0" ? "false" : std::string(value);
    if (!type.empty() && type != "n") return std::string(value);
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size() || !std::isfinite(number)) return std::string(value);
    const auto style = to_integer(attribute(cell, "s"));
    if (style && *style >= 0 && static_cast<std::size_t>(*style) < time_style_.size() && time_style_[static_cast<std::size_t>(*style)]) {
      if (std::string time = iso(number, from_1904_); !time.empty()) return time;
    }
    // The shortest digits that mean the same number: 5.1, not 5.0999999999999996.
    std::array<char, 32> digits{};
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    return {digits.data(), written.ptr};
  }

  Result<void> sheet_of(const std::string& part, Table& table) {
    const auto limit = [&](std::string what) {
      return fail(Errc::limit, "sheet " + printable(table.name, 60) + ": " + what, Where{.path = std::string(name_)});
    };
    pugi::xml_document document;
    TRY_VOID(load(part, document));
    const pugi::xml_node root = child(document, "worksheet");
    std::map<std::uint32_t, std::vector<Cell>> rows;
    std::uint32_t row_number = 0;
    const auto put = [&](Spot at, std::string text) -> Result<void> {
      std::vector<Cell>& row = rows[at.row];
      if (at.column > limits_.columns) return limit("more than " + std::to_string(limits_.columns) + " columns");
      if (row.size() < at.column) {
        cells_ += at.column - row.size();
        if (cells_ > limits_.cells) return limit("more than " + std::to_string(limits_.cells) + " cells");
        row.resize(at.column, Cell{{}, at.row});
      }
      text_ += text.size();
      if (text_ > limits_.text) return limit("more text than is read");
      row[at.column - 1].text = std::move(text);
      return {};
    };
    for (const pugi::xml_node& row : child(root, "sheetData").children()) {
      if (local_name(row.name()) != "row") continue;
      const auto given = to_integer(attribute(row, "r"));
      row_number = given && *given >= 1 && *given <= kMaxRow ? static_cast<std::uint32_t>(*given) : row_number + 1;
      std::uint32_t column = 0;
      for (const pugi::xml_node& cell : row.children()) {
        if (local_name(cell.name()) != "c") continue;
        const auto at = spot_of(attribute(cell, "r"));
        column = at ? at->column : column + 1;
        std::string text(trim(valid_utf8(shown(cell))));
        if (!text.empty()) TRY_VOID(put({at ? at->row : row_number, column}, std::move(text)));
      }
    }
    TRY_VOID(merge(child(root, "mergeCells"), rows, put));
    for (auto& [number, row] : rows) {
      if (std::ranges::any_of(row, [](const Cell& c) { return !c.text.empty(); })) table.rows.push_back(std::move(row));
    }
    return {};
  }

  // Only down to the last row and across to the last column that anything is in: a merged area may span the whole sheet.
  template <class Put>
  static Result<void> merge(const pugi::xml_node& areas, const std::map<std::uint32_t, std::vector<Cell>>& rows, const Put& put) {
    if (rows.empty()) return {};
    const std::uint32_t last = rows.rbegin()->first;
    std::size_t widest = 0;
    for (const auto& [number, row] : rows) widest = std::max(widest, row.size());
    for (const pugi::xml_node& area : areas.children()) {
      const std::string_view ref = attribute(area, "ref");
      const auto colon = ref.find(':');
      if (colon == std::string_view::npos) continue;
      const auto from = spot_of(ref.substr(0, colon));
      const auto to = spot_of(ref.substr(colon + 1));
      if (!from || !to || !rows.contains(from->row) || rows.at(from->row).size() < from->column) continue;
      const std::string text = rows.at(from->row)[from->column - 1].text;
      if (text.empty()) continue;
      for (std::uint32_t r = from->row; r <= std::min(to->row, last); ++r) {
        for (std::uint32_t c = from->column; c <= std::min<std::size_t>(to->column, widest); ++c) {
          if (r != from->row || c != from->column) TRY_VOID(put(Spot{r, c}, text));
        }
      }
    }
    return {};
  }

  std::string_view name_;
  const Limits& limits_;
  std::map<std::string, Buffer, std::less<>> parts_;
  std::vector<std::string> strings_;
  std::vector<bool> time_style_;
  std::map<std::string, std::string, std::less<>> relations_;
  bool from_1904_ = false;
  std::size_t cells_ = 0;
  std::uint64_t text_ = 0;
};

}  // namespace

Result<std::vector<Table>> read_xlsx(Bytes bytes, std::string_view name, const Limits& limits) {
  return Workbook(name, limits).read(bytes);
}

}  // namespace assay::intake
