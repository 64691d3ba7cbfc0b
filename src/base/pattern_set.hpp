// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace assay {

struct Pattern {
  std::string text;  // regular expression in the subset both RE2 and Hyperscan know, or literal bytes
  bool literal = false;
  bool ignore_case = false;
};

// Many patterns looked for in one pass. Thread-safe once built.
class PatternSet {
 public:
  static Result<PatternSet> build(const std::vector<Pattern>& patterns);
  PatternSet(PatternSet&&) noexcept;
  PatternSet& operator=(PatternSet&&) noexcept;
  ~PatternSet();

  // Calls found(pattern index, end offset) for every match end, in order of the end; return false to stop. The start of a
  // match is not known: callers that need it or a group match again with RE2 around the place.
  void scan(Bytes bytes, const std::function<bool(std::size_t pattern, std::uint64_t end)>& found) const;

 private:
  struct State;
  explicit PatternSet(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace assay
