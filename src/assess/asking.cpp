// SPDX-License-Identifier: Apache-2.0
#include "assess/asking.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace assay::assess {
namespace {

template <class T>
void add_new(std::vector<T>& to, const T& item) {
  if (std::ranges::find(to, item) == to.end()) to.push_back(item);
}

std::string said_by(const Answer& answer) {
  return answer.by.empty() ? std::string("A person") : printable(answer.by, 80);
}

}  // namespace

Asking::Asking(const Catalogue& catalogue, const Case& input)
    : examined_(catalogue, input),
      inventories_(catalogue, input.product, examined_),
      evaluation_(catalogue, input.product, examined_, inventories_, input.date) {}

const Asked& Asking::ask(const Question& question, const Instance& instance, const Scheme& scheme) {
  // A question about the product inside a tree over mechanisms has one answer, not one a mechanism.
  const Instance* about = question.subject == "product" ? &inventories_.product() : &instance;
  const auto key = std::make_tuple(&question, about, question.needs_scheme ? &scheme : nullptr);
  const auto at = asked_.find(key);
  if (at != asked_.end()) return at->second;
  return asked_.emplace(key, fresh(question, *about, scheme)).first->second;
}

bool Asking::cites_evidence(const Answer& answer) const {
  return !answer.evidence.empty() &&
         std::ranges::all_of(answer.evidence, [&](const std::string& id) { return examined_.holds_evidence(id); });
}

void Asking::note_borrowed(const Answer& answer, std::vector<BorrowedUse>& into) const {
  if (!answer.borrowed.empty())
    add_new(into, BorrowedUse{{}, answer.id, answer.borrowed.from, answer.borrowed.equivalence, answer.borrowed.by});
  for (const std::string& id : answer.evidence) examined_.note_borrowed(id, into);
}

const Answer* Asking::answer(std::string_view question, std::string_view instance, std::string* why_not) const {
  return answer_among(question, instance, {}, why_not);
}

const Answer* Asking::answer_among(std::string_view question, std::string_view instance, std::initializer_list<std::string_view> values,
                                   std::string* why_not) const {
  const Answer* own = nullptr;
  const Answer* general = nullptr;
  bool general_is_later = false;
  for (const Answer* a : examined_.answers(question)) {
    if (values.size() != 0 && std::ranges::find(values, a->value) == values.end()) continue;
    if (a->instance.empty()) {
      general = a;
      general_is_later = true;
    } else if (a->instance == instance) {
      own = a;
      general_is_later = false;
    }
  }
  if (own == nullptr || general == nullptr) return own == nullptr ? general : own;
  if (!general_is_later || own->value == general->value) return own;
  // Which of the two was meant cannot be told.
  if (why_not != nullptr)
    *why_not = "a later answer for all instances (" + general->id + ") differs from the one for this instance (" + own->id +
               "); answer again for this instance";
  return nullptr;
}

std::string Asking::words(const Held& held, const Instance& instance) const {
  std::string out;
  std::string_view text = held.rule->because;
  Value scratch;
  while (!text.empty()) {
    const auto open = text.find('{');
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) break;
    out += text.substr(0, open);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    std::string said;
    for (const Observation* o : held.grounds.observations) {
      const Value* value = field_of(*o, name, scratch);
      if (value != nullptr && said.empty()) said = value->scalar_text();
    }
    for (const Value* row : held.grounds.rows) {
      if (said.empty()) said = (*row)[name].scalar_text();
    }
    if (const auto* key = instance.key(name); said.empty() && key != nullptr && !key->empty()) said = key->front();
    out += said.empty() ? "?" : printable(said, 200);
    text.remove_prefix(close + 1);
  }
  return out + std::string(text);
}

void Asking::cite(const Held& held, Asked& asked) const {
  bool borrowed = false;
  for (const Observation* o : held.grounds.observations) {
    add_new(asked.step.observations, o->id);
    borrowed = examined_.note_borrowed(o->evidence, asked.step.borrowed) || borrowed;
    // That a check ran is no sight of anything.
    asked.seen = asked.seen || o->kind != "coverage";
  }
  for (const std::string& place : held.grounds.declared) add_new(asked.step.declared, place);
  const bool document = !held.grounds.declared.empty() ||
                        std::ranges::any_of(held.grounds.observations, [&](const Observation* o) { return examined_.is_document(*o); });
  // That the other variant is the same in this, a person states: it is no machine's finding, nor does it say what that finding says.
  asked.step.basis = std::max(asked.step.basis, document || borrowed ? Basis::document : Basis::machine);
  asked.confirmed_by_person = asked.confirmed_by_person || document;
  const std::string said = words(held, *asked.instance);
  if (asked.step.because.find(said) == std::string::npos) asked.step.because += (asked.step.because.empty() ? "" : " ") + said;
}

