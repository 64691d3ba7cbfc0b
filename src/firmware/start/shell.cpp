// SPDX-License-Identifier: Apache-2.0
#include "firmware/start/shell.hpp"

#include <algorithm>
#include <array>
#include <deque>

#include "base/text.hpp"

namespace assay::firmware {
namespace {

constexpr std::size_t kMaxCommands = 20'000;
constexpr std::size_t kMaxNesting = 200;
constexpr std::size_t kMaxWord = 4096;

struct Token {
  enum class Kind { word, end, open, close, case_end, finished };  // end: newline ; & && || |
  Kind kind = Kind::finished;
  std::string text;
  std::uint32_t line = 0;
  bool quoted = false;  // any part of it
  bool pipe = false;    // an end that is a single |
};

class Lexer {
 public:
  Lexer(std::string_view text, std::uint32_t line) : text_(text), line_(line) {}

  Token next() {
    for (;;) {
      skip_blanks();
      if (at_ >= text_.size()) return {.kind = Token::Kind::finished, .text = {}, .line = line_};
      const char c = text_[at_];
      const std::uint32_t line = line_;
      switch (c) {
        case '\n': newline(); return {.kind = Token::Kind::end, .text = "\n", .line = line};
        case ';':
          if (peek(1) == ';') {
            at_ += 2;
            return {.kind = Token::Kind::case_end, .text = ";;", .line = line};
          }
          ++at_;
          return {.kind = Token::Kind::end, .text = ";", .line = line};
        case '&':
          if (peek(1) == '>') {
            at_ += 2;
            redirection();
            continue;
          }
          at_ += peek(1) == '&' ? 2 : 1;
          return {.kind = Token::Kind::end, .text = "&", .line = line};
        case '|':
          if (peek(1) == '|') {
            at_ += 2;
            return {.kind = Token::Kind::end, .text = "||", .line = line};
          }
          ++at_;
          return {.kind = Token::Kind::end, .text = "|", .line = line, .quoted = false, .pipe = true};
        case '(': ++at_; return {.kind = Token::Kind::open, .text = "(", .line = line};
        case ')': ++at_; return {.kind = Token::Kind::close, .text = ")", .line = line};
        case '>':
        case '<': redirection(); continue;
        default: break;
      }
      Token word = read_word();
      // "2>file": the digits belong to the redirection.
      if (!word.quoted && (current() == '>' || current() == '<') && to_integer(word.text)) continue;
      return word;
    }
  }

 private:
  char current() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  char peek(std::size_t n) const { return at_ + n < text_.size() ? text_[at_ + n] : '\0'; }

  void newline() {
    ++at_;
    ++line_;
    // Bodies of here-documents follow the line that opened them.
    while (!heredocs_.empty()) {
      const std::string mark = heredocs_.front();
      heredocs_.pop_front();
      while (at_ < text_.size()) {
        const auto end = std::min(text_.find('\n', at_), text_.size());
        auto body = text_.substr(at_, end - at_);
        at_ = std::min(end + 1, text_.size());
        ++line_;
        while (!body.empty() && body[0] == '\t') body.remove_prefix(1);
        if (!body.empty() && body.back() == '\r') body.remove_suffix(1);
        if (body == mark) break;
      }
    }
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\r') {
        ++at_;
      } else if (c == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'))) {
        at_ += peek(1) == '\n' ? 2 : 3;
        ++line_;
      } else if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        return;
      }
    }
  }

  void redirection() {
    const bool here = current() == '<' && peek(1) == '<' && peek(2) != '<';
    while (current() == '<' || current() == '>' || current() == '&' || current() == '|') ++at_;
    if (here && current() == '-') ++at_;
    while (current() == ' ' || current() == '\t') ++at_;
    if (current() == '\n' || at_ >= text_.size()) return;
    const Token target = read_word();
    if (here) heredocs_.push_back(target.text);
  }

  // A substitution is part of its word, unread; brackets inside are counted, not understood.
  void take_balanced(std::string& out, char open, char close) {
    std::size_t depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '\n') ++line_;
      if (out.size() < kMaxWord) out += c;
      if (c == '\\' && at_ < text_.size()) {
        ++at_;
      } else if (c == open) {
        ++depth;
      } else if (c == close && --depth == 0) {
        return;
      }
    }
  }

  void take_dollar(std::string& out) {
    out += '$';
    ++at_;
    if (current() == '(') {
      take_balanced(out, '(', ')');
    } else if (current() == '{') {
      take_balanced(out, '{', '}');
    }
  }

  void take_backquotes(std::string& out) {
    out += '`';
    ++at_;
    while (at_ < text_.size() && text_[at_] != '`') {
      if (text_[at_] == '\n') ++line_;
      ++at_;
    }
    if (at_ < text_.size()) ++at_;
  }

  void take_double(std::string& out) {
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        const char n = text_[at_ + 1];
        if (n == '\n') ++line_;
        if (n != '\n') out += n == '$' ? kLiteralDollar : n;
        at_ += 2;
      } else if (c == '$') {
        take_dollar(out);
      } else if (c == '`') {
        take_backquotes(out);
      } else {
        if (c == '\n') ++line_;
        out += c;
        ++at_;
      }
    }
    if (at_ < text_.size()) ++at_;
  }

  Token read_word() {
    Token out{.kind = Token::Kind::word, .text = {}, .line = line_};
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ';' || c == '&' || c == '|' || c == '(' || c == ')' || c == '<' ||
          c == '>')
        break;
      if (c == '\'') {
        out.quoted = true;
        for (++at_; at_ < text_.size() && text_[at_] != '\''; ++at_) {
          if (text_[at_] == '\n') ++line_;
          out.text += text_[at_] == '$' ? kLiteralDollar : text_[at_];
        }
        if (at_ < text_.size()) ++at_;
      } else if (c == '"') {
        out.quoted = true;
        take_double(out.text);
      } else if (c == '\\' && at_ + 1 < text_.size()) {
        if (text_[at_ + 1] == '\n') {
          ++line_;
        } else {
          out.text += text_[at_ + 1] == '$' ? kLiteralDollar : text_[at_ + 1];
        }
        at_ += 2;
      } else if (c == '$') {
        take_dollar(out.text);
      } else if (c == '`') {
        take_backquotes(out.text);
      } else {
        out.text += c;
        ++at_;
      }
    }
    if (out.text.size() > kMaxWord) out.text.resize(kMaxWord);
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_;
  std::deque<std::string> heredocs_;
};

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::ranges::find(list, word) != list.end();
}

