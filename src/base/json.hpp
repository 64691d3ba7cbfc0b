// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/value.hpp"

namespace assay {

// RFC 8259. Duplicate keys, more than 64 levels and trailing text are errors. `name` is the path shown in errors.
Result<Value> parse_json(std::string_view text, std::string_view name = {});

enum class JsonStyle { compact, pretty };
// Members in the order they stand.
std::string to_json(const Value& value, JsonStyle style = JsonStyle::compact);
// Members sorted by name, no blanks: equal values give equal bytes. What ids and hashes are made from.
std::string to_canonical_json(const Value& value);

// `text` as a JSON string literal, quotes included; bad UTF-8 becomes U+FFFD.
std::string json_quoted(std::string_view text);

}  // namespace assay
