// SPDX-License-Identifier: Apache-2.0
#include "assess/editions.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>

#include "assess/entries.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace assay::assess {
namespace {

void collect(const Catalogue& catalogue, const Scheme& scheme, const Entry& entry, std::set<std::string>& out, std::set<const void*>& met) {
  const void* key = entry.unit != nullptr         ? static_cast<const void*>(entry.unit)
                    : entry.assessment != nullptr ? static_cast<const void*>(entry.assessment)
                                                  : entry.requirement;
  if (!met.insert(key).second) return;
  for (const AssessmentEntry& assessment : entry.requirement->assessments) {
    if (entry.assessment != nullptr && entry.assessment != &assessment) continue;
    for (const Unit& unit : assessment.units) {
      if (entry.unit != nullptr && entry.unit != &unit) continue;
      for (const Tree* tree : unit.trees) {
        for (const Node& node : tree->nodes) out.insert(node.question_id);
      }
      for (const std::string& reference : unit.inherits) {
        if (const Scheme* whole = catalogue.whole(reference)) {
          for (const Requirement& inner : whole->requirements) collect(catalogue, *whole, {&inner, nullptr, nullptr}, out, met);
          continue;
        }
        const auto [other, inner] = catalogue.find(scheme, reference);
        if (inner != nullptr) collect(catalogue, *other, *inner, out, met);
      }
    }
  }
}

std::set<std::string> questions_of(const Catalogue& catalogue, const Scheme& scheme, std::string_view id) {
  std::set<std::string> out;
  std::set<const void*> met;
  if (const Entry* entry = scheme.entry(id); entry != nullptr && entry->assessment == nullptr) collect(catalogue, scheme, *entry, out, met);
  return out;
}

const Requirement* requirement_of(const Scheme& scheme, std::string_view id) {
  const Entry* entry = scheme.entry(id);
  return entry == nullptr || entry->assessment != nullptr ? nullptr : entry->requirement;
}

// All that the verdict of a requirement hangs on, beside its questions.
std::string text_of(const Catalogue& catalogue, const Scheme& scheme, const Requirement& r) {
  const std::string name = scheme.id + "/" + r.id;
  std::string out = to_canonical_json(show(catalogue, name)) + to_canonical_json(decision_trees(catalogue, scheme.id, r.id)) + r.level;
  const auto add = [&](std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) out += "\n" + std::string(word);
  };
  for (const std::string& id : r.conditions) {
    if (const SchemeCondition* c = scheme.condition(id)) add({c->id, c->question_id});
  }
  for (const Route& route : r.routes) add({route.id, route.title});
  for (const Information& i : r.information) {
    add({i.id, i.table, i.field, i.fact, i.node, i.answer});
    for (const auto& [field, matcher] : i.where) add({field, matcher.to_text()});
  }
  for (const AssessmentEntry& assessment : r.assessments) {
    for (const Unit& unit : assessment.units) {
      add({unit.id, unit.pass_on, unit.sufficient});
      for (const Gate& gate : unit.gates) add({gate.after, gate.through});
    }
  }
  return out;
}

// Whether the requirement of that id, or a question it asks, reads differently on the two sides.
bool changed(const EditionSide& earlier, const Scheme& before, const EditionSide& later, const Scheme& after, const EditionChange& change) {
  if (!change.added.empty() || !change.left.empty()) return true;
  const Requirement* old = requirement_of(before, change.requirement);
  const Requirement* now = requirement_of(after, change.requirement);
  if (before.id == after.id && old != nullptr && now != nullptr &&
      text_of(*earlier.catalogue, before, *old) != text_of(*later.catalogue, after, *now))
    return true;
  const auto text = [](const Catalogue& catalogue, std::string_view id) { return to_canonical_json(show(catalogue, id)); };
  return std::ranges::any_of(change.kept, [&](const std::string& q) { return text(*earlier.catalogue, q) != text(*later.catalogue, q); });
}

