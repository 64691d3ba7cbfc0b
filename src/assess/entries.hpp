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
  std::vector<std::pair<std::string, Matcher>> row;       // what a row that names it cannot deny
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

// One fact of product.yaml `properties`, asked once for all schemes.
struct Fact {
  std::string id, ask, why, type;  // boolean | text | date | integer | words | list
  std::vector<std::string> one_of;
  std::string ask_ja;
  Source source;
};

// Whether a value of product.yaml `properties` is of the fact's type, and one of its words where it has a list.
bool fits(const Fact& fact, const Value& value);

struct Question {
  std::string id, ask, why, subject, state, interface, remedy, origin;
  std::string ask_ja, why_ja;
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
  std::string end;  // pass | fail | not-applicable | continued, or empty
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
  std::string variant_of{}, part_of{};                // trees of the same requirement that are not counted
  std::string continues_unit{}, continues_through{};  // where the end `continued` leads
};

// An instance enters a unit only after another unit passed it, or those its cell `through` names.
struct Gate {
  std::string after, through;
  Source source;
};

// A piece of documentation the publisher prescribes (E.Info of EN 18031): a cell of a table, or a fact.
struct Information {
  std::string id, title, table, field, fact;
  std::vector<std::pair<std::string, Matcher>> where;
  std::string node, answer;  // only where the walk gave that answer at that node
  Source source;
};

struct Unit {
  std::string id, title;
  std::string question_id, pass_on = "yes";
  std::string tree_id;
  std::vector<std::string> variant_ids;
  std::vector<std::string> inherits;
  std::string relation = "equal", sufficient, refutes;
  std::string on_none;
  std::vector<std::pair<std::string, Matcher>> where;
  std::vector<Gate> gates;
  bool is_gate = false;  // another unit waits for it
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
  std::string id, title, text, status, printed, origin, level, title_ja;
  std::vector<std::string> conditions;
  std::vector<Information> information;
  bool choose_route = false;  // none of the routes is taken for granted
  std::vector<Route> routes;
  std::vector<AssessmentEntry> assessments;
  Confidence confidence = Confidence::confirmed;
  Source source;
};

struct SchemeCondition {
  std::string id, title, question_id, origin, reason;
  const Question* question = nullptr;
  Confidence confidence = Confidence::confirmed;
  Source source;
};

struct ScopeRule {
  std::string id, article, why, note;
  Condition when;
  Source source;
};
struct ScopeRules {
  std::vector<ScopeRule> include, exclude;
  std::vector<std::string> notes;
  std::string in_force, until;  // days of placing on the market; empty: open
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

// A level of a label, in rising order.
struct Level {
  std::string id, title, state, note, origin;
  std::vector<std::string> categories;
  Confidence confidence = Confidence::confirmed;
  Source source;
};

// What is applied for or declared under a scheme. A negative fee or number of days is not known.
struct Application {
  std::string id, title, level, currency, valid, note, origin, from;
  std::string grants, grants_level, needs;  // standards, as certificate-of observations name them
  double fee = -1, days = -1;
  bool mandatory = false, lab = false;
  std::vector<Condition> when;  // one, or none: open to every product in scope
  Confidence confidence = Confidence::confirmed;
  Source source;
};

// What became of a requirement of the edition before.
struct Move {
  std::string to, change, note;
  std::vector<std::string> from;
  bool keeps = false;  // the old ICS entry and reason stand for the new one
  Source source;
};

// What an id inside a scheme leads to; the parts not set are null.
struct Entry {
  const Requirement* requirement = nullptr;
  const AssessmentEntry* assessment = nullptr;
  const Unit* unit = nullptr;
};

struct Scheme {
  std::string id;    // the folder: "en-303-645", and "en-303-645@3.1.3" for another edition
  std::string base;  // without the edition
  std::string edition, title, publisher, combine = "roll-up", claim, level;
  std::vector<Level> levels;
  std::vector<Application> applications;
  std::string moved_from;  // scheme folder of the edition before
  std::vector<Move> moves;
  std::vector<std::pair<std::string, std::string>> dropped;  // id in the edition before, and why
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
  const Move* move_to(std::string_view requirement) const;
  // Place of a level in rising order, or the number of levels where there is none of that name.
  std::size_t rank(std::string_view level) const;
};

// A granted label, certificate or signed declaration that counts as a verdict elsewhere.
struct Recognition {
  std::string id, standard, edition, level;
  bool undated = false;   // papers of this standard carry no end date
  bool suffices = false;  // no application of the scheme's own is needed beside it
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
  std::map<std::string, Fact, std::less<>> facts;
  std::map<std::string, Question, std::less<>> questions;
  std::map<std::string, Scheme, std::less<>> schemes;
  std::vector<Recognition> recognitions;
  std::string digest;

  const Question* question(std::string_view id) const;
  const Subject* subject(std::string_view id) const;
  const Fact* fact(std::string_view id) const;
  const Scheme* scheme(std::string_view id) const;
  // "<scheme>/<id>", or "<id>" within `from`; null parts when there is none.
  std::pair<const Scheme*, const Entry*> find(const Scheme& from, std::string_view reference) const;
  // The scheme that "<scheme>/*" means as a whole; null for any other reference.
  const Scheme* whole(std::string_view reference) const;
  Error error(const Source& at, std::string what) const;
};

}  // namespace assay::assess
