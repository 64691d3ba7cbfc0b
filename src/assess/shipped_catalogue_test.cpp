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

// Printed, not required: the machine is shared. Under 50 ms is expected of a release build.
TEST(ShippedCatalogue, HowLongTheExampleProductTakes) {
  std::shared_ptr<const Catalogue> catalogue;
  load_catalogue(shipped_files(), catalogue);
  std::ifstream in(std::filesystem::path(ASSAY_SOURCE_DIR) / "examples/ip-camera/v1/product.yaml", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  Case input;
  ASSERT_TRUE(Product::parse(text.str(), "product.yaml", input.product).empty());
  input.date = *parse_day("2026-06-01");
  const auto start = std::chrono::steady_clock::now();
  constexpr int kTimes = 10;
  std::size_t rows = 0;
  for (int i = 0; i < kTimes; ++i) {
    for (const SchemeVerdict& scheme : judge(*catalogue, input).schemes) rows += scheme.requirements.size();
  }
  const auto took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count() / kTimes;
  EXPECT_GT(rows, 0U);
  std::printf("judging %zu requirements of the example product: %.1f ms\n", rows / kTimes, took);
}

}  // namespace
}  // namespace assay::assess