// Rules that may give their answer decide. Where a rule for the other answer holds as well, or where what a rule found is itself
// contradicted, the observations conflict.
void Asking::by_rules(const std::vector<Held>& held, Asked& asked) const {
  const Question& question = *asked.question;
  bool doubtful = false;
  bool holds_yes = false;
  bool holds_no = false;
  for (const Held& h : held) {
    const bool gives = question.may_give(h.rule->answer);
    const bool yes = h.rule->answer == "yes";
    (yes ? holds_yes : holds_no) = true;
    if (gives) (yes ? asked.rule_yes : asked.rule_no) = true;
  }
  // One clean rule is enough for its answer; another one for the same answer that is in doubt takes nothing away.
  for (const std::string_view answer : {"yes", "no"}) {
    const bool given = answer == "yes" ? asked.rule_yes : asked.rule_no;
    const bool clean =
        std::ranges::any_of(held, [&](const Held& h) { return h.rule->answer == answer && question.may_give(answer) && h.clean; });
    doubtful = doubtful || (given && !clean);
  }
  const bool conflict = doubtful || (holds_yes && holds_no);
  asked.state = conflict ? Asked::State::conflict : asked.rule_yes ? Asked::State::yes : Asked::State::no;
  Contradiction contradiction{question.id, asked.instance->id, {}, {}, {}, {}};
  for (const Held& h : held) {
    if (conflict || question.may_give(h.rule->answer)) cite(h, asked);
    if (!conflict) continue;
    contradiction.says += (contradiction.says.empty() ? "" : " ") + h.rule->answer + ": " + words(h, *asked.instance);
    for (const Observation* o : h.grounds.observations) {
      add_new(contradiction.observations, o->id);
      for (const std::string& rival : examined_.rivals(*o)) {
        add_new(asked.rivals, rival);
        add_new(contradiction.observations, rival);
      }
    }
    for (const std::string& place : h.grounds.declared) add_new(contradiction.declared, place);
  }
  if (!conflict) return;
  if (asked.rivals.empty()) asked.rivals = contradiction.observations;
  asked.step.reasons.push_back(doubtful ? "observations of the same thing contradict one another"
                                        : "what was found speaks for both answers");
  asked.contradictions.push_back(std::move(contradiction));
}

void Asking::by_person(const Question& question, const Instance& instance, Asked& asked) const {
  std::string why_not;
  const Answer* answer = this->answer(question.id, instance.id, &why_not);
  if (!why_not.empty()) asked.step.reasons.push_back(why_not);
  if (answer == nullptr || (answer->value != "yes" && answer->value != "no")) return;
  const bool cited = cites_evidence(*answer);
  const bool counts = question.person == "yes" || (question.person == "with-evidence" && cited);
  const Basis basis = cited ? Basis::document : Basis::attested;
  const bool ruled = asked.state != Asked::State::unknown;
  if (ruled) {
    const bool agrees =
        (asked.state == Asked::State::yes && answer->value == "yes") || (asked.state == Asked::State::no && answer->value == "no");
    if (agrees && counts) {
      asked.step.answers.push_back(answer->id);
      asked.reasoned = !says_nothing(answer->note);
      note_borrowed(*answer, asked.step.borrowed);
      if (!asked.confirmed_by_person) asked.step.basis = std::max(asked.step.basis, basis);
      asked.confirmed_by_person = true;
    }
    if (agrees || asked.state == Asked::State::conflict) return;
    const std::string found = asked.state == Asked::State::yes ? "yes" : "no";
    asked.contradictions.push_back({question.id,
                                    instance.id,
                                    said_by(*answer) + " answers " + answer->value + "; found was " + found + ": " + asked.step.because,
                                    asked.step.observations,
                                    {answer->id},
                                    asked.step.declared});
    return;
  }
  if (!counts) {
    asked.step.supports.push_back(answer->value + ": " + answer->id);
    asked.step.reasons.push_back(question.person == "no" ? "a person's answer does not count for this question"
                                                         : "the answer " + answer->id + " cites no evidence that is held for this version");
    return;
  }
  asked.state = answer->value == "yes" ? Asked::State::yes : Asked::State::no;
  asked.step.basis = basis;
  asked.step.because = answer->note;
  asked.step.answers.push_back(answer->id);
  asked.reasoned = !says_nothing(answer->note);
  note_borrowed(*answer, asked.step.borrowed);
  asked.confirmed_by_person = true;
  asked.step.reasons.clear();
  contradict_borrowed(*answer, asked);
}

