// SPDX-License-Identifier: Apache-2.0
// The heads are those of knowledge/imports/questions.yaml, by which filled sheets are read back.
#include "paper/question_sheets.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <map>

#include "base/clock.hpp"
#include "base/text.hpp"

namespace assay::paper {
namespace {

// What Excel takes.
constexpr std::size_t kMaxCell = 32'000;
constexpr std::size_t kMaxList = 255;

std::string joined(const std::vector<std::string>& list, std::string_view between) {
  std::string out;
  for (const std::string& s : list) out += (out.empty() ? "" : std::string(between)) + s;
  return out;
}

struct Words {
  const char *en, *ja;
  const char* of(bool japanese) const { return japanese ? ja : en; }
};

// An answer in the sheet's language; the mapping reads either.
std::string answer_word(const std::string& value, bool japanese) {
  if (!japanese) return value;
  static const std::vector<std::pair<std::string_view, std::string_view>> words = {
      {"yes", "はい"},       {"no", "いいえ"},     {"not-applicable", "該当なし"},
      {"deviation", "逸脱"}, {"accepted", "承認"}, {"confirmed", "確認済み"}};
  for (const auto& [en, ja] : words) {
    if (value == en) return std::string(ja);
  }
  return value;
}

std::string kind_word(const std::string& kind, bool japanese) {
  static const std::vector<std::pair<std::string_view, Words>> words = {
      {"answer", {"question", "質問"}},
      {"observation", {"question", "質問"}},
      {"declaration", {"missing in product.yaml", "product.yaml に不足"}},
      {"justification", {"written reason", "理由書"}},
      {"confirmation", {"check against the source", "出典との照合"}},
      {"choice", {"choice of a reading", "解釈の選択"}},
      {"acceptance", {"acceptance", "承認"}},
  };
  for (const auto& [name, word] : words) {
    if (kind == name) return word.of(japanese);
  }
  return kind;
}

struct Column {
  Words head;
  double width;
  bool filled = false;  // by the person who answers
};

const std::vector<Column>& row_columns() {
  static const std::vector<Column> columns = {
      {{"Question id", "質問ID"}, 28},
      {{"Question", "質問"}, 52},
      {{"Why it is asked", "質問の理由"}, 44},
      {{"About", "対象"}, 24},
      {{"Kind", "種類"}, 14},
      {{"Rows", "件数"}, 7},
      {{"Settles", "解決する要件"}, 36},
      {{"How it can be settled", "解決方法"}, 56},
      {{"Answer", "回答"}, 14, true},
      {{"By", "回答者"}, 18, true},
      {{"Note", "備考"}, 44, true},
      {{"Evidence file", "証拠ファイル"}, 26, true},
  };
  return columns;
}
constexpr std::size_t kAnswer = 8;

std::vector<std::string> cells_of(const AskedRow& row, bool japanese) {
  return {row.question,
          row.ask,
          row.why,
          row.instance,
          kind_word(row.kind, japanese),
          std::to_string(row.rows),
          by_scheme(row.requirements, "\n"),
          ways(row, japanese),
          "",
          "",
          "",
          ""};
}

std::string clipped(const std::string& text) {
  std::string out = valid_utf8(text);
  if (out.size() > kMaxCell) {
    out.resize(kMaxCell);
    out = valid_utf8(out) + "…";
  }
  return out;
}

class Book {
 public:
  Book(const Questionnaire& q, const std::string& path) : q_(q), japanese_(q.language == "ja"), book_(workbook_new(path.c_str())) {
    const auto format = [&](bool head, bool fill, bool closed) {
      lxw_format* f = workbook_add_format(book_);
      format_set_font_name(f, japanese_ ? "Yu Gothic" : "Calibri");
      format_set_font_size(f, 10);
      format_set_text_wrap(f);
      format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
      format_set_border(f, LXW_BORDER_THIN);
      format_set_border_color(f, 0xBFBFBF);
      if (head) {
        format_set_bold(f);
        format_set_font_color(f, LXW_COLOR_WHITE);
        format_set_bg_color(f, 0x1F3A5F);
      }
      if (fill) format_set_bg_color(f, 0xFFF7DB);
      if (closed) format_set_bg_color(f, 0xE7E6E6);
      return f;
    };
    head_ = format(true, false, false);
    plain_ = format(false, false, false);
    fill_ = format(false, true, false);
    closed_ = format(false, false, true);
    std::string title = "Questions: " + q.product;
    lxw_doc_properties properties{};
    properties.title = title.data();
    properties.created = static_cast<time_t>(now().time_since_epoch().count());
    workbook_set_properties(book_, &properties);
  }

