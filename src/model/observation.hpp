// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"

namespace assay {

// Where in the evidence something was seen; absent parts are empty or 0. `line` and `frame` count from 1, `offset` is bytes.
struct Place {
  std::string path;
  std::uint32_t line = 0;
  bool has_offset = false;
  std::uint64_t offset = 0;
  std::uint64_t frame = 0;
  std::string request;
  std::uint32_t page = 0;
  std::string selector;

  // "/etc/shadow:1", "byte 0x1040", "frame 812": for people.
  std::string to_text() const;
};

// One thing an examiner saw (knowledge/kinds.yaml). `fields` are those of its kind; an undetermined field is absent.
struct Observation {
  std::string id;  // "o:" + 16 hex digits of SHA-256 over everything below; see seal()
  std::string kind;
  std::string evidence;  // "sha256:…"
  Place at;
  std::string by;    // examiner's room and check, "firmware/accounts"
  int revision = 1;  // of that check
  Value fields = Value::object();

  // Computes `id` from the content. Same observation, same id. Call when all else is set.
  Observation& seal();
};

Value to_value(const Observation& observation);
Result<Observation> observation_from(const Value& value);  // accepts to_value's form; id is recomputed
// Observations in the canonical order (kind, evidence, at, id), duplicates removed.
void sort_unique(std::vector<Observation>& observations);

// Where examiners put what they see. Thread-safe implementations only; a vector in tests.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void put(Observation observation) = 0;
};

}  // namespace assay
