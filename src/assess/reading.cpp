// SPDX-License-Identifier: Apache-2.0
#include "assess/reading.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace assay::assess {
namespace {

std::vector<std::string> texts(const Value& list) {
  std::vector<std::string> out;
  for (const Value& item : list.items()) out.push_back(item.scalar_text());
  return out;
}

Confidence confidence_of(const Value& value) {
  const std::string_view text = value["confidence"].text();
  if (text == "secondary") return Confidence::secondary;
  return text == "unverified" ? Confidence::unverified : Confidence::confirmed;
}

std::string text_of(const Value& value, std::string_view name) {
  return value[name].scalar_text();
}

}  // namespace

void Reading::wrong(const Value& where, std::string what) {
  errors.push_back(out.error(at(where), std::move(what)));
}

Condition Reading::condition(const Value& value) {
  auto parsed = parse_condition(value);
  if (parsed) return *std::move(parsed);
  Error error = std::move(parsed).error();
  error.where.path = out.files[file].path;
  errors.push_back(std::move(error));
  // An empty `all` is unknown: a broken rule never holds.
  return {};
}

std::vector<std::pair<std::string, Matcher>> Reading::where(const Value& value) {
  std::vector<std::pair<std::string, Matcher>> fields;
  for (const auto& member : value.members()) {
    auto matcher = parse_matcher(member.value);
    if (matcher) {
      fields.emplace_back(member.name, *std::move(matcher));
      continue;
    }
    Error error = std::move(matcher).error();
    error.where.path = out.files[file].path;
    errors.push_back(std::move(error));
  }
  return fields;
}

void Reading::kinds(const Value& document) {
  for (const auto& [id, value, mark] : document["kinds"].members()) {
    Kind kind;
    kind.id = id;
    kind.about = text_of(value, "about");
    kind.source = {file, mark};
    for (const auto& field : value["fields"].members())
      kind.fields.push_back({field.name, text_of(field.value, "type"), texts(field.value["one_of"])});
    kind.identity = texts(value["identity"]);
    kind.exclusive = texts(value["exclusive"]);
    out.kinds.insert_or_assign(id, std::move(kind));
  }
  for (const auto& [id, value, mark] : document["checks"].members()) {
    out.checks.insert_or_assign(id, Check{id, text_of(value, "evidence"), text_of(value, "scope"), text_of(value, "about"), {file, mark}});
  }
}

void Reading::subjects(const Value& document) {
  for (const auto& [id, value, mark] : document["subjects"].members()) {
    Subject subject;
    subject.id = id;
    subject.title = text_of(value, "title");
    subject.single = value["single"].boolean();
    subject.match = texts(value["match"]);
    subject.apart = texts(value["apart"]);
    subject.checks = texts(value["checks"]);
    subject.source = {file, mark};
    for (const Value& seen : value["observed"].items()) {
      Sighting sighting{text_of(seen, "kind"), where(seen["where"]), text_of(seen, "id"), {}, where(seen["row"])};
      for (const auto& key : seen["keys"].members()) sighting.keys.emplace_back(key.name, key.value.scalar_text());
      subject.observed.push_back(std::move(sighting));
    }
    out.subjects.insert_or_assign(id, std::move(subject));
  }
}

void Reading::questions(const Value& document) {
  for (const Value& value : document["questions"].items()) {
    Question q;
    q.id = text_of(value, "id");
    q.ask = text_of(value, "ask");
    q.why = text_of(value, "why");
    q.subject = text_of(value, "subject");
    q.state = text_of(value, "state");
    q.interface = text_of(value, "interface");
    q.remedy = text_of(value, "remedy");
    q.origin = text_of(value, "source");
    if (value.has("good")) q.good = text_of(value, "good");
    q.machine = value.has("machine") ? texts(value["machine"]) : std::vector<std::string>{std::string(q.bad())};
    q.person = text_of(value, "person");
    q.confidence = confidence_of(value);
    q.source = at(value);
    for (const Value& rule : value["rules"].items()) {
      q.rules.push_back({text_of(rule, "answer"), text_of(rule, "because"), condition(rule["when"]), at(rule)});
      q.needs_scheme = q.needs_scheme || q.rules.back().when.needs_scheme();
    }
    for (const Value& way : value["settle"].items()) q.settle.push_back(way);
    std::ranges::stable_sort(q.settle, {}, [](const Value& way) { return way["cost"].integer(); });
    const auto [before, fresh] = out.questions.try_emplace(q.id, q);
    if (!fresh) {
      wrong(value, "question " + json_quoted(q.id) + " is already in " + out.files[before->second.source.file].path + " line " +
                       std::to_string(before->second.source.mark.line));
    }
  }
}

