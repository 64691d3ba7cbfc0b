// SPDX-License-Identifier: Apache-2.0
#include "assess/examined.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace assay::assess {
namespace {

std::string why_not_lent(const Borrowed& borrowed, const Case& input) {
  const std::string why = why_not(borrowed, input.product.version(), to_text(input.date));
  return why.empty() ? why : "is of " + printable(borrowed.from) + ", and the equivalence " + printable(borrowed.equivalence) + " " + why;
}

// Documents speak of a product line, not of an image: they may leave the version out. Everything else must name what it was taken from.
// What was carried over names the version it was carried to. What is borrowed is of the version that its equivalence names.
std::string why_unusable(const Evidence& evidence, const Case& input) {
  if (evidence.type == "capture" && evidence.device.empty()) return "names no MAC or address of the device";
  const bool own = evidence.borrowed.empty();
  if (std::string why = own ? std::string{} : why_not_lent(evidence.borrowed, input); !why.empty()) return why;
  const std::string_view version = own ? input.product.version() : std::string_view(evidence.borrowed.base_version);
  if (evidence.version == version) return {};
  if (evidence.version.empty()) return evidence.type == "document" ? std::string{} : "names no software version";
  return "is of version " + printable(evidence.version) + ", not " + printable(version);
}

std::string why_unusable(const Answer& answer, const Case& input) {
  const bool own = answer.borrowed.empty();
  if (std::string why = own ? std::string{} : why_not_lent(answer.borrowed, input); !why.empty()) return why;
  const std::string_view version = own ? input.product.version() : std::string_view(answer.borrowed.base_version);
  if (answer.version.empty() || answer.version == version) return {};
  return "was given for version " + printable(answer.version) + ", not " + printable(version);
}

}  // namespace

const Value* field_of(const Observation& o, std::string_view name, Value& scratch) {
  if (name == "by" || name == "kind") {
    scratch = Value(name == "by" ? o.by : o.kind);
    return scratch.empty() ? nullptr : &scratch;
  }
  if (!name.starts_with("at.")) return o.fields.find(name);
  name.remove_prefix(3);
  const auto text = [&](const std::string& t) -> const Value* {
    scratch = Value(t);
    return t.empty() ? nullptr : &scratch;
  };
  const auto number = [&](std::uint64_t n, bool given) -> const Value* {
    scratch = Value(n);
    return given ? &scratch : nullptr;
  };
  if (name == "path") return text(o.at.path);
  if (name == "line") return number(o.at.line, o.at.line != 0);
  if (name == "offset") return number(o.at.offset, o.at.has_offset);
  if (name == "frame") return number(o.at.frame, o.at.frame != 0);
  if (name == "request") return text(o.at.request);
  if (name == "page") return number(o.at.page, o.at.page != 0);
  if (name == "selector") return text(o.at.selector);
  return nullptr;
}

Examined::Examined(const Catalogue& catalogue, const Case& input) {
  bind(input);
  index(input);
  find_conflicts(catalogue);
  find_coverage(catalogue);
}

void Examined::bind(const Case& input) {
  for (const Evidence& evidence : input.evidence) {
    const std::string why = why_unusable(evidence, input);
    if (why.empty()) {
      usable_.emplace(evidence.id, &evidence);
      continue;
    }
    Value row = Value::object();
    row.set("evidence", evidence.id);
    row.set_if("name", evidence.name);
    row.set_if("version", evidence.version);
    row.set("reason", "the evidence " + why);
    stale_.push(std::move(row));
  }
  for (const Answer& answer : input.answers) {
    const std::string why = why_unusable(answer, input);
    if (why.empty()) {
      answers_[answer.question].push_back(&answer);
      continue;
    }
    Value row = Value::object();
    row.set("answer", answer.id);
    row.set("question", answer.question);
    row.set("version", answer.version);
    row.set("reason", "the answer " + why);
    stale_.push(std::move(row));
  }
  for (auto& [question, given] : answers_) {
    std::vector<const Answer*> ordered;
    std::ranges::copy_if(given, std::back_inserter(ordered), [](const Answer* a) { return !a->borrowed.empty(); });
    if (ordered.empty()) continue;
    std::ranges::copy_if(given, std::back_inserter(ordered), [](const Answer* a) { return a->borrowed.empty(); });
    given = std::move(ordered);
  }
  std::ranges::stable_sort(stale_.items(), [](const Value& a, const Value& b) { return compare(a, b) < 0; });
}

void Examined::index(const Case& input) {
  std::set<std::string_view> disposed;
  for (const Disposal& disposal : input.disposals) disposed.insert(disposal.observation);
  for (const Observation& observation : input.observations) {
    if (!disposed.contains(observation.id) && usable_.contains(observation.evidence)) observations_.push_back(observation);
  }
  sort_unique(observations_);
  for (const Observation& observation : observations_) by_kind_[observation.kind].push_back(&observation);
}

void Examined::find_conflicts(const Catalogue& catalogue) {
  for (const auto& [id, seen] : by_kind_) {
    const auto kind = catalogue.kinds.find(id);
    if (kind == catalogue.kinds.end() || kind->second.exclusive.empty()) continue;
    std::map<std::string, std::vector<const Observation*>> same;
    Value scratch;
    for (const Observation* o : seen) {
      std::string key;
      bool named = false;
      for (const std::string& field : kind->second.identity) {
        const Value* value = field_of(*o, field, scratch);
        named = named || value != nullptr;
        key += (value == nullptr ? std::string("-") : to_canonical_json(*value)) + "\n";
      }
      if (named) same[key].push_back(o);
    }
    for (const auto& [key, group] : same) {
      if (group.size() < 2) continue;
      for (const std::string& field : kind->second.exclusive) {
        std::vector<const Observation*> with;
        for (const Observation* o : group) {
          if (o->fields.has(field)) with.push_back(o);
        }
        const bool differ =
            std::ranges::any_of(with, [&](const Observation* o) { return !(o->fields[field] == with.front()->fields[field]); });
        if (!differ) continue;
        contested_kinds_.insert(id);
        for (const Observation* o : with) {
          contested_[o].insert(field);
          for (const Observation* other : with) rivals_[o].push_back(other->id);
        }
      }
    }
  }
}

