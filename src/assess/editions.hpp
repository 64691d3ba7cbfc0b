// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "assess/judge.hpp"

namespace assay::assess {

// One requirement of a scheme beside what it was in another edition (moves.yaml), or in another scheme of the same ids.
struct EditionChange {
  std::string requirement;        // id in the later one; empty: dropped
  std::vector<std::string> from;  // ids in the earlier one; empty: new
  std::string change;             // unchanged | renumbered | reworded | wider | narrower | split | new | dropped | changed
  std::string note, title, status_before, status;
  bool keeps = false;                   // ICS entry and reason carry over
  std::vector<std::string> kept;        // questions asked by both: their answers and evidence count in both
  std::vector<std::string> added;       // questions only the later one asks
  std::vector<std::string> left;        // questions only the earlier one asked
  std::string verdict_before, verdict;  // of a product, where one was judged
};

struct EditionDiff {
  std::string before, after;  // catalogue keys
  bool by_moves = false;      // false: neither has a moves.yaml for the other; equal ids are taken for the same requirement
  std::vector<EditionChange> changes;
};

// One side: a scheme of a catalogue, and the verdicts of a product judged by it (or null).
struct EditionSide {
  const Catalogue* catalogue = nullptr;
  std::string scheme;
  const Assessment* assessment = nullptr;
};

// Both sides may be of one catalogue (two editions of a scheme) or of two (a scheme before and after its data changed). Fails when a
// scheme is unknown.
Result<EditionDiff> compare_editions(const EditionSide& before, const EditionSide& after);
Value to_value(const EditionDiff& diff);

}  // namespace assay::assess