void Reading::recognitions(const Value& document) {
  for (const Value& value : document["recognitions"].items()) {
    Recognition r;
    r.id = text_of(value, "id");
    r.standard = text_of(value["from"], "standard");
    r.edition = text_of(value["from"], "edition");
    r.level = text_of(value["from"], "level");
    r.undated = value["undated"].boolean();
    r.suffices = value["suffices"].boolean();
    r.scheme = text_of(value["to"], "scheme");
    r.requirements = texts(value["to"]["requirements"]);
    if (r.requirements.empty() && text_of(value["to"], "requirements") != "all")
      wrong(value["to"], "requirements is a list of ids, or all");
    r.in_force = text_of(value, "in_force");
    r.origin = text_of(value, "source");
    r.note = text_of(value, "note");
    r.confidence = confidence_of(value);
    r.source = at(value);
    out.recognitions.push_back(std::move(r));
  }
}

void Reading::scheme(const Value& document, std::string_view folder) {
  Scheme s;
  s.base = text_of(document, "id");
  s.edition = text_of(document, "edition");
  s.source = at(document);
  if (s.base != folder && s.base + "@" + s.edition != folder) {
    wrong(document["id"], "the scheme's id is " + json_quoted(s.base) + " but its folder is " + json_quoted(folder) +
                              "; a further edition lies in " + json_quoted(s.base + "@" + s.edition));
  }
  s.id = folder;
  s.claim = text_of(document, "claim");
  s.level = text_of(document, "level");
  for (const Value& value : document["levels"].items()) {
    s.levels.push_back({text_of(value, "id"), text_of(value, "title"), text_of(value, "state"), text_of(value, "note"),
                        text_of(value, "source"), texts(value["categories"]), confidence_of(value), at(value)});
  }
  for (const Value& value : document["applications"].items()) {
    Application a;
    a.id = text_of(value, "id");
    a.title = text_of(value, "title");
    a.level = text_of(value, "level");
    if (value.has("fee")) {
      a.fee = value["fee"]["amount"].number();
      a.currency = text_of(value["fee"], "currency");
    }
    if (value.has("days")) a.days = value["days"].number();
    a.valid = text_of(value, "valid");
    a.note = text_of(value, "note");
    a.origin = text_of(value, "source");
    a.from = text_of(value, "from");
    a.grants = text_of(value, "grants");
    a.grants_level = text_of(value, "grants_level");
    a.needs = text_of(value, "needs");
    a.mandatory = value["mandatory"].boolean();
    a.lab = value["lab"].boolean();
    if (value.has("when")) a.when.push_back(condition(value["when"]));
    a.confidence = confidence_of(value);
    a.source = at(value);
    s.applications.push_back(std::move(a));
  }
  s.title = text_of(document, "title");
  s.publisher = text_of(document, "publisher");
  s.combine = text_of(document, "combine");
  s.markets = texts(document["markets"]);
  s.gaps = texts(document["gaps"]);
  s.complete = document["complete"].boolean();
  for (const auto& count : document["counts"].members()) s.counts.emplace_back(count.name, count.value.integer());
  for (const Value& value : document["conditions"].items()) {
    s.conditions.push_back({text_of(value, "id"), text_of(value, "title"), text_of(value, "question"), text_of(value, "source"),
                            text_of(value, "reason"), nullptr, confidence_of(value), at(value)});
  }
  out.schemes.insert_or_assign(s.id, std::move(s));
}

