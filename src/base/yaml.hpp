// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"

namespace assay {

// YAML 1.2, one document. Every value and member has its mark; scalars stay text (see Value::plain).
// Refused: duplicate keys, aliases and anchors (no bombs), tags, keys that are not scalars, more than 64 levels, and texts over 16 MiB.
Result<Value> parse_yaml(std::string_view text, std::string_view name = {});

// Block style, quoted where a plain scalar would be read as something else. For drafts that people edit.
std::string to_yaml(const Value& value);

}  // namespace assay
