// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "assess/judge.hpp"
#include "assess/linting.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace assay::assess {
namespace {

// Where a case says nothing of its evidence: one firmware image of the product's own version.
constexpr std::string_view kOwnImage = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

void merge(Value& into, const Value& from) {
  if (!into.is_object() || !from.is_object()) {
    into = from;
    return;
  }
  for (const auto& member : from.members()) {
    if (Value* own = into.find(member.name)) {
      merge(*own, member.value);
    } else {
      into.members().push_back(member);
    }
  }
}

Value typed_scalar(const Value& value, std::string_view type) {
  if (!value.is_text() || !value.plain) return value;
  Value out = value;
  if (type == "boolean" && (value.text() == "true" || value.text() == "false")) out = Value(value.text() == "true");
  if (type == "integer") {
    if (const auto n = to_integer(value.text())) out = Value(*n);
  }
  if (type == "number") {
    if (const auto n = to_number(value.text())) out = Value(*n);
  }
  return out;
}

Value typed(const Value& value, std::string_view type) {
  if (!value.is_array()) return typed_scalar(value, type);
  Value out = Value::array();
  for (const Value& item : value.items()) out.push(typed_scalar(item, type));
  return out;
}

class CaseRun {
 public:
  CaseRun(Lint& lint, const Scheme& scheme, const SchemeCase& entry) : lint_(lint), scheme_(scheme), entry_(entry) {}

  void run() {
    if (!product()) return;
    evidence();
    observations();
    for (const Value& value : entry_.answers) {
      Answer answer = answer_from(value);
      if (answer.version.empty()) answer.version = case_.product.version();
      if (lint_.catalogue.question(answer.question) == nullptr && answer.question.find('/') == std::string::npos) {
        lint_.say({entry_.source.file, value.mark}, "there is no question " + json_quoted(answer.question));
      }
      case_.answers.push_back(answer.seal());
    }
    for (const Value& value : entry_.disposals) case_.disposals.push_back(disposal_from(value));
    for (const Value& value : entry_.confirmations) {
      Confirmation confirmation = confirmation_from(value);
      if (confirmation.scheme.empty()) confirmation.scheme = scheme_.id;
      if (confirmation.edition.empty()) confirmation.edition = scheme_.edition;
      case_.confirmations.push_back(std::move(confirmation));
    }
    const auto date = parse_day(entry_.date.empty() ? std::string_view("2026-01-01") : std::string_view(entry_.date));
    if (date) case_.date = *date;
    case_.closing = entry_.closing;
    case_.schemes = {scheme_.id};
    compare();
  }

 private:
  bool product() {
    Value document = scheme_.case_product;
    if (document.is_null()) document = Value::object();
    if (!entry_.product.is_null()) merge(document, entry_.product);
    const auto errors = Product::from(std::move(document), lint_.catalogue.files[entry_.source.file].path, case_.product);
    for (const Error& error : errors) {
      lint_.errors.push_back(error);
      lint_.errors.back().what = "case " + entry_.id + ": " + error.what;
    }
    return errors.empty();
  }

  void evidence() {
    for (const Value& value : entry_.evidence) {
      Evidence e = evidence_from(value);
      if (e.version.empty()) e.version = case_.product.version();
      if (e.device.empty()) e.device = "the device of the case";
      case_.evidence.push_back(std::move(e));
    }
  }

  void observations() {
    bool own_image = false;
    for (const Value& value : entry_.observations) {
      Value document = value;
      if (const auto kind = lint_.catalogue.kinds.find(value["kind"].text()); kind != lint_.catalogue.kinds.end()) {
        for (auto& member : document.members()) {
          static constexpr std::array<std::string_view, 6> common = {"id", "kind", "evidence", "at", "by", "revision"};
          const Field* field = kind->second.field(member.name);
          if (field != nullptr) {
            member.value = typed(member.value, field->type);
          } else if (std::ranges::find(common, member.name) == common.end()) {
            lint_.say({entry_.source.file, member.mark}, value["kind"].scalar_text() + " has no field " + json_quoted(member.name));
          }
        }
      } else {
        lint_.say({entry_.source.file, value.mark}, "there is no observation kind " + json_quoted(value["kind"].text()));
      }
      auto observation = observation_from(document);
      if (!observation) {
        lint_.say({entry_.source.file, value.mark}, observation.error().what);
        continue;
      }
      if (observation->evidence.empty()) {
        own_image = true;
        observation->evidence = kOwnImage;
        observation->seal();
      }
      case_.observations.push_back(*std::move(observation));
    }
    if (!own_image) return;
    Evidence image;
    image.id = kOwnImage;
    image.name = "image";
    image.type = "firmware";
    image.version = case_.product.version();
    case_.evidence.push_back(std::move(image));
  }

  void compare() {
    const Assessment result = judge(lint_.catalogue, case_);
    for (const auto& [id, expected] : entry_.expect) {
      if (scheme_.entry(id) == nullptr) {
        lint_.say(entry_.source,
                  "case " + entry_.id + " expects something of " + json_quoted(id) + ", which is no requirement, assessment or unit");
        continue;
      }
      std::string why;
      const std::string found = verdict_of(result, id, why);
      if (found == expected) continue;
      lint_.say(entry_.source, "case " + entry_.id + ": " + id + " is " + (found.empty() ? "not judged" : found) + ", expected " +
                                   expected + (why.empty() ? "" : " (" + why + ")"));
    }
  }

  static std::string verdict_of(const Assessment& result, std::string_view id, std::string& why) {
    for (const SchemeVerdict& scheme : result.schemes) {
      for (const RequirementVerdict& requirement : scheme.requirements) {
        if (requirement.id == id) {
          if (!requirement.owed.empty()) why = requirement.owed.front().kind + " " + requirement.owed.front().question;
          return std::string(to_text(requirement.verdict));
        }
        for (const AssessmentVerdict& assessment : requirement.assessments) {
          if (assessment.id == id) return std::string(to_text(assessment.verdict));
          for (const UnitVerdict& unit : assessment.units) {
            if (unit.id != id) continue;
            for (const std::string& reason : unit.reasons) why += (why.empty() ? "" : "; ") + reason;
            for (const InstanceVerdict& instance : unit.instances) {
              why += (why.empty() ? "" : "; ") + instance.id + " " + std::string(to_text(instance.verdict));
              for (const std::string& reason : instance.reasons) why += ", " + reason;
            }
            return std::string(to_text(unit.verdict));
          }
        }
      }
    }
    return {};
  }

  Lint& lint_;
  const Scheme& scheme_;
  const SchemeCase& entry_;
  Case case_;
};

}  // namespace

void lint_cases(Lint& lint) {
  for (const auto& [id, scheme] : lint.catalogue.schemes) {
    std::set<std::string_view> ids;
    for (const SchemeCase& entry : scheme.cases) {
      if (!ids.insert(entry.id).second) lint.say(entry.source, "the case " + json_quoted(entry.id) + " is there twice");
      CaseRun(lint, scheme, entry).run();
    }
  }
}

}  // namespace assay::assess
