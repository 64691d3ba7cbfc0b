// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "assess/entries.hpp"
#include "assess/grounds.hpp"
#include "assess/judge.hpp"

namespace assay::assess {
namespace {

// Scope asks the declaration only: no observation takes part.
struct Scoping {
  const Catalogue& catalogue;
  Examined examined;
  Inventories inventories;
  Evaluation evaluation;

  Scoping(const Catalogue& from, const Product& product, const Case& input)
      : catalogue(from),
        examined(from, input),
        inventories(from, product, examined),
        evaluation(from, product, examined, inventories, input.date) {}
};

void ask_value(const Scoping& scoping, const Scheme& scheme, const Condition& c, std::set<std::string>& asked, std::vector<Value>& out) {
  if (scoping.evaluation.evaluate(c, scoping.inventories.product(), &scheme, kFace).truth != Truth::unknown) return;
  if (!asked.insert(c.name).second) return;
  Value row = Value::object();
  row.set("fact", c.name);
  row.set("ask", "What is " + c.name + "? (a line of product.yaml, not of its properties)");
  out.push_back(std::move(row));
}

void ask_unknown(const Scheme& scheme, const Scoping& scoping, const Condition& when, std::set<std::string>& asked,
                 std::vector<Value>& out) {
  for_each(when, [&](const Condition& c, bool) {
    if (c.kind == Condition::Kind::value) {
      ask_value(scoping, scheme, c, asked, out);
      return;
    }
    if (c.kind != Condition::Kind::fact) return;
    if (scoping.evaluation.evaluate(c, scoping.inventories.product(), &scheme, kFace).truth != Truth::unknown) return;
    if (!asked.insert(c.name).second) return;
    Value row = Value::object();
    row.set("fact", c.name);
    const Fact* fact = scoping.catalogue.fact(c.name);
    row.set("ask", fact == nullptr ? "What is properties." + c.name + " of the product?" : fact->ask);
    if (fact != nullptr) {
      row.set_if("ja", fact->ask_ja);
      row.set("why", fact->why);
      row.set("type", fact->type);
      if (!fact->one_of.empty()) {
        Value words = Value::array();
        for (const std::string& word : fact->one_of) words.push(word);
        row.set("one_of", std::move(words));
      }
    }
    out.push_back(std::move(row));
  });
}

Truth in_market(const Scheme& scheme, const Product& product, std::string& market) {
  const auto sold = product.markets();
  if (scheme.markets.empty()) return Truth::yes;
  for (const std::string& m : scheme.markets) {
    if (std::ranges::find(sold, m) == sold.end()) continue;
    market = m;
    return Truth::yes;
  }
  market = scheme.markets.front();
  return sold.empty() ? Truth::unknown : Truth::no;
}

void settle(ScopeAnswer& out, std::string result, const ScopeRule& rule) {
  out.result = std::move(result);
  out.rule = rule.id;
  out.article = rule.article;
  out.why = rule.why;
  out.note = rule.note;
}

std::string_view text_of(Truth truth) {
  return truth == Truth::yes ? "yes" : truth == Truth::no ? "no" : "unknown";
}

ScopeAnswer scope_of(const Scheme& scheme, const Scoping& scoping, const Product& product, Day date) {
  ScopeAnswer out;
  out.scheme = scheme.id;
  out.base = scheme.base;
  out.edition = scheme.edition;
  out.notes = scheme.scope.notes;
  for (const auto* rules : {&scheme.scope.include, &scheme.scope.exclude}) {
    for (const ScopeRule& rule : *rules) {
      Value row = Value::object();
      row.set("id", rule.id);
      row.set("kind", rules == &scheme.scope.include ? "include" : "exclude");
      row.set("article", rule.article);
      row.set("truth", text_of(scoping.evaluation.evaluate(rule.when, scoping.inventories.product(), &scheme, kFace).truth));
      out.rules.push_back(std::move(row));
    }
  }
  const Truth sold = in_market(scheme, product, out.market);
  if (sold == Truth::no) {
    out.result = "does-not-apply";
    out.rule = "market";
    out.why = "The product is not placed on a market where this scheme matters.";
    return out;
  }
  const Day placed = parse_day(product.document()["dates"]["placed_on_market"].text()).value_or(date);
  if (const auto last = parse_day(scheme.scope.until); last && *last < placed) {
    out.result = "does-not-apply";
    out.rule = "until";
    out.why = "It applies to units placed on the market until " + scheme.scope.until + ".";
    return out;
  }
  if (const auto from = parse_day(scheme.scope.in_force); from && placed < *from) {
    out.result = "does-not-apply";
    out.rule = "in-force";
    out.why = "It applies to units placed on the market from " + scheme.scope.in_force + ".";
    return out;
  }
  const auto truth = [&](const ScopeRule& rule) {
    return scoping.evaluation.evaluate(rule.when, scoping.inventories.product(), &scheme, kFace).truth;
  };
  const ScopeRule* included = nullptr;
  const ScopeRule* open = nullptr;
  for (const ScopeRule& rule : scheme.scope.include) {
    const Truth t = truth(rule);
    if (t == Truth::yes && included == nullptr) included = &rule;
    if (t == Truth::unknown && open == nullptr) open = &rule;
  }
  const ScopeRule* doubtful = nullptr;
  for (const ScopeRule& rule : scheme.scope.exclude) {
    const Truth t = truth(rule);
    if (t == Truth::yes) {
      settle(out, "does-not-apply", rule);
      return out;
    }
    if (t == Truth::unknown && doubtful == nullptr) doubtful = &rule;
  }
  if (included == nullptr && open == nullptr && !scheme.scope.include.empty()) {
    settle(out, "does-not-apply", scheme.scope.include.front());
    out.why = "None of the rules that bring a product into scope holds.";
    return out;
  }
  if (included != nullptr && doubtful == nullptr && sold == Truth::yes) {
    settle(out, "applies", *included);
    return out;
  }
  std::set<std::string> asked;
  if (included == nullptr) {
    for (const ScopeRule& rule : scheme.scope.include) {
      if (truth(rule) == Truth::unknown) ask_unknown(scheme, scoping, rule.when, asked, out.asks);
    }
  }
  for (const ScopeRule& rule : scheme.scope.exclude) {
    if (truth(rule) == Truth::unknown) ask_unknown(scheme, scoping, rule.when, asked, out.asks);
  }
  if (sold == Truth::unknown) {
    Value row = Value::object();
    row.set("fact", "markets");
    row.set("ask", "On which markets is the product placed? (markets in product.yaml)");
    out.asks.push_back(std::move(row));
  }
  const ScopeRule* about = included == nullptr ? open : doubtful;
  if (about != nullptr) {
    settle(out, "unknown", *about);
  } else {
    out.result = "unknown";
    out.why = scheme.scope.include.empty() ? "The catalogue has no scope for this scheme." : "The product's markets are not given.";
  }
  return out;
}

}  // namespace

std::vector<ScopeAnswer> scope(const Catalogue& catalogue, const Product& product, Day date) {
  Case input;
  input.product = product;
  input.date = date;
  const Scoping scoping(catalogue, product, input);
  std::vector<ScopeAnswer> out;
  for (const auto& [id, scheme] : catalogue.schemes) out.push_back(scope_of(scheme, scoping, product, date));
  return out;
}

Value to_value(const ScopeAnswer& answer) {
  Value out = Value::object();
  out.set("scheme", answer.base);
  out.set("key", answer.scheme);
  out.set("edition", answer.edition);
  out.set("market", answer.market);
  out.set("result", answer.result);
  out.set("rule", answer.rule);
  out.set("article", answer.article);
  out.set("why", answer.why);
  out.set_if("note", answer.note);
  if (!answer.notes.empty()) {
    Value notes = Value::array();
    for (const std::string& note : answer.notes) notes.push(note);
    out.set("notes", std::move(notes));
  }
  Value asks = Value::array();
  for (const Value& ask : answer.asks) asks.push(ask);
  out.set("asks", std::move(asks));
  return out;
}

}  // namespace assay::assess
