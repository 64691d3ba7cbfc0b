// SPDX-License-Identifier: Apache-2.0
#include "intake/interpretation.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "base/clock.hpp"
#include "base/text.hpp"

namespace assay::intake {
namespace {

// Title blocks of laboratories' forms stand above the head; deeper than this nobody starts a table.
constexpr std::size_t kHeadWithin = 40;
// One file cannot fill the screen.
constexpr std::size_t kMaxNotices = 500;

bool matches(const Pattern& pattern, std::string_view text) {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern);
}
bool any_matches(const std::vector<Pattern>& patterns, std::string_view text) {
  return std::ranges::any_of(patterns, [&](const Pattern& p) { return matches(p, text); });
}

// A head or an id as a word: no Markdown marks, blanks and line ends as one blank.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '*' || c == '`') continue;
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return std::string(trim(out));
}

// "Review / Evaluation Method (text)" and "review/evaluation method" are one field.
std::string bare_name(std::string_view text) {
  std::string out;
  for (const char c : to_lower(text.substr(0, std::min(text.find('('), text.size())))) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

std::string field_of(const Value& fields, std::string_view head) {
  const std::string wanted = bare_name(head);
  if (wanted.empty()) return {};
  for (const auto& f : fields.members()) {
    // Not what ties rows to observations (port, path …): a column so called means the standard's field or something else.
    if (!f.value["deprecated"].boolean() && bare_name(f.name) == wanted && (f.name.front() < 'a' || f.name.front() > 'z')) return f.name;
  }
  return {};
}

struct Bound {
  const Column* column = nullptr;  // null: by the field's own name
  std::string to;
  std::string requirement;  // DT: of the head
};

struct Fit {
  const Mapping* mapping = nullptr;
  std::string table;
  std::size_t head = 0;
  std::vector<Bound> columns;
  std::size_t score = 0;
};

// The table that the sheet's name or the innermost heading that names one means.
std::string table_named(const Mapping& mapping, const Table& table) {
  std::vector<std::string_view> names = split(table.path, '\n');
  names.push_back(table.name);
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    const auto at = std::ranges::find_if(mapping.tables, [&](const Named& n) { return any_matches(n.names, *name); });
    if (at != mapping.tables.end()) return at->table;
  }
  return {};
}

// "AuthMech-2" and "SecComMech-TLS" name their table.
std::string table_of_ids(const Mapping& mapping, const Table& table, std::size_t head, std::size_t column) {
  for (std::size_t r = head + 1; r < table.rows.size(); ++r) {
    const std::string id = plain(table.text(r, column));
    if (id.empty()) continue;
    const std::string prefix = id.substr(0, id.find('-'));
    const auto at = std::ranges::find_if(mapping.tables, [&](const Named& n) { return n.table == prefix || any_matches(n.names, prefix); });
    return id.size() == prefix.size() || at == mapping.tables.end() ? std::string{} : at->table;
  }
  return {};
}

// E.Info.ACM-1.SecurityAsset lists assets, whatever the sheet is called.
std::string table_of_heads(const Mapping& mapping, const std::vector<Cell>& row) {
  for (const Cell& cell : row) {
    const std::string head = plain(cell.text);
    for (const Column& column : mapping.columns) {
      if (column.table.empty()) continue;
      for (const Pattern& p : column.heads) {
        if (!matches(p, head)) continue;
        std::string table;
        re2::RE2::Extract(head, *p, column.table, &table);
        if (!table_fields(mapping.makes, table).is_null()) return table;
      }
    }
  }
  return {};
}

Bound bound_to(const Mapping& mapping, std::string_view section_table, std::string_view head) {
  for (const Column& column : mapping.columns) {
    for (const Pattern& p : column.heads) {
      if (!matches(p, head)) continue;
      Bound out{&column, column.to, {}};
      std::string capture;
      if (p->NumberOfCapturingGroups() > 0) re2::RE2::PartialMatch(re2::StringPiece(head.data(), head.size()), *p, &capture);
      if (out.to == "\\1") {
        // The standard's ids name the field: E.Info.ACM-1.SecurityAsset.Access.
        out.to = field_of(table_fields(mapping.makes, section_table), capture);
        if (out.to.empty()) continue;
      } else if (out.to.starts_with("DT.")) {
        out.requirement = capture;
      }
      return out;
    }
  }
  if (section_table.empty()) return {};
  return {nullptr, field_of(table_fields(mapping.makes, section_table), head), {}};
}