void Examined::find_coverage(const Catalogue& catalogue) {
  std::map<std::pair<std::string_view, std::string_view>, std::vector<const Observation*>> reports;  // check, evidence
  for (const Observation* o : of("coverage")) reports[{o->fields["check"].text(), o->evidence}].push_back(o);
  for (const auto& [id, check] : catalogue.checks) {
    Coverage& coverage = coverage_[id];
    coverage.complete = true;
    bool own_scope = false;
    std::size_t examined = 0;
    const auto doubt = [&, name = id](const std::string& why) {
      coverage.complete = false;
      if (coverage.reason.empty()) coverage.reason = "no complete coverage of " + name + ": " + why;
    };
    for (const auto& [evidence_id, evidence] : usable_) {
      if (evidence->type != check.evidence) continue;
      ++examined;
      const std::string name = printable(evidence->name.empty() ? evidence_id : evidence->name);
      const auto at = reports.find({id, evidence_id});
      if (at == reports.end()) {
        doubt("it did not run on " + name);
        continue;
      }
      // A run over another scope shows no absence in this one, but it did see all of its evidence: a kernel beside the root file system.
      for (const Observation* o : at->second) {
        if (o->fields["complete"].boolean()) {
          own_scope = own_scope || o->fields["scope"].text() == check.scope;
          coverage.observations.push_back(o->id);
        } else {
          const std::string_view said = o->fields["reason"].text();
          doubt(said.empty() ? "it did not finish on " + name : printable(said));
        }
      }
    }
    if (examined == 0) doubt("no " + check.evidence + " evidence of this version is held");
    if (!own_scope) doubt("no " + check.evidence + " evidence shows the scope " + check.scope);
    if (!coverage.complete) coverage.observations.clear();
  }
}

const std::vector<const Observation*>& Examined::of(std::string_view kind) const {
  static const std::vector<const Observation*> none;
  const auto at = by_kind_.find(kind);
  return at == by_kind_.end() ? none : at->second;
}

std::vector<const Observation*> Examined::candidates(std::string_view kind, std::string_view field,
                                                     const std::vector<std::string>& values) const {
  const auto [at, fresh] = by_value_.try_emplace({std::string(kind), std::string(field)});
  ByValue& index = at->second;
  if (fresh) {
    Value scratch;
    for (const Observation* o : of(kind)) {
      const Value* value = field_of(*o, field, scratch);
      const bool open = value == nullptr || value->is_null() || value->is_array() || contested(*o) != nullptr;
      (open ? index.open : index.equal[value->scalar_text()]).push_back(o);
    }
  }
  std::vector<const Observation*> out = index.open;
  const auto add = [&](const std::string& text) {
    const auto found = index.equal.find(text);
    if (found != index.equal.end()) out.insert(out.end(), found->second.begin(), found->second.end());
  };
  for (const std::string& value : values) {
    add(value);
    // Numbers are equal by value, however they are written.
    if (const auto number = to_number(value); number && std::abs(*number) < 1e15) {
      add(Value(*number).scalar_text());
      add(Value(static_cast<std::int64_t>(*number)).scalar_text());
    }
  }
  // All point into one sorted vector: their addresses have its order.
  std::ranges::sort(out);
  const auto [from, to] = std::ranges::unique(out);
  out.erase(from, to);
  return out;
}

const Examined::Coverage& Examined::coverage(std::string_view check) const {
  static const Coverage unknown{false, {}, "an unknown check"};
  const auto at = coverage_.find(check);
  return at == coverage_.end() ? unknown : at->second;
}

const std::set<std::string, std::less<>>* Examined::contested(const Observation& observation) const {
  const auto at = contested_.find(&observation);
  return at == contested_.end() ? nullptr : &at->second;
}

std::vector<std::string> Examined::rivals(const Observation& observation) const {
  const auto at = rivals_.find(&observation);
  if (at == rivals_.end()) return {};
  const std::set<std::string> unique(at->second.begin(), at->second.end());
  return {unique.begin(), unique.end()};
}

bool Examined::note_borrowed(std::string_view evidence_id, std::vector<BorrowedUse>& into) const {
  const auto at = usable_.find(evidence_id);
  if (at == usable_.end() || at->second->borrowed.empty()) return false;
  const Borrowed& borrowed = at->second->borrowed;
  const BorrowedUse use{at->first, {}, borrowed.from, borrowed.equivalence, borrowed.by};
  if (std::ranges::find(into, use) == into.end()) into.push_back(use);
  return true;
}

bool Examined::is_document(const Observation& observation) const {
  if (observation.kind == "document" || observation.kind == "certificate-of") return true;
  const auto at = usable_.find(observation.evidence);
  return at != usable_.end() && (at->second->type == "document" || at->second->type == "sbom");
}

const std::vector<const Answer*>& Examined::answers(std::string_view question) const {
  static const std::vector<const Answer*> none;
  const auto at = answers_.find(question);
  return at == answers_.end() ? none : at->second;
}

}  // namespace assay::assess
