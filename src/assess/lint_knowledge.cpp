// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "assess/linting.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "model/product.hpp"

namespace assay::assess {
namespace {

bool is_field(const Kind& kind, std::string_view name) {
  return name.starts_with("at.") || name == "by" || name == "kind" || kind.field(name) != nullptr;
}

std::vector<std::string> template_fields(std::string_view text) {
  std::vector<std::string> out;
  while (true) {
    const auto open = text.find('{');
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) return out;
    out.emplace_back(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

void lint_kinds(Lint& lint) {
  for (const auto& [id, kind] : lint.catalogue.kinds) {
    for (const auto* list : {&kind.identity, &kind.exclusive}) {
      for (const std::string& field : *list) {
        if (!is_field(kind, field)) lint.say(kind.source, id + " has no field " + json_quoted(field));
      }
    }
    for (const std::string& field : kind.exclusive) {
      if (std::ranges::find(kind.identity, field) != kind.identity.end())
        lint.say(kind.source, id + "." + field + " cannot both name and differ");
    }
  }
}

void lint_subjects(Lint& lint) {
  const auto tables = ixit_tables();
  for (const auto& [id, subject] : lint.catalogue.subjects) {
    const bool table = std::ranges::find(tables, id) != tables.end();
    if (!table && !subject.single) lint.unknown(subject.source, "IXIT table", id, tables);
    for (const std::string& check : subject.checks) {
      if (!lint.catalogue.checks.contains(check))
        lint.say(subject.source, id + " names the check " + json_quoted(check) + ", which is none");
    }
    for (const Sighting& sighting : subject.observed) {
      const auto kind = lint.catalogue.kinds.find(sighting.kind);
      if (kind == lint.catalogue.kinds.end()) {
        lint.say(subject.source, "there is no observation kind " + json_quoted(sighting.kind));
        continue;
      }
      const auto cells = ixit_fields(id);
      for (const auto& [field, matcher] : sighting.row) {
        if (std::ranges::find(cells, field) == cells.end()) lint.unknown(subject.source, "field of " + id, field, cells);
      }
      std::vector<std::string> used = template_fields(sighting.id);
      for (const auto& [field, matcher] : sighting.where) used.push_back(field);
      for (const auto& [key, field] : sighting.keys) used.push_back(field);
      for (const std::string& field : used) {
        if (!is_field(kind->second, field)) lint.say(subject.source, sighting.kind + " has no field " + json_quoted(field));
      }
    }
  }
}

// A verdict must never get better because a check did not run: what speaks against the product rests on something seen or said.
void lint_refutation(Lint& lint, const Rule& rule) {
  for_each(rule.when, [&](const Condition& c, bool negated) {
    const bool observing = c.kind == Condition::Kind::seen || c.kind == Condition::Kind::undeclared;
    if (c.kind != Condition::Kind::none && c.covered.empty() && !(observing && negated)) return;
    lint.say({rule.source.file, c.mark}, "a rule against the product must rest on something seen, not on coverage: " + c.to_text());
  });
}

void lint_because(Lint& lint, const Question& question, const Rule& rule) {
  for (const std::string& field : template_fields(rule.because)) {
    bool known = false;
    for_each(rule.when, [&](const Condition& c, bool) {
      if (c.kind == Condition::Kind::seen || c.kind == Condition::Kind::none) {
        const auto kind = lint.catalogue.kinds.find(c.name);
        known = known || (kind != lint.catalogue.kinds.end() && is_field(kind->second, field));
      }
      if (c.kind == Condition::Kind::undeclared) {
        if (const Subject* subject = lint.catalogue.subject(c.name)) {
          for (const Sighting& s : subject->observed) {
            const auto kind = lint.catalogue.kinds.find(s.kind);
            known = known || (kind != lint.catalogue.kinds.end() && is_field(kind->second, field));
          }
        }
      }
      if (c.kind == Condition::Kind::declared) {
        const auto fields = ixit_fields(c.name);
        known = known || std::ranges::find(fields, field) != fields.end();
      }
    });
    if (const Subject* subject = lint.catalogue.subject(question.subject)) {
      const auto fields = subject->single ? std::vector<std::string_view>{} : ixit_fields(question.subject);
      known = known || field == "id" || std::ranges::find(fields, field) != fields.end();
    }
    if (!known) lint.say(rule.source, "nothing that the rule finds has the field {" + field + "}");
  }
}

void lint_question(Lint& lint, const Question& q) {
  if (lint.catalogue.subject(q.subject) == nullptr) {
    std::vector<std::string_view> known;
    for (const auto& [id, subject] : lint.catalogue.subjects) known.push_back(id);
    lint.unknown(q.source, "subject", q.subject, known);
  }
  for (const Rule& rule : q.rules) {
    lint_condition(lint, rule.when, rule.source, q.subject);
    lint_because(lint, q, rule);
    if (rule.answer != q.good) lint_refutation(lint, rule);
  }
  const bool refutes = std::ranges::any_of(q.rules, [&](const Rule& rule) { return rule.answer == q.bad(); });
  if (refutes && !q.may_give(q.bad())) lint.say(q.source, q.id + " has rules against the product that its `machine` does not let count");
  for (const Value& way : q.settle) {
    const Source at{q.source.file, way.mark};
    const std::string kind = way["kind"].scalar_text();
    const bool by_observation = way["by"].text() == "observation";
    if (by_observation && kind.empty()) lint.say(at, "to settle by observation needs its `kind`");
    if (!kind.empty() && !lint.catalogue.kinds.contains(kind)) lint.say(at, "there is no observation kind " + json_quoted(kind));
    if (way["by"].text() == "answer" && q.person == "no") lint.say(at, "a person's answer cannot settle what no person may answer");
  }
}

// One wording for two questions means that one of them says too little.
void lint_wording(Lint& lint, std::string Question::*text, std::string_view name) {
  std::map<std::string, const Question*> first;
  for (const auto& [id, question] : lint.catalogue.questions) {
    std::string plain;
    const std::string lower = to_lower(question.*text);
    for (const std::string_view word : words(lower)) plain += std::string(word) + " ";
    const auto [before, fresh] = first.try_emplace(plain, &question);
    if (!fresh) lint.say(question.source, id + " has the same `" + std::string(name) + "` as " + before->second->id);
  }
}

// Where a catalogue speaks Japanese at all, all that people are asked has its Japanese words, and so have the rows of Japan's schemes.
void lint_japanese(Lint& lint) {
  const bool speaks =
      std::ranges::any_of(lint.catalogue.files, [](const CatalogueFile& f) { return f.path.find("words/ja") != std::string::npos; });
  if (!speaks) return;
  for (const auto& [id, question] : lint.catalogue.questions) {
    if (question.ask_ja.empty()) lint.say(question.source, "the question " + id + " has no Japanese words in knowledge/words/ja");
  }
  for (const auto& [id, fact] : lint.catalogue.facts) {
    if (fact.ask_ja.empty()) lint.say(fact.source, "the fact " + id + " has no Japanese words in knowledge/words/ja");
  }
  for (const auto& [id, scheme] : lint.catalogue.schemes) {
    if (std::ranges::find(scheme.markets, "jp") == scheme.markets.end()) continue;
    for (const Requirement& requirement : scheme.requirements) {
      if (requirement.title_ja.empty())
        lint.say(requirement.source, "the requirement " + requirement.id + " has no Japanese title in schemes/" + id + "/words/ja.yaml");
    }
  }
}

}  // namespace

void lint_knowledge(Lint& lint) {
  lint_kinds(lint);
  lint_subjects(lint);
  for (const auto& [id, question] : lint.catalogue.questions) lint_question(lint, question);
  lint_japanese(lint);
  lint_wording(lint, &Question::ask, "ask");
  lint_wording(lint, &Question::remedy, "remedy");
}

}  // namespace assay::assess
