// SPDX-License-Identifier: Apache-2.0
#include "office/desk.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "assess/catalogue_map.hpp"
#include "assess/documented.hpp"
#include "base/text.hpp"
#include "office/version.hpp"

namespace assay::office {
namespace {

// Ids typed by people: the whole, or an unambiguous beginning of at least six characters of the digest.
bool names(std::string_view id, std::string_view typed) {
  if (id == typed) return true;
  const auto colon = id.find(':');
  const std::string_view digits = id.substr(colon + 1);
  if (const auto c = typed.find(':'); c != std::string_view::npos) typed = typed.substr(c + 1);
  return typed.size() >= 6 && digits.starts_with(typed);
}

std::vector<Value> scope_rows(const assess::Catalogue& catalogue, const std::vector<assess::ScopeAnswer>& answers) {
  std::vector<Value> out;
  for (const auto& answer : answers) {
    Value row = assess::to_value(answer);
    const assess::Scheme* scheme = catalogue.scheme(answer.scheme);
    if (scheme != nullptr) row.set("title", scheme->title);
    out.push_back(std::move(row));
  }
  return out;
}

// The trees that the report draws, and the reasons written for the ways through them.
void add_trees(const assess::Catalogue& catalogue, const Product& product, paper::ReportInput& out) {
  const assess::DocumentedPaths paths(product);
  for (const SchemeVerdict& scheme : out.assessment.schemes) {
    const assess::Scheme* entry = catalogue.scheme(scheme.id);
    for (const RequirementVerdict& requirement : scheme.requirements) {
      Value trees = assess::decision_trees(catalogue, scheme.id, requirement.id);
      if (trees.empty() || entry == nullptr) continue;
      std::set<std::string_view> told;
      for (const AssessmentVerdict& assessment : requirement.assessments) {
        for (const UnitVerdict& unit : assessment.units) {
          for (const InstanceVerdict& instance : unit.instances) {
            const assess::DocumentedPath* path = paths.of(*entry, requirement.id, instance.id);
            if (path == nullptr || path->justification.empty() || !told.insert(instance.id).second) continue;
            out.path_reasons.push_back({scheme.id, requirement.id, instance.id, path->justification, path->path.place});
          }
        }
      }
      out.trees.emplace(scheme.id + "/" + requirement.id, std::move(trees));
    }
  }
}

}  // namespace

std::string user_name() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) return found->pw_name;
  return "uid " + std::to_string(::getuid());
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string_view meant = nearest(word, {candidates.begin(), candidates.end()});
  return meant.empty() ? std::string{} : "; did you mean " + std::string(meant) + "?";
}

std::vector<Error> load_product(const std::string& path, Product& out) {
  auto text = read_text(path, 16U << 20U);
  if (!text) return {std::move(text).error()};
  return Product::parse(*text, path, out);
}

namespace {

std::vector<std::pair<std::string, Mark>> levels_named(const Product& product) {
  std::vector<std::pair<std::string, Mark>> out;
  for (const auto& m : product.document()["levels"].members()) out.emplace_back(m.name, m.mark);
  return out;
}

}  // namespace

std::vector<Error> Desk::open(const std::string& directory, const std::string& catalogue, Desk& out) {
  std::vector<Error> errors = load_product(directory + "/product.yaml", out.product_);
  auto more = load_catalogue(catalogue, out.catalogue_);
  errors.insert(errors.end(), more.begin(), more.end());
  if (more.empty() && out.catalogue_ != nullptr) {
    // A misspelt scheme would be judged by leaving it out.
    const auto known = assess::scheme_ids(*out.catalogue_);
    for (const Value& id : out.product_.document()["schemes"].items()) {
      if (std::ranges::find(known, id.text()) != known.end()) continue;
      errors.push_back(
          Error{Errc::not_found,
                "schemes names " + printable(id.text(), 60) + ", which is no scheme of the catalogue" + suggestion(id.text(), known),
                Where{.path = directory + "/product.yaml", .offset = 0, .line = id.mark.line, .column = id.mark.column}});
    }
    for (const auto& [id, level] : levels_named(out.product_)) {
      const Value shown = assess::show(*out.catalogue_, id);
      if (shown["what"].text() == "scheme") {
        std::vector<std::string> levels;
        for (const Value& l : shown["levels"].items()) levels.emplace_back(l.text());
        const std::string aimed = out.product_.document()["levels"][id].scalar_text();
        if (std::ranges::find(levels, aimed) != levels.end()) continue;
        errors.push_back(Error{Errc::not_found, id + " has no level " + printable(aimed, 40) + suggestion(aimed, levels),
                               Where{.path = directory + "/product.yaml", .offset = 0, .line = level.line, .column = level.column}});
        continue;
      }
      errors.push_back(Error{Errc::not_found,
                             "levels names " + printable(id, 60) + ", which is no scheme of the catalogue" + suggestion(id, known),
                             Where{.path = directory + "/product.yaml", .offset = 0, .line = level.line, .column = level.column}});
    }
  }
  auto workspace = record::Workspace::open(directory);
  if (!workspace) {
    errors.push_back(std::move(workspace).error());
  } else {
    out.workspace_.emplace(*std::move(workspace));
  }
  return errors;
}

