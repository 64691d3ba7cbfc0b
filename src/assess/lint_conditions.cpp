// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include "assess/linting.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "model/product.hpp"
#include "model/schema.hpp"

namespace assay::assess {
namespace {

const std::vector<std::string_view>& place_fields() {
  static const std::vector<std::string_view> fields = {"at.path",    "at.line", "at.offset",   "at.frame",
                                                       "at.request", "at.page", "at.selector", "by"};
  return fields;
}

bool is_table(std::string_view name) {
  const auto tables = ixit_tables();
  return std::ranges::find(tables, name) != tables.end();
}

bool has_table_field(std::string_view table, std::string_view field) {
  const auto fields = ixit_fields(table);
  return std::ranges::find(fields, field) != fields.end();
}

// Whether product.yaml can have such a path at all.
bool is_product_path(std::string_view path) {
  static const Value schema = [] {
    auto loaded = shipped_schema("product");
    return loaded ? loaded->json() : Value{};
  }();
  const Value* at = &schema;
  for (const std::string_view step : split(path, '.')) {
    if (at->has("items")) at = at->find("items");
    const Value* next = (*at)["properties"].find(step);
    if (next == nullptr) next = at->find("additionalProperties");
    if (next == nullptr || !next->is_object()) return false;
    at = next;
  }
  return !path.empty();
}

// Keys that instances of a subject can have: row fields, and what its sightings name.
std::vector<std::string_view> keys_of(const Catalogue& catalogue, std::string_view subject) {
  std::vector<std::string_view> out = {"id"};
  if (is_table(subject)) {
    for (const std::string_view field : ixit_fields(subject)) out.push_back(field);
  }
  if (const Subject* s = catalogue.subject(subject)) {
    for (const Sighting& sighting : s->observed) {
      for (const auto& [key, field] : sighting.keys) out.push_back(key);
    }
  }
  return out;
}

// A fact that nobody asks can never be given; a word it does not have never matches.
void lint_fact(Lint& lint, const Condition& c, const Source& at) {
  const Fact* fact = lint.catalogue.fact(c.name);
  if (fact == nullptr) {
    std::vector<std::string_view> known;
    for (const auto& [id, entry] : lint.catalogue.facts) known.push_back(id);
    lint.unknown(at, "fact", c.name, known);
    return;
  }
  const std::function<void(const Matcher&)> visit = [&](const Matcher& matcher) {
    for (const Matcher& inner : matcher.inner) visit(inner);
    if (matcher.kind != Matcher::Kind::equal) return;
    const bool boolean = matcher.text == "true" || matcher.text == "false";
    if (fact->type == "boolean" && !boolean) lint.say(at, "the fact " + c.name + " is true or false, not " + json_quoted(matcher.text));
    if (!fact->one_of.empty() && std::ranges::find(fact->one_of, matcher.text) == fact->one_of.end())
      lint.unknown(at, "word of the fact " + c.name, matcher.text, std::vector<std::string_view>(fact->one_of.begin(), fact->one_of.end()));
  };
  visit(c.is.front());
}

void lint_matcher(Lint& lint, const Matcher& matcher, const Source& at, std::string_view subject, const Field* field) {
  for (const Matcher& inner : matcher.inner) lint_matcher(lint, inner, at, subject, field);
  if (matcher.kind == Matcher::Kind::key) {
    const auto keys = keys_of(lint.catalogue, subject);
    if (std::ranges::find(keys, matcher.text) == keys.end()) lint.unknown(at, "key of " + std::string(subject), matcher.text, keys);
  }
  if (matcher.kind == Matcher::Kind::reference) {
    const auto dot = matcher.text.find('.');
    const std::string_view table = std::string_view(matcher.text).substr(0, dot);
    if (is_table(table)) {
      const std::string_view name = dot == std::string::npos ? std::string_view{} : std::string_view(matcher.text).substr(dot + 1);
      if (!has_table_field(table, name)) lint.unknown(at, "field of " + std::string(table), name, ixit_fields(table));
    } else if (!is_product_path(matcher.text)) {
      lint.say(at, "product.yaml has no " + json_quoted(matcher.text));
    }
  }
  if (field == nullptr || matcher.kind != Matcher::Kind::equal) return;
  const std::vector<std::string_view> known(field->one_of.begin(), field->one_of.end());
  if (!known.empty() && std::ranges::find(known, matcher.text) == known.end())
    lint.unknown(at, "value of " + field->name, matcher.text, known);
  if (field->type == "boolean" && matcher.text != "true" && matcher.text != "false") lint.say(at, field->name + " is true or false");
  if ((field->type == "integer" || field->type == "number") && !to_number(matcher.text)) lint.say(at, field->name + " is a number");
}

void lint_seen(Lint& lint, const Condition& c, const Source& at, std::string_view subject) {
  const auto kind = lint.catalogue.kinds.find(c.name);
  if (kind == lint.catalogue.kinds.end()) {
    std::vector<std::string_view> known;
    for (const auto& [id, k] : lint.catalogue.kinds) known.push_back(id);
    lint.unknown(at, "observation kind", c.name, known);
    return;
  }
  for (const auto& [name, matcher] : c.where) {
    const Field* field = kind->second.field(name);
    if (field == nullptr && std::ranges::find(place_fields(), name) == place_fields().end()) {
      std::vector<std::string_view> known = place_fields();
      for (const Field& f : kind->second.fields) known.push_back(f.name);
      lint.unknown(at, "field of " + c.name, name, known);
    }
    lint_matcher(lint, matcher, at, subject, field);
  }
  for (const std::string& check : c.covered) {
    if (lint.catalogue.checks.contains(check)) continue;
    std::vector<std::string_view> known;
    for (const auto& [id, k] : lint.catalogue.checks) known.push_back(id);
    lint.unknown(at, "check", check, known);
  }
  if (c.kind == Condition::Kind::none && c.covered.empty())
    lint.say(at, "`none` must name in `covered` the checks that make absence worth something");
}

void lint_undeclared(Lint& lint, const Condition& c, const Source& at, std::string_view subject) {
  const Subject* about = lint.catalogue.subject(c.name);
  if (about == nullptr) {
    std::vector<std::string_view> known;
    for (const auto& [id, s] : lint.catalogue.subjects) known.push_back(id);
    lint.unknown(at, "subject", c.name, known);
    return;
  }
  if (about->observed.empty()) lint.say(at, "no observation makes an instance of " + c.name + ", so nothing is ever undeclared");
  for (const auto& [name, matcher] : c.where) {
    bool known = std::ranges::find(place_fields(), name) != place_fields().end();
    for (const Sighting& sighting : about->observed) {
      const auto kind = lint.catalogue.kinds.find(sighting.kind);
      known = known || (kind != lint.catalogue.kinds.end() && kind->second.field(name) != nullptr);
    }
    if (!known) lint.say(at, "no observation that makes a " + c.name + " has the field " + json_quoted(name));
    lint_matcher(lint, matcher, at, subject, nullptr);
  }
}

}  // namespace

void lint_row_fields(Lint& lint, const std::vector<std::pair<std::string, Matcher>>& where, const Source& at, std::string_view table) {
  if (!is_table(table)) {
    lint.unknown(at, "IXIT table", table, ixit_tables());
    return;
  }
  for (const auto& [name, matcher] : where) {
    if (!has_table_field(table, name)) lint.unknown(at, "field of " + std::string(table), name, ixit_fields(table));
    lint_matcher(lint, matcher, at, table, nullptr);
  }
}

void lint_condition(Lint& lint, const Condition& condition, const Source& from, std::string_view subject) {
  for_each(condition, [&](const Condition& c, bool negated) {
    const Source at{from.file, c.mark};
    switch (c.kind) {
      case Condition::Kind::seen:
      case Condition::Kind::none:
        lint_seen(lint, c, at, subject);
        if (c.kind == Condition::Kind::seen && negated && c.covered.empty())
          lint.say(at, "`not` around `seen` never holds without `covered`");
        break;
      case Condition::Kind::declared: {
        if (!is_table(c.name)) {
          lint.unknown(at, "IXIT table", c.name, ixit_tables());
          break;
        }
        for (const auto& [name, matcher] : c.where) {
          if (!has_table_field(c.name, name)) lint.unknown(at, "field of " + c.name, name, ixit_fields(c.name));
          lint_matcher(lint, matcher, at, subject, nullptr);
        }
        break;
      }
      case Condition::Kind::undeclared:
        lint_undeclared(lint, c, at, subject);
        if (const Subject* about = lint.catalogue.subject(c.name); negated && about != nullptr && about->checks.empty()) {
          lint.say(at, "`not` around `undeclared: " + c.name + "` never holds: no check lists them all");
        }
        break;
      case Condition::Kind::fact: lint_fact(lint, c, at); break;
      case Condition::Kind::placed: lint_matcher(lint, c.is.front(), at, subject, nullptr); break;
      case Condition::Kind::value:
        if (!is_product_path(c.name)) lint.say(at, "product.yaml has no " + json_quoted(c.name));
        lint_matcher(lint, c.is.front(), at, subject, nullptr);
        break;
      case Condition::Kind::all:
      case Condition::Kind::any:
        if (c.parts.empty()) lint.say(at, "an empty list never holds");
        break;
      default: break;
    }
  });
}

}  // namespace assay::assess
