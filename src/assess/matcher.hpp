// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"

namespace re2 {
class RE2;
}

namespace assay::assess {

// Kleene's three values: `unknown` is never rounded.
enum class Truth : std::uint8_t { no, unknown, yes };
Truth negate(Truth truth);
Truth both(Truth a, Truth b);
Truth either(Truth a, Truth b);

// What `where` and `is` compare a field with (docs/catalogue.md, "matcher").
struct Matcher {
  enum class Kind : std::uint8_t { equal, one_of, matches, negated, less, less_equal, greater, greater_equal, present, key, reference };
  Kind kind = Kind::equal;
  bool wanted = true;                       // of `present`
  std::string text;                         // operand, pattern, key name, or the referenced path
  std::vector<Matcher> inner;               // alternatives, or the one matcher that is negated
  std::shared_ptr<const re2::RE2> pattern;  // of `matches`

  std::string to_text() const;
};

// Malformed (bad expression, unknown form) is an error at the value's line.
Result<Matcher> parse_matcher(const Value& value);

// Where `$key` and `{ref: …}` look. A null function result, or an empty list, means "not known".
struct MatchScope {
  // The instance's values of a key; more than one when several observations make up the instance.
  std::function<std::vector<std::string_view>(std::string_view key)> key;
  // The values a reference leads to; `open` is set when some row lacks the field, so that "equal to none" is not certain.
  std::function<std::vector<std::string>(std::string_view path, bool& open)> reference;
};

// `field` is null when absent. A list matches when one of its items does.
Truth match(const Matcher& matcher, const Value* field, const MatchScope& scope);
// The same without knowing the field's value: `present` is still certain, everything else is unknown.
Truth match_contested(const Matcher& matcher, const Value* field);

}  // namespace assay::assess
