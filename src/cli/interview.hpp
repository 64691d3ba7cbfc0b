// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include "cli/command.hpp"
#include "office/questionnaire.hpp"

namespace assay::cli {

// Asks at a terminal what is owed, one thing at a time, and records each answer at once.
class Interview {
 public:
  Interview(const Common& common, const QuestionsOptions& options, office::Desk& desk, std::string directory);
  int run();

 private:
  struct Said {
    std::string note;
    std::vector<std::string> evidence;
  };
  enum class Next { go_on, quit };

  Result<paper::Questionnaire> gather();
  Next facts();
  Next questions();
  Next statements();
  Next ask_fact(const paper::AskedFact& fact, std::size_t at, std::size_t of);
  Next ask_row(const paper::AskedRow& row, std::size_t at, std::size_t of);
  void show_row(const paper::AskedRow& row, std::size_t at, std::size_t of);
  Next record(const paper::AskedRow& row, const std::string& value, Said& said, bool& done);
  bool confirm(const paper::AskedRow& row, const std::string& source);
  void take_evidence(const std::string& file, Said& said);
  // False at the end of input.
  bool line(std::string_view prompt, std::string& out);

  const Common& common_;
  const QuestionsOptions& options_;
  office::Desk& desk_;
  std::string directory_, by_;
  std::set<std::string> passed_;  // asked in this interview
  std::size_t recorded_ = 0;
};

// What is owed as text, for pipes and where there is no workspace to answer into.
void show_questionnaire(Terminal& t, const paper::Questionnaire& questionnaire);

}  // namespace assay::cli
