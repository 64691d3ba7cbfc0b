// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/observation.hpp"

namespace assay::office {

// A product.yaml to start from. With observations of a firmware it lists what the image shows as IXIT rows that carry only ids and
// matching keys: descriptions, justifications and guarantees are the maker's to write, and a drafted sentence would look like a claim.
std::string draft_product(const std::vector<Observation>& observations, std::string_view source);

}  // namespace assay::office
