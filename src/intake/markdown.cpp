// SPDX-License-Identifier: Apache-2.0
// Markdown as makers keep ICS and IXIT in: pipe tables under headings, and texts whose headings are the table, either `## ID: AuthMech-1`
// with a sub-heading a field, or, for a table of one row, a heading a field.
#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "intake/table.hpp"

namespace assay::intake {
namespace {

// The largest IXIT set known has a tenth of either.
constexpr std::size_t kMaxText = 16U << 20U;
constexpr std::size_t kMaxHeadings = 20'000;

struct Line {
  std::string_view text;
  std::uint32_t number = 0;
  bool code = false;
};

struct Heading {
  std::size_t level = 0;
  std::string text;
  std::uint32_t line = 0;
  std::size_t from = 0, to = 0;  // lines of its own text, up to the next heading
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> out;
  bool code = false;
  std::uint32_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string_view bare = trim(line);
    const bool fence = bare.starts_with("```") || bare.starts_with("~~~");
    out.push_back({line, ++number, code || fence});
    if (fence) code = !code;
  }
  return out;
}

// `**bold**`, `*it*` and code marks around the whole of it.
std::string_view unmarked(std::string_view text) {
  text = trim(text);
  for (const std::string_view mark : {"**", "__", "*", "`"}) {
    while (text.size() > 2 * mark.size() && text.starts_with(mark) && text.ends_with(mark) &&
           text.substr(mark.size(), text.size() - 2 * mark.size()).find(mark) == std::string_view::npos)
      text = trim(text.substr(mark.size(), text.size() - 2 * mark.size()));
  }
  return text;
}

std::size_t heading_level(std::string_view line) {
  const auto n = line.find_first_not_of('#');
  return n == 0 || n == std::string_view::npos || n > 6 || (line[n] != ' ' && line[n] != '\t') ? 0 : n;
}

std::string heading_text(std::string_view line) {
  std::string_view text = trim(line.substr(line.find_first_not_of('#')));
  while (text.ends_with('#')) text.remove_suffix(1);
  std::string out;
  for (const char c : unmarked(text)) {
    if (c != '*' && c != '`') out += c;
  }
  return std::string(trim(out));
}

std::vector<std::string> cells_of(std::string_view line) {
  line = trim(line);
  if (line.starts_with('|')) line.remove_prefix(1);
  std::vector<std::string> out(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      out.back() += line[++i];
    } else if (line[i] == '|') {
      if (trim(line.substr(i + 1)).empty()) break;
      out.emplace_back();
    } else if (line[i] == '<' && starts_with_icase(line.substr(i), "<br") && line.find('>', i) != std::string_view::npos) {
      out.back() += '\n';
      i = line.find('>', i);
    } else {
      out.back() += line[i];
    }
  }
  for (std::string& cell : out) cell = std::string(unmarked(cell));
  return out;
}

bool is_delimiter(std::string_view line) {
  line = trim(line);
  return line.find('-') != std::string_view::npos && line.find('|') != std::string_view::npos &&
         line.find_first_not_of("|-: \t") == std::string_view::npos;
}

