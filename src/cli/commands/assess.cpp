// SPDX-License-Identifier: Apache-2.0
// assess and check: everything in one go, for people and for CI.
#include <algorithm>
#include <filesystem>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/judged.hpp"
#include "office/version.hpp"
#include "paper/report.hpp"

namespace assay::cli {
namespace {

Result<void> record_papers(office::Desk& desk, const office::Statements& statements, const firmware::Knowledge& knowledge,
                           const firmware::Options& how, Progress& progress) {
  for (const auto& paper : statements.papers) {
    TRY(const office::Examination examined, office::examine_path(paper.file, "document", knowledge, how, progress));
    TRY([[maybe_unused]] const Evidence added, desk.add(paper.file, examined, {}, paper.states));
  }
  return {};
}

// What is stored already is not stated twice.
Result<std::size_t> record_answers(office::Desk& desk, const office::Statements& statements) {
  TRY(const auto given, desk.workspace().answers());
  const auto key = [](const Answer& a) { return a.question + "\n" + a.instance + "\n" + a.value + "\n" + a.by + "\n" + a.note; };
  std::set<std::string> have;
  for (const Answer& a : given) have.insert(key(a));
  std::size_t fresh = 0;
  for (const Answer& a : statements.answers) {
    if (have.contains(key(a))) continue;
    TRY([[maybe_unused]] const Answer stored, desk.answer(a));
    ++fresh;
  }
  return fresh;
}

}  // namespace

int run_assess(const Common& common, const AssessOptions& options) {
  Terminal& t = *common.terminal;
  Product product;
  if (const auto errors = office::load_product(options.product, product); !errors.empty()) return complain(common, errors);
  // What can be refused is refused before anything is written.
  std::shared_ptr<const assess::Catalogue> catalogue;
  if (const auto errors = office::load_catalogue(common.catalogue, catalogue); !errors.empty()) return complain(common, errors);
  if (!known_schemes(common, *catalogue, options.schemes)) return static_cast<int>(ExitStatus::usage);
  const auto question = question_of(common, options.schemes);
  if (!question) return complain(common, question.error());
  const auto how = firmware_options(common);
  if (!how) return complain(common, how.error());
  office::Statements statements;
  if (!options.answers.empty()) {
    if (const auto errors = office::load_statements(options.answers, statements); !errors.empty()) return complain(common, errors);
  }
  std::error_code error;
  std::filesystem::create_directories(options.output, error);
  if (error) return complain(common, Error{Errc::io, error.message(), Where{.path = options.output}});
  const auto text = office::read_text(options.product);
  if (!text) return complain(common, text.error());
  if (const auto done = office::write_text(options.output + "/product.yaml", *text); !done) return complain(common, done.error());
  if (!record::Workspace::exists(options.output)) {
    if (const auto made = record::Workspace::create(options.output); !made) return complain(common, made.error());
  }
  office::Desk desk;
  if (const auto errors = office::Desk::open(options.output, common.catalogue, desk); !errors.empty()) return complain(common, errors);
  std::shared_ptr<const firmware::Knowledge> knowledge;
  if (const auto errors = office::load_knowledge(common.catalogue, knowledge); !errors.empty()) return complain(common, errors);
  int unexamined = 0;
  for (const std::string& file : options.files) {
    const auto examined = office::examine_path(file, "", *knowledge, *how, t.progress());
    const auto added = examined ? desk.add(file, *examined, {}, {}) : Result<Evidence>(tl::unexpected(examined.error()));
    if (!added) {
      unexamined = complain(common, added.error(), ExitStatus::not_examined);
      continue;
    }
    if (!common.json)
      t.line("Examined " + printable(added->name, 80) + ": " + std::to_string(examined->observations.size()) + " observations");
    if (added->version != desk.product().version()) {
      t.warning(printable(added->name, 80) + " is held as evidence of version " + printable(added->version, 40) +
                " and stays unused until it is carried over (`assay carry`)");
    }
  }
  if (!options.answers.empty()) {
    // Papers first, so that answers can cite them.
    const auto papers = record_papers(desk, statements, *knowledge, *how, t.progress());
    if (!papers) return complain(common, papers.error(), status_of(papers.error()));
    const auto fresh = record_answers(desk, statements);
    if (!fresh) return complain(common, fresh.error());
    if (!common.json) {
      t.line("Recorded " + std::to_string(statements.papers.size()) + " documents and " + std::to_string(*fresh) + " answers from " +
             printable(options.answers, 120));
    }
  }
  t.progress().step("judging", 0, 0);
  const auto input = desk.report(*question);
  if (!input) return complain(common, input.error());
  const auto page = paper::html(*input);
  if (!page) return complain(common, page.error());
  if (const auto done = office::write_text(options.output + "/report.html", *page); !done) return complain(common, done.error());
  if (const auto done = office::write_text(options.output + "/report.json", paper::json(*input)); !done)
    return complain(common, done.error());
  if (common.json) {
    print_json(common, assay::to_value(input->assessment));
    return unexamined;
  }
  t.line();
  show_summary(t, input->assessment);
  show_owed(t, input->assessment.owed, 5);
  t.line();
  t.line("Report: " + options.output + "/report.html (and report.json)");
  t.line("Go on here: assay -C " + options.output + " status | explain SCHEME REQUIREMENT | answer …");
  return unexamined;
}

int run_check(const Common& common, const CheckOptions& options) {
  Terminal& t = *common.terminal;
  assess::Case input;
  std::string product_path = options.product;
  if (product_path == "product.yaml" && common.directory != ".") product_path = common.directory + "/product.yaml";
  std::vector<Error> errors = office::load_product(product_path, input.product);
  std::shared_ptr<const assess::Catalogue> catalogue;
  std::shared_ptr<const firmware::Knowledge> knowledge;
  for (const auto& more : {office::load_catalogue(common.catalogue, catalogue), office::load_knowledge(common.catalogue, knowledge)})
    errors.insert(errors.end(), more.begin(), more.end());
  if (!errors.empty()) return complain(common, errors);
  if (!known_schemes(common, *catalogue, options.schemes)) return static_cast<int>(ExitStatus::usage);
  const auto how = firmware_options(common);
  if (!how) return complain(common, how.error());
  for (const std::string& file : options.files) {
    auto examined = office::examine_path(file, "", *knowledge, *how, t.progress());
    if (!examined) return complain(common, examined.error(), ExitStatus::not_examined);
    examined->evidence.version = input.product.version();
    examined->evidence.date = to_text(now());
    input.evidence.push_back(examined->evidence);
    input.observations.insert(input.observations.end(), examined->observations.begin(), examined->observations.end());
  }
  const std::string beside = std::filesystem::path(product_path).parent_path().string();
  if (const std::string directory = beside.empty() ? "." : beside; record::Workspace::exists(directory)) {
    // What people stated about this product counts; evidence is only what this call names.
    const auto workspace = record::Workspace::open(directory);
    if (!workspace) return complain(common, workspace.error());
    auto answers = workspace->answers();
    auto disposals = workspace->disposals();
    if (!answers) return complain(common, answers.error());
    if (!disposals) return complain(common, disposals.error());
    input.answers = *std::move(answers);
    input.disposals = *std::move(disposals);
  }
  auto confirmations = office::load_confirmations(office::confirmations_path());
  if (!confirmations) return complain(common, confirmations.error());
  input.confirmations = *std::move(confirmations);
  const auto question = question_of(common, options.schemes);
  if (!question) return complain(common, question.error());
  input.date = question->date;
  input.closing = question->closing;
  input.schemes = options.schemes;
  const Assessment assessment = assess::judge(*catalogue, input);
  if (common.json) {
    print_json(common, assay::to_value(assessment));
  } else {
    show_summary(t, assessment);
    for (const auto& s : assessment.schemes) {
      t.line();
      show_scheme(t, s);
    }
  }
  return static_cast<int>(status_of(assessment, options.allow_inconclusive));
}

}  // namespace assay::cli