// Tables of one row are kept as two columns: what, and the text.
bool two_columns(const Fit& fit) {
  return fit.mapping->makes == "ixit" && single_row("ixit", fit.table);
}

std::optional<Fit> fit_at(const Mapping& mapping, const Table& table, std::size_t head) {
  Fit fit;
  fit.mapping = &mapping;
  fit.head = head;
  const auto& row = table.rows[head];
  const auto bind_all = [&] {
    fit.columns.clear();
    for (const Cell& cell : row) fit.columns.push_back(bound_to(mapping, fit.table, plain(cell.text)));
  };
  const auto index_of = [&](std::string_view to) {
    const auto at = std::ranges::find(fit.columns, to, &Bound::to);
    return static_cast<std::size_t>(at - fit.columns.begin());
  };
  if (!mapping.tables.empty()) {
    fit.table = table_named(mapping, table);
    bind_all();
    if (fit.table.empty()) {
      const std::size_t id = index_of("ID");
      if (id < row.size()) fit.table = table_of_ids(mapping, table, head, id);
      if (fit.table.empty()) fit.table = table_of_heads(mapping, row);
      if (fit.table.empty()) return std::nullopt;
      bind_all();
    }
  } else {
    bind_all();
  }
  std::set<std::string> filled;
  for (Bound& b : fit.columns) {
    // A second column for the same field is not taken, and told as unknown.
    if (!b.to.empty() && !b.to.starts_with("DT.") && !filled.insert(b.to).second) b = {};
    if (b.to.empty()) continue;
    filled.insert(b.to);
    ++fit.score;
  }
  for (const Column& c : mapping.columns) {
    if (c.needed && !filled.contains(c.to)) return std::nullopt;
  }
  if (mapping.makes == "ixit") {
    if (two_columns(fit)) return filled.contains("field") && filled.contains("value") ? std::optional(fit) : std::nullopt;
    if (!filled.contains("ID") || filled.contains("value")) return std::nullopt;
  }
  if (mapping.makes == "en18031" && !filled.contains("ID") && !filled.contains("item")) return std::nullopt;
  return fit.score >= 2 ? std::optional(fit) : std::nullopt;
}

std::optional<Fit> best_fit(const Table& table, const Mappings& mappings, std::string_view only) {
  std::optional<Fit> best;
  for (const Mapping& m : mappings.all()) {
    if (!only.empty() && m.id != only) continue;
    const auto above = split(table.path, '\n');
    if (!m.sheets.empty() && !any_matches(m.sheets, table.name) &&
        std::ranges::none_of(above, [&](std::string_view h) { return any_matches(m.sheets, h); }))
      continue;
    const std::size_t rows = table.form == Table::Form::sheet || table.form == Table::Form::csv ? kHeadWithin : 1;
    for (std::size_t r = 0; r < std::min(rows, table.rows.size()); ++r) {
      if (auto fit = fit_at(m, table, r); fit && (!best || fit->score > best->score)) best = std::move(fit);
    }
  }
  return best;
}

// A row's id and what follows it: "SA-1: Wi-Fi credentials". One word with a digit in it, or the words before a colon, are no id.
std::pair<std::string, std::string> id_and_rest(std::string_view text) {
  static const re2::RE2 kForm(R"((?s)^([A-Za-z][A-Za-z0-9_.]*-?[A-Za-z0-9_.-]*\d[A-Za-z0-9_.-]*)(?:\s*[:–—-]\s+|\s*:\s*|\s+|$)(.*)$)");
  std::string id;
  std::string rest;
  if (!re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), kForm, &id, &rest)) return {};
  return {id, std::string(trim(rest))};
}

class Interpreter {
 public:
  Interpreter(const Table& table, const Fit& fit, Interpretation& out) : table_(table), fit_(fit), mapping_(*fit.mapping), out_(out) {}

  void run() {
    tell_unknown_columns();
    Known known{table_.place(fit_.head, table_.rows[fit_.head].size()), mapping_.id, 0};
    for (std::size_t r = fit_.head + 1; r < table_.rows.size(); ++r) known.rows += row(r) ? 1U : 0U;
    out_.known.push_back(std::move(known));
  }

 private:
  void notice(std::size_t row, std::size_t column, std::string what) {
    if (out_.notices.size() < kMaxNotices) out_.notices.push_back({table_.place(row, column), std::move(what)});
  }

