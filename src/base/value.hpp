// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace assay {

// Line and column from 1; 0 where the value was not read from a text.
struct Mark {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

// One JSON or YAML value. Objects keep the order they were written in; lookups are linear, objects here are small.
// A YAML plain scalar is text until a schema makes it a number or boolean (`plain` says it was not quoted).
class Value {
 public:
  struct Member;
  using Array = std::vector<Value>;
  using Object = std::vector<Member>;
  enum class Kind { null, boolean, integer, number, text, array, object };

  // Out of line: Object's element type is incomplete until the class is.
  Value();
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();
  Value(std::nullptr_t);          // NOLINT(google-explicit-constructor)
  Value(bool value);              // NOLINT(google-explicit-constructor)
  Value(int value);               // NOLINT(google-explicit-constructor)
  Value(std::int64_t value);      // NOLINT(google-explicit-constructor)
  Value(std::uint64_t value);     // NOLINT(google-explicit-constructor)
  Value(std::uint32_t value);     // NOLINT(google-explicit-constructor)
  Value(double value);            // NOLINT(google-explicit-constructor)
  Value(std::string value);       // NOLINT(google-explicit-constructor)
  Value(std::string_view value);  // NOLINT(google-explicit-constructor)
  Value(const char* value);       // NOLINT(google-explicit-constructor)
  Value(Array value);             // NOLINT(google-explicit-constructor)
  Value(Object value);            // NOLINT(google-explicit-constructor)
  static Value array();
  static Value object();

  Kind kind() const { return static_cast<Kind>(data_.index()); }
  bool is_null() const { return kind() == Kind::null; }
  bool is_text() const { return kind() == Kind::text; }
  bool is_array() const { return kind() == Kind::array; }
  bool is_object() const { return kind() == Kind::object; }
  bool is_boolean() const { return kind() == Kind::boolean; }
  bool is_integer() const { return kind() == Kind::integer; }

  // Reading: a value of another kind gives the empty thing, so that walking a validated document needs no checks.
  std::string_view text() const;
  std::int64_t integer(std::int64_t otherwise = 0) const;
  double number(double otherwise = 0) const;  // integers too
  bool boolean(bool otherwise = false) const;
  const Array& items() const;
  const Object& members() const;
  // The member of that name, or nullptr.
  const Value* find(std::string_view name) const;
  Value* find(std::string_view name);
  // The member of that name, or a null value.
  const Value& operator[](std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  // "a.b.c" through objects; nullptr when any step is missing.
  const Value* at_path(std::string_view dotted) const;

  // Building. set replaces or appends; on a null value it makes an object (push: an array).
  Value& set(std::string_view name, Value value);
  // Sets only when there is something to say: not null, not empty text, not an empty array or object.
  Value& set_if(std::string_view name, Value value);
  Value& push(Value value);
  void erase(std::string_view name);
  Array& items();
  Object& members();

  // The scalar as text ("7", "true", "1.5"), for display and matching; empty for arrays and objects.
  std::string scalar_text() const;
  bool empty() const;

  // Structural equality; marks and `plain` do not count; 1 and 1.0 are equal.
  friend bool operator==(const Value& a, const Value& b);

  Mark mark{};
  bool plain = false;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> data_;
};

struct Value::Member {
  std::string name;
  Value value;
  Mark mark{};
};

// Total order, for sorting: by kind, then content.
int compare(const Value& a, const Value& b);

}  // namespace assay
