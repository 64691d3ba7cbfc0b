// SPDX-License-Identifier: Apache-2.0
#include "model/verdict.hpp"

#include <algorithm>
#include <set>

namespace assay {
namespace {

Value to_value(const BorrowedUse& use);
Value to_value(const Step& step);
Value to_value(const Owed& owed);
Value to_value(const Contradiction& contradiction);
Value to_value(const InstanceVerdict& instance);
Value to_value(const UnitVerdict& unit);
Value to_value(const AssessmentVerdict& assessment);
Value to_value(const SchemeVerdict& scheme);
Value texts(const std::vector<std::string>& from) {
  Value out = Value::array();
  for (const std::string& text : from) out.push(text);
  return out;
}

template <class T>
Value values(const std::vector<T>& from) {
  Value out = Value::array();
  for (const T& item : from) out.push(to_value(item));
  return out;
}

Value to_value(const BorrowedUse& use) {
  Value out = Value::object();
  out.set_if("evidence", use.evidence);
  out.set_if("answer", use.answer);
  out.set("from", use.from);
  out.set("equivalence", use.equivalence);
  out.set("by", use.by);
  return out;
}

Value to_value(const Step& step) {
  Value out = Value::object();
  out.set("node", step.node);
  out.set("question", step.question);
  out.set("answer", step.answer);
  out.set("basis", to_text(step.basis));
  out.set_if("because", step.because);
  out.set_if("observations", texts(step.observations));
  out.set_if("answers", texts(step.answers));
  out.set_if("declared", texts(step.declared));
  out.set_if("supports", texts(step.supports));
  out.set_if("reasons", texts(step.reasons));
  out.set_if("borrowed", values(step.borrowed));
  return out;
}

Value to_value(const Owed& owed) {
  Value out = Value::object();
  out.set("question", owed.question);
  out.set_if("instance", owed.instance);
  out.set("kind", owed.kind);
  out.set("ask", owed.ask);
  out.set("what", owed.what);
  Value settle = Value::array();
  for (const Value& way : owed.settle) settle.push(way);
  out.set_if("settle", std::move(settle));
  out.set("cost", owed.cost);
  out.set("settles", texts(owed.settles));
  return out;
}

Value to_value(const Contradiction& contradiction) {
  Value out = Value::object();
  out.set("question", contradiction.question);
  out.set_if("instance", contradiction.instance);
  out.set("says", contradiction.says);
  out.set_if("observations", texts(contradiction.observations));
  out.set_if("answers", texts(contradiction.answers));
  out.set_if("declared", texts(contradiction.declared));
  return out;
}

// What the steps of a path cite, each once.
Value cited(const std::vector<Step>& path, std::vector<std::string> Step::* list) {
  std::set<std::string_view> seen;
  Value out = Value::array();
  for (const Step& step : path) {
    for (const std::string& id : step.*list) {
      if (seen.insert(id).second) out.push(id);
    }
  }
  return out;
}

Value to_value(const InstanceVerdict& instance) {
  Value out = Value::object();
  out.set("id", instance.id);
  out.set_if("label", instance.label);
  out.set("declared", instance.declared);
  out.set("verdict", to_text(instance.verdict));
  out.set("basis", to_text(instance.basis));
  out.set_if("would_be", instance.would_be);
  out.set("path", values(instance.path));
  out.set("observations", cited(instance.path, &Step::observations));
  out.set("answers", cited(instance.path, &Step::answers));
  out.set_if("reasons", texts(instance.reasons));
  out.set_if("owed", values(instance.owed));
  out.set_if("borrowed", values(instance.borrowed));
  return out;
}

Value to_value(const UnitVerdict& unit) {
  Value out = Value::object();
  out.set("id", unit.id);
  out.set("title", unit.title);
  out.set("verdict", to_text(unit.verdict));
  out.set("basis", to_text(unit.basis));
  out.set("confidence", to_text(unit.confidence));
  out.set_if("would_be", unit.would_be);
  out.set("instances", values(unit.instances));
  Value variants = Value::object();
  for (const auto& [id, verdict] : unit.variants) variants.set(id, to_text(verdict));
  out.set_if("variants", std::move(variants));
  out.set_if("inherits", texts(unit.inherits));
  out.set_if("reasons", texts(unit.reasons));
  return out;
}

Value to_value(const AssessmentVerdict& assessment) {
  Value out = Value::object();
  out.set("id", assessment.id);
  out.set("kind", assessment.kind);
  out.set("verdict", to_text(assessment.verdict));
  out.set("basis", to_text(assessment.basis));
  out.set("units", values(assessment.units));
  return out;
}

Value to_value(const SchemeVerdict& scheme) {
  Value out = Value::object();
  out.set("id", scheme.base.empty() ? scheme.id : scheme.base);
  out.set("key", scheme.id);
  out.set("edition", scheme.edition);
  out.set("title", scheme.title);
  out.set_if("claim", scheme.claim);
  out.set("applies", scheme.applies);
  Value counts = Value::object();
  for (const Verdict verdict : {Verdict::pass, Verdict::fail, Verdict::inconclusive, Verdict::not_applicable}) {
    counts.set(to_text(verdict), static_cast<std::int64_t>(std::ranges::count(scheme.requirements, verdict, &RequirementVerdict::verdict)));
  }
  out.set("counts", std::move(counts));
  out.set("requirements", values(scheme.requirements));
  return out;
}

}  // namespace

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "pass";
    case Verdict::fail: return "fail";
    case Verdict::inconclusive: return "inconclusive";
    case Verdict::not_applicable: return "not-applicable";
  }
  return {};
}