Evidence Desk::bind(Evidence e, const Binding& b) const {
  const Value& samples = product_.document()["product"]["samples"];
  const Value first = samples.items().empty() ? Value() : samples.items().front();
  e.sample = !b.sample.empty()
                 ? b.sample
                 : std::string(product_.model()) + (first["serial"].text().empty() ? "" : " " + std::string(first["serial"].text()));
  e.version = !b.version.empty() ? b.version : std::string(product_.version());
  e.date = !b.date.empty() ? b.date : to_text(now());
  e.operator_name = !b.operator_name.empty() ? b.operator_name : user_name();
  e.device = b.device;
  return e;
}

Result<Evidence> Desk::add(const std::string& path, const Examination& examination, const Binding& binding,
                           const std::vector<Transcribed>& transcribed) {
  std::vector<Observation> observations = examination.observations;
  for (const Transcribed& t : transcribed) {
    Observation o;
    o.kind = t.kind;
    o.evidence = examination.evidence.id;
    o.by = "person/" + t.by;
    o.fields = t.fields;
    if (std::ranges::find(kStatedKinds, o.kind) == kStatedKinds.end()) {
      return fail(Errc::malformed, "people state document, certificate-of or trial, not " + printable(o.kind, 40), Where{.path = path});
    }
    if (const auto wrong = assess::misfits(*catalogue_, o); !wrong.empty())
      return fail(Errc::malformed, wrong.front(), Where{.path = path});
    observations.push_back(std::move(o.seal()));
  }
  TRY(const auto all, workspace_->all_evidence());
  const auto held = std::ranges::find(all, examination.evidence.id, &Evidence::id);
  if (held != all.end() && transcribed.empty()) {
    TRY(const auto before, workspace_->observations());
    std::ranges::copy_if(before, std::back_inserter(observations),
                         [&](const Observation& o) { return o.evidence == held->id && o.by.starts_with("person/"); });
  }
  sort_unique(observations);
  std::string id;
  if (!examination.stored.empty()) {
    TRY(id, workspace_->put_blob(bytes_of(examination.stored)));
  } else {
    TRY(const MappedFile file, MappedFile::open(path));
    TRY(id, workspace_->put_blob(file.bytes()));
  }
  if (id != examination.evidence.id)
    return fail(Errc::conflict, "the file changed while it was examined; nothing was stored", Where{.path = path});
  Evidence evidence = bind(examination.evidence, binding);
  if (held != all.end()) {
    if (binding.sample.empty()) evidence.sample = held->sample;
    if (binding.date.empty()) evidence.date = held->date;
    if (binding.operator_name.empty()) evidence.operator_name = held->operator_name;
    if (binding.device.empty()) evidence.device = held->device;
    if (binding.version.empty()) {
      evidence.version = held->version;
      evidence.carried_by = held->carried_by;
      evidence.carried_note = held->carried_note;
    }
  }
  TRY_VOID(workspace_->add(evidence, observations, user_name()));
  return evidence;
}

