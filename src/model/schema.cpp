// SPDX-License-Identifier: Apache-2.0
#include "model/schema.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/clock.hpp"
#include "base/embedded.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace assay {
namespace {

constexpr std::string_view kPrefix = "schemas/";
constexpr std::string_view kSuffix = ".schema.json";
// A hostile document must not make a wall of errors.
constexpr std::size_t kMaxErrors = 200;

const std::set<std::string_view>& known_keywords() {
  static const std::set<std::string_view> keywords = {"$schema",
                                                      "$id",
                                                      "$defs",
                                                      "$ref",
                                                      "$comment",
                                                      "title",
                                                      "description",
                                                      "deprecated",
                                                      "default",
                                                      "examples",
                                                      "type",
                                                      "properties",
                                                      "required",
                                                      "additionalProperties",
                                                      "patternProperties",
                                                      "propertyNames",
                                                      "items",
                                                      "enum",
                                                      "const",
                                                      "pattern",
                                                      "minimum",
                                                      "maximum",
                                                      "minLength",
                                                      "minItems",
                                                      "maxItems",
                                                      "uniqueItems",
                                                      "format",
                                                      "oneOf",
                                                      "anyOf",
                                                      "allOf",
                                                      "not"};
  return keywords;
}

std::string_view kind_name(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::null: return "nothing";
    case Value::Kind::boolean: return "true or false";
    case Value::Kind::integer: return "a whole number";
    case Value::Kind::number: return "a number";
    case Value::Kind::text: return "text";
    case Value::Kind::array: return "a list";
    case Value::Kind::object: return "a mapping";
  }
  return "";
}

std::string_view type_name(std::string_view type) {
  static const std::map<std::string_view, std::string_view> names = {
      {"null", "nothing"}, {"boolean", "true or false"}, {"integer", "a whole number"}, {"number", "a number"},
      {"string", "text"},  {"array", "a list"},          {"object", "a mapping"}};
  const auto at = names.find(type);
  return at == names.end() ? type : at->second;
}

std::string shown(const Value& value) {
  if (value.is_text()) return json_quoted(printable(value.text(), 60));
  if (value.is_array() || value.is_object() || value.is_null()) return std::string(kind_name(value.kind()));
  return value.scalar_text();
}

// Plain YAML scalars become what the schema asks for; anything else stays text.
bool coerce(Value& value, std::string_view type) {
  if (!value.is_text() || !value.plain) return false;
  const std::string text(value.text());
  Value out;
  if (type == "integer") {
    const auto i = to_integer(text);
    if (!i) return false;
    out = Value(*i);
  } else if (type == "number") {
    const auto n = to_number(text);
    if (!n) return false;
    out = Value(*n);
  } else if (type == "boolean") {
    if (text != "true" && text != "false") return false;
    out = Value(text == "true");
  } else {
    return false;
  }
  out.mark = value.mark;
  value = std::move(out);
  return true;
}

bool has_type(const Value& value, std::string_view type) {
  switch (value.kind()) {
    case Value::Kind::null: return type == "null";
    case Value::Kind::boolean: return type == "boolean";
    case Value::Kind::integer: return type == "integer" || type == "number";
    case Value::Kind::number:
      return type == "number" || (type == "integer" && value.number() == static_cast<double>(static_cast<std::int64_t>(value.number())));
    case Value::Kind::text: return type == "string";
    case Value::Kind::array: return type == "array";
    case Value::Kind::object: return type == "object";
  }
  return false;
}

}  // namespace

struct Schema::State {
  Value json;
  std::string name;
  std::map<std::string, std::unique_ptr<RE2>> patterns;

  Result<void> prepare(const Value& at);
  const Value* resolve(std::string_view ref) const;

  struct Run {
    const State& state;
    std::string_view file;
    std::vector<Error> errors;

    void complain(const Value& at, std::string what, Mark mark = {}) {
      if (errors.size() >= kMaxErrors) return;
      if (mark.line == 0) mark = at.mark;
      errors.push_back(
          Error{Errc::malformed, std::move(what), Where{.path = std::string(file), .offset = 0, .line = mark.line, .column = mark.column}});
    }
    void apply(const Value& schema, Value& value, const std::string& place, int depth);
    void apply_object(const Value& schema, Value& value, const std::string& place, int depth);
    void apply_text(const Value& schema, const Value& value, const std::string& place);
    void apply_array(const Value& schema, Value& value, const std::string& place, int depth);
    void apply_combined(const Value& schema, Value& value, const std::string& place, int depth);
    std::size_t trial(const Value& schema, Value& value, const std::string& place, int depth, std::vector<Error>& out) const;
  };
};

