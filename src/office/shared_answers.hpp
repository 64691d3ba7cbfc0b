// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assess/catalogue.hpp"
#include "model/evidence.hpp"
#include "model/product.hpp"

namespace assay::office {

// An answer given for another variant, as it may be lent to this one: about the product, or about one row that both declare alike.
struct SharedAnswer {
  Answer answer;
  std::string why_not;  // empty: it may be lent
};

// Of the answers that count for the base's own version. One for all instances is taken for each row that both declare alike, never for a
// row that the base does not have. An acceptance is of one product's papers and never lent.
std::vector<SharedAnswer> shared_answers(const Product& here, const Product& base, const assess::Catalogue& catalogue,
                                         const std::vector<Answer>& answers);

}  // namespace assay::office
