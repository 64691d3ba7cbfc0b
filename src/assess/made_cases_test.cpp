// SPDX-License-Identifier: Apache-2.0
#include "assess/made_cases.hpp"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>

#include "assess/small_scheme.hpp"
#include "assess/testing_catalogue.hpp"
#include "base/text.hpp"
#include "model/product.hpp"
#include "model/schema.hpp"

namespace assay::assess {
namespace {

// Samples the part of RE2's language that rules use; what comes out is checked against the expression itself.
class Sampler {
 public:
  Sampler(std::string_view expression, std::uint32_t seed) : left_(expression), state_(seed) {}
  std::string sample() { return alternatives(0); }

 private:
  std::uint32_t next(std::uint32_t n) {
    state_ = state_ * 1664525U + 1013904223U;
    return (state_ >> 16U) % n;
  }
  bool take(char c) {
    if (left_.empty() || left_.front() != c) return false;
    left_.remove_prefix(1);
    return true;
  }
  char pop() {
    const char c = left_.empty() ? ' ' : left_.front();
    if (!left_.empty()) left_.remove_prefix(1);
    return c;
  }

  std::string alternatives(int depth) {
    std::vector<std::string> all{sequence(depth)};
    while (take('|')) all.push_back(sequence(depth));
    return all[next(static_cast<std::uint32_t>(all.size()))];
  }
  std::string sequence(int depth) {
    std::string out;
    while (!left_.empty() && left_.front() != '|' && left_.front() != ')') {
      const std::string one = atom(depth);
      const auto [least, most] = repeats();
      const std::uint32_t times = least + (most > least ? next(2) : 0);
      for (std::uint32_t i = 0; i < times; ++i) out += one;
    }
    return out;
  }
  std::pair<std::uint32_t, std::uint32_t> repeats() {
    std::pair<std::uint32_t, std::uint32_t> out{1, 1};
    if (take('*')) out = {0, 9};
    if (take('+')) out = {1, 9};
    if (take('?')) out = {0, 1};
    if (!left_.empty() && left_.front() == '{') {
      const auto inside = left_.substr(1, left_.find('}') - 1);
      left_.remove_prefix(inside.size() + 2);
      const auto least = to_integer(inside.substr(0, inside.find(',')));
      const bool open = inside.find(',') != std::string_view::npos;
      out.first = least ? static_cast<std::uint32_t>(*least) : 0;
      out.second = out.first + (open ? 1 : 0);
    }
    take('?');
    return out;
  }
  std::string atom(int depth) {
    const char c = pop();
    if (c == '^' || c == '$') return {};
    if (c == '.') return " ";
    if (c == '[') return one_of_class();
    if (c == '\\') return escaped(pop());
    if (c != '(') return {c};
    if (take('?')) {
      while (!left_.empty() && left_.front() != ':' && left_.front() != ')') left_.remove_prefix(1);
      if (take(')')) return {};
      take(':');
    }
    std::string inner = depth < 32 ? alternatives(depth + 1) : std::string{};
    take(')');
    return inner;
  }
  static std::string escaped(char c) {
    if (c == 'b' || c == 'B') return {};
    if (c == 'd') return "1";
    if (c == 'w' || c == 'S' || c == 'D') return "a";
    if (c == 's' || c == 'W') return " ";
    return {c};
  }
  std::string one_of_class() {
    const bool negated = take('^');
    std::string chars;
    bool first = true;
    while (!left_.empty() && (first || left_.front() != ']')) {
      first = false;
      const char c = pop();
      const std::string text = c == '\\' ? escaped(pop()) : std::string{c};
      chars += text;
      if (left_.size() > 1 && left_.front() == '-' && left_[1] != ']') {
        left_.remove_prefix(1);
        chars += pop();
      }
    }
    take(']');
    if (!negated) return std::string{chars.empty() ? ' ' : chars[next(static_cast<std::uint32_t>(chars.size()))]};
    for (const char c : {' ', 'x', '0', '-'}) {
      if (chars.find(c) == std::string::npos) return std::string{c};
    }
    return "~";
  }

