// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "assess/judge.hpp"
#include "base/clock.hpp"
#include "base/value.hpp"
#include "model/product.hpp"
#include "office/examination.hpp"
#include "office/family.hpp"
#include "office/sources.hpp"
#include "paper/report.hpp"
#include "record/workspace.hpp"

namespace assay::office {

// Who a piece of evidence comes from and what it belongs to (docs/judging.md, Binding). Empty: taken from product.yaml and the clock.
struct Binding {
  std::string sample, version, date, operator_name, device;
};

// What the judge is asked.
struct Question {
  Day date{};
  bool closing = false;
  std::vector<std::string> schemes;
  std::string leave_out{};  // an equivalence of the product's family to do without
};

// A fact that a person reads off a document, or the outcome of a guided step that it records, in an examiner's words. Only the kinds that
// people state (kStatedKinds): anything else would pass for a machine's finding.
struct Transcribed {
  std::string kind;
  Value fields = Value::object();
  std::string by;
};
inline constexpr std::array<std::string_view, 3> kStatedKinds = {"document", "certificate-of", "trial"};

// What people hand in beside firmware: answers, and documents with what they state. One YAML file; paths are relative to it.
//   answers:   [{question, value, instance, by, note, evidence}]
//   documents: [{file, by, states: [{kind: document | certificate-of | trial, …fields}]}]
struct Statements {
  struct Paper {
    std::string file;
    std::vector<Transcribed> states;
  };
  std::vector<Answer> answers;
  std::vector<Paper> papers;
};
// Every mistake at once, with its place.
std::vector<Error> load_statements(const std::string& path, Statements& out);

// One product at one desk: product.yaml, the workspace beside it, and the catalogue. The use cases that the command line and, later, the
// workbench are made of.
class Desk {
 public:
  // All errors of product.yaml and the catalogue at once.
  static std::vector<Error> open(const std::string& directory, const std::string& catalogue, Desk& out);

  const Product& product() const { return product_; }
  const assess::Catalogue& catalogue() const { return *catalogue_; }
  record::Workspace& workspace() { return *workspace_; }
  const record::Workspace& workspace() const { return *workspace_; }

  Evidence bind(Evidence evidence, const Binding& binding) const;
  // Stores the file and what was seen in it. Adding the same bytes again examines again and keeps one copy, its binding where `binding`
  // says nothing else (else a new product version would take old evidence over unsaid), and what people read off it.
  Result<Evidence> add(const std::string& path, const Examination& examination, const Binding& binding,
                       const std::vector<Transcribed>& transcribed);
  // Checks that the question is known, the value one it takes, the evidence stored, and says what else is wrong in words.
  Result<Answer> answer(Answer answer);
  // "sha256:ab…", a unique prefix of it, or a file name.
  Result<Evidence> find_evidence(std::string_view name) const;
  Result<Observation> find_observation(std::string_view name) const;

  // What the other variants of the product's line lend it; empty where product.yaml names none.
  Result<Family> family(const Question& question) const;
  Result<assess::Case> case_now(const Question& question) const;
  Result<Assessment> judge(const Question& question) const;
  // What the verdicts would be without this evidence: what `remove` and `supersede` show before they act.
  Result<Assessment> judge_without(const Question& question, std::string_view evidence_id) const;
  Result<paper::ReportInput> report(const Question& question) const;

 private:
  Product product_;
  std::shared_ptr<const assess::Catalogue> catalogue_;
  std::optional<record::Workspace> workspace_;
};

std::vector<Error> load_product(const std::string& path, Product& out);
// "; did you mean X?", or nothing when no candidate is near.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);
std::string user_name();

}  // namespace assay::office
