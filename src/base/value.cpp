// SPDX-License-Identifier: Apache-2.0
#include "base/value.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace assay {

Value::Value() = default;
Value::Value(const Value& other) = default;
Value::Value(Value&& other) noexcept = default;
Value& Value::operator=(const Value& other) = default;
Value& Value::operator=(Value&& other) noexcept = default;
Value::~Value() = default;
Value::Value(std::nullptr_t) {}
Value::Value(bool value) : data_(value) {}
Value::Value(int value) : data_(std::int64_t{value}) {}
Value::Value(std::int64_t value) : data_(value) {}
Value::Value(std::uint64_t value) : data_(static_cast<std::int64_t>(value)) {}
Value::Value(std::uint32_t value) : data_(std::int64_t{value}) {}
Value::Value(double value) : data_(value) {}
Value::Value(std::string value) : data_(std::move(value)) {}
Value::Value(std::string_view value) : data_(std::string(value)) {}
Value::Value(const char* value) : data_(std::string(value)) {}
Value Value::array() {
  return Value(Array{});
}
Value::Value(Array value) : data_(std::move(value)) {}
Value::Value(Object value) : data_(std::move(value)) {}
Value Value::object() {
  return Value(Object{});
}

std::string_view Value::text() const {
  const auto* p = std::get_if<std::string>(&data_);
  return p == nullptr ? std::string_view{} : *p;
}

std::int64_t Value::integer(std::int64_t otherwise) const {
  const auto* p = std::get_if<std::int64_t>(&data_);
  return p == nullptr ? otherwise : *p;
}

double Value::number(double otherwise) const {
  if (const auto* p = std::get_if<double>(&data_)) return *p;
  if (const auto* p = std::get_if<std::int64_t>(&data_)) return static_cast<double>(*p);
  return otherwise;
}

bool Value::boolean(bool otherwise) const {
  const auto* p = std::get_if<bool>(&data_);
  return p == nullptr ? otherwise : *p;
}

const Value::Array& Value::items() const {
  static const Array none;
  const auto* p = std::get_if<Array>(&data_);
  return p == nullptr ? none : *p;
}

const Value::Object& Value::members() const {
  static const Object none;
  const auto* p = std::get_if<Object>(&data_);
  return p == nullptr ? none : *p;
}

const Value* Value::find(std::string_view name) const {
  for (const Member& member : members()) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

Value* Value::find(std::string_view name) {
  if (!is_object()) return nullptr;
  for (Member& member : std::get<Object>(data_)) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

const Value& Value::operator[](std::string_view name) const {
  static const Value none;
  const Value* p = find(name);
  return p == nullptr ? none : *p;
}

const Value* Value::at_path(std::string_view dotted) const {
  const Value* at = this;
  while (at != nullptr && !dotted.empty()) {
    const auto dot = dotted.find('.');
    at = at->find(dotted.substr(0, dot));
    dotted = dot == std::string_view::npos ? std::string_view{} : dotted.substr(dot + 1);
  }
  return at;
}

Value& Value::set(std::string_view name, Value value) {
  if (!is_object()) data_ = Object{};
  if (Value* p = find(name)) {
    *p = std::move(value);
    return *p;
  }
  auto& object = std::get<Object>(data_);
  object.push_back(Member{std::string(name), std::move(value), {}});
  return object.back().value;
}

Value& Value::set_if(std::string_view name, Value value) {
  if (!value.empty()) set(name, std::move(value));
  return *this;
}

Value& Value::push(Value value) {
  if (!is_array()) data_ = Array{};
  auto& array = std::get<Array>(data_);
  array.push_back(std::move(value));
  return array.back();
}

void Value::erase(std::string_view name) {
  if (is_object()) std::erase_if(std::get<Object>(data_), [&](const Member& m) { return m.name == name; });
}

Value::Array& Value::items() {
  if (!is_array()) data_ = Array{};
  return std::get<Array>(data_);
}

Value::Object& Value::members() {
  if (!is_object()) data_ = Object{};
  return std::get<Object>(data_);
}

std::string Value::scalar_text() const {
  switch (kind()) {
    case Kind::boolean: return boolean() ? "true" : "false";
    case Kind::integer: return std::to_string(integer());
    case Kind::number: {
      std::array<char, 40> out{};
      const auto [end, error] = std::to_chars(out.data(), out.data() + out.size(), number());
      return error == std::errc{} ? std::string(out.data(), end) : std::string{};
    }
    case Kind::text: return std::string(text());
    case Kind::null:
    case Kind::array:
    case Kind::object: break;
  }
  return {};
}

bool Value::empty() const {
  switch (kind()) {
    case Kind::null: return true;
    case Kind::text: return text().empty();
    case Kind::array: return items().empty();
    case Kind::object: return members().empty();
    default: return false;
  }
}

int compare(const Value& a, const Value& b) {
  const auto order = [](auto x, auto y) { return x < y ? -1 : y < x ? 1 : 0; };
  const auto is_numeric = [](const Value& v) { return v.kind() == Value::Kind::integer || v.kind() == Value::Kind::number; };
  if (is_numeric(a) && is_numeric(b)) {
    if (a.kind() == b.kind() && a.kind() == Value::Kind::integer) return order(a.integer(), b.integer());
    return order(a.number(), b.number());
  }
  if (a.kind() != b.kind()) return order(static_cast<int>(a.kind()), static_cast<int>(b.kind()));
  switch (a.kind()) {
    case Value::Kind::boolean: return order(static_cast<int>(a.boolean()), static_cast<int>(b.boolean()));
    case Value::Kind::text: return order(a.text().compare(b.text()), 0);
    case Value::Kind::array: {
      const auto& x = a.items();
      const auto& y = b.items();
      for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
        if (const int c = compare(x[i], y[i]); c != 0) return c;
      }
      return order(x.size(), y.size());
    }
    case Value::Kind::object: {
      const auto sorted = [](const Value::Object& members) {
        std::vector<const Value::Member*> out;
        for (const auto& m : members) out.push_back(&m);
        std::ranges::sort(out, {}, [](const Value::Member* m) { return std::string_view(m->name); });
        return out;
      };
      const auto x = sorted(a.members());
      const auto y = sorted(b.members());
      for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
        if (const int c = x[i]->name.compare(y[i]->name); c != 0) return order(c, 0);
        if (const int c = compare(x[i]->value, y[i]->value); c != 0) return c;
      }
      return order(x.size(), y.size());
    }
    default: return 0;
  }
}

bool operator==(const Value& a, const Value& b) {
  return compare(a, b) == 0;
}

}  // namespace assay