  std::string_view left_;
  std::uint32_t state_;
};

void collect(const Catalogue& catalogue, const Scheme& scheme, const Entry& entry, Reads& out, std::set<const void*>& met) {
  if (!met.insert(entry.unit != nullptr         ? static_cast<const void*>(entry.unit)
                  : entry.assessment != nullptr ? static_cast<const void*>(entry.assessment)
                                                : static_cast<const void*>(entry.requirement))
           .second) {
    return;
  }
  for (const std::string& id : entry.requirement->conditions) {
    if (const SchemeCondition* condition = scheme.condition(id)) {
      out.questions.insert(condition->question);
      out.conditions.insert(condition->question);
    }
  }
  for (const AssessmentEntry& assessment : entry.requirement->assessments) {
    if (entry.assessment != nullptr && entry.assessment != &assessment) continue;
    for (const Unit& unit : assessment.units) {
      if (entry.unit != nullptr && entry.unit != &unit) continue;
      out.units.insert({&scheme, &unit});
      for (const Tree* tree : unit.trees) {
        for (const Node& node : tree->nodes) out.questions.insert(node.question);
      }
      for (const Gate& gate : unit.gates) {
        if (const Entry* before = scheme.entry(gate.after)) collect(catalogue, scheme, *before, out, met);
      }
      for (const std::string& reference : unit.inherits) {
        if (const Scheme* all = catalogue.whole(reference)) {
          for (const Requirement& r : all->requirements) collect(catalogue, *all, {&r, nullptr, nullptr}, out, met);
          continue;
        }
        const auto [other, inner] = catalogue.find(scheme, reference);
        if (inner != nullptr) collect(catalogue, *other, *inner, out, met);
      }
    }
  }
}

bool go(const Tree& tree, std::size_t index, std::string_view end, std::vector<std::pair<const Question*, std::string_view>>& way) {
  const Node& node = tree.nodes[index];
  if (way.size() > tree.nodes.size()) return false;
  for (const auto& [answer, branch] : {std::pair<std::string_view, const Branch*>{"yes", &node.yes}, {"no", &node.no}}) {
    // The same question has the same answer wherever it stands.
    const bool differs =
        std::ranges::any_of(way, [&, said = answer](const auto& w) { return w.first == node.question && w.second != said; });
    if (differs) continue;
    way.emplace_back(node.question, answer);
    if (branch->end.empty() ? go(tree, branch->node, end, way) : branch->end == end) return true;
    way.pop_back();
  }
  return false;
}

constexpr std::string_view kTypes[] = {"firmware", "probe", "capture", "document", "sbom"};

}  // namespace

std::string text_matching(std::string_view expression, Choices& choices) {
  static std::map<std::string, std::shared_ptr<const re2::RE2>, std::less<>> compiled;
  auto at = compiled.find(expression);
  if (at == compiled.end()) at = compiled.emplace(std::string(expression), std::make_shared<const re2::RE2>(std::string(expression))).first;
  const auto seed = static_cast<std::uint32_t>(choices.below(1000));
  for (std::uint32_t i = 0; i < 24; ++i) {
    std::string text = Sampler(expression, seed * 31 + i).sample();
    if (!text.empty() && re2::RE2::PartialMatch(text, *at->second)) return text;
  }
  return {};
}

Reads reads(const Catalogue& catalogue, const Scheme& scheme, const Requirement& requirement) {
  Reads out;
  std::set<const void*> met;
  collect(catalogue, scheme, {&requirement, nullptr, nullptr}, out, met);
  return out;
}

std::vector<std::pair<const Question*, std::string_view>> way_to(const Tree& tree, std::string_view end) {
  std::vector<std::pair<const Question*, std::string_view>> way;
  if (!go(tree, tree.start, end, way)) way.clear();
  return way;
}

Maker::Maker(const Catalogue& catalogue, const Scheme& scheme, Choices& choices) : catalogue_(catalogue), choices_(choices) {
  document = scheme.case_product.is_null() ? catalogue.schemes.at("small").case_product : scheme.case_product;
  plain_ = document;
  out.date = *parse_day("2026-06-01");
  out.schemes = {scheme.id};
  for (const std::string_view type : kTypes) {
    Evidence evidence;
    evidence.id = "sha256:" + std::string(type);
    evidence.name = type;
    evidence.type = type;
    evidence.version = document["product"]["version"].scalar_text();
    evidence.device = "02:00:00:00:00:01";
    out.evidence.push_back(std::move(evidence));
  }
}

std::string Maker::pooled(std::string_view name) {
  const auto pick = [&](std::initializer_list<const char*> of) { return std::string(of.begin()[choices_.below(of.size())]); };
  if (name == "port") return pick({"80", "23", "443"});
  if (name == "user") return pick({"root", "admin"});
  if (name == "service" || name == "protocol") return pick({"http", "telnet", "ssh"});
  if (name == "transport") return pick({"tcp", "udp"});
  if (name == "version") return pick({"1.0.0", "2.31"});
  if (name == "at.path" || name == "path") return pick({"/etc/shadow", "/usr/sbin/telnetd"});
  return pick({"a", "b"});
}

std::string Maker::key_value(std::string_view key) const {
  return key == "id" ? subject_ + "-1" : std::string{};
}

Value Maker::typed(std::string text, const Field* field) const {
  if (field != nullptr) {
    if (field->type == "boolean") return Value(text == "true");
    if (field->type == "integer" || field->type == "number") {
      if (const auto n = to_integer(text)) return Value(*n);
      if (const auto n = to_number(text)) return Value(*n);
      return Value(0);
    }
    return Value(std::move(text));
  }
  Value out_value(std::move(text));
  out_value.plain = true;
  return out_value;
}

Value Maker::any_value(const Field& field) {
  if (!field.one_of.empty()) return Value(field.one_of[choices_.below(field.one_of.size())]);
  if (field.type == "boolean") return Value(choices_.one_in(2));
  if (field.type == "integer" || field.type == "number")
    return Value(field.name == "port" ? std::stoi(pooled("port")) : static_cast<int>(choices_.below(3)));
  return Value(pooled(field.name));
}

Value Maker::value_for(const Matcher& m, const Field* field, bool matching) {
  using Form = Matcher::Kind;
  const auto other = [&](const std::string& than) -> Value {
    if (field != nullptr) {
      for (const std::string& word : field->one_of) {
        if (word != than) return Value(word);
      }
      if (field->type == "boolean") return Value(than != "true");
      if (field->type != "text") return typed(std::to_string(to_integer(than).value_or(0) + 1), field);
    }
    return typed(than == "true" ? "false" : "other", field);
  };
  const bool dated = parse_day(m.text).has_value();
  switch (m.kind) {
    case Form::equal: return matching ? typed(m.text, field) : other(m.text);
    case Form::one_of: return matching ? value_for(m.inner[choices_.below(m.inner.size())], field, true) : other(m.inner.front().text);
    case Form::negated: return value_for(m.inner.front(), field, !matching);
    case Form::matches: return matching ? typed(text_matching(m.text, choices_), field) : other("");
    case Form::less: return matching ? typed(dated ? "1999-01-01" : "0", field) : typed(m.text, field);
    case Form::less_equal: return matching ? typed(m.text, field) : other(m.text);
    case Form::greater: return matching ? typed(dated ? "2999-12-31" : "9999", field) : typed(m.text, field);
    case Form::greater_equal: return matching ? typed(m.text, field) : typed(dated ? "1999-01-01" : "0", field);
    case Form::present: return matching == m.wanted ? (field != nullptr ? any_value(*field) : typed("given", nullptr)) : Value{};
    case Form::key: {
      const std::string own = key_value(m.text);
      return matching ? typed(own.empty() ? pooled(m.text) : own, field) : other("");
    }
    case Form::reference: {
      const auto dot = m.text.find('.');
      const std::string table = m.text.substr(0, dot);
      if (!matching) return other("");
      if (catalogue_.subject(table) != nullptr && table != "product" && dot != std::string::npos) {
        const std::string name = m.text.substr(dot + 1);
        const std::string text = name == "ID" ? table + "-1" : pooled(name);
        if (declaring) row(table, name, typed(text, nullptr));
        return typed(text, field);
      }
      if (declaring && document.at_path(m.text) == nullptr) set(m.text, typed("https://example.com/" + m.text, nullptr));
      const Value* there = document.at_path(m.text);
      return typed(there == nullptr ? "other" : there->scalar_text(), field);
    }
  }
  return {};
}

void Maker::add(Observation observation, std::string_view type) {
  observation.evidence = "sha256:" + std::string(type);
  observation.seal();
  out.observations.push_back(std::move(observation));
}

void Maker::observe_for(const Condition& seen, const Question& about, bool matching) {
  const auto kind = catalogue_.kinds.find(seen.name);
  if (kind == catalogue_.kinds.end()) return;
  subject_ = about.subject;
  Observation o;
  o.kind = seen.name;
  for (const std::string& name : kind->second.identity) {
    const Field* field = kind->second.field(name);
    if (field != nullptr) o.fields.set_if(name, any_value(*field));
    if (name == "at.path") o.at.path = pooled(name);
    if (name == "at.request") o.at.request = pooled(name);
  }
  // One field at most fails: what nearly matches tests more than noise does.
  const std::size_t wrong = matching ? seen.where.size() : choices_.below(seen.where.size());
  for (std::size_t i = 0; i < seen.where.size(); ++i) {
    const auto& [name, matcher] = seen.where[i];
    const Value value = value_for(matcher, kind->second.field(name), i != wrong);
    if (name == "at.path") o.at.path = value.scalar_text();
    if (name.starts_with("at.") || name == "by") continue;
    o.fields.erase(name);
    if (!value.is_null()) o.fields.set(name, value);
  }
  const bool paper = seen.name == "document" || seen.name == "certificate-of";
  add(std::move(o), paper ? "document" : kTypes[choices_.below(2)]);
}

void Maker::observe_at_random() {
  auto kind = catalogue_.kinds.begin();
  std::advance(kind, static_cast<std::ptrdiff_t>(choices_.below(catalogue_.kinds.size())));
  if (kind->first == "coverage" || kind->first == "certificate-of") return;
  Observation o;
  o.kind = kind->first;
  o.at.path = pooled("at.path");
  for (const Field& field : kind->second.fields) {
    if (!choices_.one_in(3)) o.fields.set(field.name, any_value(field));
  }
  add(std::move(o), kTypes[choices_.below(2)]);
}

bool Maker::contradict(const Observation& observation) {
  const auto kind = catalogue_.kinds.find(observation.kind);
  if (kind == catalogue_.kinds.end() || kind->second.exclusive.empty()) return false;
  for (const std::string& name : kind->second.exclusive) {
    const Value* there = observation.fields.find(name);
    const Field* field = kind->second.field(name);
    if (there == nullptr || field == nullptr) continue;
    Matcher same;
    same.text = there->scalar_text();
    Observation rival = observation;
    rival.fields.set(name, value_for(same, field, false));
    add(std::move(rival), kTypes[choices_.below(2)]);
    return true;
  }
  return false;
}

void Maker::cover(std::string_view check, bool complete) {
  const auto at = catalogue_.checks.find(check);
  if (at == catalogue_.checks.end()) return;
  Observation o;
  o.kind = "coverage";
  o.by = check;
  o.fields.set("check", check);
  o.fields.set("scope", at->second.scope);
  o.fields.set("complete", complete);
  if (!complete) o.fields.set("reason", "time is up");
  add(std::move(o), at->second.evidence);
}

void Maker::answer(std::string_view question, std::string_view value, std::string_view instance, bool cited) {
  Answer a;
  a.question = question;
  a.value = value;
  a.instance = instance;
  a.by = "J. Tester";
  a.note = "because";
  if (cited) a.evidence = {"sha256:document"};
  a.version = document["product"]["version"].scalar_text();
  a.seal();
  out.answers.push_back(std::move(a));
}

void Maker::row(std::string_view table) {
  for (Value* into : {&document, &plain_}) {
    const std::string_view section = table_section(table);
    if (!into->has(section)) into->set(section, Value::object());
    Value& ixit = *into->find(section);
    if (ixit.has(table)) continue;
    Value fresh = Value::object();
    if (ixit_single(table)) {
      ixit.set(table, std::move(fresh));
      continue;
    }
    fresh.set("ID", std::string(table) + "-1");
    Value rows = Value::array();
    rows.push(std::move(fresh));
    ixit.set(table, std::move(rows));
  }
}

// The cell as the schema of product.yaml wants it: one of its words, or a list.
Value Maker::fitting_cell(std::string_view table, std::string_view field, const Value& cell) const {
  static const Value schema = shipped_schema("product")->json();
  const Value& tables = schema["properties"][table_section(table)]["properties"][table];
  const Value& form = tables[tables.has("items") ? "items" : "properties"];
  const Value& wanted = tables.has("items") ? form["properties"][field] : form[field];
  const bool list = wanted["type"].text() == "array";
  const Value& words = list ? wanted["items"]["enum"] : wanted["enum"];
  Value fitted = cell;
  if (!words.items().empty() && std::ranges::none_of(words.items(), [&](const Value& w) { return w.scalar_text() == cell.scalar_text(); }))
    fitted = words.items()[choices_.below(words.items().size())];
  if (field == "port") return Value(to_integer(cell.scalar_text()).value_or(80));
  if (!list) return fitted;
  Value one = Value::array();
  one.push(std::move(fitted));
  return one;
}

// A word of the fact where it has a list, so that product.yaml says something that can be read.
Value Maker::fact_for(const Condition& c, bool matching) {
  const Fact* fact = catalogue_.fact(c.name);
  if (fact != nullptr) {
    for (const std::string& word : fact->one_of) {
      const Value one(word);
      if ((match(c.is.front(), &one, {}) == Truth::yes) == matching) return one;
    }
  }
  return value_for(c.is.front(), nullptr, matching);
}

void Maker::another_row(std::string_view table) {
  row(table);
  if (ixit_single(table)) return;
  for (Value* into : {&document, &plain_}) {
    Value& rows = *into->find(table_section(table))->find(table);
    Value fresh = Value::object();
    fresh.set("ID", std::string(table) + "-" + std::to_string(rows.items().size() + 1));
    rows.items().insert(rows.items().begin(), std::move(fresh));
  }
}

void Maker::row(std::string_view table, std::string_view field, const Value& cell, std::string_view id) {
  row(table);
  if (field == "ID") return;
  Value fitted = cell;
  if (const std::string_view other = named_table(field); !other.empty() && !cell.is_null()) {
    row(other);
    fitted = Value::array();
    for (const Value& named : document[table_section(other)][other].items()) fitted.push(named["ID"]);
  } else if (!cell.is_null() && !cell.scalar_text().empty()) {
    fitted = fitting_cell(table, field, cell);
  } else {
    fitted = Value{};
  }
  Value& rows = *document.find(table_section(table))->find(table);
  Value* into = rows.is_array() ? &rows.items().front() : &rows;
  if (rows.is_array() && !id.empty()) {
    for (Value& one : rows.items()) {
      if (one["ID"].text() == id) into = &one;
    }
  }
  into->erase(field);
  if (!fitted.is_null()) into->set(field, std::move(fitted));
}

bool Maker::fill(const Owed& owed) {
  std::string table, id, field;
  if (RE2::PartialMatch(owed.what, R"(^Fill in \w+\.(\w+)\[([^\]]+)\]\.(\w+))", &table, &id, &field)) {
    row(table, field, Value("given"), id);
    return true;
  }
  if (RE2::PartialMatch(owed.what, R"(^Fill in the table \w+\.(\w+) )", &table)) {
    row(table);
    return true;
  }
  if (RE2::PartialMatch(owed.what, R"(^Add them to \w+\.(\w+), with (\S+) in the cell (\w+))", &table, &id, &field)) {
    row(table);
    row(table, field, Value(id));
    return true;
  }
  if (RE2::PartialMatch(owed.what, R"(^Choose under routes in product\.yaml, as (\S+): one of (\S+))", &id, &field)) {
    if (!document.has("routes")) document.set("routes", Value::object());
    document.find("routes")->set(id, field);
    return true;
  }
  if (RE2::PartialMatch(owed.what, R"(^Give properties\.(\S+) )", &field)) {
    const Fact* fact = catalogue_.fact(field);
    set("properties." + field, fact == nullptr || fact->type == "boolean" ? Value(true) : Value("given"));
    return true;
  }
  return false;
}

void Maker::set(std::string_view path, const Value& given) {
  Value value = given;
  const bool a_day = path.starts_with("dates.") || path == "statement.issued" || path == "support.until" || path == "support.from";
  if (a_day && !value.is_null() && !parse_day(value.scalar_text())) value = Value("2026-01-01");
  Value* at = &document;
  while (true) {
    const auto dot = path.find('.');
    const std::string_view step = path.substr(0, dot);
    if (dot == std::string_view::npos) {
      at->erase(step);
      if (!value.is_null()) at->set(step, value);
      return;
    }
    if (!at->has(step)) at->set(step, Value::object());
    at = at->find(step);
    if (!at->is_object()) return;
    path.remove_prefix(dot + 1);
  }
}

void Maker::satisfy(const Condition& c, const Question& about, bool wanted) {
  using Form = Condition::Kind;
  subject_ = about.subject;
  switch (c.kind) {
    case Form::seen:
    case Form::none:
      if ((c.kind == Form::seen) == wanted) {
        observe_for(c, about);
      } else {
        for (const std::string& check : c.covered) cover(check);
      }
      return;
    case Form::declared:
      if (!declaring) return;
      row(c.name);
      if (c.where.empty()) return;
      {
        const std::size_t wrong = wanted ? c.where.size() : choices_.below(c.where.size());
        for (std::size_t i = 0; i < c.where.size(); ++i) row(c.name, c.where[i].first, value_for(c.where[i].second, nullptr, i != wrong));
      }
      return;
    case Form::undeclared:
      if (const Subject* subject = catalogue_.subject(c.name); subject != nullptr && wanted && !subject->observed.empty()) {
        const Sighting& sighting = subject->observed[choices_.below(subject->observed.size())];
        Condition seen;
        seen.kind = Form::seen;
        seen.name = sighting.kind;
        seen.where = c.where;
        for (const auto& part : sighting.where) {
          if (std::ranges::find(seen.where, part.first, [](const auto& w) { return w.first; }) == seen.where.end())
            seen.where.push_back(part);
        }
        observe_for(seen, about);
      } else if (subject != nullptr) {
        for (const std::string& check : subject->checks) cover(check);
      }
      return;
    case Form::fact:
      if (declaring) set("properties." + c.name, fact_for(c, wanted));
      return;
    case Form::placed:
    case Form::value:
      if (declaring) set(c.name, value_for(c.is.front(), nullptr, wanted));
      return;
    case Form::ics:
    case Form::ics_unjustified: return;
    case Form::negated: satisfy(c.parts.front(), about, !wanted); return;
    case Form::all:
    case Form::any:
      if ((c.kind == Form::all) == wanted) {
        for (const Condition& part : c.parts) satisfy(part, about, wanted);
      } else if (!c.parts.empty()) {
        satisfy(c.parts[choices_.below(c.parts.size())], about, wanted);
      }
      return;
  }
}

Case Maker::made() {
  if (!Product::from(document, "made", out.product).empty()) {
    EXPECT_TRUE(Product::from(plain_, "made", out.product).empty());
  }
  return out;
}

TEST(MadeCases, TextsForMostExpressionsOfTheCatalogue) {
  std::shared_ptr<const Catalogue> catalogue;
  load_catalogue(shipped_files(), catalogue);
  std::size_t all = 0;
  std::size_t found = 0;
  std::string missed;
  const auto look = [&](const Matcher& m, const auto& self) -> void {
    for (const Matcher& inner : m.inner) self(inner, self);
    if (m.kind != Matcher::Kind::matches) return;
    Choices none({});
    ++all;
    const bool made = !text_matching(m.text, none).empty();
    found += made ? 1U : 0U;
    if (!made) missed += m.text + "\n";
  };
  for (const auto& [id, question] : catalogue->questions) {
    for (const Rule& rule : question.rules) {
      for_each(rule.when, [&](const Condition& c, bool) {
        for (const auto& [field, matcher] : c.where) look(matcher, look);
        for (const Matcher& matcher : c.is) look(matcher, look);
      });
    }
  }
  EXPECT_GE(found * 100, all * 95) << missed;
}

TEST(MadeCases, AChoiceOfNothingIsTheFirst) {
  Choices choices({7});
  EXPECT_EQ(choices.below(4), 3U);
  EXPECT_EQ(choices.below(4), 0U);
  EXPECT_TRUE(choices.done());
}

}  // namespace assay::assess