// Answered here otherwise than for the other variant: the own answer counts, and that the two are not the same in this is shown.
void Asking::contradict_borrowed(const Answer& answer, Asked& asked) const {
  if (!answer.borrowed.empty()) return;
  for (const Answer* other : examined_.answers(answer.question)) {
    if (other->borrowed.empty() || other->instance != answer.instance || other->value == answer.value) continue;
    asked.contradictions.push_back({answer.question,
                                    asked.instance->id,
                                    said_by(answer) + " answers " + answer.value + "; " + said_by(*other) + " answered " + other->value +
                                        " for " + printable(other->borrowed.from, 80) + ", which the equivalence " +
                                        printable(other->borrowed.equivalence, 80) + " calls the same.",
                                    {},
                                    {answer.id, other->id},
                                    {}});
  }
}

Asked Asking::fresh(const Question& question, const Instance& instance, const Scheme& scheme) const {
  Asked asked;
  asked.question = &question;
  asked.instance = &instance;
  asked.step.question = question.id;
  std::vector<Held> held;
  bool given = false;
  for (const Rule& rule : question.rules) {
    const bool against = rule.answer != question.good;
    Grounds grounds = evaluation_.evaluate(rule.when, instance, &scheme, {false, against});
    const bool gives = question.may_give(rule.answer);
    if (grounds.truth == Truth::yes) {
      const bool clean = !evaluation_.touches_contested(rule.when) ||
                         evaluation_.evaluate(rule.when, instance, &scheme, {true, against}).truth == Truth::yes;
      given = given || gives;
      held.push_back({&rule, std::move(grounds), clean});
    } else if (grounds.truth == Truth::unknown && gives) {
      for (const std::string& reason : grounds.reasons) add_new(asked.step.reasons, reason);
    }
  }
  for (const Held& h : held) {
    if (question.may_give(h.rule->answer)) continue;
    std::string support = h.rule->answer + ": " + words(h, instance);
    for (const Observation* o : h.grounds.observations) support += " " + o->id;
    asked.step.supports.push_back(std::move(support));
  }
  if (given) {
    asked.step.reasons.clear();
    by_rules(held, asked);
  }
  by_person(question, instance, asked);
  switch (asked.state) {
    case Asked::State::yes: asked.step.answer = "yes"; break;
    case Asked::State::no: asked.step.answer = "no"; break;
    case Asked::State::conflict: asked.step.answer = "conflict"; break;
    case Asked::State::unknown: asked.step.answer = "unknown"; break;
  }
  return asked;
}

Owed Asking::owed(const Asked& asked) const {
  const Question& question = *asked.question;
  Owed out;
  out.question = question.id;
  if (asked.instance->id != "product") out.instance = asked.instance->id;
  out.ask = question.ask;
  if (asked.state == Asked::State::conflict) {
    std::string ids;
    for (const std::string& id : asked.rivals) ids += (ids.empty() ? "" : ", ") + id;
    out.kind = "observation";
    out.cost = 10;
    out.what = ids.empty() ? "Correct the declaration: it speaks for both answers."
                           : "These contradict one another or the declaration; examine again, and dispose of what is false: " + ids + ".";
    return out;
  }
  Ways& ways = ways_[&question];
  if (ways.empty()) {
    std::vector<Value> list;
    for (const Value& way : question.settle) {
      if (way["by"].text() != "answer" || question.person != "no") list.push_back(way);
    }
    if (list.empty()) {
      Value way = Value::object();
      way.set("by", "observation");
      way.set("cost", 0);
      list.push_back(std::move(way));
    }
    ways = Ways(std::move(list));
  }
  out.settle = ways;
  const Value& cheapest = out.settle.front();
  out.kind = cheapest["by"].text();
  out.cost = static_cast<int>(cheapest["cost"].integer());
  out.what = cheapest["what"].text();
  return out;
}

}  // namespace assay::assess
