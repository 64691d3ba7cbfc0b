// SPDX-License-Identifier: Apache-2.0
// Judges the product of a workspace against everything in the catalogue: how long once, and how the cost grows with many products. The
// floor beside it is what any judge must at least do with the same input: copy the case and write the result as JSON. usage: bench_judge
// WORKSPACE [CATALOGUE] [PRODUCTS]
#include "assess/judge.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/yaml.hpp"
#include "office/desk.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::duration d) {
  return std::chrono::duration<double, std::milli>(d).count();
}

template <class Act>
double best_of(int runs, const Act& act) {
  double best = 1e300;
  for (int i = 0; i < runs; ++i) {
    const auto start = Clock::now();
    act();
    best = std::min(best, milliseconds(Clock::now() - start));
  }
  return best;
}

// The same declaration under another name and version: nothing of one judging can serve the next.
std::vector<assay::Product> variants(const assay::Product& product, std::size_t n) {
  std::vector<assay::Product> out;
  for (std::size_t i = 0; i < n; ++i) {
    assay::Value document = product.document();
    document.find("product")->set("name", "Product " + std::to_string(i));
    document.find("product")->set("version", std::to_string(i));
    assay::Product one;
    if (!assay::Product::from(std::move(document), "variant", one).empty()) std::abort();
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: bench_judge WORKSPACE [CATALOGUE] [PRODUCTS]\n", stderr);
    return 2;
  }
  const std::string catalogue = argc > 2 ? argv[2] : "";
  const std::size_t products = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 1000;
  assay::office::Desk desk;
  const auto start = Clock::now();
  for (const assay::Error& e : assay::office::Desk::open(argv[1], catalogue, desk)) {
    std::fprintf(stderr, "%s\n", e.to_text().c_str());
    return 3;
  }
  const double opened = milliseconds(Clock::now() - start);
  const auto held = desk.case_now({*assay::parse_day("2026-11-24"), false, {}});
  if (!held) {
    std::fprintf(stderr, "%s\n", held.error().to_text().c_str());
    return 3;
  }
  const assay::assess::Case& input = *held;
  assay::Assessment result;
  const double once = best_of(9, [&] { result = assay::assess::judge(desk.catalogue(), input); });
  std::string json;
  const double floor = best_of(9, [&] {
    const assay::assess::Case copy = input;
    json = assay::to_json(assay::to_value(result));
  });
  std::size_t rows = 0, units = 0;
  for (const auto& s : result.schemes) {
    rows += s.requirements.size();
    for (const auto& r : s.requirements) {
      for (const auto& a : r.assessments) units += a.units.size();
    }
  }
  std::printf("catalogue and workspace opened in %.0f ms\n", opened);
  std::printf("one product, %zu observations, %zu answers: %zu schemes, %zu rows, %zu units\n", input.observations.size(),
              input.answers.size(), result.schemes.size(), rows, units);
  std::printf("  judged          %8.1f ms\n", once);
  std::printf("  floor           %8.1f ms  (copy the case, write %zu KiB of JSON)\n", floor, json.size() / 1024);
  std::printf("  ratio to floor  %8.1f\n", once / floor);
  std::printf("many products, declaration only:\n");
  for (std::size_t n = std::max<std::size_t>(1, products / 100); n <= products; n *= 10) {
    // In batches: what grows is the number of judgings, not the memory that holds the declarations.
    double spent = 0;
    std::size_t verdicts = 0;
    for (std::size_t done = 0; done < n; done += 1000) {
      const auto batch = variants(input.product, std::min<std::size_t>(1000, n - done));
      const auto begin = Clock::now();
      for (const assay::Product& product : batch) {
        assay::assess::Case bare;
        bare.product = product;
        bare.date = input.date;
        const auto one = assay::assess::judge(desk.catalogue(), bare);
        for (const auto& s : one.schemes) verdicts += s.requirements.size();
      }
      spent += milliseconds(Clock::now() - begin);
    }
    std::printf("  %7zu products  %10.1f ms  %7.2f ms each  %zu rows\n", n, spent, spent / static_cast<double>(n), verdicts);
  }
  return 0;
}
