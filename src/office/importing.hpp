// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "assess/catalogue.hpp"
#include "base/value.hpp"
#include "intake/interpretation.hpp"
#include "office/desk.hpp"

namespace assay::office {

// Built in, or of a checkout.
std::vector<Error> load_mappings(const std::string& directory, intake::Mappings& out);

// What the files' tables say, by the mappings; a file that cannot be read is an error.
Result<intake::Interpretation> read_tables_of(const std::vector<std::string>& files, const intake::Mappings& mappings,
                                              std::string_view only);

// One value of product.yaml that an import touches.
struct Change {
  enum class Kind : std::uint8_t { added, changed, conflict };
  Kind kind = Kind::added;
  std::string path;  // "ixit.AuthMech[AuthMech-1].Description"
  std::string was, becomes, place;
};
std::string_view word_of(Change::Kind kind);

// A certificate's file with what is read off it; `place` is the row of the sheet.
struct CertificatePaper {
  std::string file, place;
  Transcribed stated;
};

struct Import {
  Value after;  // the whole document
  std::vector<Change> changes;
  std::size_t same = 0;  // values that are there already
  std::vector<CertificatePaper> papers;
  std::vector<intake::Notice> notices;
  std::vector<intake::Known> known;
  bool differs() const;  // from what product.yaml says now
};

struct ImportRules {
  bool replace = false;  // a different value that is there gives way
  std::string scheme;    // ICS entries for this scheme alone
  std::string by;        // who read the certificates
};

// A value that is there and differs is a conflict, and an ICS row with one is left out whole: its reason belongs to its support.
Import merged(const Value& document, intake::Interpretation tables, const assess::Catalogue& catalogue, const ImportRules& rules);

// {type, one_of} of a fact, or of `markets`; empty where the catalogue does not know it.
Value fact_of(const assess::Catalogue& catalogue, std::string_view id);
// A fact as product.yaml keeps it: yes and no become true and false, words must be of its list.
Result<Value> fact_value(const Value& fact, std::string_view text);

// product.yaml rewritten in place; where that is not possible `product.import.yaml` beside it. What was written, and why not in place.
struct Written {
  std::string path, why;
  std::vector<Error> errors;  // what is wrong with the document, where it is no valid product.yaml
};
Result<Written> write_product(const std::string& path, const Value& after);

// One fact (or `markets`) written into product.yaml in place.
Result<void> set_fact(const std::string& path, const std::string& id, const Value& value);

// Takes the certificates' files in as evidence, keeping what people read off the same files before.
Result<Evidence> add_paper(Desk& desk, const std::vector<CertificatePaper>& of_one_file);

Value to_value(const Import& import);

}  // namespace assay::office