  void tell_unknown_columns() {
    for (std::size_t c = 0; c < fit_.columns.size(); ++c) {
      const Bound& b = fit_.columns[c];
      if (!b.to.empty() || (b.column != nullptr) || table_.text(fit_.head, c).empty()) continue;
      notice(fit_.head, c,
             "the column " + printable(plain(table_.text(fit_.head, c)), 60) + " is not known to the mapping " + mapping_.id +
                 " and is left out");
    }
  }

  // Heads of two rows, merged, and heads that are said again further down.
  bool head_again(std::size_t r) const {
    for (std::size_t c = 0; c < fit_.columns.size(); ++c) {
      if (!fit_.columns[c].to.empty() && !table_.text(r, c).empty() && table_.text(r, c) == table_.text(fit_.head, c)) return true;
    }
    return false;
  }

  bool row(std::size_t r) {
    if (head_again(r)) return false;
    if (two_columns(fit_)) return field_row(r);
    Entry entry;
    entry.makes = mapping_.makes;
    entry.table = fit_.table;
    entry.place = table_.place(r, table_.rows[r].size());
    std::map<std::string, Entry> paths;
    for (std::size_t c = 0; c < fit_.columns.size(); ++c) {
      const Bound& b = fit_.columns[c];
      if (b.to.empty()) continue;
      const std::string_view text = trim(table_.text(r, c));
      if (text.empty()) continue;
      if (b.to.starts_with("DT.")) {
        path_cell(r, c, b, text, paths);
        continue;
      }
      if (!cell(r, c, b, text, entry)) return false;
    }
    if (entry.fields.empty() && entry.id.empty()) return false;
    return finish(r, std::move(entry), std::move(paths));
  }

  // False: the row is no row of the table (a section title, a repeated head).
  bool cell(std::size_t r, std::size_t c, const Bound& b, std::string_view text, Entry& entry) {
    std::string value(text);
    if (b.column != nullptr && !b.column->patterns.empty()) {
      const std::string word = plain(text);
      const auto fits = std::ranges::find_if(b.column->patterns, [&](const Rewriting& p) { return matches(p.match, word); });
      if (fits == b.column->patterns.end()) {
        // A title over the section is one text in an otherwise empty or merged row.
        if (b.to == "id" && !lone(r))
          notice(r, c, "found " + printable(word, 60) + ", which is no id this mapping knows; the row is left out");
        if (b.to == "id") return false;
        notice(r, c, "found " + printable(word, 60) + ", which this mapping does not understand; the cell is left out");
        return true;
      }
      std::string rewritten;
      re2::RE2::Extract(word, *fits->match, fits->as, &rewritten);
      value = std::move(rewritten);
    }
    if (b.column != nullptr && !b.column->words.empty()) {
      std::string word = to_lower(plain(text));
      while (word.ends_with('.')) word.pop_back();
      const auto meant = std::ranges::find_if(
          b.column->words, [&](const auto& w) { return std::ranges::find(w.second, word) != w.second.end() || to_lower(w.first) == word; });
      if (meant == b.column->words.end() && !b.column->open) {
        std::string list;
        for (const auto& w : b.column->words) list += (list.empty() ? "" : ", ") + w.first;
        notice(r, c, "found " + printable(plain(text), 60) + ", expected one of " + list + "; the cell is left out");
        return true;
      }
      if (meant != b.column->words.end()) value = meant->first;
    }
    if (b.column != nullptr) {
      for (const auto& [field, set] : b.column->sets) put(r, c, entry, field, set);
    }
    if (b.to == "item") {
      const auto [id, rest] = id_and_rest(text);
      if (!id.empty() && entry.id.empty()) entry.id = id;
      put(r, c, entry, "Description", id.empty() ? std::string(text) : rest);
    } else if (b.to == "id" || b.to == "ID" || b.to == "question" || b.to == "fact") {
      entry.id = plain(value);
    } else {
      put(r, c, entry, b.to, std::move(value));
    }
    return true;
  }

  bool lone(std::size_t r) const {
    std::set<std::string_view> texts;
    for (const Cell& cell : table_.rows[r]) {
      if (!cell.text.empty()) texts.insert(cell.text);
    }
    return texts.size() <= 1;
  }