Result<void> Schema::State::prepare(const Value& at) {
  const auto bad = [&](std::string what) { return fail(Errc::malformed, std::move(what), Where{.path = name}); };
  if (at.kind() == Value::Kind::boolean) return {};
  if (!at.is_object()) return bad("a schema must be an object or a boolean");
  for (const auto& [key, value, mark] : at.members()) {
    if (!known_keywords().contains(key)) return bad("keyword " + key + " is not one this validator knows");
    if (key == "properties" || key == "$defs" || key == "patternProperties") {
      for (const auto& m : value.members()) {
        TRY_VOID(prepare(m.value));
        if (key != "patternProperties") continue;
        auto& re = patterns[m.name];
        if (!re) re = std::make_unique<RE2>(m.name, RE2::Quiet);
        if (!re->ok()) return bad("pattern " + m.name + ": " + re->error());
      }
    } else if (key == "items" || key == "additionalProperties" || key == "propertyNames" || key == "not") {
      TRY_VOID(prepare(value));
    } else if (key == "oneOf" || key == "anyOf" || key == "allOf") {
      for (const Value& v : value.items()) TRY_VOID(prepare(v));
    } else if (key == "$ref") {
      if (resolve(value.text()) == nullptr) return bad("$ref leads nowhere: " + std::string(value.text()));
    } else if (key == "pattern") {
      auto& re = patterns[std::string(value.text())];
      if (!re) re = std::make_unique<RE2>(std::string(value.text()), RE2::Quiet);
      if (!re->ok()) return bad("pattern " + std::string(value.text()) + ": " + re->error());
    }
  }
  return {};
}

const Value* Schema::State::resolve(std::string_view ref) const {
  if (ref == "#") return &json;
  if (!ref.starts_with("#/")) return nullptr;
  const Value* at = &json;
  for (const std::string_view step : split(ref.substr(2), '/')) {
    if (at == nullptr) return nullptr;
    at = at->find(step);
  }
  return at;
}

std::size_t Schema::State::Run::trial(const Value& schema, Value& value, const std::string& place, int depth,
                                      std::vector<Error>& out) const {
  Run run{state, file, {}};
  run.apply(schema, value, place, depth);
  out = std::move(run.errors);
  return out.size();
}

void Schema::State::Run::apply_combined(const Value& schema, Value& value, const std::string& place, int depth) {
  for (const Value& part : schema["allOf"].items()) apply(part, value, place, depth + 1);
  for (const std::string_view word : {std::string_view("anyOf"), std::string_view("oneOf")}) {
    const Value* options = schema.find(word);
    if (options == nullptr) continue;
    std::size_t matched = 0;
    std::vector<Error> nearest_errors;
    Value chosen;
    for (const Value& option : options->items()) {
      Value copy = value;
      std::vector<Error> trouble;
      if (trial(option, copy, place, depth + 1, trouble) == 0) {
        if (matched++ == 0) chosen = std::move(copy);
      } else if (nearest_errors.empty() || trouble.size() < nearest_errors.size() ||
                 // The option that got furthest into the text is the one that was meant.
                 (trouble.size() == nearest_errors.size() && trouble.front().where.line > nearest_errors.front().where.line)) {
        nearest_errors = std::move(trouble);
      }
    }
    if (matched == 0) {
      for (Error& e : nearest_errors) {
        if (errors.size() < kMaxErrors) errors.push_back(std::move(e));
      }
    } else if (word == "oneOf" && matched > 1) {
      complain(value, place + " fits more than one of the forms it may have");
    } else {
      value = std::move(chosen);
    }
  }
  if (const Value* no = schema.find("not")) {
    Value copy = value;
    std::vector<Error> trouble;
    if (trial(*no, copy, place, depth + 1, trouble) == 0) {
      const std::string_view about = schema["description"].text();
      complain(value, place + " is not allowed here" + (about.empty() ? "" : ": " + std::string(about)));
    }
  }
}

