// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"
#include "model/observation.hpp"

namespace assay {

// Why evidence or an answer of another workspace counts here: a named person states that the two products of a line are the same in what it
// shows (docs/families.md). Never stored; made anew from product.yaml whenever a case is put together.
struct Borrowed {
  std::string from;         // the other workspace, as product.yaml names it
  std::string equivalence;  // its id in product.yaml
  std::string same, differs, by, date;
  std::string version;       // software version of this product that the statement is about
  std::string base_version;  // and of the other one
  bool empty() const { return from.empty() && equivalence.empty(); }
};
// What the statement lacks to count for this version of the product on this day (YYYY-MM-DD), in words; empty: nothing.
std::string why_not(const Borrowed& borrowed, std::string_view version, std::string_view day);

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
  Borrowed borrowed;  // set when it lies in the workspace of another variant
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
  Borrowed borrowed;    // set when it was given for another variant
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

Value to_value(const Borrowed& borrowed);
Value to_value(const Evidence& evidence);
Value to_value(const Answer& answer);
Value to_value(const Disposal& disposal);
Value to_value(const Confirmation& confirmation);
Evidence evidence_from(const Value& value);
Answer answer_from(const Value& value);
Disposal disposal_from(const Value& value);
Confirmation confirmation_from(const Value& value);

}  // namespace assay
