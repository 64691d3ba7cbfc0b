// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "assess/entries.hpp"
#include "assess/judge.hpp"

namespace assay::assess {

// For tests only: cases made from a row of numbers, so that a shorter or smaller row is a simpler case (rapidcheck shrinks the row).
class Choices {
 public:
  explicit Choices(std::vector<std::uint32_t> numbers) : numbers_(std::move(numbers)) {}
  // 0 .. n-1; 0 once the row is used up.
  std::size_t below(std::size_t n) { return n == 0 || at_ >= numbers_.size() ? 0 : numbers_[at_++] % n; }
  bool one_in(std::size_t n) { return below(n) == n - 1; }
  bool done() const { return at_ >= numbers_.size(); }

 private:
  std::vector<std::uint32_t> numbers_;
  std::size_t at_ = 0;
};

// A text that the expression matches (checked), or empty where none was found.
std::string text_matching(std::string_view expression, Choices& choices);

// What a requirement's verdict is made from, over inheritance and conditions.
struct Reads {
  std::set<const Question*> questions;
  std::set<const Question*> conditions;  // those of the questions that decide whether a requirement applies
  std::set<std::pair<const Scheme*, const Unit*>> units;
};
Reads reads(const Catalogue& catalogue, const Scheme& scheme, const Requirement& requirement);

// The answers along one way through a tree to that end; empty where there is none.
std::vector<std::pair<const Question*, std::string_view>> way_to(const Tree& tree, std::string_view end);

// Puts together observations, rows, facts, coverage and answers that the rules of a catalogue read.
class Maker {
 public:
  Maker(const Catalogue& catalogue, const Scheme& scheme, Choices& choices);

  // Makes a condition hold, as far as its parts can be made: observations, declared rows, facts, coverage.
  void satisfy(const Condition& condition, const Question& about, bool wanted = true);
  void observe_for(const Condition& seen, const Question& about, bool matching = true);
  void observe_at_random();
  // A second report on something seen, with one exclusive field changed; false where the kind has none.
  bool contradict(const Observation& observation);
  void cover(std::string_view check, bool complete = true);
  void answer(std::string_view question, std::string_view value, std::string_view instance = {}, bool cited = true);
  void row(std::string_view table);
  // One more row, which row() then writes to.
  void another_row(std::string_view table);
  // In the row of that id, else in the first.
  void row(std::string_view table, std::string_view field, const Value& cell, std::string_view id = {});
  void set(std::string_view path, const Value& value);
  // Writes what an Owed of the declaration asks for ("Fill in en18031.Asset[Asset-1].Access."); false where it asks for something else.
  bool fill(const Owed& owed);

  // The case so far. Of a declaration that its schema refuses only the bare rows are kept.
  Case made();

  Case out;
  Value document;
  bool declaring = true;  // false: rows and facts stay as they are

 private:
  Value value_for(const Matcher& matcher, const Field* field, bool matching);
  Value fact_for(const Condition& condition, bool matching);
  Value any_value(const Field& field);
  Value fitting_cell(std::string_view table, std::string_view field, const Value& cell) const;
  Value typed(std::string text, const Field* field) const;
  std::string key_value(std::string_view key) const;
  std::string pooled(std::string_view name);
  void add(Observation observation, std::string_view type);

  const Catalogue& catalogue_;
  Choices& choices_;
  std::string subject_;
  Value plain_;  // the declaration with bare rows only
};

}  // namespace assay::assess