  // Into the entry, as the schema of the field wants it; what does not fit is told.
  void put(std::size_t r, std::size_t c, Entry& entry, const std::string& field, std::string text) {
    if (text.empty() || entry.field(field) != nullptr) return;
    Value value(text);
    if (!fit_.table.empty()) {
      const Value& schema = table_fields(mapping_.makes, fit_.table)[field];
      if (schema.is_null()) return;
      auto fitted = fitting(schema, text);
      if (!fitted) {
        notice(r, c, fitted.error().what);
        return;
      }
      value = *std::move(fitted);
    } else if (mapping_.makes == "certificates" && (field == "issued" || field == "expires")) {
      const auto day = day_of(text);
      if (!day) {
        notice(r, c, "found " + printable(text, 40) + ", expected a day like 2026-05-01; the cell is left out");
        return;
      }
      value = to_text(*day);
    }
    entry.fields.push_back({field, std::move(value), table_.place(r, c)});
  }

  static Result<Value> fitting(const Value& schema, const std::string& text) {
    const std::string_view type = schema["type"].text();
    if (type == "array") {
      Value list = Value::array();
      std::string rest = plain(text);
      std::ranges::replace(rest, ';', ',');
      for (const std::string_view part : split(rest, ',')) {
        if (!trim(part).empty()) list.push(trim(part));
      }
      return list;
    }
    if (type == "integer") {
      const auto n = to_integer(plain(text));
      if (!n) return fail(Errc::malformed, "found " + printable(text, 40) + ", expected a number; the cell is left out");
      return Value(*n);
    }
    if (!schema.has("enum")) return Value(text);
    const std::string word = to_lower(plain(text));
    std::string list;
    for (const Value& allowed : schema["enum"].items()) {
      const std::string lower = to_lower(allowed.text());
      const bool yes = lower == "y" && (word == "yes" || word == "true");
      const bool no = lower == "n" && (word == "no" || word == "false");
      if (lower == word || yes || no) return allowed;
      list += (list.empty() ? "" : ", ") + std::string(allowed.text());
    }
    return fail(Errc::malformed, "found " + printable(text, 40) + ", expected one of " + list + "; the cell is left out");
  }