  void rows(Words name, const std::vector<AskedRow>& rows) {
    begin(name, row_columns());
    for (const AskedRow& row : rows) {
      const auto cells = cells_of(row, japanese_);
      for (std::size_t c = 0; c < cells.size(); ++c) {
        lxw_format* f = c < kAnswer ? plain_ : row.takes.empty() ? closed_ : fill_;
        if (c == 5) {
          worksheet_write_number(sheet_, line_, static_cast<lxw_col_t>(c), static_cast<double>(row.rows), f);
        } else {
          write(c, cells[c], f);
        }
      }
      std::vector<std::string> words;
      for (const std::string& value : row.takes) words.push_back(answer_word(value, japanese_));
      choose(kAnswer, words);
      ++line_;
    }
    finish();
  }

  void facts() {
    static const std::vector<Column> columns = {{{"Fact", "事実"}, 30},
                                                {{"Question", "質問"}, 60},
                                                {{"Why it is asked", "質問の理由"}, 60},
                                                {{"Schemes", "制度"}, 30},
                                                {{"Answers it takes", "回答の形"}, 30},
                                                {{"Answer", "回答"}, 24, true}};
    begin({"Facts", "事実"}, columns);
    for (const AskedFact& fact : q_.facts) {
      const bool boolean = fact.type == "boolean" || fact.type.empty();
      std::vector<std::string> choices = fact.one_of;
      if (boolean) choices = {answer_word("yes", japanese_), answer_word("no", japanese_)};
      std::string form = joined(choices, ", ");
      if (fact.type == "list") form = Words{"some of, with commas: ", "次から（コンマ区切り）: "}.of(japanese_) + form;
      if (fact.type == "date") form = Words{"a day: 2026-05-01", "日付: 2026-05-01"}.of(japanese_);
      if (fact.type == "integer") form = Words{"a number", "数値"}.of(japanese_);
      if (fact.type == "text") form = Words{"text", "文字"}.of(japanese_);
      std::size_t c = 0;
      for (const std::string& text : {fact.id, fact.ask, fact.why, joined(fact.schemes, "\n"), form}) write(c++, text, plain_);
      write(c, "", fill_);
      if (boolean || fact.type == "words") choose(c, choices);
      ++line_;
    }
    finish();
  }

  bool close(std::string& why) {
    const lxw_error error = workbook_close(book_);
    if (error != LXW_NO_ERROR) why = lxw_strerror(error);
    return error == LXW_NO_ERROR;
  }

 private:
  void begin(Words name, const std::vector<Column>& columns) {
    sheet_ = workbook_add_worksheet(book_, name.of(japanese_));
    worksheet_freeze_panes(sheet_, 1, 2);
    worksheet_set_landscape(sheet_);
    worksheet_set_paper(sheet_, 8);  // A3
    worksheet_fit_to_pages(sheet_, 1, 0);
    worksheet_repeat_rows(sheet_, 0, 0);
    // & starts a code in headers.
    std::string product = q_.product + ", " + q_.version;
    for (std::size_t i = 0; (i = product.find('&', i)) != std::string::npos; i += 2) product.insert(i, 1, '&');
    worksheet_set_header(sheet_, ("&L" + clipped(product).substr(0, 120) + "&R" + q_.date + ", &P/&N").c_str());
    line_ = 0;
    width_ = columns.size();
    for (std::size_t c = 0; c < columns.size(); ++c) {
      worksheet_set_column(sheet_, static_cast<lxw_col_t>(c), static_cast<lxw_col_t>(c), columns[c].width, nullptr);
      write(c, columns[c].head.of(japanese_), head_);
    }
    ++line_;
  }

  void finish() {
    if (line_ > 1) worksheet_autofilter(sheet_, 0, 0, line_ - 1, static_cast<lxw_col_t>(width_ - 1));
  }

  void write(std::size_t column, const std::string& text, lxw_format* format) {
    const std::string shown = clipped(text);
    if (shown.empty()) {
      worksheet_write_blank(sheet_, line_, static_cast<lxw_col_t>(column), format);
    } else {
      worksheet_write_string(sheet_, line_, static_cast<lxw_col_t>(column), shown.c_str(), format);
    }
  }

  void choose(std::size_t column, const std::vector<std::string>& words) {
    if (words.empty() || joined(words, ",").size() > kMaxList) return;
    std::vector<std::string> own = words;
    std::vector<char*> list;
    for (std::string& w : own) list.push_back(w.data());
    list.push_back(nullptr);
    lxw_data_validation rule{};
    rule.validate = LXW_VALIDATION_TYPE_LIST;
    rule.ignore_blank = LXW_VALIDATION_ON;
    rule.value_list = list.data();
    worksheet_data_validation_cell(sheet_, line_, static_cast<lxw_col_t>(column), &rule);
  }

