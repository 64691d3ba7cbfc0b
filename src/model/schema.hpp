// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"

namespace assay {

// JSON Schema 2020-12, the part our own schemas use: type, properties, required, additionalProperties, patternProperties,
// propertyNames, items, enum, const, pattern, minimum, maximum, minLength, minItems, maxItems, uniqueItems, format (date, date-time),
// oneOf, anyOf, allOf, not, $defs and local $ref. An unknown keyword is an error when the schema is loaded, so that nothing is silently
// unchecked.
class Schema {
 public:
  static Result<Schema> from(Value json, std::string_view name);
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;
  ~Schema();

  // Every breach at once, in the order of the text: file, line, column, what was found, what was expected, and for a
  // misspelt key the one that was probably meant. Plain scalars become integers, numbers or booleans where the schema says so.
  std::vector<Error> apply(Value& document, std::string_view file) const;
  const Value& json() const;

 private:
  struct State;
  explicit Schema(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// A schema that ships with the program (schemas/<name>.schema.json), compiled in.
Result<Schema> shipped_schema(std::string_view name);
std::vector<std::string_view> shipped_schema_names();
std::string_view shipped_schema_text(std::string_view name);

}  // namespace assay
