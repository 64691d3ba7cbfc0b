// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"

namespace assay {

// The declaration: product.yaml after checking (schemas/product.schema.json), with TS 103 701 V1.1.1 names read as V2.1.1 ones.
class Product {
 public:
  // All errors at once; empty errors means that `out` is filled. Beside the schema: row ids unique in each table, cross-references
  // between IXIT tables lead to a row (TS 103 701 Annex A), support period in order.
  static std::vector<Error> parse(std::string_view yaml, std::string_view file, Product& out);
  // From a value already in memory (cases, tests); the same checks.
  static std::vector<Error> from(Value document, std::string_view file, Product& out);

  const Value& document() const { return document_; }
  std::string_view name() const { return document_["product"]["name"].text(); }
  std::string_view model() const { return document_["product"]["model"].text(); }
  std::string_view version() const { return document_["product"]["version"].text(); }
  // Rows of an IXIT table; a single table (UserInfo, Conf, ReplSup) is one row. Empty when the table is not given.
  std::vector<const Value*> rows(std::string_view table) const;
  bool declared_complete(std::string_view table) const;
  const Value* fact(std::string_view name) const { return document_["properties"].find(name); }
  // ICS entry of a requirement: "<scheme>/<id>" first, then "<id>".
  const Value* ics(std::string_view scheme, std::string_view requirement) const;
  std::vector<std::string_view> markets() const;

  // SHA-256 of the canonical form: what a verdict was computed from.
  std::string digest() const;

 private:
  Value document_;
};

// The tables of the declaration: the 29 IXIT tables (TS 103 701) and those of EN 18031's required information; from the schema.
std::vector<std::string_view> ixit_tables();
// The key of product.yaml a table stands under: ixit or en18031.
std::string_view table_section(std::string_view table);
bool ixit_single(std::string_view table);
// The table whose rows a cell of that name gives; empty for cells that name none.
std::string_view named_table(std::string_view field);
// Declared field names of a table (also the lower-case keys), from the schema.
std::vector<std::string_view> ixit_fields(std::string_view table);

}  // namespace assay
