// SPDX-License-Identifier: Apache-2.0
#include "assess/grounds.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace assay::assess {
namespace {

template <class T>
void add_new(std::vector<T>& to, const T& item) {
  if (std::ranges::find(to, item) == to.end()) to.push_back(item);
}

std::string with_line(std::string place, const Value& at) {
  if (at.mark.line != 0) place += ":" + std::to_string(at.mark.line);
  return place;
}

std::string in_section(std::string_view table) {
  return std::string(table_section(table)) + "." + std::string(table);
}

std::string row_place(std::string_view table, const Value& row, std::size_t index) {
  const std::string id = row_id(table, row, index);
  return in_section(table) + (id == table ? std::string{} : "[" + id + "]");
}

// A path through a list gives the list of the values in it. Keys may hold dots ("routes.uk-psti/sch1-1" does not, "ics.5.1-1" does): the
// longest key that fits is taken.
Value value_at(const Value& from, std::string_view path) {
  if (path.empty()) return from;
  if (from.is_array()) {
    Value out = Value::array();
    for (const Value& item : from.items()) {
      Value inner = value_at(item, path);
      if (inner.is_array()) {
        for (Value& deep : inner.items()) out.push(std::move(deep));
      } else if (!inner.empty()) {
        out.push(std::move(inner));
      }
    }
    out.mark = from.mark;
    return out;
  }
  for (auto end = path.size(); end != std::string_view::npos && end > 0; end = path.rfind('.', end - 1)) {
    if (const Value* next = from.find(path.substr(0, end)))
      return value_at(*next, end == path.size() ? std::string_view{} : path.substr(end + 1));
  }
  return {};
}

// A few hundred findings say no more than the first of them.
constexpr std::size_t kMaxCited = 64;
constexpr std::size_t kMaxReasons = 8;

bool asks_instance(const Matcher& matcher) {
  return matcher.kind == Matcher::Kind::key || std::ranges::any_of(matcher.inner, asks_instance);
}

}  // namespace

const Value* ics_entry(const Product& product, const Scheme& scheme, std::string_view requirement) {
  if (scheme.moved_from.empty()) return product.ics(scheme.id, requirement);
  const Value& ics = product.document()["ics"];
  if (const Value* own = ics.find(scheme.id + "/" + std::string(requirement))) return own;
  const Move* move = scheme.move_to(requirement);
  // A bare id is that of the edition before, where it has one.
  if (move == nullptr || move->change == "new") return ics.find(requirement);
  if (move->keeps) {
    for (const std::string& old : move->from) {
      if (const Value* before = product.ics(scheme.moved_from, old)) return before;
    }
  }
  const bool own_id = std::ranges::find(move->from, requirement) == move->from.end();
  return own_id ? ics.find(requirement) : nullptr;
}

void Grounds::add(const Grounds& other) {
  for (const Observation* o : other.observations) {
    if (observations.size() < kMaxCited) add_new(observations, o);
  }
  for (const std::string& place : other.declared) add_new(declared, place);
  for (const std::string& reason : other.reasons) add_new(reasons, reason);
  for (const Value* row : other.rows) add_new(rows, row);
}

MatchScope Evaluation::scope_of(const Instance& instance) const {
  MatchScope scope;
  scope.key = [&instance](std::string_view key) {
    std::vector<std::string_view> out;
    if (const auto* values = instance.key(key)) out.assign(values->begin(), values->end());
    return out;
  };
  scope.reference = [this](std::string_view path, bool& open) {
    std::vector<std::string> out;
    const auto dot = path.find('.');
    const std::string_view table = path.substr(0, dot);
    if (dot != std::string_view::npos && catalogue_.subject(table) != nullptr && table != "product") {
      for (const Value* row : product_.rows(table)) {
        std::string cell = (*row)[path.substr(dot + 1)].scalar_text();
        if (cell.empty()) {
          open = true;
        } else {
          out.push_back(std::move(cell));
        }
      }
      return out;
    }
    const Value value = value_at(product_.document(), path);
    if (value.is_array()) {
      for (const Value& item : value.items()) out.push_back(item.scalar_text());
    } else if (!value.empty()) {
      out.push_back(value.scalar_text());
    }
    return out;
  };
  return scope;
}