void Reading::scope(const Value& document, Scheme& scheme) {
  const auto rules = [&](const Value& list) {
    std::vector<ScopeRule> parsed;
    for (const Value& value : list.items()) {
      parsed.push_back({text_of(value, "id"), text_of(value, "article"), text_of(value, "why"), text_of(value, "note"),
                        condition(value["when"]), at(value)});
    }
    return parsed;
  };
  scheme.scope.include = rules(document["include"]);
  scheme.scope.exclude = rules(document["exclude"]);
  scheme.scope.in_force = text_of(document, "in_force");
  scheme.scope.until = text_of(document, "until");
  scheme.scope.notes = texts(document["notes"]);
  scheme.scope.source = at(document);
}

void Reading::facts(const Value& document) {
  for (const auto& [id, value, mark] : document["facts"].members()) {
    Fact fact{id, text_of(value, "ask"), text_of(value, "why"), text_of(value, "type"), texts(value["one_of"]), {}, {file, mark}};
    const auto [before, fresh] = out.facts.try_emplace(id, std::move(fact));
    if (!fresh) {
      const Source& first = before->second.source;
      errors.push_back(out.error({file, mark}, "the fact " + json_quoted(id) + " is already in " + out.files[first.file].path + " line " +
                                                   std::to_string(first.mark.line)));
    }
  }
}

// Words of another language for what is already read; `scheme` is null for knowledge/words.
void Reading::words(const Value& document, Scheme* scheme) {
  const auto stray = [&](const Value::Member& m, std::string_view what) {
    errors.push_back(
        out.error({file, m.mark}, "words for the " + std::string(what) + " " + json_quoted(m.name) + ", which does not exist"));
  };
  for (const auto& m : document["questions"].members()) {
    const auto at = out.questions.find(m.name);
    if (at == out.questions.end()) {
      stray(m, "question");
      continue;
    }
    at->second.ask_ja = text_of(m.value, "ask");
    at->second.why_ja = text_of(m.value, "why");
  }
  for (const auto& m : document["facts"].members()) {
    const auto at = out.facts.find(m.name);
    if (at == out.facts.end()) {
      stray(m, "fact");
      continue;
    }
    at->second.ask_ja = text_of(m.value, "ask");
  }
  for (const auto& m : document["requirements"].members()) {
    Requirement* requirement = nullptr;
    if (scheme != nullptr) {
      const auto at = std::ranges::find(scheme->requirements, m.name, &Requirement::id);
      if (at != scheme->requirements.end()) requirement = &*at;
    }
    if (requirement == nullptr) {
      stray(m, "requirement");
      continue;
    }
    requirement->title_ja = text_of(m.value, "title");
  }
}

void Reading::moves(const Value& document, Scheme& scheme) {
  scheme.moved_from = text_of(document, "from");
  for (const Value& value : document["moves"].items()) {
    Move move{text_of(value, "to"), text_of(value, "change"), text_of(value, "note"), texts(value["from"]), false, at(value)};
    const bool same = move.change == "unchanged" || move.change == "renumbered";
    move.keeps = value.has("keeps") ? value["keeps"].boolean() : same;
    scheme.moves.push_back(std::move(move));
  }
  for (const Value& value : document["dropped"].items()) scheme.dropped.emplace_back(text_of(value, "from"), text_of(value, "note"));
}

void Reading::trees(const Value& document, Scheme& scheme) {
  for (const Value& value : document["trees"].items()) {
    Tree tree;
    tree.id = text_of(value, "id");
    tree.title = text_of(value, "title");
    tree.subject = text_of(value, "subject");
    tree.source = at(value);
    tree.variant_of = text_of(value, "variant_of");
    tree.part_of = text_of(value, "part_of");
    tree.continues_unit = text_of(value["continues"], "unit");
    tree.continues_through = text_of(value["continues"], "through");
    const auto& nodes = value["nodes"].members();
    const auto branch = [&](const Value& to) {
      Branch b;
      const std::string text = to.scalar_text();
      const auto node = std::ranges::find(nodes, text, [](const Value::Member& m) { return m.name; });
      if (node != nodes.end()) {
        b.node = static_cast<std::size_t>(node - nodes.begin());
      } else {
        b.end = text;
        const bool goes_on = text == "continued" && !tree.continues_unit.empty();
        if (text != "pass" && text != "fail" && text != "not-applicable" && !goes_on) {
          wrong(to, "tree " + json_quoted(tree.id) + " has no node " + json_quoted(text) + "; the ends are pass, fail, not-applicable" +
                        (text == "continued" ? ", and continued where the tree says what it `continues`" : ""));
          b.end = "fail";
        }
      }
      return b;
    };
    for (const auto& node : nodes) {
      Node n;
      n.id = node.name;
      n.question_id = text_of(node.value, "question");
      n.yes = branch(node.value["yes"]);
      n.no = branch(node.value["no"]);
      n.source = {file, node.mark};
      tree.nodes.push_back(std::move(n));
    }
    const Branch start = branch(value["start"]);
    if (!start.end.empty()) wrong(value["start"], "a tree starts with a node");
    tree.start = start.node;
    if (tree.nodes.empty()) continue;
    if (!scheme.trees.try_emplace(tree.id, tree).second) wrong(value, "tree " + json_quoted(tree.id) + " is there twice");
  }
}