std::string verdict_of(const Assessment* assessment, std::string_view scheme, const std::vector<std::string>& ids) {
  if (assessment == nullptr) return {};
  std::vector<Verdict> verdicts;
  for (const SchemeVerdict& s : assessment->schemes) {
    if (s.id != scheme) continue;
    for (const RequirementVerdict& r : s.requirements) {
      if (std::ranges::find(ids, r.id) != ids.end()) verdicts.push_back(r.verdict);
    }
  }
  return verdicts.empty() ? std::string{} : std::string(to_text(roll_up(verdicts)));
}

Value texts(const std::vector<std::string>& from) {
  Value out = Value::array();
  for (const std::string& text : from) out.push(text);
  return out;
}

}  // namespace

Result<EditionDiff> compare_editions(const EditionSide& earlier, const EditionSide& later) {
  const Scheme* before = earlier.catalogue->scheme(earlier.scheme);
  const Scheme* after = later.catalogue->scheme(later.scheme);
  for (const auto& [scheme, side] : {std::pair{before, &earlier}, {after, &later}}) {
    if (scheme == nullptr) return fail(Errc::not_found, "no scheme " + printable(side->scheme, 60) + " in the catalogue");
  }
  EditionDiff out{before->id, after->id, after->moved_from == before->id, {}};
  std::vector<Move> moves = after->moves;
  if (!out.by_moves) {
    moves.clear();
    for (const Requirement& r : after->requirements) {
      const bool known = requirement_of(*before, r.id) != nullptr;
      moves.push_back(
          {r.id, known ? "unchanged" : "new", {}, known ? std::vector<std::string>{r.id} : std::vector<std::string>{}, false, {}});
    }
  }
  std::set<std::string> told;
  for (const Move& move : moves) {
    EditionChange change;
    change.requirement = move.to;
    change.from = move.from;
    change.change = move.change;
    change.note = move.note;
    change.keeps = move.keeps;
    if (const Requirement* r = requirement_of(*after, move.to)) {
      change.title = r->title;
      change.status = r->status;
    }
    std::set<std::string> old;
    for (const std::string& id : move.from) {
      told.insert(id);
      old.merge(questions_of(*earlier.catalogue, *before, id));
      if (const Requirement* r = requirement_of(*before, id)) change.status_before = r->status;
    }
    for (const std::string& q : questions_of(*later.catalogue, *after, move.to))
      (old.contains(q) ? change.kept : change.added).push_back(q);
    for (const std::string& q : old) {
      if (std::ranges::find(change.kept, q) == change.kept.end()) change.left.push_back(q);
    }
    if (!out.by_moves && change.change == "unchanged" && changed(earlier, *before, later, *after, change)) change.change = "changed";
    change.verdict_before = verdict_of(earlier.assessment, before->id, move.from);
    change.verdict = verdict_of(later.assessment, after->id, {move.to});
    out.changes.push_back(std::move(change));
  }
  for (const Requirement& r : before->requirements) {
    if (told.contains(r.id)) continue;
    EditionChange change;
    change.from = {r.id};
    change.change = "dropped";
    change.title = r.title;
    change.status_before = r.status;
    for (const auto& [id, why] : after->dropped) {
      if (id == r.id) change.note = why;
    }
    change.verdict_before = verdict_of(earlier.assessment, before->id, change.from);
    out.changes.push_back(std::move(change));
  }
  return out;
}

Value to_value(const EditionDiff& diff) {
  Value out = Value::object();
  out.set("before", diff.before);
  out.set("after", diff.after);
  out.set("by_moves", diff.by_moves);
  Value rows = Value::array();
  for (const EditionChange& c : diff.changes) {
    Value row = Value::object();
    row.set_if("requirement", c.requirement);
    row.set("from", texts(c.from));
    row.set("change", c.change);
    row.set_if("title", c.title);
    row.set_if("note", c.note);
    row.set_if("status_before", c.status_before);
    row.set_if("status", c.status);
    row.set("keeps", c.keeps);
    row.set("kept", texts(c.kept));
    row.set("added", texts(c.added));
    row.set("left", texts(c.left));
    row.set_if("verdict_before", c.verdict_before);
    row.set_if("verdict", c.verdict);
    rows.push(std::move(row));
  }
  out.set("changes", std::move(rows));
  return out;
}

}  // namespace assay::assess