  // ISO, 2026/05/01 and 01.05.2026. Not 5/1/2026, which is two days.
  static std::optional<Day> day_of(std::string_view text) {
    if (const auto day = parse_day(text)) return day;
    static const re2::RE2 kForms(R"(^(?:(\d{4})/(\d{1,2})/(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})|(\d{4})年(\d{1,2})月(\d{1,2})日)$)");
    std::array<std::string, 9> part;
    const auto at = [&](std::size_t i) { return part.at(i); };
    if (!re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), kForms, part.data(), &part[1], &part[2], &part[3], &part[4],
                             &part[5], &part[6], &part[7], &part[8]))
      return std::nullopt;
    const std::string year = at(0) + at(5) + at(6);
    const auto two = [](std::string s) { return s.size() == 1 ? "0" + s : s; };
    return parse_day(year + "-" + two(at(1) + at(4) + at(7)) + "-" + two(at(2) + at(3) + at(8)));
  }

  // EN 18031: the path walked through a decision tree, and why (E.Info.DT, E.Just.DT).
  void path_cell(std::size_t r, std::size_t c, const Bound& b, std::string_view text, std::map<std::string, Entry>& paths) {
    std::string requirement = b.requirement;
    if (requirement.empty() && mapping_.requirement) re2::RE2::PartialMatch(table_.name, *mapping_.requirement, &requirement);
    if (requirement.empty()) {
      notice(r, c, "no requirement is named here or by the sheet, so the path or justification belongs to none; the cell is left out");
      return;
    }
    Entry& e = paths[requirement];
    if (e.fields.empty()) {
      e.makes = mapping_.makes;
      e.table = "DT";
      e.place = table_.place(r, c);
      e.fields.push_back({"Requirement", requirement, e.place});
    }
    std::string value(text);
    if (b.to == "DT.Path") {
      static const re2::RE2 kNode(R"((?i)\b(DN-\d+[a-z]?)\b[\s:=→>–-]*\b(yes|no|y|n|true|false)\b)");
      re2::StringPiece rest(text.data(), text.size());
      std::string found;
      std::string node;
      std::string word;
      while (re2::RE2::FindAndConsume(&rest, kNode, &node, &word)) {
        const char first = to_lower(word).front();
        std::ranges::transform(node.begin(), node.begin() + 2, node.begin(), [](char ch) {
          return ch == 'd' ? 'D' : ch == 'n' ? 'N' : ch;
        });
        found += (found.empty() ? "" : " ") + node + "=" + (first == 'y' || first == 't' ? "Y" : "N");
      }
      if (found.empty()) {
        notice(r, c, "found " + printable(text, 60) + ", expected a path like DN-1=Y DN-2=N; the cell is left out");
        return;
      }
      value = std::move(found);
    }
    const std::string field = b.to.substr(3);
    if (e.field(field) == nullptr) e.fields.push_back({field, std::move(value), table_.place(r, c)});
  }

  bool field_row(std::size_t r) {
    std::string field;
    std::size_t at = 0;
    std::size_t value_at = 0;
    for (std::size_t c = 0; c < fit_.columns.size(); ++c) {
      if (fit_.columns[c].to == "field") at = c;
      if (fit_.columns[c].to == "value") value_at = c;
    }
    const std::string name = plain(table_.text(r, at));
    if (name.empty() || trim(table_.text(r, value_at)).empty()) return false;
    field = field_of(table_fields(mapping_.makes, fit_.table), name);
    if (field.empty()) {
      notice(r, at, fit_.table + " has no field " + printable(name, 60) + "; the row is left out");
      return false;
    }
    Entry entry;
    entry.makes = mapping_.makes;
    entry.table = fit_.table;
    entry.place = table_.place(r, table_.rows[r].size());
    put(r, value_at, entry, field, std::string(trim(table_.text(r, value_at))));
    out_.entries.push_back(std::move(entry));
    return true;
  }

  bool finish(std::size_t r, Entry entry, std::map<std::string, Entry> paths) {
    const std::size_t row = table_.rows[r].size();
    if (mapping_.makes == "ics") {
      if (entry.id.empty()) return false;
      if (entry.field("support") == nullptr) {
        if (!entry.fields.empty()) notice(r, row, entry.id + " has text and no support; the row is left out");
        return false;
      }
    }
    if (entry.makes == "ixit" || entry.makes == "en18031") {
      if (entry.id.empty() && (!entry.fields.empty() || !paths.empty())) {
        notice(r, row, "the row has no id (like " + fit_.table + "-1) and is left out");
        return false;
      }
      for (auto& [requirement, path] : paths) {
        Value list = Value::array();
        list.push(entry.id);
        path.fields.insert(path.fields.begin() + 1, {"For", std::move(list), entry.place});
      }
    }
    if ((entry.makes == "answers" || entry.makes == "facts") && (entry.id.empty() || entry.field("value") == nullptr)) return false;
    if (entry.makes == "certificates" && (entry.field("standard") == nullptr || entry.field("scope") == nullptr)) {
      notice(r, row, "a certificate needs its standard and scope; the row is left out");
      return false;
    }
    out_.entries.push_back(std::move(entry));
    for (auto& [requirement, path] : paths) out_.entries.push_back(std::move(path));
    return true;
  }

  const Table& table_;
  const Fit& fit_;
  const Mapping& mapping_;
  Interpretation& out_;
};

}  // namespace

const Given* Entry::field(std::string_view name) const {
  const auto at = std::ranges::find(fields, name, &Given::field);
  return at == fields.end() ? nullptr : &*at;
}

std::string Entry::text(std::string_view name) const {
  const Given* given = field(name);
  return given == nullptr ? std::string{} : given->value.scalar_text();
}

Interpretation interpret(const std::vector<Table>& tables, const Mappings& mappings, std::string_view only) {
  Interpretation out;
  for (const Table& table : tables) {
    if (table.rows.empty()) continue;
    if (table.hidden) {
      out.notices.push_back({table.place(table.rows.size(), 0), "the sheet is hidden and left out"});
      continue;
    }
    const auto fit = best_fit(table, mappings, only);
    if (fit) {
      Interpreter(table, *fit, out).run();
    } else if (table.form != Table::Form::headings && out.notices.size() < kMaxNotices) {
      out.notices.push_back({table.place(0, table.rows[0].size()), "no mapping knows this table; it is left out"});
    }
  }
  if (out.notices.size() == kMaxNotices)
    out.notices.push_back({"", "and more: only the first " + std::to_string(kMaxNotices) + " are told"});
  return out;
}

}  // namespace assay::intake
