// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "intake/mapping.hpp"
#include "intake/table.hpp"

namespace assay::intake {

// One value that a table gives.
struct Given {
  std::string field;
  Value value;
  std::string place;
};

// One row, as the mapping understands it.
struct Entry {
  std::string makes;
  std::string table;  // ixit, en18031
  std::string id;     // provision, row, question or fact; empty for tables of one row, DT and certificates
  std::string place;
  std::vector<Given> fields;

  const Given* field(std::string_view name) const;
  std::string text(std::string_view name) const;
};

// What was not understood, or left out on purpose: one line each.
struct Notice {
  std::string place, what;
};

// A table that a mapping knew.
struct Known {
  std::string place, mapping;
  std::size_t rows = 0;
};

struct Interpretation {
  std::vector<Entry> entries;
  std::vector<Notice> notices;
  std::vector<Known> known;
};

// Each table by the mapping that knows most of its columns; `only` names the one to use, empty: any.
Interpretation interpret(const std::vector<Table>& tables, const Mappings& mappings, std::string_view only = {});

}  // namespace assay::intake
