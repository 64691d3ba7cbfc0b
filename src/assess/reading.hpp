// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assess/entries.hpp"

namespace assay::assess {

// Turns checked documents into entries; what a schema cannot say (conditions, duplicate ids) is reported with file and line.
struct Reading {
  Catalogue& out;
  std::vector<Error>& errors;
  std::size_t file;

  void kinds(const Value& document);
  void subjects(const Value& document);
  void facts(const Value& document);
  void words(const Value& document, Scheme* scheme);
  void moves(const Value& document, Scheme& scheme);
  void questions(const Value& document);
  void recognitions(const Value& document);
  void scheme(const Value& document, std::string_view folder);
  void scope(const Value& document, Scheme& scheme);
  void trees(const Value& document, Scheme& scheme);
  void requirements(const Value& document, Scheme& scheme);
  void cases(const Value& document, Scheme& scheme);

  void wrong(const Value& at, std::string what);
  Source at(const Value& value) const { return {file, value.mark}; }
  Condition condition(const Value& value);
  std::vector<std::pair<std::string, Matcher>> where(const Value& value);
  Unit unit(const Value& value);
};

// Ties ids to the entries they name once everything is read; unknown ids are errors.
class Links {
 public:
  Links(Catalogue& out, std::vector<Error>& errors) : out_(out), errors_(errors) {}
  void resolve();

 private:
  void resolve(Scheme& scheme);
  void resolve(Tree& tree);
  void resolve(Scheme& scheme, Unit& unit);
  void resolve_gates(Scheme& scheme);
  void add(Scheme& scheme, const std::string& id, Entry entry, const Source& source);
  void unknown(const Source& source, std::string_view what, std::string_view id, std::vector<std::string_view> known);

  Catalogue& out_;
  std::vector<Error>& errors_;
};

}  // namespace assay::assess
