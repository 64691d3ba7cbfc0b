// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "assess/grounds.hpp"

namespace assay::assess {

// What came back from asking one question of one instance.
struct Asked {
  enum class State : std::uint8_t { yes, no, unknown, conflict };
  const Question* question = nullptr;
  const Instance* instance = nullptr;
  State state = State::unknown;
  bool rule_yes = false, rule_no = false;  // in a conflict: the answers that rules which may give them gave
  Step step;                               // all but `node`
  bool seen = false;                       // rests on an observation
  bool confirmed_by_person = false;        // a person or a document says the same
  bool reasoned = false;                   // a person answered it and wrote the reason beside it
  std::vector<std::string> rivals;         // observations to settle in a conflict
  std::vector<Contradiction> contradictions;
};

// Asks questions, each once a judging. References stay valid as long as this.
class Asking {
 public:
  Asking(const Catalogue& catalogue, const Case& input);
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

  const Asked& ask(const Question& question, const Instance& instance, const Scheme& scheme);
  // The answer that counts for a question and an instance ("" for none in particular); null when there is none.
  const Answer* answer(std::string_view question, std::string_view instance, std::string* why_not = nullptr) const;
  // Only among answers with one of these values: a row takes statements of several sorts (an acceptance beside a justification).
  const Answer* answer_among(std::string_view question, std::string_view instance, std::initializer_list<std::string_view> values,
                             std::string* why_not = nullptr) const;
  // Whether the answer cites evidence, and all of it is held and of this version.
  bool cites_evidence(const Answer& answer) const;
  // What of another variant the answer rests on, itself included.
  void note_borrowed(const Answer& answer, std::vector<BorrowedUse>& into) const;
  Owed owed(const Asked& asked) const;

  const Examined& examined() const { return examined_; }
  const Inventories& inventories() const { return inventories_; }
  const Evaluation& evaluation() const { return evaluation_; }

 private:
  struct Held {
    const Rule* rule;
    Grounds grounds;
    bool clean;  // holds without contested observations too
  };
  Asked fresh(const Question& question, const Instance& instance, const Scheme& scheme) const;
  void by_person(const Question& question, const Instance& instance, Asked& asked) const;
  void contradict_borrowed(const Answer& answer, Asked& asked) const;
  void by_rules(const std::vector<Held>& held, Asked& asked) const;
  void cite(const Held& held, Asked& asked) const;
  std::string words(const Held& held, const Instance& instance) const;

  Examined examined_;
  Inventories inventories_;
  Evaluation evaluation_;
  mutable std::unordered_map<const Question*, Ways> ways_;  // a judging has one thread
  std::map<std::tuple<const Question*, const Instance*, const Scheme*>, Asked> asked_;
};

}  // namespace assay::assess