Truth Evaluation::match_observation(const Condition& condition, const Observation& o, const MatchScope& scope, Stance stance) const {
  const auto* contested = stance.strict ? examined_.contested(o) : nullptr;
  Truth out = Truth::yes;
  Value scratch;
  for (const auto& [field, matcher] : condition.where) {
    const Value* value = field_of(o, field, scratch);
    out = both(out, contested != nullptr && contested->contains(field) ? match_contested(matcher, value) : match(matcher, value, scope));
    if (out == Truth::no) return out;
  }
  // An observation that another one contradicts supports nothing, whichever of its fields is in doubt.
  return contested != nullptr ? both(out, Truth::unknown) : out;
}

Grounds Evaluation::seen(const Condition& condition, const Instance& instance, Stance stance) const {
  if (std::ranges::any_of(condition.where, [](const auto& field) { return asks_instance(field.second); }))
    return look(condition, instance, stance);
  const auto key = std::make_pair(&condition, stance.strict);
  const auto known = seen_.find(key);
  return known != seen_.end() ? known->second : seen_.emplace(key, look(condition, instance, stance)).first->second;
}

Grounds Evaluation::look(const Condition& condition, const Instance& instance, Stance stance) const {
  Grounds out;
  const MatchScope scope = scope_of(instance);
  bool open = false;
  const auto keyed = std::ranges::find_if(condition.where, [&](const auto& field) {
    return field.second.kind == Matcher::Kind::key && instance.key(field.second.text) != nullptr;
  });
  std::vector<const Observation*> some;
  if (keyed != condition.where.end()) some = examined_.candidates(condition.name, keyed->first, *instance.key(keyed->second.text));
  for (const Observation* o : keyed != condition.where.end() ? some : examined_.of(condition.name)) {
    const Truth truth = match_observation(condition, *o, scope, stance);
    if (truth == Truth::yes && out.observations.size() < kMaxCited) out.observations.push_back(o);
    if (truth == Truth::unknown) {
      open = true;
      if (out.reasons.size() == kMaxReasons) continue;
      const bool doubted = stance.strict && examined_.contested(*o) != nullptr;
      add_new(out.reasons, doubted ? "observations of " + condition.name + " contradict one another"
                                   : "an observation of " + condition.name + " lacks what would tell: " + o->id);
    }
  }
  if (!out.observations.empty()) {
    out.truth = Truth::yes;
    out.reasons.clear();
    return out;
  }
  bool covered = !condition.covered.empty();
  Grounds absence;
  for (const std::string& check : condition.covered) {
    const auto& coverage = examined_.coverage(check);
    covered = covered && coverage.complete;
    if (!coverage.complete) add_new(out.reasons, coverage.reason);
    if (coverage.complete) {
      for (const Observation* o : examined_.of("coverage")) {
        if (std::ranges::find(coverage.observations, o->id) != coverage.observations.end()) add_new(absence.observations, o);
      }
    }
  }
  if (covered && !open) {
    absence.truth = Truth::no;
    return absence;
  }
  if (out.reasons.empty()) out.reasons.push_back("nothing was seen: " + condition.to_text());
  return out;
}