bool verdict_from(std::string_view text, Verdict& out) {
  for (const Verdict verdict : {Verdict::pass, Verdict::fail, Verdict::inconclusive, Verdict::not_applicable}) {
    if (to_text(verdict) != text) continue;
    out = verdict;
    return true;
  }
  return false;
}

std::string_view to_text(Basis basis) {
  switch (basis) {
    case Basis::none: return "none";
    case Basis::machine: return "machine";
    case Basis::document: return "document";
    case Basis::attested: return "attested";
  }
  return {};
}

std::string_view to_text(Confidence confidence) {
  switch (confidence) {
    case Confidence::confirmed: return "confirmed";
    case Confidence::secondary: return "secondary";
    case Confidence::unverified: return "unverified";
  }
  return {};
}

Value to_value(const RequirementVerdict& requirement) {
  Value out = Value::object();
  out.set("id", requirement.id);
  out.set("title", requirement.title);
  out.set("status", requirement.status);
  out.set_if("printed", requirement.printed);
  out.set("verdict", to_text(requirement.verdict));
  out.set("basis", to_text(requirement.basis));
  out.set("confidence", to_text(requirement.confidence));
  out.set_if("would_be", requirement.would_be);
  out.set_if("route", requirement.route);
  out.set_if("recognition", requirement.recognition);
  out.set("justified", requirement.justified);
  out.set_if("justification", requirement.justification);
  out.set("assessments", values(requirement.assessments));
  out.set("contradictions", values(requirement.contradictions));
  out.set("owed", values(requirement.owed));
  out.set_if("remedies", texts(requirement.remedies));
  out.set_if("borrowed", values(requirement.borrowed));
  return out;
}

Value to_value(const Assessment& assessment) {
  Value out = Value::object();
  out.set("product", assessment.product);
  out.set("date", assessment.date);
  out.set("catalogue", assessment.catalogue);
  out.set("schemes", values(assessment.schemes));
  out.set("owed", values(assessment.owed));
  out.set("stale", assessment.stale);
  if (!assessment.family.empty()) out.set("family", assessment.family);
  return out;
}

}  // namespace assay
