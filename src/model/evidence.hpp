// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"
#include "model/observation.hpp"

namespace assay {

// A file or recorded run, with what binds it to the thing under test (docs/judging.md, Binding).
struct Evidence {
  std::string id;    // "sha256:" + hex of the bytes
  std::string name;  // file name as given
  std::uint64_t bytes = 0;
  std::string type;     // firmware | capture | probe | document | sbom
  std::string sample;   // serial or description of the sample it comes from
  std::string version;  // software version it shows; other than the product's: stale, unless carried over
  std::string date;     // RFC 3339, when it was taken
  std::string operator_name;
  std::string tool;        // tool and version that examined it
  std::string device;      // captures: MAC or address of the device under test; without it no verdict uses the capture
  std::string carried_by;  // who carried it over to the product's version, and why; empty when nobody did
  std::string carried_note;
};

// What a person states.
struct Answer {
  std::string id;        // "a:" + 16 hex digits
  std::string question;  // question id, or "<scheme>/<requirement>" for a justification, or "<scheme>/<unit>" for a choice of variant
  std::string value;     // yes | no | not-applicable | deviation | a variant's id
  std::string instance;  // instance id; empty: the product, or all instances of the question's subject
  std::string by;
  std::string at;  // RFC 3339
  std::string note;
  std::vector<std::string> evidence;
  std::string version;  // the product version it was given for
  Answer& seal();
};

// An observation withdrawn by a person; it stays visible.
struct Disposal {
  std::string observation;
  std::string by;
  std::string reason;
  std::string at;
};

// "This unverified catalogue entry was checked against the source": once per catalogue edition, not per product.
struct Confirmation {
  std::string scheme;
  std::string edition;
  std::string entry;  // requirement, unit, condition or question id
  std::string by;
  std::string source;
  std::string at;
};

Value to_value(const Evidence& evidence);
Value to_value(const Answer& answer);
Value to_value(const Disposal& disposal);
Value to_value(const Confirmation& confirmation);
Evidence evidence_from(const Value& value);
Answer answer_from(const Value& value);
Disposal disposal_from(const Value& value);
Confirmation confirmation_from(const Value& value);

}  // namespace assay
