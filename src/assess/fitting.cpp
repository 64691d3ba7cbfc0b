// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "assess/catalogue.hpp"
#include "assess/entries.hpp"
#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace assay::assess {
namespace {

bool has_type(const Value& value, std::string_view type) {
  // A list is a field with several values of its type ("contains").
  if (value.is_array()) return std::ranges::all_of(value.items(), [&](const Value& v) { return has_type(v, type); });
  if (type == "integer") return value.kind() == Value::Kind::integer;
  if (type == "number") return value.kind() == Value::Kind::integer || value.kind() == Value::Kind::number;
  if (type == "boolean") return value.is_boolean();
  return value.is_text();
}

}  // namespace

std::vector<std::string> misfits(const Catalogue& catalogue, const Observation& observation) {
  std::vector<std::string> out;
  const auto kind = catalogue.kinds.find(observation.kind);
  if (kind == catalogue.kinds.end()) return {"there is no kind " + json_quoted(observation.kind)};
  std::vector<std::string_view> names;
  for (const Field& field : kind->second.fields) names.push_back(field.name);
  for (const auto& [name, value, mark] : observation.fields.members()) {
    const auto field = std::ranges::find(kind->second.fields, name, &Field::name);
    if (field == kind->second.fields.end()) {
      const std::string_view meant = nearest(name, names);
      out.push_back(observation.kind + " has no field " + json_quoted(printable(name, 60)) +
                    (meant.empty() ? "" : "; did you mean " + json_quoted(meant) + "?"));
    } else if (!has_type(value, field->type)) {
      out.push_back(observation.kind + "." + name + ": found " + json_quoted(printable(value.scalar_text(), 60)) + ", expected " +
                    field->type);
    } else if (!field->one_of.empty() && std::ranges::find(field->one_of, value.scalar_text()) == field->one_of.end()) {
      std::string list;
      for (const std::string& word : field->one_of) list += (list.empty() ? "" : ", ") + word;
      out.push_back(observation.kind + "." + name + ": found " + json_quoted(printable(value.scalar_text(), 60)) + ", expected one of " +
                    list);
    }
  }
  return out;
}

bool fits(const Fact& fact, const Value& value) {
  if (fact.type == "boolean") return value.is_boolean();
  if (fact.type == "integer") return value.kind() == Value::Kind::integer;
  if (fact.type == "date") return parse_day(value.text()).has_value();
  const auto word = [&](const Value& one) {
    return one.is_text() && (fact.one_of.empty() || std::ranges::find(fact.one_of, one.text()) != fact.one_of.end());
  };
  return fact.type == "list" && value.is_array() ? std::ranges::all_of(value.items(), word) : word(value);
}

}  // namespace assay::assess
