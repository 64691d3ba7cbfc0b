// SPDX-License-Identifier: Apache-2.0
#include "cli/interview.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "office/importing.hpp"

namespace assay::cli {
namespace {

std::string joined(const std::vector<std::string>& list, std::string_view between) {
  std::string out;
  for (const std::string& s : list) out += (out.empty() ? "" : std::string(between)) + s;
  return out;
}

std::string head_of(const paper::AskedRow& row) {
  std::string out = "settles " + std::to_string(row.rows) + (row.rows == 1 ? " row" : " rows");
  if (row.cost > 0) out += ", about " + std::to_string(row.cost) + " min";
  return out;
}

std::string key_of(const paper::AskedRow& row) {
  return row.kind + "\n" + row.question + "\n" + row.instance;
}

std::string form_of(const paper::AskedFact& fact) {
  if (fact.type == "list") return "some of, with commas: " + joined(fact.one_of, ", ");
  if (fact.type == "words") return "one of: " + joined(fact.one_of, ", ");
  if (fact.type == "date") return "a day like 2026-05-01";
  if (fact.type == "integer") return "a number";
  if (fact.type == "text") return "text";
  return "yes or no";
}

void show_fact(Terminal& t, const paper::AskedFact& fact) {
  t.paragraph(fact.ask, 2);
  if (!fact.why.empty()) t.paragraph("Why: " + fact.why, 2);
  t.paragraph("Decides on: " + joined(fact.schemes, ", "), 2);
  t.paragraph("Answer: " + form_of(fact) + " (properties." + fact.id + ")", 2);
}

void show_body(Terminal& t, const paper::AskedRow& row) {
  if (!row.instance.empty()) t.paragraph("For: " + printable(row.instance, 200), 2);
  t.paragraph(printable(row.ask, 800), 2);
  if (!row.why.empty()) t.paragraph("Why: " + row.why, 2);
  t.paragraph("Settles: " + paper::by_scheme(row.requirements, "; "), 2);
  const std::string how = paper::ways(row, false);
  for (const std::string_view way : split(how, '\n')) {
    if (!way.empty()) t.paragraph(printable(way, 800), 2);
  }
}

}  // namespace

void show_questionnaire(Terminal& t, const paper::Questionnaire& q) {
  t.line(t.bold(printable(q.product, 120)) + ", software " + printable(q.version, 40) + ": " + std::to_string(q.facts.size()) + " facts, " +
         std::to_string(q.questions.size()) + " questions, " + std::to_string(q.statements.size()) + " statements owed");
  for (const paper::AskedFact& f : q.facts) {
    t.line();
    t.line(t.bold("fact " + f.id));
    show_fact(t, f);
  }
  for (const auto* rows : {&q.questions, &q.statements}) {
    for (const paper::AskedRow& row : *rows) {
      t.line();
      t.line(t.bold((rows == &q.questions ? "" : row.kind + " ") + row.question) + "  " + head_of(row));
      show_body(t, row);
    }
  }
}

Interview::Interview(const Common& common, const QuestionsOptions& options, office::Desk& desk, std::string directory)
    : common_(common), options_(options), desk_(desk), directory_(std::move(directory)), by_(options.by) {}

bool Interview::line(std::string_view prompt, std::string& out) {
  std::cout << prompt << std::flush;
  if (!std::getline(std::cin, out)) return false;
  out = std::string(trim(out));
  return true;
}

Result<paper::Questionnaire> Interview::gather() {
  TRY(const office::Question question, question_of(common_, options_.schemes));
  TRY(const assess::Case input, desk_.case_now(question));
  return office::questionnaire(desk_.catalogue(), input, assess::judge(desk_.catalogue(), input), options_.language);
}

int Interview::run() {
  Terminal& t = *common_.terminal;
  if (by_.empty()) {
    const std::string user = office::user_name();
    if (!line("Who answers? [" + user + "] ", by_)) return 0;
    if (by_.empty()) by_ = user;
  }
  t.line("y yes · n no · s or Enter skip · e FILE evidence · t TEXT note · q quit");
  if (facts() == Next::go_on && questions() == Next::go_on) static_cast<void>(statements());
  const auto left = gather();
  t.line();
  if (!left) return complain(common_, left.error());
  t.line("Recorded " + std::to_string(recorded_) + (recorded_ == 1 ? " answer. " : " answers. ") + std::to_string(left->facts.size()) +
         " facts, " + std::to_string(left->questions.size()) + " questions and " + std::to_string(left->statements.size()) +
         " statements are still owed.");
  return 0;
}

// Each answer may bring others into scope or out of it, so what is owed is asked again after each.
Interview::Next Interview::facts() {
  std::size_t at = 0;
  while (true) {
    const auto q = gather();
    if (!q) {
      complain(common_, q.error());
      return Next::quit;
    }
    const auto fact = std::ranges::find_if(q->facts, [&](const paper::AskedFact& f) { return !passed_.contains("fact " + f.id); });
    if (fact == q->facts.end()) return Next::go_on;
    const auto left = static_cast<std::size_t>(
        std::ranges::count_if(q->facts, [&](const paper::AskedFact& f) { return !passed_.contains("fact " + f.id); }));
    ++at;
    if (ask_fact(*fact, at, at + left - 1) == Next::quit) return Next::quit;
  }
}

Interview::Next Interview::ask_fact(const paper::AskedFact& fact, std::size_t at, std::size_t of) {
  Terminal& t = *common_.terminal;
  passed_.insert("fact " + fact.id);
  t.line();
  t.line(t.bold("Fact " + std::to_string(at) + " of " + std::to_string(of) + "  " + fact.id));
  show_fact(t, fact);
  std::string typed;
  while (line("  > ", typed)) {
    if (typed == "q" || typed == "quit") return Next::quit;
    if (typed.empty() || typed == "s" || typed == "skip") return Next::go_on;
    Value form = Value::object();
    form.set("type", fact.type);
    Value words = Value::array();
    for (const std::string& w : fact.one_of) words.push(w);
    form.set("one_of", std::move(words));
    const auto value = office::fact_value(form, typed);
    if (!value) {
      t.error(value.error().what);
      continue;
    }
    const auto kept = office::set_fact(directory_ + "/product.yaml", fact.id, *value);
    if (!kept) {
      complain(common_, kept.error());
      return Next::quit;
    }
    office::Desk again;
    if (const auto errors = office::Desk::open(directory_, common_.catalogue, again); !errors.empty()) {
      complain(common_, errors);
      return Next::quit;
    }
    desk_ = std::move(again);
    ++recorded_;
    t.line("  Written to product.yaml.");
    return Next::go_on;
  }
  return Next::quit;
}

// Topic by topic: answers settle others of their topic first, so what is owed is found anew after each topic.
Interview::Next Interview::questions() {
  while (true) {
    const auto q = gather();
    if (!q) {
      complain(common_, q.error());
      return Next::quit;
    }
    std::vector<const paper::AskedRow*> open;
    for (const paper::AskedRow& row : q->questions) {
      if (!passed_.contains(key_of(row))) open.push_back(&row);
    }
    if (open.empty()) return Next::go_on;
    const std::string topic = open.front()->topic;
    const auto elsewhere = std::ranges::stable_partition(open, [&](const paper::AskedRow* r) { return r->topic == topic; });
    const std::size_t all = open.size();
    open.erase(elsewhere.begin(), elsewhere.end());
    common_.terminal->line();
    common_.terminal->line(
        common_.terminal->bold("— " + topic + ": " + std::to_string(open.size()) + " of the " + std::to_string(all) + " questions left —"));
    for (std::size_t i = 0; i < open.size(); ++i) {
      passed_.insert(key_of(*open[i]));
      if (ask_row(*open[i], i + 1, open.size()) == Next::quit) return Next::quit;
    }
  }
}

Interview::Next Interview::statements() {
  const auto q = gather();
  if (!q) {
    complain(common_, q.error());
    return Next::quit;
  }
  if (q->statements.empty()) return Next::go_on;
  common_.terminal->line();
  common_.terminal->line(
      common_.terminal->bold("— reasons, confirmations and what product.yaml lacks: " + std::to_string(q->statements.size()) + " —"));
  for (std::size_t i = 0; i < q->statements.size(); ++i) {
    if (ask_row(q->statements[i], i + 1, q->statements.size()) == Next::quit) return Next::quit;
  }
  return Next::go_on;
}

void Interview::show_row(const paper::AskedRow& row, std::size_t at, std::size_t of) {
  Terminal& t = *common_.terminal;
  t.line();
  t.line(t.bold(std::to_string(at) + "/" + std::to_string(of) + "  " + row.question) + "  " + t.dim(head_of(row)));
  show_body(t, row);
}

void Interview::take_evidence(const std::string& file, Said& said) {
  const auto evidence = office::cited_evidence(desk_, file, "");
  if (!evidence) {
    complain(common_, evidence.error());
    return;
  }
  said.evidence.push_back(evidence->id);
  common_.terminal->line("  Cites " + printable(evidence->name, 80) + " (" + evidence->id.substr(0, 19) + "…).");
}

Interview::Next Interview::ask_row(const paper::AskedRow& row, std::size_t at, std::size_t of) {
  show_row(row, at, of);
  Terminal& t = *common_.terminal;
  const bool yes_no = row.takes == std::vector<std::string>{"yes", "no"};
  std::string prompt = row.takes.empty()       ? "  Enter > "
                       : yes_no                ? "  y/n > "
                       : row.takes.size() == 1 ? "  " + row.takes.front() + "? y > "
                                               : "  " + joined(row.takes, "/") + " > ";
  Said said;
  std::string typed;
  while (line(prompt, typed)) {
    const auto blank = typed.find(' ');
    const std::string word = to_lower(typed.substr(0, blank));
    const std::string rest = blank == std::string::npos ? "" : std::string(trim(typed.substr(blank)));
    if (word == "q" || word == "quit") return Next::quit;
    if (word.empty() || word == "s" || word == "skip") return Next::go_on;
    if (word == "e" || word == "evidence") {
      if (rest.empty()) {
        t.error("e FILE: the name of stored evidence, or a file to take in");
      } else {
        take_evidence(rest, said);
      }
      continue;
    }
    if (word == "t" || word == "note") {
      said.note = rest;
      continue;
    }
    std::string value;
    if (yes_no && (word == "y" || word == "yes")) value = "yes";
    if (yes_no && (word == "n" || word == "no")) value = "no";
    if (!yes_no && row.takes.size() == 1 && (word == "y" || word == "yes")) value = row.takes.front();
    if (std::ranges::find(row.takes, typed) != row.takes.end()) value = typed;
    if (value.empty()) {
      t.error(row.takes.empty() ? "no answer settles this; Enter goes on"
                                : "found " + printable(typed, 40) + ", expected " + joined(row.takes, ", ") + ", s, e FILE, t NOTE or q");
      continue;
    }
    bool done = false;
    if (record(row, value, said, done) == Next::quit) return Next::quit;
    if (done) return Next::go_on;
  }
  return Next::quit;
}

Interview::Next Interview::record(const paper::AskedRow& row, const std::string& value, Said& said, bool& done) {
  Terminal& t = *common_.terminal;
  if (row.person == "with-evidence" && said.evidence.empty()) {
    std::string file;
    if (!line("  It counts only with evidence. File or stored name (Enter: record it without): ", file)) return Next::quit;
    if (!file.empty()) {
      take_evidence(file, said);
      if (said.evidence.empty()) return Next::go_on;
    }
  }
  if (said.note.empty()) {
    const bool needed = row.person.empty();
    if (!line(value == "confirmed" ? "  Checked against which source: "
              : needed             ? "  The reason: "
                                   : "  How do you know (Enter: nothing): ",
              said.note))
      return Next::quit;
    if (said.note.empty() && needed) {
      t.line("  Nothing is recorded without it.");
      return Next::go_on;
    }
  }
  if (value == "confirmed") {
    done = confirm(row, said.note);
    return Next::go_on;
  }
  Answer a;
  a.question = row.question;
  a.value = value;
  a.instance = row.instance;
  a.by = by_;
  a.note = said.note;
  a.evidence = said.evidence;
  const auto stored = desk_.answer(a);
  if (!stored) {
    complain(common_, stored.error());
    return Next::go_on;
  }
  ++recorded_;
  done = true;
  t.line("  Recorded: " + value + ", by " + printable(by_, 80) + ".");
  return Next::go_on;
}

bool Interview::confirm(const paper::AskedRow& row, const std::string& source) {
  const auto slash = row.question.find('/');
  const std::string scheme = row.question.substr(0, slash);
  Confirmation c{scheme, {}, row.question.substr(slash + 1), by_, source, to_text(now())};
  const Value schemes = assess::list(desk_.catalogue());
  for (const Value& s : schemes.items()) {
    if (s["id"].text() == scheme) c.edition = s["edition"].text();
  }
  if (const auto saved = office::save_confirmation(office::confirmations_path(), c); !saved) {
    complain(common_, saved.error());
    return false;
  }
  ++recorded_;
  common_.terminal->line("  Confirmed for all products on this desk.");
  return true;
}

}  // namespace assay::cli