Grounds Evaluation::declared(const Condition& condition, const Instance& instance, Stance stance) const {
  Grounds out;
  const std::string& table = condition.name;
  const MatchScope scope = scope_of(instance);
  const auto cite = [&](Grounds& to, const Value& row, std::size_t index) {
    const std::string place = row_place(table, row, index);
    bool cell_cited = false;
    for (const auto& [field, matcher] : condition.where) {
      if (const Value* cell = row.find(field)) {
        add_new(to.declared, with_line(place + "." + field, *cell));
        cell_cited = true;
      }
    }
    if (!cell_cited) add_new(to.declared, with_line(place, row));
  };
  // A question about the rows of this table is about the instance's own row; what no row names has none.
  if (instance.table == table) {
    if (instance.row == nullptr) {
      if (stance.against) {
        out.truth = Truth::no;
        out.declared.push_back(in_section(table));
        return out;
      }
      out.reasons.push_back("the declaration has no row for " + instance.id);
      return out;
    }
    out.truth = match_row(condition.where, *instance.row, scope);
    cite(out, *instance.row, 0);
    if (out.truth == Truth::yes) out.rows.push_back(instance.row);
    if (out.truth == Truth::unknown) {
      out.declared.clear();
      for (const auto& [field, matcher] : condition.where) {
        if ((*instance.row)[field].empty()) out.reasons.push_back(row_place(table, *instance.row, 0) + " does not give " + field);
      }
      if (out.reasons.empty()) out.reasons.push_back(row_place(table, *instance.row, 0) + " does not tell: " + condition.to_text());
    }
    return out;
  }
  const auto rows = product_.rows(table);
  out.truth = rows.empty() && !product_.declared_complete(table) ? Truth::unknown : Truth::no;
  if (out.truth == Truth::unknown) out.reasons.push_back("the declaration has no table " + table);
  Grounds none;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Truth truth = match_row(condition.where, *rows[i], scope);
    if (truth == Truth::yes) {
      cite(out, *rows[i], i);
      out.rows.push_back(rows[i]);
    } else if (truth == Truth::unknown) {
      add_new(out.reasons, row_place(table, *rows[i], i) + " does not tell: " + condition.to_text());
    }
    out.truth = either(out.truth, truth);
  }
  if (out.truth == Truth::yes) out.reasons.clear();
  if (out.truth == Truth::no) add_new(out.declared, in_section(table));
  return out;
}

Grounds Evaluation::undeclared(const Condition& condition, const Instance& instance, Stance stance) const {
  Grounds out;
  const Inventory& inventory = inventories_.of(condition.name);
  const MatchScope scope = scope_of(instance);
  bool open = false;
  for (const Instance& other : inventory.instances) {
    for (const Observation* o : other.seen) {
      const Truth truth = match_observation(condition, *o, scope, stance);
      if (truth == Truth::yes && out.observations.size() < kMaxCited) add_new(out.observations, o);
      open = open || truth == Truth::unknown;
    }
  }
  if (!out.observations.empty()) {
    out.truth = Truth::yes;
    return out;
  }
  const bool checked = inventory.subject != nullptr && !inventory.subject->checks.empty() && inventory.covered;
  if (checked && !open) {
    out.truth = Truth::no;
    for (const Observation* o : examined_.of("coverage")) {
      if (std::ranges::find(inventory.coverage, o->id) != inventory.coverage.end()) add_new(out.observations, o);
    }
    out.declared.push_back(in_section(condition.name));
    return out;
  }
  out.reasons = inventory.reasons;
  if (open) out.reasons.push_back("something was seen that may be an undeclared " + condition.name);
  if (out.reasons.empty()) out.reasons.push_back("no check lists every " + condition.name);
  return out;
}

Grounds Evaluation::value(const Condition& condition, const Value* found, const std::string& path, const Instance& instance) const {
  Grounds out;
  if (found != nullptr && found->empty()) found = nullptr;
  out.truth = match(condition.is.front(), found, scope_of(instance));
  if (out.truth == Truth::unknown) {
    out.reasons.push_back(found == nullptr ? "product.yaml does not give " + path : path + " does not tell: " + condition.to_text());
  } else {
    out.declared.push_back(found == nullptr ? path : with_line(path, *found));
  }
  return out;
}

Grounds Evaluation::ics_unjustified(const Scheme& scheme) const {
  Grounds out;
  Truth truth = Truth::no;
  bool any = false;
  for (const Requirement& requirement : scheme.requirements) {
    if (requirement.status != "recommended") continue;
    any = true;
    const Value* entry = ics_entry(product_, scheme, requirement.id);
    if (entry == nullptr || (*entry)["support"].empty()) {
      truth = either(truth, Truth::unknown);
      if (out.reasons.size() < 8) out.reasons.push_back("the ICS has no entry for " + requirement.id);
      continue;
    }
    const bool left_out = (*entry)["support"].text() != "Y";
    if (left_out && trim((*entry)["detail"].text()).empty()) {
      truth = Truth::yes;
      out.declared.push_back(with_line("ics." + requirement.id, *entry));
    }
  }
  out.truth = any ? truth : Truth::unknown;
  if (!any) out.reasons.push_back("the scheme has no recommended requirements");
  if (out.truth == Truth::yes) out.reasons.clear();
  if (out.truth == Truth::no) out.declared.push_back("ics");
  return out;
}