// Paragraphs on one line each; list items and what is indented keep theirs.
std::string body(const std::vector<Line>& lines, std::size_t from, std::size_t to) {
  std::string out;
  bool joins = false;
  for (std::size_t i = from; i < to; ++i) {
    const std::string_view bare = trim(lines[i].text);
    if (!lines[i].code && (bare == "---" || bare == "***" || bare == "___")) continue;
    const bool item = bare.starts_with("* ") || bare.starts_with("- ") || bare.starts_with("+ ") ||
                      (bare.find(". ") != std::string_view::npos && to_integer(bare.substr(0, bare.find(". "))));
    if (bare.empty()) {
      joins = false;
      if (!out.empty() && !out.ends_with("\n\n")) out += out.ends_with('\n') ? "\n" : "\n\n";
      continue;
    }
    if (joins && !item && !lines[i].code && !bare.starts_with('|')) {
      out += ' ';
    } else if (!out.empty() && !out.ends_with('\n')) {
      out += '\n';
    }
    out += bare;
    joins = !lines[i].code && !bare.starts_with('|');
  }
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

class Markdown {
 public:
  Markdown(std::string_view text, std::string_view name, const Limits& limits) : lines_(lines_of(text)), name_(name), limits_(limits) {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const std::size_t level = lines_[i].code ? 0 : heading_level(lines_[i].text);
      if (level == 0) continue;
      if (!headings_.empty()) headings_.back().to = i;
      headings_.push_back({level, heading_text(lines_[i].text), lines_[i].number, i + 1, lines_.size()});
    }
  }

  Result<std::vector<Table>> read() {
    if (headings_.size() > kMaxHeadings)
      return fail(Errc::limit, "more than " + std::to_string(kMaxHeadings) + " headings", Where{.path = std::string(name_)});
    TRY_VOID(pipes());
    TRY_VOID(rows_by_heading());
    TRY_VOID(fields_by_heading());
    return std::move(out_);
  }

 private:
  Table made(Table::Form form, std::size_t heading) const {
    Table out;
    out.form = form;
    out.file = name_;
    if (heading >= headings_.size()) return out;
    out.name = headings_[heading].text;
    std::size_t level = headings_[heading].level + 1;
    for (std::size_t i = heading + 1; i-- > 0;) {
      if (headings_[i].level >= level) continue;
      level = headings_[i].level;
      out.path = headings_[i].text + (out.path.empty() ? "" : "\n" + out.path);
    }
    return out;
  }

  Result<void> keep(Table table) {
    for (const auto& row : table.rows) {
      cells_ += row.size();
      for (const Cell& cell : row) text_ += cell.text.size();
      if (row.size() > limits_.columns)
        return fail(Errc::limit, "more than " + std::to_string(limits_.columns) + " columns", Where{.path = std::string(name_)});
    }
    if (cells_ > limits_.cells || text_ > limits_.text || out_.size() >= limits_.tables)
      return fail(Errc::limit, "more tables or cells than are read", Where{.path = std::string(name_)});
    out_.push_back(std::move(table));
    return {};
  }

  Result<void> pipes() {
    std::size_t heading = headings_.size();
    std::size_t next = 0;
    for (std::size_t i = 0; i + 1 < lines_.size(); ++i) {
      while (next < headings_.size() && headings_[next].from <= i + 1) heading = next++;
      if (lines_[i].code || lines_[i].text.find('|') == std::string_view::npos || !is_delimiter(lines_[i + 1].text)) continue;
      Table table = made(Table::Form::pipes, heading);
      std::size_t at = i;
      for (; at < lines_.size() && !lines_[at].code && lines_[at].text.find('|') != std::string_view::npos; ++at) {
        if (at == i + 1) continue;
        std::vector<Cell> row;
        bool any = false;
        for (std::string& cell : cells_of(lines_[at].text)) {
          any = any || !cell.empty();
          row.push_back({std::move(cell), lines_[at].number});
        }
        if (any) table.rows.push_back(std::move(row));
      }
      i = at - 1;
      TRY_VOID(keep(std::move(table)));
    }
    return {};
  }

  // "ID: x" -> {"ID", "x"}. A title ("IXIT 13: Software Services") has a colon too, so the keys are named.
  static std::pair<std::string_view, std::string_view> keyed(std::string_view heading) {
    const auto colon = heading.find(':');
    if (colon == std::string_view::npos) return {};
    const std::string_view value = unmarked(heading.substr(colon + 1));
    const std::string_view key = trim(heading.substr(0, colon));
    static constexpr std::array<std::string_view, 4> kKeys = {"id", "identifier", "provision", "reference"};
    if (value.empty() || std::ranges::find(kKeys, to_lower(key)) == kKeys.end()) return {};
    return {key, value};
  }

  std::size_t end_of(std::size_t heading) const {
    std::size_t i = heading + 1;
    while (i < headings_.size() && headings_[i].level > headings_[heading].level) ++i;
    return i;
  }

  std::size_t parent_of(std::size_t heading) const {
    for (std::size_t i = heading; i-- > 0;) {
      if (headings_[i].level < headings_[heading].level) return i;
    }
    return headings_.size();
  }

  Result<void> rows_by_heading() {
    for (std::size_t i = 0; i < headings_.size(); ++i) {
      const auto [key, first] = keyed(headings_[i].text);
      if (key.empty() || end_of(i) == i + 1) continue;
      const std::size_t parent = parent_of(i);
      Table table = made(Table::Form::headings, parent);
      table.rows.push_back({Cell{std::string(key), headings_[i].line}});
      std::size_t at = i;
      while (at < headings_.size() && headings_[at].level == headings_[i].level && keyed(headings_[at].text).first == key) {
        std::vector<Cell> row = {Cell{std::string(keyed(headings_[at].text).second), headings_[at].line}};
        const std::size_t end = end_of(at);
        for (std::size_t f = at + 1; f < end; ++f) {
          const std::size_t column = column_of(table.rows.front(), headings_[f]);
          if (column >= limits_.columns) return fail(Errc::limit, "more fields than are read", Where{.path = std::string(name_)});
          if (row.size() <= column) row.resize(column + 1, Cell{{}, headings_[at].line});
          row[column] = {body(lines_, headings_[f].from, headings_[f].to), headings_[f].line};
        }
        table.rows.push_back(std::move(row));
        for (std::size_t n = at; n < end; ++n) used_.insert(n);
        at = end;
      }
      i = at - 1;
      TRY_VOID(keep(std::move(table)));
    }
    return {};
  }

  static std::size_t column_of(std::vector<Cell>& head, const Heading& heading) {
    const auto at = std::ranges::find(head, heading.text, &Cell::text);
    if (at != head.end()) return static_cast<std::size_t>(at - head.begin());
    head.push_back({heading.text, heading.line});
    return head.size() - 1;
  }

  Result<void> fields_by_heading() {
    for (std::size_t i = 0; i < headings_.size(); ++i) {
      if (used_.contains(i)) continue;
      Table table = made(Table::Form::headings, i);
      const std::size_t end = end_of(i);
      for (std::size_t f = i + 1; f < end; ++f) {
        if (headings_[f].level != headings_[i].level + 1 || used_.contains(f)) continue;
        std::string text = body(lines_, headings_[f].from, headings_[f].to);
        if (text.empty()) continue;
        if (table.rows.empty()) table.rows.push_back({Cell{"Field", headings_[i].line}, Cell{"Value", headings_[i].line}});
        table.rows.push_back({Cell{headings_[f].text, headings_[f].line}, Cell{std::move(text), headings_[f].line}});
      }
      if (!table.rows.empty()) TRY_VOID(keep(std::move(table)));
    }
    return {};
  }

  std::vector<Line> lines_;
  std::string_view name_;
  const Limits& limits_;
  std::vector<Heading> headings_;
  std::set<std::size_t> used_;
  std::vector<Table> out_;
  std::size_t cells_ = 0;
  std::uint64_t text_ = 0;
};

}  // namespace

Result<std::vector<Table>> read_markdown(std::string_view text, std::string_view name, const Limits& limits) {
  if (text.size() > kMaxText) return fail(Errc::limit, "larger than " + bytes_text(kMaxText), Where{.path = std::string(name)});
  return Markdown(text, name, limits).read();
}

}  // namespace assay::intake
