// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assess/matcher.hpp"
#include "base/result.hpp"
#include "base/value.hpp"

namespace assay::assess {

// A `when` of the catalogue as a tree (docs/catalogue.md, "Conditions").
struct Condition {
  enum class Kind : std::uint8_t { seen, none, declared, undeclared, fact, ics, ics_unjustified, value, placed, all, any, negated };
  Kind kind = Kind::all;
  std::string name;                                    // observation kind, IXIT table, subject, fact, provision or path
  std::vector<std::pair<std::string, Matcher>> where;  // all must match
  std::vector<std::string> covered;                    // checks that make an absence worth something
  std::vector<Matcher> is;                             // one, of fact, ics, value and placed
  std::vector<Condition> parts;
  Mark mark{};

  std::string to_text() const;
  // Whether the truth of it can depend on the scheme it is asked for (`ics`, `ics-unjustified`).
  bool needs_scheme() const;
  // Whether it can hold because something was not seen.
  bool rests_on_absence() const;
};

Result<Condition> parse_condition(const Value& value);

// Calls visit(node, negated) for every node, parents first; `negated` counts the `not`s above it.
void for_each(const Condition& condition, const std::function<void(const Condition&, bool negated)>& visit);

}  // namespace assay::assess
