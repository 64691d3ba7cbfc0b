// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"
#include "cli/terminal.hpp"
#include "office/desk.hpp"

namespace assay::cli {

// What every command shares. Filled by cli.cpp from the command line; the commands see plain values.
struct Common {
  std::string directory = ".";  // -C
  std::string catalogue;        // --catalogue
  bool json = false;
  bool closing = false;
  std::string date;           // --date, else today
  std::string memory = "1G";  // --memory
  unsigned threads = 0;
  int password_seconds = 20;
  bool sandbox = true;
  bool quiet = false;  // no progress
  Terminal* terminal = nullptr;
};

struct BindingOptions {
  std::string sample, version, date, operator_name, device;
  office::Binding to_binding() const { return {sample, version, date, operator_name, device}; }
};

struct ScopeOptions {
  std::string product;
  bool plan = false;
  bool rules = false;
  std::vector<std::string> rates;  // CUR=NUMBER
};

struct AddOptions {
  std::vector<std::string> files;
  std::string type;
  BindingOptions binding;
  std::vector<std::string> certificate;  // field=value
  std::vector<std::string> document;
  std::vector<std::string> trial;
  std::string by;
};
struct AnswerOptions {
  std::string question, value, instance, by, note;
  std::vector<std::string> evidence;
};
struct DisposeOptions {
  std::string observation, by, reason;
};
struct RemoveOptions {
  std::string evidence, replacement, by, reason, version;
  bool yes = false;
};
struct InitOptions {
  std::string directory, from;
  bool force = false;
};
struct ReportOptions {
  std::vector<std::string> schemes;
  std::string format = "html";
  std::string output = ".";
};
struct CheckOptions {
  std::vector<std::string> files, schemes;
  std::string product = "product.yaml";
  bool allow_inconclusive = false;
};
struct AssessOptions {
  std::string product, output;
  std::vector<std::string> files, schemes;
  std::string answers;
};
struct CatalogueOptions {
  std::string id, by, source;
  std::string before, after;
  bool unverified = false;
};

struct ImportOptions {
  std::vector<std::string> files;
  std::string mapping, into, scheme, by;
  bool dry_run = false, replace = false;
};
struct QuestionsOptions {
  std::string product, xlsx, csv, read, by;
  std::string language = "en";
  std::vector<std::string> schemes;
};

// Each returns the exit status. One file a command; what they share is in judged.hpp.
int run_init(const Common& common, const InitOptions& options);
int run_scope(const Common& common, const ScopeOptions& options);
// The cheapest set of applications for the product's markets.
int run_plan(const Common& common, const ScopeOptions& options, const Product& product, const assess::Catalogue& catalogue, Day date);
int run_add(const Common& common, const AddOptions& options);
int run_answer(const Common& common, const AnswerOptions& options);
int run_dispose(const Common& common, const DisposeOptions& options);
int run_remove(const Common& common, const RemoveOptions& options);
int run_supersede(const Common& common, const RemoveOptions& options);
int run_carry(const Common& common, const RemoveOptions& options);
int run_evidence(const Common& common);
int run_family(const Common& common);
int run_log(const Common& common);
int run_import(const Common& common, const ImportOptions& options);
int run_questions(const Common& common, const QuestionsOptions& options);
int run_status(const Common& common, const std::string& scheme);
int run_explain(const Common& common, const std::string& scheme, const std::string& requirement);
int run_report(const Common& common, const ReportOptions& options);
int run_examine(const Common& common, const std::vector<std::string>& files);
int run_assess(const Common& common, const AssessOptions& options);
int run_check(const Common& common, const CheckOptions& options);
int run_diff(const Common& common, const std::string& before, const std::string& after);
int run_verify(const Common& common);
int run_catalogue_check(const Common& common);
int run_catalogue_list(const Common& common);
int run_catalogue_show(const Common& common, const CatalogueOptions& options);
int run_catalogue_coverage(const Common& common, const CatalogueOptions& options);
int run_catalogue_diff(const Common& common, const CatalogueOptions& options);
int run_catalogue_confirm(const Common& common, const CatalogueOptions& options);
int run_help(const Common& common, const std::string& topic);
int run_completion(const Common& common, const std::string& shell, const std::vector<std::string>& commands);

// One line a trouble on standard error; returns the status.
int complain(const Common& common, const Error& error, ExitStatus status = ExitStatus::usage);
int complain(const Common& common, const std::vector<Error>& errors, ExitStatus status = ExitStatus::usage);
// The status that fits the trouble: not_examined for input that cannot be read, usage for the rest.
ExitStatus status_of(const Error& error);
void print_json(const Common& common, const Value& value);
// True, or the misspelt one is said and the status is `usage`.
bool known_schemes(const Common& common, const assess::Catalogue& catalogue, const std::vector<std::string>& schemes);
Result<office::Question> question_of(const Common& common, const std::vector<std::string>& schemes);
Result<firmware::Options> firmware_options(const Common& common);

}  // namespace assay::cli
