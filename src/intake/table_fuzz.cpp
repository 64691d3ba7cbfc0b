// SPDX-License-Identifier: Apache-2.0
// Fuzz target: any bytes become tables within small limits, and the shipped mappings make of them what keeps to the schema's fields.
#include <array>
#include <cstdio>
#include <cstdlib>

#include "intake/interpretation.hpp"

namespace {

using namespace assay;
using namespace assay::intake;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

const Mappings& shipped() {
  static const Mappings mappings = [] {
    Mappings out;
    const auto files = embedded_files();
    require(load_mappings({files.begin(), files.end()}, out).empty(), "the shipped mappings are in order");
    return out;
  }();
  return mappings;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const Bytes bytes = std::as_bytes(std::span(data, size));
  const Limits limits{.part = 1U << 20U, .unpacked = 2U << 20U, .columns = 64, .cells = 20'000, .text = 4U << 20U};
  for (const char* name : {"x.xlsx", "x.csv", "X.md"}) {
    const auto tables = read_tables(bytes, name, limits);
    if (!tables) {
      require(!tables.error().what.empty(), "a refusal says why");
      continue;
    }
    std::size_t cells = 0;
    for (const Table& table : *tables) {
      for (const auto& row : table.rows) {
        cells += row.size();
        require(row.size() <= limits.columns + 1, "rows keep to the columns allowed");
      }
    }
    require(cells <= 2 * limits.cells, "tables keep to the cells allowed");
    const Interpretation got = interpret(*tables, shipped());
    for (const Entry& entry : got.entries) {
      require(entry.makes != "ics" || (!entry.id.empty() && entry.field("support") != nullptr), "an ICS entry has an id and its support");
      for (const Given& given : entry.fields) {
        require(entry.table.empty() || table_fields(entry.makes, entry.table).has(given.field), "fields are the schema's");
      }
    }
  }
  return 0;
}