Grounds Evaluation::combined(const Condition& condition, const Instance& instance, const Scheme* scheme, Stance stance) const {
  const bool all = condition.kind == Condition::Kind::all;
  // What decides: one part that is false (all) or true (any); otherwise every part together.
  const Truth decisive = all ? Truth::no : Truth::yes;
  Grounds together;
  together.truth = negate(decisive);
  Grounds open;
  open.truth = Truth::unknown;
  bool unknown = condition.parts.empty();
  if (unknown) open.reasons.push_back("the rule has no parts");
  for (const Condition& part : condition.parts) {
    Grounds grounds = evaluate(part, instance, scheme, stance);
    if (grounds.truth == decisive) return grounds;
    if (grounds.truth == Truth::unknown) {
      unknown = true;
      for (const std::string& reason : grounds.reasons) add_new(open.reasons, reason);
    } else {
      together.add(grounds);
    }
  }
  return unknown ? open : together;
}

Grounds Evaluation::evaluate(const Condition& condition, const Instance& instance, const Scheme* scheme, Stance stance) const {
  switch (condition.kind) {
    case Condition::Kind::seen: return seen(condition, instance, stance);
    case Condition::Kind::none: {
      Grounds grounds = seen(condition, instance, stance);
      grounds.truth = negate(grounds.truth);
      return grounds;
    }
    case Condition::Kind::declared: return declared(condition, instance, stance);
    case Condition::Kind::undeclared: return undeclared(condition, instance, stance);
    case Condition::Kind::fact: {
      const Value* given = product_.fact(condition.name);
      const Fact* fact = catalogue_.fact(condition.name);
      // "yes" is no true: what cannot be read says nothing, least of all no.
      if (given == nullptr || fact == nullptr || fits(*fact, *given))
        return value(condition, given, "properties." + condition.name, instance);
      Grounds open;
      open.reasons.push_back("properties." + condition.name + " is " + printable(given->scalar_text(), 60) + ", expected " + fact->type);
      return open;
    }
    case Condition::Kind::value: {
      const Value found = value_at(product_.document(), condition.name);
      return value(condition, &found, condition.name, instance);
    }
    case Condition::Kind::placed: {
      const Value declared_day = value_at(product_.document(), condition.name);
      if (!declared_day.empty()) return value(condition, &declared_day, condition.name, instance);
      return value(condition, &date_, "the day of judging, " + std::string(date_.text()), instance);
    }
    case Condition::Kind::ics: {
      const Value* entry = scheme == nullptr ? nullptr : ics_entry(product_, *scheme, condition.name);
      return value(condition, entry == nullptr ? nullptr : entry->find("support"), "ics." + condition.name + ".support", instance);
    }
    case Condition::Kind::ics_unjustified: {
      if (scheme != nullptr) return ics_unjustified(*scheme);
      Grounds none;
      none.reasons.push_back("asked outside a scheme");
      return none;
    }
    case Condition::Kind::negated: {
      Grounds grounds = evaluate(condition.parts.front(), instance, scheme, stance);
      grounds.truth = negate(grounds.truth);
      return grounds;
    }
    case Condition::Kind::all:
    case Condition::Kind::any: return combined(condition, instance, scheme, stance);
  }
  return {};
}

bool Evaluation::touches_contested(const Condition& condition) const {
  bool found = false;
  for_each(condition, [&](const Condition& c, bool) {
    const bool observing = c.kind == Condition::Kind::seen || c.kind == Condition::Kind::none;
    if (observing) found = found || examined_.any_contested(c.name);
    if (c.kind != Condition::Kind::undeclared) return;
    const Subject* subject = catalogue_.subject(c.name);
    if (subject == nullptr) return;
    for (const Sighting& sighting : subject->observed) found = found || examined_.any_contested(sighting.kind);
  });
  return found;
}

}  // namespace assay::assess
