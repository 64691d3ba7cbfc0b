// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/progress.hpp"
#include "firmware/examine.hpp"
#include "model/evidence.hpp"
#include "model/observation.hpp"

namespace assay::office {

// One file or directory looked at; nothing is stored yet.
struct Examination {
  Evidence evidence;                      // id, name, bytes, type, tool; the binding is the caller's
  std::string stored;                     // what to keep instead of the file's bytes (the manifest of a directory); empty: the file itself
  std::vector<Observation> observations;  // canonical order
  std::vector<firmware::Timing> timings;
  std::string note;  // for people: kept, but no examiner of this program reads this kind
};

// firmware | capture | document | sbom, by the first bytes and never by the name.
std::string evidence_type(Bytes bytes);

// `type` overrides what the content says ("" or one of evidence_type's words).
Result<Examination> examine_path(const std::string& path, std::string_view type, const firmware::Knowledge& knowledge,
                                 const firmware::Options& options, Progress& progress);

// The contract of `assay examine --json`: {"evidence", "observations", "timings"}.
Value to_value(const std::vector<Examination>& examinations);

}  // namespace assay::office