  const Questionnaire& q_;
  bool japanese_;
  lxw_workbook* book_;
  lxw_worksheet* sheet_ = nullptr;
  lxw_row_t line_ = 0;
  std::size_t width_ = 0;
  lxw_format *head_ = nullptr, *plain_ = nullptr, *fill_ = nullptr, *closed_ = nullptr;
};

// Instances are named after what was found in an image: such a cell must not become a formula.
std::string csv_cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos) text.insert(text.begin(), '\'');
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

Value texts(const std::vector<std::string>& from) {
  Value out = Value::array();
  for (const std::string& text : from) out.push(text);
  return out;
}

Value row_value(const AskedRow& r) {
  Value v = Value::object();
  v.set("question", r.question);
  v.set("instance", r.instance);
  v.set("kind", r.kind);
  v.set("topic", r.topic);
  v.set("ask", r.ask);
  v.set_if("why", r.why);
  v.set_if("what", r.what);
  Value settle = Value::array();
  for (const Value& way : r.settle) settle.push(way);
  v.set("settle", std::move(settle));
  v.set_if("person", r.person);
  v.set("takes", texts(r.takes));
  v.set("rows", static_cast<std::uint64_t>(r.rows));
  v.set("requirements", texts(r.requirements));
  v.set("cost", r.cost);
  v.set_if("held", r.held);
  return v;
}

}  // namespace

Value to_value(const Questionnaire& q) {
  Value out = Value::object();
  out.set("product", q.product);
  out.set("version", q.version);
  out.set("date", q.date);
  out.set("language", q.language);
  Value facts = Value::array();
  for (const AskedFact& f : q.facts) {
    Value v = Value::object();
    v.set("fact", f.id);
    v.set("ask", f.ask);
    v.set_if("why", f.why);
    v.set_if("type", f.type);
    v.set_if("one_of", texts(f.one_of));
    v.set("schemes", texts(f.schemes));
    facts.push(std::move(v));
  }
  out.set("facts", std::move(facts));
  Value questions = Value::array();
  for (const AskedRow& r : q.questions) questions.push(row_value(r));
  out.set("questions", std::move(questions));
  Value statements = Value::array();
  for (const AskedRow& r : q.statements) statements.push(row_value(r));
  out.set("statements", std::move(statements));
  return out;
}

std::string ways(const AskedRow& row, bool japanese) {
  std::vector<std::string> lines;
  for (const Value& way : row.settle) {
    if (way["what"].text().empty()) continue;
    std::string line = "• " + std::string(way["what"].text());
    if (way["by"].text() == "answer" && row.person == "with-evidence")
      line += Words{" (the answer counts with an evidence file)", "（証拠ファイルが必要）"}.of(japanese);
    lines.push_back(std::move(line));
  }
  const bool told = std::ranges::any_of(row.settle, [&](const Value& way) { return way["what"].text() == row.what; });
  if (!told && !row.what.empty()) lines.insert(lines.begin(), "• " + row.what);
  if (!row.held.empty()) lines.insert(lines.begin(), row.held);
  if (row.takes.empty() && row.person == "no")
    lines.emplace_back(
        Words{"No answer settles this: hand in what is named above.", "回答では解決しません。上記の資料が必要です。"}.of(japanese));
  return joined(lines, "\n");
}

std::string by_scheme(const std::vector<std::string>& requirements, std::string_view between) {
  std::map<std::string, std::string> schemes;
  for (const std::string& r : requirements) {
    const auto blank = r.find(' ');
    std::string& list = schemes[r.substr(0, blank)];
    if (blank != std::string::npos) list += (list.empty() ? " " : ", ") + r.substr(blank + 1);
  }
  std::string out;
  for (const auto& [scheme, list] : schemes) out += (out.empty() ? "" : std::string(between)) + scheme + list;
  return out;
}

Result<void> write_xlsx(const Questionnaire& questionnaire, const std::string& path) {
  std::string temporary = path + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return fail(errno == ENOENT ? Errc::not_found : Errc::io, "cannot write: " + errno_text(errno), Where{.path = path});
  ::fchmod(fd, 0644);
  ::close(fd);
  Book book(questionnaire, temporary);
  book.rows({"Questions", "質問"}, questionnaire.questions);
  book.facts();
  book.rows({"Statements", "理由・確認"}, questionnaire.statements);
  std::string why;
  bool written = book.close(why);
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) {
    why = errno_text(errno);
    written = false;
  }
  if (written) return {};
  ::unlink(temporary.c_str());
  return fail(Errc::io, "cannot write: " + why, Where{.path = path});
}

std::string csv(const Questionnaire& questionnaire) {
  const bool japanese = questionnaire.language == "ja";
  std::string out = "\xEF\xBB\xBF";  // without it Excel reads UTF-8 as the system's code page
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (const std::string& cell : cells) text += (text.empty() ? "" : ",") + csv_cell(cell);
    out += text + "\r\n";
  };
  std::vector<std::string> heads;
  for (const Column& c : row_columns()) heads.emplace_back(c.head.of(japanese));
  line(heads);
  for (const AskedRow& row : questionnaire.questions) line(cells_of(row, japanese));
  for (const AskedRow& row : questionnaire.statements) line(cells_of(row, japanese));
  return out;
}

}  // namespace assay::paper
