// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "assess/catalogue.hpp"
#include "assess/condition.hpp"
#include "model/verdict.hpp"

namespace assay::assess {

// Where an entry stands: index into Catalogue::files, line and column.
struct Source {
  std::size_t file = 0;
  Mark mark{};
};

struct Field {
  std::string name;
  std::string type;  // text | integer | number | boolean
  std::vector<std::string> one_of;
};

struct Kind {
  std::string id, about;
  std::vector<Field> fields;
  std::vector<std::string> identity, exclusive;
  Source source;
  const Field* field(std::string_view name) const;
};

struct Check {
  std::string id, evidence, scope, about;
  Source source;
};

// Observations that make instances of a subject.
struct Sighting {
  std::string kind;
  std::vector<std::pair<std::string, Matcher>> where;
  std::string id;                                         // template: "account {user}"
  std::vector<std::pair<std::string, std::string>> keys;  // instance key -> field
};

struct Subject {
  std::string id, title;
  bool single = false;
  std::vector<Sighting> observed;
  std::vector<std::string> match;  // the first of these that row and observation both give decides whether the row names it
  std::vector<std::string> apart;  // where both give one of these and they differ, the row does not name it
  std::vector<std::string> checks;
  Source source;
};

struct Rule {
  std::string answer;  // yes | no
  std::string because;
  Condition when;
  Source source;
};

struct Question {
  std::string id, ask, why, subject, state, interface, remedy, origin;
  std::string good = "yes";
  std::vector<std::string> machine;  // answers a rule may give
  std::string person;                // yes | with-evidence | no
  std::vector<Rule> rules;
  std::vector<Value> settle;  // {by, kind, cost, what}, cheapest first
  Confidence confidence = Confidence::confirmed;
  Source source;
  bool needs_scheme = false;
  bool may_give(std::string_view answer) const;
  std::string_view bad() const { return good == "yes" ? "no" : "yes"; }
};

struct Branch {
  std::string end;  // pass | fail | not-applicable, or empty
  std::size_t node = 0;
};
struct Node {
  std::string id;
  const Question* question = nullptr;
  std::string question_id;
  Branch yes, no;
  Source source;
};
struct Tree {
  std::string id, title, subject;
  std::vector<Node> nodes;
  std::size_t start = 0;
  Source source;
};

struct Unit {
  std::string id, title;
  std::string question_id, pass_on = "yes";
  std::string tree_id;
  std::vector<std::string> variant_ids;
  std::vector<std::string> inherits;
  std::string relation = "equal", sufficient;
  std::string on_none;
  std::vector<std::pair<std::string, Matcher>> where;
  std::string origin;
  Confidence confidence = Confidence::confirmed;
  Source source;
  std::vector<Tree> own;           // a question unit as a tree of one node
  std::vector<const Tree*> trees;  // what is walked: one, or the variants
  std::string subject;
};

struct AssessmentEntry {
  std::string id, kind, route;
  std::vector<Unit> units;
  Source source;
};

struct Route {
  std::string id, title, origin;
};

struct Requirement {
  std::string id, title, text, status, printed, origin;
  std::vector<std::string> conditions;
  std::vector<Route> routes;
  std::vector<AssessmentEntry> assessments;
  Confidence confidence = Confidence::confirmed;
  Source source;
};

struct SchemeCondition {
  std::string id, title, question_id, origin;
  const Question* question = nullptr;
  Confidence confidence = Confidence::confirmed;
  Source source;
};

struct ScopeRule {
  std::string id, article, why;
  Condition when;
  Source source;
};
struct ScopeRules {
  std::vector<ScopeRule> include, exclude;
  std::map<std::string, std::string, std::less<>> facts;  // name -> question text
  std::string in_force;
  Source source;
};

struct SchemeCase {
  std::string id, origin, date;
  Value product;
  std::vector<Value> evidence, observations, answers, disposals, confirmations;
  std::vector<std::pair<std::string, std::string>> expect;
  bool closing = false;
  Source source;
};

// What an id inside a scheme leads to; the parts not set are null.
struct Entry {
  const Requirement* requirement = nullptr;
  const AssessmentEntry* assessment = nullptr;
  const Unit* unit = nullptr;
};

struct Scheme {
  std::string id, edition, title, publisher, combine = "roll-up";
  std::vector<std::string> markets, gaps;
  std::vector<std::pair<std::string, std::int64_t>> counts;
  bool complete = true;
  std::vector<SchemeCondition> conditions;
  ScopeRules scope;
  std::vector<Requirement> requirements;
  std::map<std::string, Tree, std::less<>> trees;
  Value case_product;
  std::vector<SchemeCase> cases;
  Source source;
  std::map<std::string, Entry, std::less<>> entries;  // requirements, assessments and units by id
  const SchemeCondition* condition(std::string_view id) const;
  const Entry* entry(std::string_view id) const;
};

// A granted label, certificate or signed declaration that counts as a verdict elsewhere.
struct Recognition {
  std::string id, standard, edition, level;
  bool undated = false;  // papers of this standard carry no end date
  std::string scheme;
  std::vector<std::string> requirements;  // empty: all of the scheme
  std::string in_force, origin, note;
  Confidence confidence = Confidence::confirmed;
  Source source;
};

class Catalogue {
 public:
  std::vector<CatalogueFile> files;  // sorted by path
  std::map<std::string, Kind, std::less<>> kinds;
  std::map<std::string, Check, std::less<>> checks;
  std::map<std::string, Subject, std::less<>> subjects;
  std::map<std::string, Question, std::less<>> questions;
  std::map<std::string, Scheme, std::less<>> schemes;
  std::vector<Recognition> recognitions;
  std::string digest;

  const Question* question(std::string_view id) const;
  const Subject* subject(std::string_view id) const;
  const Scheme* scheme(std::string_view id) const;
  // "<scheme>/<id>", or "<id>" within `from`; null parts when there is none.
  std::pair<const Scheme*, const Entry*> find(const Scheme& from, std::string_view reference) const;
  Error error(const Source& at, std::string what) const;
};

}  // namespace assay::assess
