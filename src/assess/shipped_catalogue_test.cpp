// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>

#include "assess/testing_catalogue.hpp"

namespace assay::assess {
namespace {

std::string all(const std::vector<Error>& errors) {
  std::string out;
  for (const Error& error : errors) out += error.to_text() + "\n";
  return out;
}

TEST(ShippedCatalogue, LoadsAndHasNothingToComplainOf) {
  std::shared_ptr<const Catalogue> catalogue;
  const auto errors = load_catalogue(shipped_files(), catalogue);
  EXPECT_TRUE(errors.empty()) << all(errors);
  ASSERT_TRUE(catalogue);
  const auto found = lint(*catalogue);
  EXPECT_TRUE(found.empty()) << found.size() << " complaints\n" << all(found);
}

}  // namespace
}  // namespace assay::assess