void Schema::State::Run::apply_text(const Value& schema, const Value& value, const std::string& place) {
  const std::string_view text = value.text();
  if (const Value* pattern = schema.find("pattern")) {
    if (!RE2::PartialMatch(text, *state.patterns.at(std::string(pattern->text())))) {
      complain(value, "found " + shown(value) + " for " + place + ", expected text like " + std::string(pattern->text()));
    }
  }
  if (const Value* least = schema.find("minLength"); least != nullptr && static_cast<std::int64_t>(text.size()) < least->integer()) {
    complain(value, place + " must not be empty");
  }
  const std::string_view format = schema["format"].text();
  if (format == "date" && (text.size() != 10 || !parse_day(text))) {
    complain(value, "found " + shown(value) + " for " + place + ", expected a date like 2026-11-23");
  } else if (format == "date-time" && !parse_instant(text)) {
    complain(value, "found " + shown(value) + " for " + place + ", expected a time like 2026-11-23T09:30:00Z");
  }
}

void Schema::State::Run::apply_array(const Value& schema, Value& value, const std::string& place, int depth) {
  if (const Value* items = schema.find("items")) {
    std::size_t n = 0;
    for (Value& item : value.items()) apply(*items, item, place + "[" + std::to_string(++n) + "]", depth + 1);
  }
  const auto size = static_cast<std::int64_t>(value.items().size());
  if (size < schema["minItems"].integer(0))
    complain(value, place + " needs at least " + std::to_string(schema["minItems"].integer()) + " entries, found " + std::to_string(size));
  if (schema.has("maxItems") && size > schema["maxItems"].integer())
    complain(value, place + " takes at most " + std::to_string(schema["maxItems"].integer()) + " entries, found " + std::to_string(size));
  if (schema["uniqueItems"].boolean()) {
    std::set<std::string> seen;
    for (const Value& item : value.items()) {
      if (!seen.insert(to_canonical_json(item)).second) complain(item, place + " lists " + shown(item) + " twice");
    }
  }
}

void Schema::State::Run::apply_object(const Value& schema, Value& value, const std::string& place, int depth) {
  const Value& properties = schema["properties"];
  const Value* patterned = schema.find("patternProperties");
  const Value* other = schema.find("additionalProperties");
  const Value* naming = schema.find("propertyNames");
  for (auto& [key, member, mark] : value.members()) {
    const std::string inner = place.empty() ? key : place + "." + key;
    if (naming != nullptr) {
      Value key_text(key);
      key_text.mark = mark;
      std::vector<Error> trouble;
      if (trial(*naming, key_text, inner, depth + 1, trouble) != 0)
        complain(key_text, "key " + json_quoted(key) + " is not a name that may stand here", mark);
    }
    if (const Value* known = properties.find(key)) {
      apply(*known, member, inner, depth + 1);
      continue;
    }
    bool matched = false;
    if (patterned != nullptr) {
      for (const auto& p : patterned->members()) {
        if (!RE2::PartialMatch(key, *state.patterns.at(p.name))) continue;
        matched = true;
        apply(p.value, member, inner, depth + 1);
      }
    }
    if (matched || other == nullptr) continue;
    if (other->kind() == Value::Kind::boolean) {
      if (other->boolean()) continue;
      std::vector<std::string_view> candidates;
      for (const auto& p : properties.members()) candidates.push_back(p.name);
      const std::string_view meant = nearest(key, candidates);
      std::string what = "unknown key " + json_quoted(printable(key, 60)) + (place.empty() ? "" : " in " + place);
      if (!meant.empty()) {
        what += "; did you mean " + json_quoted(meant) + "?";
      } else if (!candidates.empty() && candidates.size() <= 12) {
        what += "; expected one of";
        for (std::size_t i = 0; i < candidates.size(); ++i) what += (i == 0 ? " " : ", ") + std::string(candidates[i]);
      }
      complain(member, std::move(what), mark);
    } else {
      apply(*other, member, inner, depth + 1);
    }
  }
  for (const Value& wanted : schema["required"].items()) {
    if (value.has(wanted.text())) continue;
    std::string what = (place.empty() ? std::string("the file") : place) + " needs " + json_quoted(wanted.text());
    if (const Value* about = properties[wanted.text()].find("description")) what += " (" + std::string(about->text()) + ")";
    complain(value, std::move(what));
  }
}

