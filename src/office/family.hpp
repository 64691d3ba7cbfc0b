// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assess/judge.hpp"
#include "base/clock.hpp"
#include "base/value.hpp"
#include "model/evidence.hpp"
#include "model/product.hpp"
#include "record/workspace.hpp"

namespace assay::office {

// One equivalence of product.yaml's `family`, and what it lends (docs/families.md).
struct Lending {
  Borrowed terms;
  std::vector<std::string> covers;
  std::string document;
  std::string base_name, base_model, base_version;  // of the other product, as its product.yaml has them
  std::string why_not;                              // why it counts for nothing; empty: it counts
  struct Item {
    std::string id;
    std::string what;    // in a few words
    std::string reason;  // why it is not lent, though covered
  };
  std::vector<Item> evidence, answers;  // lent
  std::vector<Item> kept;               // covered, and not lent
};
Value to_value(const Lending& lending);

// The line a product belongs to, and everything that its other variants lend it.
struct Family {
  std::string name;
  std::vector<Lending> lendings;  // in the order of product.yaml
  std::vector<Evidence> evidence;
  std::vector<Observation> observations;
  std::vector<Answer> answers;
  std::vector<Disposal> disposals;
};

// Reads the workspaces that product.yaml in `directory` names; writes to none. What the product's own workspace holds is not borrowed.
// `leave_out`: the id of an equivalence to do without. Every mistake at once, with its place in product.yaml.
std::vector<Error> read_family(const Product& product, const std::string& directory, const record::Workspace& own,
                               const assess::Catalogue& catalogue, Day day, std::string_view leave_out, Family& out);
// Adds what is lent to a case.
void lend(Family family, assess::Case& to);

}  // namespace assay::office
