// SPDX-License-Identifier: Apache-2.0
#include "office/product_text.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "model/product.hpp"

namespace assay::office {
namespace {

// Lines count from 0 here, ends are exclusive.
struct Edit {
  std::size_t from = 0, to = 0;
  std::string text;
};

std::string hanging(std::string_view prefix, std::size_t indent, const Value& value) {
  std::string yaml = to_yaml(value);
  std::string out(prefix);
  bool first = true;
  for (const std::string_view line : split(trim(yaml) == std::string_view{} ? std::string_view{} : std::string_view(yaml), '\n')) {
    if (!first && !line.empty()) out += std::string(indent, ' ');
    out += line;
    out += '\n';
    first = false;
  }
  // to_yaml ends in a line feed, which split shows as one more empty line.
  out.pop_back();
  return out;
}

class Rewriter {
 public:
  explicit Rewriter(std::string_view text) : lines_(split(text, '\n')) {
    if (!lines_.empty() && lines_.back().empty()) lines_.pop_back();
  }

  bool map(const Value& before, const Value& after, std::size_t end) {
    const auto& old = before.members();
    if (old.empty() || !std::ranges::all_of(old, [&](const Value::Member& m) { return alone(m.mark) && after.has(m.name); })) return false;
    const std::size_t undo = edits_.size();
    const std::size_t column = old.front().mark.column - 1;
    for (std::size_t i = 0; i < old.size(); ++i) {
      const Value& now = after[old[i].name];
      if (old[i].value == now) continue;
      const std::size_t from = old[i].mark.line - 1;
      const std::size_t to = i + 1 < old.size() ? trimmed(from, old[i + 1].mark.line - 1, column) : end;
      if (to <= from || old[i].mark.column - 1 != column) return give_up(undo);
      if (inside(old[i].value, now, to)) continue;
      Value one = Value::object();
      one.set(old[i].name, now);
      edits_.push_back({from, to, hanging(lines_[from].substr(0, column), column, one)});
    }
    Value fresh = Value::object();
    for (const auto& m : after.members()) {
      if (!before.has(m.name)) fresh.set(m.name, m.value);
    }
    if (!fresh.members().empty()) edits_.push_back({end, end, hanging(std::string(column, ' '), column, fresh)});
    return true;
  }

  std::size_t end() const { return trimmed(0, lines_.size(), 0); }

  std::string text() {
    // From the end, so that places stay what they are; of two at one place the one found later belongs further down.
    std::ranges::reverse(edits_);
    std::ranges::stable_sort(edits_, [](const Edit& a, const Edit& b) { return a.from > b.from; });
    std::vector<std::string> lines(lines_.begin(), lines_.end());
    for (Edit& e : edits_) {
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(e.from), lines.begin() + static_cast<std::ptrdiff_t>(e.to));
      while (e.text.ends_with('\n')) e.text.pop_back();
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(e.from), std::move(e.text));
    }
    std::string out;
    for (const std::string& line : lines) out += line + "\n";
    return out;
  }

 private:
  bool give_up(std::size_t undo) {
    edits_.resize(undo);
    return false;
  }

  bool inside(const Value& before, const Value& after, std::size_t end) {
    if (before.is_object() && after.is_object()) return map(before, after, end);
    return before.is_array() && after.is_array() && array(before, after, end);
  }

  // Items are changed where they stand, and added behind the last.
  bool array(const Value& before, const Value& after, std::size_t end) {
    const auto& old = before.items();
    if (old.empty() || after.items().size() < old.size()) return false;
    std::vector<Mark> marks;
    for (const Value& item : old) {
      const bool rows = item.is_object() && !item.empty() && alone(item.members().front().mark);
      marks.push_back(rows ? item.members().front().mark : item.mark);
      if (!dashed(marks.back())) return false;
    }
    const std::size_t undo = edits_.size();
    const std::size_t dash = lines_[marks.front().line - 1].find('-');
    for (std::size_t i = 0; i < old.size(); ++i) {
      if (old[i] == after.items()[i]) continue;
      const std::size_t from = marks[i].line - 1;
      const std::size_t to = i + 1 < old.size() ? trimmed(from, marks[i + 1].line - 1, dash) : end;
      if (to <= from) return give_up(undo);
      if (inside(old[i], after.items()[i], to)) continue;
      edits_.push_back({from, to, hanging(lines_[from].substr(0, marks[i].column - 1), marks[i].column - 1, after.items()[i])});
    }
    std::string added;
    for (std::size_t i = old.size(); i < after.items().size(); ++i)
      added += hanging(std::string(dash, ' ') + "- ", dash + 2, after.items()[i]);
    if (!added.empty()) edits_.push_back({end, end, std::move(added)});
    return true;
  }

  // Nothing but blanks and list dashes before it: what stands there can be changed by whole lines.
  bool alone(Mark mark) const {
    if (mark.line == 0 || mark.line > lines_.size() || mark.column == 0 || mark.column - 1 > lines_[mark.line - 1].size()) return false;
    return lines_[mark.line - 1].substr(0, mark.column - 1).find_first_not_of(" -") == std::string_view::npos;
  }
  bool dashed(Mark mark) const {
    if (!alone(mark)) return false;
    const std::string_view before = lines_[mark.line - 1].substr(0, mark.column - 1);
    return std::ranges::count(before, '-') == 1;
  }

  // Without the blank lines and the comments at its end that speak of what follows.
  std::size_t trimmed(std::size_t from, std::size_t to, std::size_t column) const {
    while (to > from + 1) {
      const std::string_view line = lines_[to - 1];
      const auto at = line.find_first_not_of(" \t\r");
      if (at != std::string_view::npos && (line[at] != '#' || at > column)) break;
      --to;
    }
    return to;
  }

  std::vector<std::string_view> lines_;
  std::vector<Edit> edits_;
};

}  // namespace

std::vector<Error> product_errors(const Value& document, std::string_view name) {
  Product product;
  return Product::from(document, name, product);
}

Result<std::string> rewritten(std::string_view text, const Value& after) {
  TRY(const Value before, parse_yaml(text));
  if (before == after) return std::string(text);
  Rewriter rewriter(text);
  if (!rewriter.map(before, after, rewriter.end())) return fail(Errc::conflict, "is not written in a form that can be changed in place");
  std::string out = rewriter.text();
  Product meant;
  Product written;
  if (!Product::from(after, "", meant).empty() || !Product::parse(out, "", written).empty() || meant.digest() != written.digest())
    return fail(Errc::conflict, "is not written in a form that can be changed in place");
  return out;
}

}  // namespace assay::office
