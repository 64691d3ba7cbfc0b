// SPDX-License-Identifier: Apache-2.0
#include "assess/matcher.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/text.hpp"

namespace assay::assess {
namespace {

tl::unexpected<Error> wrong(const Value& at, std::string what) {
  return fail(Errc::malformed, std::move(what), Where{.path = {}, .offset = 0, .line = at.mark.line, .column = at.mark.column});
}

bool is_numeric(const Value& value) {
  return value.kind() == Value::Kind::integer || value.kind() == Value::Kind::number;
}
bool is_scalar(const Value& value) {
  return !value.is_null() && !value.is_array() && !value.is_object();
}

bool equal_scalar(const Value& field, std::string_view text) {
  if (is_numeric(field)) {
    const auto number = to_number(text);
    return number && *number == field.number();
  }
  return field.scalar_text() == text;
}

bool begins_like_a_version(std::string_view text) {
  if (!text.empty() && (text[0] == 'v' || text[0] == 'V')) text.remove_prefix(1);
  return !text.empty() && text[0] >= '0' && text[0] <= '9';
}

// -1, 0, 1; false when the two have no common order.
bool order(const Value& field, std::string_view operand, int& out) {
  const auto sign = [](auto a, auto b) { return a < b ? -1 : b < a ? 1 : 0; };
  if (is_numeric(field)) {
    const auto number = to_number(operand);
    if (!number) return false;
    out = sign(field.number(), *number);
    return true;
  }
  const std::string text = field.scalar_text();
  const auto a = parse_day(text);
  const auto b = parse_day(operand);
  if (a && b) {
    out = sign(*a, *b);
    return true;
  }
  if (a.has_value() != b.has_value() || !begins_like_a_version(text) || !begins_like_a_version(operand)) return false;
  const auto bare = [](std::string_view t) { return t[0] == 'v' || t[0] == 'V' ? t.substr(1) : t; };
  out = compare_versions(bare(text), bare(operand));
  return true;
}

Truth compare_scalar(const Matcher& m, const Value& field) {
  int c = 0;
  if (!order(field, m.text, c)) return Truth::unknown;
  bool holds = false;
  if (m.kind == Matcher::Kind::less) holds = c < 0;
  if (m.kind == Matcher::Kind::less_equal) holds = c <= 0;
  if (m.kind == Matcher::Kind::greater) holds = c > 0;
  if (m.kind == Matcher::Kind::greater_equal) holds = c >= 0;
  return holds ? Truth::yes : Truth::no;
}

// A reference cell of an IXIT may name several rows: "UpdMech-1, UpdMech-2" is equal when each part is.
Truth match_reference(const Value& field, const std::vector<std::string>& values, bool open) {
  if (values.empty()) return Truth::unknown;
  const auto known = [&](std::string_view part) { return std::ranges::find(values, part) != values.end(); };
  const std::string text = field.scalar_text();
  bool all = known(text);
  if (!all && text.find(',') != std::string::npos) {
    all = true;
    for (const std::string_view part : split(text, ',')) all = all && known(trim(part));
  }
  if (all) return Truth::yes;
  return open ? Truth::unknown : Truth::no;
}

Truth match_scalar(const Matcher& m, const Value& field, const MatchScope& scope) {
  switch (m.kind) {
    case Matcher::Kind::equal: return equal_scalar(field, m.text) ? Truth::yes : Truth::no;
    case Matcher::Kind::matches: return re2::RE2::PartialMatch(field.scalar_text(), *m.pattern) ? Truth::yes : Truth::no;
    case Matcher::Kind::less:
    case Matcher::Kind::less_equal:
    case Matcher::Kind::greater:
    case Matcher::Kind::greater_equal: return compare_scalar(m, field);
    case Matcher::Kind::key: {
      const auto values = scope.key ? scope.key(m.text) : std::vector<std::string_view>{};
      if (values.empty()) return Truth::unknown;
      const bool found = std::ranges::any_of(values, [&](std::string_view v) { return equal_scalar(field, v); });
      return found ? Truth::yes : Truth::no;
    }
    case Matcher::Kind::reference: {
      bool open = false;
      const auto values = scope.reference ? scope.reference(m.text, open) : std::vector<std::string>{};
      return match_reference(field, values, open);
    }
    default: return Truth::unknown;
  }
}

}  // namespace

Truth negate(Truth truth) {
  if (truth == Truth::unknown) return truth;
  return truth == Truth::yes ? Truth::no : Truth::yes;
}
Truth both(Truth a, Truth b) {
  return std::min(a, b);
}
Truth either(Truth a, Truth b) {
  return std::max(a, b);
}

Result<Matcher> parse_matcher(const Value& value) {
  Matcher m;
  if (value.is_array()) {
    m.kind = Matcher::Kind::one_of;
    if (value.items().empty()) return wrong(value, "a list to match one of must not be empty");
    for (const Value& item : value.items()) {
      TRY(Matcher inner, parse_matcher(item));
      m.inner.push_back(std::move(inner));
    }
    return m;
  }
  if (!value.is_object()) {
    if (value.is_null()) return wrong(value, "a matcher must not be empty; {present: false} asks for an absent field");
    m.text = value.scalar_text();
    if (value.is_text() && m.text.size() > 1 && m.text[0] == '$') {
      m.kind = Matcher::Kind::key;
      m.text.erase(0, 1);
    }
    return m;
  }
  if (value.members().size() != 1) return wrong(value, "a matcher has exactly one of matches, not, lt, le, gt, ge, present, ref");
  const Value::Member& member = value.members().front();
  const Value& operand = member.value;
  if (member.name == "not") {
    TRY(Matcher inner, parse_matcher(operand));
    m.kind = Matcher::Kind::negated;
    m.inner.push_back(std::move(inner));
    return m;
  }
  if (!is_scalar(operand)) return wrong(value, "`" + member.name + "` needs one value");
  m.text = operand.scalar_text();
  if (member.name == "matches") {
    re2::RE2::Options options;
    options.set_log_errors(false);
    m.kind = Matcher::Kind::matches;
    auto pattern = std::make_shared<const re2::RE2>(m.text, options);
    if (!pattern->ok()) return wrong(operand, "bad expression: " + pattern->error());
    m.pattern = std::move(pattern);
  } else if (member.name == "present") {
    if (m.text != "true" && m.text != "false") return wrong(operand, "present is true or false");
    m.kind = Matcher::Kind::present;
    m.wanted = m.text == "true";
  } else if (member.name == "ref") {
    m.kind = Matcher::Kind::reference;
  } else if (member.name == "lt") {
    m.kind = Matcher::Kind::less;
  } else if (member.name == "le") {
    m.kind = Matcher::Kind::less_equal;
  } else if (member.name == "gt") {
    m.kind = Matcher::Kind::greater;
  } else if (member.name == "ge") {
    m.kind = Matcher::Kind::greater_equal;
  } else {
    const std::string_view meant = nearest(member.name, {"matches", "not", "lt", "le", "gt", "ge", "present", "ref"});
    return wrong(value, "unknown matcher `" + member.name + "`" + (meant.empty() ? "" : "; meant `" + std::string(meant) + "`?"));
  }
  return m;
}

std::string Matcher::to_text() const {
  switch (kind) {
    case Kind::equal: return text;
    case Kind::one_of: {
      std::string out;
      for (const Matcher& m : inner) out += (out.empty() ? "" : " or ") + m.to_text();
      return out;
    }
    case Kind::matches: return "/" + text + "/";
    case Kind::negated: return "not " + inner.front().to_text();
    case Kind::less: return "< " + text;
    case Kind::less_equal: return "<= " + text;
    case Kind::greater: return "> " + text;
    case Kind::greater_equal: return ">= " + text;
    case Kind::present: return wanted ? "given" : "not given";
    case Kind::key: return "$" + text;
    case Kind::reference: return "one of " + text;
  }
  return {};
}

Truth match(const Matcher& m, const Value* field, const MatchScope& scope) {
  const bool absent = field == nullptr || field->is_null();
  if (m.kind == Matcher::Kind::present) return (!absent && !field->empty()) == m.wanted ? Truth::yes : Truth::no;
  if (m.kind == Matcher::Kind::negated) return negate(match(m.inner.front(), field, scope));
  if (m.kind == Matcher::Kind::one_of) {
    Truth out = Truth::no;
    for (const Matcher& inner : m.inner) out = either(out, match(inner, field, scope));
    return out;
  }
  if (absent) return Truth::unknown;
  if (field->is_array()) {
    Truth out = Truth::no;
    for (const Value& item : field->items()) out = either(out, match_scalar(m, item, scope));
    return out;
  }
  return match_scalar(m, *field, scope);
}

Truth match_contested(const Matcher& m, const Value* field) {
  if (m.kind == Matcher::Kind::present) return match(m, field, {});
  if (m.kind == Matcher::Kind::negated) return negate(match_contested(m.inner.front(), field));
  return Truth::unknown;
}

}  // namespace assay::assess
