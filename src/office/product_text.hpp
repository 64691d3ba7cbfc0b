// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"

namespace assay::office {

// The text of product.yaml with `after` in the place of what it says: comments, order and spelling stay where nothing changes, and what
// changes is written anew. The result has been read back and says `after`. An error (conflict) where the text's form does not allow that.
Result<std::string> rewritten(std::string_view text, const Value& after);

// Errors of product.yaml as it would be.
std::vector<Error> product_errors(const Value& document, std::string_view name);

}  // namespace assay::office
