// SPDX-License-Identifier: Apache-2.0
#include "assess/condition.hpp"

#include <array>

#include "base/text.hpp"

namespace assay::assess {
namespace {

// Deeper than any rule that a person can still read.
constexpr int kMaxDepth = 16;

tl::unexpected<Error> wrong(const Value& at, std::string what) {
  return fail(Errc::malformed, std::move(what), Where{.path = {}, .offset = 0, .line = at.mark.line, .column = at.mark.column});
}

struct Form {
  std::string_view name;
  Condition::Kind kind;
  bool where, covered, is;
};
constexpr std::array<Form, 12> kForms = {{
    {"seen", Condition::Kind::seen, true, true, false},
    {"none", Condition::Kind::none, true, true, false},
    {"declared", Condition::Kind::declared, true, false, false},
    {"undeclared", Condition::Kind::undeclared, true, false, false},
    {"fact", Condition::Kind::fact, false, false, true},
    {"ics", Condition::Kind::ics, false, false, true},
    {"ics-unjustified", Condition::Kind::ics_unjustified, false, false, false},
    {"value", Condition::Kind::value, false, false, true},
    {"placed", Condition::Kind::placed, false, false, false},
    {"all", Condition::Kind::all, false, false, false},
    {"any", Condition::Kind::any, false, false, false},
    {"not", Condition::Kind::negated, false, false, false},
}};

const Form* form_of(const Value& value) {
  for (const Form& form : kForms) {
    if (value.has(form.name)) return &form;
  }
  return nullptr;
}

std::string_view name_of(Condition::Kind kind) {
  for (const Form& form : kForms) {
    if (form.kind == kind) return form.name;
  }
  return {};
}

Result<Condition> parse(const Value& value, int depth) {
  if (!value.is_object()) return wrong(value, "a condition is a map such as {seen: KIND}");
  if (depth > kMaxDepth) return wrong(value, "conditions nested deeper than 16 levels");
  const Form* form = form_of(value);
  if (form == nullptr)
    return wrong(value,
                 "a condition has one of seen, none, declared, undeclared, fact, ics, ics-unjustified, value, placed, all, any, not");
  Condition c;
  c.kind = form->kind;
  c.mark = value.mark;
  for (const auto& member : value.members()) {
    const bool known = member.name == form->name || (form->where && member.name == "where") ||
                       (form->covered && member.name == "covered") || (form->is && member.name == "is");
    if (!known) return wrong(member.value, "`" + std::string(form->name) + "` does not take `" + member.name + "`");
  }
  const Value& head = value[form->name];
  if (c.kind == Condition::Kind::all || c.kind == Condition::Kind::any) {
    if (!head.is_array()) return wrong(head, "`" + std::string(form->name) + "` needs a list");
    for (const Value& part : head.items()) {
      TRY(Condition inner, parse(part, depth + 1));
      c.parts.push_back(std::move(inner));
    }
    return c;
  }
  if (c.kind == Condition::Kind::negated) {
    TRY(Condition inner, parse(head, depth + 1));
    c.parts.push_back(std::move(inner));
    return c;
  }
  if (c.kind == Condition::Kind::placed) {
    c.name = "dates.placed_on_market";
    TRY(Matcher matcher, parse_matcher(head));
    c.is.push_back(std::move(matcher));
    return c;
  }
  c.name = head.scalar_text();
  if (c.name.empty()) return wrong(value, "`" + std::string(form->name) + "` needs a name");
  for (const auto& member : value["where"].members()) {
    TRY(Matcher matcher, parse_matcher(member.value));
    c.where.emplace_back(member.name, std::move(matcher));
  }
  for (const Value& check : value["covered"].items()) c.covered.push_back(check.scalar_text());
  if (form->is) {
    if (!value.has("is")) return wrong(value, "`" + std::string(form->name) + "` needs `is`");
    TRY(Matcher matcher, parse_matcher(value["is"]));
    c.is.push_back(std::move(matcher));
  }
  return c;
}

void walk(const Condition& condition, bool negated, const std::function<void(const Condition&, bool)>& visit) {
  visit(condition, negated);
  for (const Condition& part : condition.parts) walk(part, condition.kind == Condition::Kind::negated ? !negated : negated, visit);
}

}  // namespace

Result<Condition> parse_condition(const Value& value) {
  return parse(value, 0);
}

void for_each(const Condition& condition, const std::function<void(const Condition&, bool negated)>& visit) {
  walk(condition, false, visit);
}

std::string Condition::to_text() const {
  std::string out(name_of(kind));
  if (kind == Kind::all || kind == Kind::any) {
    out.clear();
    for (const Condition& part : parts) out += (out.empty() ? "" : kind == Kind::all ? " and " : " or ") + part.to_text();
    return "(" + out + ")";
  }
  if (kind == Kind::negated) return "not " + parts.front().to_text();
  out += " " + name;
  std::string fields;
  for (const auto& [field, matcher] : where) fields += (fields.empty() ? "" : ", ") + field + ": " + matcher.to_text();
  if (!fields.empty()) out += " {" + fields + "}";
  if (!is.empty()) out += " is " + is.front().to_text();
  std::string checks;
  for (const std::string& check : covered) checks += (checks.empty() ? "" : ", ") + check;
  if (!checks.empty()) out += " covered by " + checks;
  return out;
}

bool Condition::needs_scheme() const {
  bool found = false;
  for_each(*this, [&](const Condition& c, bool) { found = found || c.kind == Kind::ics || c.kind == Kind::ics_unjustified; });
  return found;
}

bool Condition::rests_on_absence() const {
  bool found = false;
  for_each(*this, [&](const Condition& c, bool negated) {
    const bool observing = c.kind == Kind::seen || c.kind == Kind::undeclared;
    found = found || (c.kind == Kind::none && !negated) || (observing && negated);
  });
  return found;
}

}  // namespace assay::assess