void Schema::State::Run::apply(const Value& schema, Value& value, const std::string& place, int depth) {
  if (errors.size() >= kMaxErrors) return;
  // Documents are at most 64 deep; $ref loops without descending would be our mistake, not the document's.
  if (depth > 400) return complain(value, place + " is nested too deeply");
  if (schema.kind() == Value::Kind::boolean) {
    if (!schema.boolean()) complain(value, place + " may not be given");
    return;
  }
  if (const Value* ref = schema.find("$ref")) apply(*state.resolve(ref->text()), value, place, depth + 1);
  const std::string label = place.empty() ? "the file" : place;
  if (const Value* type = schema.find("type")) {
    std::vector<std::string_view> allowed;
    if (type->is_array()) {
      for (const Value& t : type->items()) allowed.push_back(t.text());
    } else {
      allowed.push_back(type->text());
    }
    bool fits = false;
    // Numbers and booleans first: an unquoted 7 is text only where nothing else is allowed.
    for (const std::string_view t : {std::string_view("boolean"), std::string_view("integer"), std::string_view("number")}) {
      if (std::ranges::find(allowed, t) != allowed.end() && coerce(value, t)) break;
    }
    for (const std::string_view t : allowed) fits = fits || has_type(value, t);
    if (!fits) {
      std::string expected;
      for (std::size_t i = 0; i < allowed.size(); ++i)
        expected += (i == 0 ? "" : i + 1 == allowed.size() ? " or " : ", ") + std::string(type_name(allowed[i]));
      complain(value, "found " + shown(value) + " for " + label + ", expected " + expected);
      return;
    }
  }
  if (const Value* constant = schema.find("const")) {
    if (constant->kind() == Value::Kind::integer) coerce(value, "integer");
    if (!(value == *constant)) complain(value, "found " + shown(value) + " for " + label + ", expected " + shown(*constant));
  }
  if (const Value* choices = schema.find("enum")) {
    const auto& items = choices->items();
    if (std::ranges::find(items, value) == items.end()) {
      std::vector<std::string_view> candidates;
      std::string list;
      for (const Value& c : items) {
        list += (list.empty() ? "" : ", ") + c.scalar_text();
        if (c.is_text()) candidates.push_back(c.text());
      }
      const std::string_view meant = value.is_text() ? nearest(value.text(), candidates) : std::string_view{};
      complain(value, "found " + shown(value) + " for " + label + ", expected " +
                          (meant.empty() ? "one of " + list : json_quoted(meant) + " (one of " + list + ")"));
    }
  }
  if (value.kind() == Value::Kind::integer || value.kind() == Value::Kind::number) {
    if (schema.has("minimum") && value.number() < schema["minimum"].number())
      complain(value, "found " + shown(value) + " for " + label + ", expected at least " + schema["minimum"].scalar_text());
    if (schema.has("maximum") && value.number() > schema["maximum"].number())
      complain(value, "found " + shown(value) + " for " + label + ", expected at most " + schema["maximum"].scalar_text());
  }
  apply_combined(schema, value, label, depth);
  if (value.is_text()) apply_text(schema, value, label);
  if (value.is_array()) apply_array(schema, value, place, depth);
  if (value.is_object()) apply_object(schema, value, place, depth);
}

Schema::Schema(std::unique_ptr<State> state) : state_(std::move(state)) {}
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

Result<Schema> Schema::from(Value json, std::string_view name) {
  auto state = std::make_unique<State>();
  state->json = std::move(json);
  state->name = name;
  TRY_VOID(state->prepare(state->json));
  return Schema(std::move(state));
}

std::vector<Error> Schema::apply(Value& document, std::string_view file) const {
  State::Run run{*state_, file, {}};
  run.apply(state_->json, document, "", 0);
  std::ranges::stable_sort(run.errors, [](const Error& a, const Error& b) {
    return std::pair(a.where.line, a.where.column) < std::pair(b.where.line, b.where.column);
  });
  return std::move(run.errors);
}

const Value& Schema::json() const {
  return state_->json;
}

std::string_view shipped_schema_text(std::string_view name) {
  return embedded_file(std::string(kPrefix) + std::string(name) + std::string(kSuffix));
}

Result<Schema> shipped_schema(std::string_view name) {
  const std::string_view text = shipped_schema_text(name);
  if (text.empty()) return fail(Errc::not_found, "there is no schema " + std::string(name));
  TRY(Value json, parse_json(text, std::string(kPrefix) + std::string(name) + std::string(kSuffix)));
  return Schema::from(std::move(json), name);
}

std::vector<std::string_view> shipped_schema_names() {
  std::vector<std::string_view> out;
  for (const EmbeddedFile& f : embedded_files()) {
    if (f.path.starts_with(kPrefix) && f.path.ends_with(kSuffix))
      out.push_back(f.path.substr(kPrefix.size(), f.path.size() - kPrefix.size() - kSuffix.size()));
  }
  return out;
}

}  // namespace assay
