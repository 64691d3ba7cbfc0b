// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"

namespace assay {

enum class Verdict : std::uint8_t { pass, fail, inconclusive, not_applicable };
std::string_view to_text(Verdict verdict);  // pass | fail | inconclusive | not-applicable
bool verdict_from(std::string_view text, Verdict& out);

// On what a verdict stands; the weakest of what was used.
enum class Basis : std::uint8_t { none, machine, document, attested };
std::string_view to_text(Basis basis);

enum class Confidence : std::uint8_t { confirmed, secondary, unverified };
std::string_view to_text(Confidence confidence);

// Evidence or an answer of another variant that something rests on, and by whose statement (docs/families.md).
struct BorrowedUse {
  std::string evidence, answer;  // one of the two ids
  std::string from, equivalence, by;
  friend auto operator<=>(const BorrowedUse&, const BorrowedUse&) = default;
};

// One step of a walked tree: the question asked of the instance and what came back.
struct Step {
  std::string node;
  std::string question;
  std::string answer;  // yes | no | unknown | conflict
  Basis basis = Basis::none;
  std::string because;                    // the rule's words, or the person's note
  std::vector<std::string> observations;  // ids it rests on
  std::vector<std::string> answers;
  std::vector<std::string> declared;  // "ixit.AuthMech[AuthMech-1].Description": where in the declaration, with line
  std::vector<std::string> supports;  // what points to an answer without being allowed to give it
  std::vector<std::string> reasons;   // why it is unknown: "no complete coverage of firmware/accounts: …"
  std::vector<BorrowedUse> borrowed;
};

// The ways to settle a question, cheapest first: {by, kind, cost, what}. Shared, since the same are owed in many places.
class Ways {
 public:
  Ways() = default;
  Ways(std::vector<Value> list) : list_(std::make_shared<const std::vector<Value>>(std::move(list))) {}  // NOLINT(google-explicit-constructor)
  bool empty() const { return list_ == nullptr || list_->empty(); }
  std::size_t size() const { return list_ == nullptr ? 0 : list_->size(); }
  const Value& front() const { return list_->front(); }
  const Value* begin() const { return list_ == nullptr ? nullptr : list_->data(); }
  const Value* end() const { return begin() + size(); }

 private:
  std::shared_ptr<const std::vector<Value>> list_;
};

// What would settle something, once over all rows it settles.
struct Owed {
  std::string question;  // or "<scheme>/<requirement>" for a justification, "<scheme>/<entry>" for a confirmation or a choice
  std::string instance;
  std::string kind;  // answer | observation | declaration | justification | acceptance | confirmation | choice
  std::string ask;
  std::string what;                  // exactly what evidence or answer
  Ways settle;                       // the question's
  int cost = 0;                      // minutes, of the cheapest way
  std::vector<std::string> settles;  // "<scheme>/<unit>" rows, over all chosen schemes
};

struct Contradiction {
  std::string question;
  std::string instance;
  std::string says;  // for people: who says what
  std::vector<std::string> observations;
  std::vector<std::string> answers;
  std::vector<std::string> declared;
};

struct InstanceVerdict {
  std::string id;
  std::string label;
  bool declared = true;  // false: observed, but no declared row names it
  Verdict verdict = Verdict::inconclusive;
  Basis basis = Basis::none;
  std::string would_be;  // an unverified entry's verdict, if it were confirmed
  std::vector<Step> path;
  std::vector<std::string> reasons;
  std::vector<Owed> owed;
  std::vector<BorrowedUse> borrowed;  // of its steps, and of what else its verdict rests on
};

struct UnitVerdict {
  std::string id;
  std::string title;
  Verdict verdict = Verdict::inconclusive;
  Basis basis = Basis::none;
  Confidence confidence = Confidence::confirmed;
  std::string would_be;
  std::vector<InstanceVerdict> instances;
  std::map<std::string, Verdict> variants;  // disputed trees: each one's verdict
  std::vector<std::string> inherits;        // "<scheme>/<id>" of what it rolls up
  std::vector<std::string> reasons;
};

struct AssessmentVerdict {
  std::string id;
  std::string kind;
  Verdict verdict = Verdict::inconclusive;
  Basis basis = Basis::none;
  std::vector<UnitVerdict> units;
};

struct RequirementVerdict {
  std::string id;
  std::string title;
  std::string status;  // mandatory | recommended | informative
  std::string printed;
  Verdict verdict = Verdict::inconclusive;
  Basis basis = Basis::none;
  Confidence confidence = Confidence::confirmed;
  std::string would_be;
  std::string route;        // of alternatives the law gives; empty where there is one way
  std::string recognition;  // id of the recognition that granted the verdict, else empty
  bool justified = false;   // an N/A or a deviation from a recommendation has its written reason
  std::string justification;
  std::vector<AssessmentVerdict> assessments;
  std::vector<Contradiction> contradictions;
  std::vector<Owed> owed;
  std::vector<std::string> remedies;  // how to fix what failed
  std::vector<BorrowedUse> borrowed;  // of all that it was judged from
};

struct SchemeVerdict {
  std::string id;    // the catalogue's key: "en-303-645", "en-303-645@3.1.3"
  std::string base;  // the publisher's scheme, without the edition
  std::string edition;
  std::string title;
  std::string claim;    // how the result may be spoken of, where the scheme limits that
  std::string applies;  // applies | does-not-apply | unknown
  std::vector<RequirementVerdict> requirements;
};

struct Assessment {
  Value product;  // name, model, version, digest
  std::string date;
  std::string catalogue;  // digest of the catalogue used
  std::vector<SchemeVerdict> schemes;
  std::vector<Owed> owed;         // over all schemes, most settled for least cost first
  Value stale = Value::array();   // evidence and answers of another version, unused until carried over
  Value family = Value::array();  // the equivalences that lent something: {equivalence, from, base, by, date, same, differs, …}
};

// A contract: others read it (schemas/verdicts.schema.json).
Value to_value(const Assessment& assessment);
Value to_value(const RequirementVerdict& requirement);

}  // namespace assay
