// SPDX-License-Identifier: Apache-2.0
#include "office/difference.hpp"

#include <map>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"

namespace assay::office {
namespace {

// What an observation says, without where in the file it happens to lie: an offset or line moves with every build.
std::string saying(const Observation& o) {
  Value v = Value::object();
  v.set("kind", o.kind);
  // Only the innermost path counts: layer offsets differ between two builds of one product.
  const auto inner = o.at.path.rfind("//");
  v.set("path", inner == std::string::npos ? std::string_view(o.at.path) : std::string_view(o.at.path).substr(inner + 1));
  Value fields = o.fields;
  for (const char* moving : {"offset", "entropy", "items"}) fields.erase(moving);
  v.set("fields", std::move(fields));
  return to_canonical_json(v);
}

std::set<std::string> cited(const RequirementVerdict& r) {
  std::set<std::string> out;
  for (const auto& a : r.assessments) {
    for (const auto& u : a.units) {
      for (const auto& i : u.instances) {
        for (const auto& s : i.path) out.insert(s.observations.begin(), s.observations.end());
      }
    }
  }
  return out;
}

std::set<std::string> answers_of(const RequirementVerdict& r) {
  std::set<std::string> out;
  for (const auto& a : r.assessments) {
    for (const auto& u : a.units) {
      for (const auto& i : u.instances) {
        for (const auto& s : i.path) {
          if (!s.answers.empty()) out.insert(s.question + " = " + s.answer);
        }
      }
    }
  }
  return out;
}

}  // namespace

std::string in_words(const Observation& o) {
  std::string out = o.kind;
  static const std::map<std::string_view, std::vector<std::string_view>> telling = {
      {"account", {"user", "password", "empty_password"}},
      {"component", {"name", "version"}},
      {"listener", {"service", "port", "transport"}},
      {"autostart", {"service", "program"}},
      {"key", {"type", "subject", "bits"}},
      {"config", {"service", "setting", "value"}},
      {"file", {"issue"}},
      {"coverage", {"check", "scope", "complete"}},
      {"image", {"format", "offset"}},
      {"secret", {"type", "redacted"}},
      {"binary", {"arch", "type"}},
      {"certificate-of", {"standard", "identifier", "expires"}}};
  const auto fields = telling.find(o.kind);
  if (fields != telling.end()) {
    for (const std::string_view name : fields->second) {
      const Value* v = o.fields.find(name);
      if (v == nullptr) continue;
      const std::string text = v->scalar_text();
      const bool needs_name =
          v->kind() == Value::Kind::boolean || name == "password" || name == "bits" || name == "port" || name == "offset";
      out += " " + (needs_name ? std::string(name) + "=" : std::string{}) + printable(text, 80);
    }
  } else {
    for (const auto& m : o.fields.members()) {
      if (!m.value.is_array() && !m.value.is_object() && out.size() < 160) out += " " + m.name + "=" + printable(m.value.scalar_text(), 60);
    }
  }
  const std::string where = o.at.to_text();
  return where.empty() ? out : out + " at " + printable(where, 200);
}

Difference difference(const Side& before, const Side& after) {
  Difference out;
  std::map<std::string, const Observation*> old_sayings, new_sayings;
  for (const Observation& o : before.observations) old_sayings.emplace(saying(o), &o);
  for (const Observation& o : after.observations) new_sayings.emplace(saying(o), &o);
  std::map<std::string, const Observation*> gone_by_id, fresh_by_id;
  for (const auto& [text, o] : old_sayings) {
    if (new_sayings.contains(text)) continue;
    out.gone.push_back(*o);
    gone_by_id.emplace(o->id, o);
  }
  for (const auto& [text, o] : new_sayings) {
    if (old_sayings.contains(text)) continue;
    out.fresh.push_back(*o);
    fresh_by_id.emplace(o->id, o);
  }
  std::map<std::string, std::map<std::string, const RequirementVerdict*>> old_rows;
  for (const auto& s : before.assessment.schemes) {
    for (const auto& r : s.requirements) old_rows[s.id][r.id] = &r;
  }
  for (const auto& s : after.assessment.schemes) {
    for (const auto& r : s.requirements) {
      const auto scheme = old_rows.find(s.id);
      if (scheme == old_rows.end() || !scheme->second.contains(r.id)) continue;
      const RequirementVerdict& was = *scheme->second.at(r.id);
      if (was.verdict == r.verdict) {
        ++out.same;
        continue;
      }
      VerdictChange change{s.id, r.id, r.title, r.status, was.verdict, r.verdict, {}};
      for (const std::string& id : cited(was)) {
        if (const auto o = gone_by_id.find(id); o != gone_by_id.end()) change.by.push_back("no longer: " + in_words(*o->second));
      }
      for (const std::string& id : cited(r)) {
        if (const auto o = fresh_by_id.find(id); o != fresh_by_id.end()) change.by.push_back("now: " + in_words(*o->second));
      }
      const auto old_answers = answers_of(was);
      const auto new_answers = answers_of(r);
      for (const std::string& a : new_answers) {
        if (!old_answers.contains(a)) change.by.push_back("answered: " + a);
      }
      for (const std::string& a : old_answers) {
        if (!new_answers.contains(a)) change.by.push_back("no longer answered: " + a);
      }
      if (change.by.empty()) change.by.emplace_back("the declaration, coverage or date differs");
      out.changes.push_back(std::move(change));
    }
  }
  return out;
}

Value to_value(const Difference& d) {
  Value out = Value::object();
  Value changes = Value::array();
  for (const VerdictChange& c : d.changes) {
    Value v = Value::object();
    v.set("scheme", c.scheme);
    v.set("requirement", c.requirement);
    v.set("title", c.title);
    v.set("status", c.status);
    v.set("before", to_text(c.before));
    v.set("after", to_text(c.after));
    Value by = Value::array();
    for (const std::string& b : c.by) by.push(b);
    v.set("by", std::move(by));
    changes.push(std::move(v));
  }
  out.set("changes", std::move(changes));
  out.set("unchanged", static_cast<std::int64_t>(d.same));
  Value gone = Value::array();
  for (const Observation& o : d.gone) gone.push(assay::to_value(o));
  Value fresh = Value::array();
  for (const Observation& o : d.fresh) fresh.push(assay::to_value(o));
  out.set("gone", std::move(gone));
  out.set("new", std::move(fresh));
  return out;
}

}  // namespace assay::office