class Parser {
 public:
  Parser(std::string_view text, std::uint32_t line) : lexer_(text, line) {}

  ShellScript run() {
    for (;;) {
      const Token t = lexer_.next();
      if (out_.commands.size() >= kMaxCommands || nest_.size() >= kMaxNesting) {
        out_.complete = false;
        break;
      }
      if (t.kind == Token::Kind::finished) break;
      token(t);
    }
    flush();
    return std::move(out_);
  }

 private:
  struct Nest {
    enum class Kind { brace, paren, choice } kind = Kind::brace;
    std::string function = {};
    bool on_first_argument = false;  // case "$1"
    bool expects_label = false;
    bool stops = false;
    std::vector<std::string> labels = {};
  };

  void token(const Token& t) {
    Nest* top = nest_.empty() ? nullptr : &nest_.back();
    if (top != nullptr && top->kind == Nest::Kind::choice && top->expects_label) {
      label(*top, t);
      return;
    }
    switch (t.kind) {
      case Token::Kind::word: word(t); break;
      case Token::Kind::end: flush(); break;
      case Token::Kind::case_end:
        flush();
        if (top != nullptr && top->kind == Nest::Kind::choice) start_labels(*top);
        break;
      case Token::Kind::open:
        // "name ()": the closing bracket and the body follow.
        if (command_.words.size() == 1) {
          pending_function_ = command_.words[0];
          command_ = {};
        } else {
          flush();
          nest_.push_back({.kind = Nest::Kind::paren});
        }
        break;
      case Token::Kind::close:
        if (!pending_function_.empty()) break;
        flush();
        if (top != nullptr && top->kind == Nest::Kind::paren) nest_.pop_back();
        break;
      case Token::Kind::finished: break;
    }
  }

  static void start_labels(Nest& choice) {
    choice.expects_label = true;
    choice.stops = false;
    choice.labels.clear();
  }

  void label(Nest& choice, const Token& t) {
    if (t.kind == Token::Kind::word) {
      if (t.text == "esac" && choice.labels.empty()) {
        nest_.pop_back();
        return;
      }
      choice.labels.push_back(t.text);
    } else if (t.kind == Token::Kind::close) {
      choice.expects_label = false;
      choice.stops =
          choice.on_first_argument && !choice.labels.empty() && std::ranges::all_of(choice.labels, [](const std::string& l) {
            return is_one_of(l, {"stop", "restart", "reload", "force-reload", "force-restart", "try-restart", "condrestart", "status",
                                 "shutdown", "kill", "disable", "help", "-h", "--help", "enabled", "killall", "probe", "force-stop"});
          });
    }
  }

  void word(const Token& t) {
    if (command_.words.empty()) {
      if (!pending_function_.empty()) {
        // The body of a function may be any compound command; in practice it is a brace group.
        out_.functions.insert(pending_function_);
        if (t.text == "{" && !t.quoted) nest_.push_back({.kind = Nest::Kind::brace, .function = pending_function_});
        pending_function_.clear();
        if (t.text == "{") return;
      }
      if (!t.quoted) {
        if (is_one_of(t.text, {"if", "then", "else", "elif", "fi", "do", "done", "while", "until", "!", "time", "in"})) return;
        if (t.text == "{") {
          nest_.push_back({.kind = Nest::Kind::brace});
          return;
        }
        if (t.text == "}") {
          if (!nest_.empty() && nest_.back().kind == Nest::Kind::brace) nest_.pop_back();
          return;
        }
        if (t.text == "esac") {
          if (!nest_.empty() && nest_.back().kind == Nest::Kind::choice) nest_.pop_back();
          return;
        }
      }
      command_.line = t.line;
    }
    command_.words.push_back(t.text);
    const auto& w = command_.words;
    if (w.size() == 3 && w[0] == "case" && w[2] == "in") {
      Nest choice{.kind = Nest::Kind::choice};
      choice.on_first_argument = is_one_of(w[1], {"$1", "${1}", "$action", "${action}", "$ACTION", "${1:-}", "$cmd", "$command"});
      start_labels(choice);
      command_ = {};
      nest_.push_back(std::move(choice));
    } else if (w.size() == 2 && w[0] == "function") {
      pending_function_ = w[1].ends_with("()") ? w[1].substr(0, w[1].size() - 2) : w[1];
      command_ = {};
    }
  }

  void flush() {
    if (command_.words.empty()) return;
    for (const Nest& n : nest_) {
      if (!n.function.empty()) command_.function = n.function;
      command_.stops = command_.stops || n.stops;
    }
    out_.commands.push_back(std::move(command_));
    command_ = {};
  }

  Lexer lexer_;
  ShellScript out_;
  ShellCommand command_;
  std::string pending_function_;
  std::vector<Nest> nest_;
};

}  // namespace

ShellScript parse_shell(std::string_view text, std::uint32_t first_line) {
  return Parser(text, first_line).run();
}

}  // namespace assay::firmware
