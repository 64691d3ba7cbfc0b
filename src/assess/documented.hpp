// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "assess/walk.hpp"
#include "model/product.hpp"

namespace assay::assess {

// One row of product.yaml `en18031.DT`: E.Info.DT (the path taken) and E.Just.DT (why) of EN 18031, 6.x.4.3.
struct DocumentedPath {
  Documented path;
  std::string justification;
};

// The documented paths of a product. A row that names the instance goes before one that speaks of all instances, one of
// the part before one of all parts.
class DocumentedPaths {
 public:
  explicit DocumentedPaths(const Product& product);
  // `part` of a scheme is what its id ends with ("2" of en-18031-2). Null where nothing is documented.
  // A row for all instances speaks of those that the product declares, not of what was only observed.
  const DocumentedPath* of(const Scheme& scheme, std::string_view requirement, std::string_view instance) const;

 private:
  struct Row {
    std::string part;
    std::vector<std::string> instances;  // empty: all
    DocumentedPath documented;
  };
  std::map<std::string, std::vector<Row>, std::less<>> rows_;  // by requirement
  std::set<std::string, std::less<>> declared_;                // ids of rows
};

}  // namespace assay::assess
