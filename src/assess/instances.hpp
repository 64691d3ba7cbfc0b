// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "assess/entries.hpp"
#include "assess/examined.hpp"

namespace assay::assess {

// One thing that a question is asked of: the product, a declared row, or something seen that no row names.
struct Instance {
  std::string id, label;
  bool declared = true;
  std::string table;           // the subject; the IXIT table of `row`
  const Value* row = nullptr;  // null for the product and for what was only seen
  std::vector<std::pair<std::string, std::vector<std::string>>> keys;
  std::vector<const Observation*> seen;  // what makes it an instance, where it is not declared
  const std::vector<std::string>* key(std::string_view name) const;
};

// All instances of a subject, and whether "there are no others" may be said.
struct Inventory {
  const Subject* subject = nullptr;
  std::vector<Instance> instances;    // declared rows in their order, then what was only seen, by id
  bool declared_complete = false;     // product.yaml lists the table under `complete:`
  bool covered = false;               // all checks of the subject are complete; vacuous where it has none
  std::vector<std::string> coverage;  // ids of the coverage observations
  std::vector<std::string> reasons;   // why not covered
};

class Inventories {
 public:
  Inventories(const Catalogue& catalogue, const Product& product, const Examined& examined);
  // Empty for an unknown subject. The reference lives as long as this.
  const Inventory& of(std::string_view subject) const;
  const Instance& product() const { return product_; }

 private:
  Inventory build(const Subject& subject, const Product& product, const Examined& examined) const;

  Instance product_;
  std::map<std::string, Inventory, std::less<>> inventories_;
};

// Whether `where` holds for a row of an IXIT table; empty cells count as not given.
Truth match_row(const std::vector<std::pair<std::string, Matcher>>& where, const Value& row, const MatchScope& scope);
// Row id, or "<table>-<n>" where the row has none; the table's name for a single table.
std::string row_id(std::string_view table, const Value& row, std::size_t index);
// "{user}" replaced by the field's text, "?" where it is absent.
std::string fill(std::string_view text, const Observation& observation);

}  // namespace assay::assess
