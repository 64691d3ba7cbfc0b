// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assess/entries.hpp"
#include "assess/examined.hpp"

namespace assay::assess {

// The granted label or signed declaration on which a recognition fires (docs/catalogue.md, "Recognitions"); null when none is held.
const Observation* held_paper(const Recognition& recognition, const Examined& examined, const Product& product, Day date);

}  // namespace assay::assess