Unit Reading::unit(const Value& value) {
  Unit u;
  u.id = text_of(value, "id");
  u.title = text_of(value, "title");
  u.question_id = text_of(value, "question");
  if (value.has("pass_on")) u.pass_on = text_of(value, "pass_on");
  u.tree_id = text_of(value, "tree");
  u.variant_ids = texts(value["variants"]);
  u.inherits = texts(value["inherits"]);
  if (value.has("relation")) u.relation = text_of(value, "relation");
  u.sufficient = text_of(value, "sufficient");
  u.refutes = text_of(value, "refutes");
  u.on_none = text_of(value, "on_none");
  u.where = where(value["where"]);
  for (const Value& gate : value["gates"].items()) u.gates.push_back({text_of(gate, "after"), text_of(gate, "through"), at(gate)});
  u.origin = text_of(value, "source");
  u.confidence = confidence_of(value);
  u.source = at(value);
  const int ways = int{!u.question_id.empty()} + int{!u.tree_id.empty()} + int{!u.variant_ids.empty()} + int{!u.inherits.empty()};
  if (ways != 1) wrong(value, "unit " + json_quoted(u.id) + " must say exactly one of question, tree, variants, inherits");
  return u;
}

void Reading::requirements(const Value& document, Scheme& scheme) {
  for (const Value& value : document["requirements"].items()) {
    Requirement r;
    r.id = text_of(value, "id");
    r.title = text_of(value, "title");
    r.text = text_of(value, "text");
    r.status = text_of(value, "status");
    r.printed = text_of(value, "printed");
    r.origin = text_of(value, "source");
    r.conditions = texts(value["conditions"]);
    r.level = text_of(value, "level");
    r.choose_route = value["choose_route"].boolean();
    for (const Value& i : value["information"].items()) {
      r.information.push_back({text_of(i, "id"), text_of(i, "title"), text_of(i, "table"), text_of(i, "field"), text_of(i, "fact"),
                               where(i["where"]), text_of(i["if"], "node"), text_of(i["if"], "answer"), at(i)});
    }
    r.confidence = confidence_of(value);
    r.source = at(value);
    for (const Value& route : value["routes"].items())
      r.routes.push_back({text_of(route, "id"), text_of(route, "title"), text_of(route, "source")});
    for (const Value& a : value["assessments"].items()) {
      AssessmentEntry assessment{text_of(a, "id"), text_of(a, "kind"), text_of(a, "route"), {}, at(a)};
      for (const Value& u : a["units"].items()) assessment.units.push_back(unit(u));
      r.assessments.push_back(std::move(assessment));
    }
    scheme.requirements.push_back(std::move(r));
  }
}

void Reading::cases(const Value& document, Scheme& scheme) {
  for (const Value& value : document["cases"].items()) {
    SchemeCase c;
    c.id = text_of(value, "id");
    c.origin = text_of(value, "origin");
    c.date = text_of(value, "date");
    c.product = value["product"];
    c.evidence = value["evidence"].items();
    c.observations = value["observations"].items();
    c.answers = value["answers"].items();
    c.disposals = value["disposals"].items();
    c.confirmations = value["confirmations"].items();
    c.closing = value["closing"].boolean();
    c.source = at(value);
    for (const auto& e : value["expect"].members()) c.expect.emplace_back(e.name, e.value.scalar_text());
    scheme.cases.push_back(std::move(c));
  }
}

}  // namespace assay::assess
