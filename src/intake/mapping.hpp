// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/embedded.hpp"
#include "base/result.hpp"
#include "base/value.hpp"

namespace re2 {
class RE2;
}

namespace assay::intake {

using Pattern = std::shared_ptr<const re2::RE2>;

// A pattern and what its match is written as ("\1").
struct Rewriting {
  Pattern match;
  std::string as;
};

struct Column {
  std::string to;     // field it fills, may hold \1 of the head; empty: known, and left out on purpose
  std::string table;  // en18031: the table that the sheet is where this column stands, may hold \1; asked only where its name tells none
  std::vector<Pattern> heads;
  bool needed = false;
  bool open = false;                                                    // a cell that is none of `words` is taken as it stands
  std::vector<std::pair<std::string, std::vector<std::string>>> words;  // value -> how people write it
  std::vector<Rewriting> patterns;                                      // what a cell must match; one that matches none is no row
  std::vector<std::pair<std::string, std::string>> sets;                // fields that a filled cell of this column settles beside
};

// How sheets of a table are called.
struct Named {
  std::string table;
  std::vector<Pattern> names;
};

// How one kind of table that people keep becomes part of a declaration or answers (docs/importing.md).
struct Mapping {
  std::string id, title;
  std::string makes;            // ics | ixit | en18031 | certificates | answers | facts
  std::vector<Pattern> sheets;  // one must match the sheet's name or a heading above; none: any
  std::vector<Column> columns;
  std::vector<Named> tables;  // ixit, en18031
  Pattern requirement;        // en18031: the requirement in a sheet's name
};

class Mappings {
 public:
  const std::vector<Mapping>& all() const { return all_; }
  const Mapping* find(std::string_view id) const;
  std::vector<std::string> ids() const;

 private:
  friend std::vector<Error> load_mappings(const std::vector<EmbeddedFile>& files, Mappings& out);
  std::vector<Mapping> all_;
};

// Of `files` those under knowledge/imports/. Every mistake at once: against the schema, patterns that do not compile, tables and fields
// that product.yaml does not have, columns that the kind needs.
std::vector<Error> load_mappings(const std::vector<EmbeddedFile>& files, Mappings& out);

// Fields of a table of product.yaml `ixit` or `en18031`, as its schema has them: name -> schema. Null when there is no such table.
const Value& table_fields(std::string_view section, std::string_view table);
// Whether the table of that section is one row without an id.
bool single_row(std::string_view section, std::string_view table);

}  // namespace assay::intake
