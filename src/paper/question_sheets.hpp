// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"

namespace assay::paper {

// A fact that decides which schemes apply.
struct AskedFact {
  std::string id, ask, why, type;   // type: boolean | text | date | integer | words | list; empty where nobody said
  std::vector<std::string> one_of;  // of words and list
  std::vector<std::string> schemes;
};

// Something owed that a person can say or hand in: a question for one instance, a justification, a confirmation.
struct AskedRow {
  std::string kind;      // as of Owed: answer | observation | declaration | justification | confirmation | choice | acceptance
  std::string question;  // question id, or "<scheme>/<entry>"
  std::string instance;  // empty: the product
  std::string topic, ask, why;
  std::string what;                       // exactly what evidence or answer settles it
  std::vector<Value> settle;              // the question's ways: {by, kind, cost, what}
  std::string person;                     // yes | with-evidence | no, of a question
  std::vector<std::string> takes;         // the answers it takes; empty: no answer settles it
  std::vector<std::string> requirements;  // "<scheme> <requirement>" of the rows it settles
  std::size_t rows = 0;                   // how many it settles
  int cost = 0;                           // minutes
  std::string held;                       // the answer given so far, where it does not settle it
};

// Everything to ask about one product, most settled for least work first.
struct Questionnaire {
  std::string product, version, date;
  std::string language;  // en | ja
  std::vector<AskedFact> facts;
  std::vector<AskedRow> questions;
  std::vector<AskedRow> statements;  // justifications, confirmations, choices, and what product.yaml lacks
};

Value to_value(const Questionnaire& questionnaire);

// How a row can be settled, one way a line.
std::string ways(const AskedRow& row, bool japanese);

// "en-303-645 5.1-1, 5.1-2; uk-psti sch1-1": each scheme named once.
std::string by_scheme(const std::vector<std::string>& requirements, std::string_view between);

// Three sheets to fill off-line: questions, facts, statements. Writes the file beside and renames it.
Result<void> write_xlsx(const Questionnaire& questionnaire, const std::string& path);
// The questions and statements as one CSV; facts need the workbook.
std::string csv(const Questionnaire& questionnaire);

}  // namespace assay::paper