Result<Answer> Desk::answer(Answer a) {
  const auto slash = a.question.find('/');
  const Value known = assess::show(*catalogue_, a.question);
  if (slash == std::string::npos) {
    if (known["what"].text() != "question") {
      const std::string meant = suggestion(a.question, assess::ids(*catalogue_));
      return fail(Errc::not_found, "no question " + a.question +
                                       (meant.empty() ? "; `assay status` names those that are owed, `assay catalogue show` any" : meant));
    }
    if (a.value != "yes" && a.value != "no") return fail(Errc::malformed, "a question is answered yes or no, found " + a.value);
  } else {
    const std::string scheme = a.question.substr(0, slash);
    const auto schemes = assess::scheme_ids(*catalogue_);
    if (std::ranges::find(schemes, scheme) == schemes.end())
      return fail(Errc::not_found, "no scheme " + scheme + " in the catalogue" + suggestion(scheme, schemes));
    if (known.is_null()) {
      return fail(Errc::not_found, "no requirement or unit " + a.question.substr(slash + 1) + " in " + scheme +
                                       suggestion(a.question, assess::ids(*catalogue_)));
    }
    std::vector<std::string> values = {"not-applicable", "deviation"};
    for (const Value& variant : known["variants"].items()) values.emplace_back(variant.text());
    // Only EN 18031 asks for somebody who accepts what the maker documented.
    if (known["what"].text() == "requirement" && assess::show(*catalogue_, scheme)["combine"].text() == "en-18031")
      values.emplace_back("accepted");
    // What a wider or narrower question leaves open of a unit, a person answers for the unit itself.
    if (known["what"].text() == "unit" && known["relation"].text() != "equal") values.insert(values.end(), {"yes", "no"});
    if (std::ranges::find(values, a.value) == values.end()) {
      std::string list;
      for (const std::string& v : values) list += (list.empty() ? "" : ", ") + v;
      return fail(Errc::malformed, a.question + " takes one of " + list + ", found " + a.value);
    }
    if (trim(a.note).empty()) return fail(Errc::malformed, "a justification or choice needs its reason: --note");
  }
  if (a.by.empty()) return fail(Errc::malformed, "who says so? --by NAME");
  for (std::string& e : a.evidence) {
    TRY(const Evidence found, find_evidence(e));
    e = found.id;
  }
  if (a.at.empty()) a.at = to_text(now());
  if (a.version.empty()) a.version = product_.version();
  a.seal();
  TRY_VOID(workspace_->answer(a));
  return a;
}

Result<Evidence> Desk::find_evidence(std::string_view name) const {
  TRY(const auto all, workspace_->all_evidence());
  std::vector<const Evidence*> found;
  for (const Evidence& e : all) {
    if (names(e.id, name) || e.name == name) found.push_back(&e);
  }
  if (found.empty()) {
    std::vector<std::string> held;
    held.reserve(all.size());
    for (const Evidence& e : all) held.push_back(e.name);
    return fail(Errc::not_found, "no evidence " + std::string(name) + " in this workspace" + suggestion(name, held));
  }
  if (found.size() > 1)
    return fail(Errc::conflict, std::to_string(found.size()) + " pieces of evidence are called " + std::string(name) + "; use the id");
  return *found.front();
}

Result<Observation> Desk::find_observation(std::string_view name) const {
  TRY(const auto all, workspace_->observations());
  std::vector<const Observation*> found;
  for (const Observation& o : all) {
    if (names(o.id, name)) found.push_back(&o);
  }
  if (found.empty()) return fail(Errc::not_found, "no observation " + std::string(name) + " in this workspace");
  if (found.size() > 1)
    return fail(Errc::conflict, std::string(name) + " is the beginning of " + std::to_string(found.size()) + " observations");
  return *found.front();
}

Result<Family> Desk::family(const Question& question) const {
  Family out;
  auto errors = read_family(product_, workspace_->directory(), *workspace_, *catalogue_, question.date, question.leave_out, out);
  if (!errors.empty()) return tl::unexpected(std::move(errors.front()));
  return out;
}

Result<assess::Case> Desk::case_now(const Question& question) const {
  assess::Case out;
  out.product = product_;
  TRY(out.evidence, workspace_->evidence());
  TRY(out.observations, workspace_->observations());
  TRY(out.answers, workspace_->answers());
  TRY(out.disposals, workspace_->disposals());
  TRY(out.confirmations, load_confirmations(confirmations_path()));
  out.date = question.date;
  out.closing = question.closing;
  out.schemes = question.schemes;
  TRY(Family lent, family(question));
  lend(std::move(lent), out);
  return out;
}

Result<Assessment> Desk::judge(const Question& question) const {
  TRY(const assess::Case input, case_now(question));
  return assess::judge(*catalogue_, input);
}

Result<Assessment> Desk::judge_without(const Question& question, std::string_view evidence_id) const {
  TRY(assess::Case input, case_now(question));
  std::erase_if(input.evidence, [&](const Evidence& e) { return e.id == evidence_id; });
  std::erase_if(input.observations, [&](const Observation& o) { return o.evidence == evidence_id; });
  return assess::judge(*catalogue_, input);
}

Result<paper::ReportInput> Desk::report(const Question& question) const {
  TRY(assess::Case input, case_now(question));
  paper::ReportInput out;
  out.assessment = assess::judge(*catalogue_, input);
  out.evidence = std::move(input.evidence);
  out.observations = std::move(input.observations);
  out.answers = std::move(input.answers);
  out.disposals = std::move(input.disposals);
  out.scope = scope_rows(*catalogue_, assess::scope(*catalogue_, product_, question.date));
  out.map = assess::to_value(assess::map_of(*catalogue_));
  add_trees(*catalogue_, product_, out);
  out.program = program_version();
  return out;
}

}  // namespace assay::office
