// SPDX-License-Identifier: Apache-2.0
// The only file that sees the option parser: it fills plain structs and calls the command.
#include "cli/cli.hpp"

#include <CLI/CLI.hpp>
#include <csignal>
#include <functional>
#include <iostream>

#include "cli/command.hpp"
#include "office/version.hpp"

namespace assay::cli {
namespace {

struct Program {
  Common common;
  bool no_colour = false;
  std::function<int()> chosen;
  CLI::App app{"Assay: is this connected product shown to meet the schemes it is sold under, refuted, or what is still owed?", "assay"};

  CLI::App* command(const char* name, const char* about, std::function<int()> run) {
    CLI::App* c = app.add_subcommand(name, about);
    c->callback([this, run = std::move(run)] { chosen = run; });
    c->fallthrough();
    return c;
  }
};

void add_binding(CLI::App* c, BindingOptions& b) {
  c->add_option("--sample", b.sample, "Serial number or description of the sample (default: the first in product.yaml)");
  c->add_option("--version-of", b.version, "Software version the evidence shows (default: the product's)");
  c->add_option("--taken", b.date, "When it was taken, RFC 3339 (default: now)");
  c->add_option("--operator", b.operator_name, "Who took it (default: you)");
  c->add_option("--device", b.device, "MAC or address of the device under test in a capture");
}

void add_changes(CLI::App* c, RemoveOptions& o, bool ask) {
  c->add_option("--by", o.by, "Who decides")->required();
  c->add_option("--reason", o.reason, "Why")->required();
  if (ask) c->add_flag("--yes", o.yes, "Do it; without this, only show what it does to the verdicts");
}

std::vector<std::string> names_of(const CLI::App& app) {
  std::vector<std::string> out;
  for (const CLI::App* c : app.get_subcommands([](const CLI::App*) { return true; })) out.push_back(c->get_name());
  return out;
}

}  // namespace

int run(int argc, const char* const* argv) {
  // A pipe that closes ends the output, not the work; a file too large for the disk is an error we report ourselves.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);

  Program p;
  Common& c = p.common;
  p.app.require_subcommand(1);
  p.app.set_version_flag("--version", office::program_version());
  p.app.set_help_all_flag("--help-all", "Help on every command");
  p.app.add_option("-C,--directory", c.directory, "Work in this directory (product.yaml and .assay/)");
  p.app.add_option("--catalogue", c.catalogue, "Read schemes/ and knowledge/ from this directory instead of the built-in ones");
  p.app.add_flag("--json", c.json, "Machine-readable output");
  p.app.add_flag("--closing", c.closing, "Judge as for signing: a missing justification is FAIL, not INCONCLUSIVE");
  p.app.add_option("--date", c.date, "Judge as of this day (default: today)");
  p.app.add_option("--memory", c.memory, "Memory an examination may use, e.g. 512M")->capture_default_str();
  p.app.add_option("--threads", c.threads, "Threads (default: all cores)");
  p.app.add_option("--password-time", c.password_seconds, "Seconds for guessing passwords; 0: not at all")
      ->capture_default_str()
      ->check(CLI::Range(0, 86'400));
  p.app.add_flag("!--no-sandbox", c.sandbox, "Examine in this process; results say so");
  p.app.add_flag("--no-colour,--no-color", p.no_colour, "No colours");
  p.app.add_flag("-q,--quiet", c.quiet, "No progress");
  p.app.footer(
      "Exit status of check: 0 all pass or justified N/A, 1 a FAIL, 2 usage, 3 could not examine, 4 INCONCLUSIVE.\n`assay help` lists "
      "topics.");

  InitOptions init;
  CLI::App* sub = p.command("init", "Write product.yaml, drafted from what a firmware shows, and make the workspace",
                            [&] { return run_init(c, init); });
  sub->add_option("directory", init.directory, "Where (default: here)");
  sub->add_option("--from", init.from, "Firmware to draft from")->check(CLI::ExistingPath);
  sub->add_flag("--force", init.force, "Draft over an existing product.yaml");

  ScopeOptions scope;
  sub = p.command("scope", "Which schemes apply, which do not, by which rule and article", [&] { return run_scope(c, scope); });
  sub->add_option("product", scope.product, "A product.yaml (default: the one here)");
  sub->add_flag("--rules", scope.rules, "What each rule says");
  sub->add_flag("--plan", scope.plan, "The cheapest set of applications for the product's markets");
  sub->add_option("--rate", scope.rates, "With --plan: CUR=NUMBER, one unit of a currency in yours, so that fees can be compared");

  AddOptions add;
  sub = p.command("add", "Take evidence in and examine it", [&] { return run_add(c, add); });
  sub->add_option("files", add.files, "Firmware images, directories, captures, documents")->required();
  sub->add_option("--type", add.type, "What it is, where the content does not tell")
      ->check(CLI::IsMember({"firmware", "capture", "document", "sbom"}));
  sub->add_option("--certificate", add.certificate,
                  "The file is a label, certificate or declaration: standard=… scope=… holder=… issued=… expires=… identifier=…");
  sub->add_option("--document", add.document,
                  "The file is a document or saved page: role=… url=… language=… contains=a+b login_needed=false");
  sub->add_option("--trial", add.trial,
                  "The file records a guided step: procedure=… step=… outcome=as-expected|not-as-expected expected=… seen=… operator=…");
  sub->add_option("--by", add.by, "Who read that off the file");
  add_binding(sub, add.binding);

  AnswerOptions answer;
  sub = p.command("answer", "State a fact, with who says so and on what evidence", [&] { return run_answer(c, answer); });
  sub->add_option("question", answer.question, "Question id, or SCHEME/REQUIREMENT to justify, or SCHEME/UNIT to choose a reading")
      ->required();
  sub->add_option("value", answer.value, "yes, no; not-applicable or deviation for a justification")->required();
  sub->add_option("--for", answer.instance, "Instance it is about");
  sub->add_option("--by", answer.by, "Who says so")->required();
  sub->add_option("--note", answer.note, "Why, how it was found out");
  sub->add_option("--evidence", answer.evidence, "Stored evidence it rests on: name or id");

  QuestionsOptions questions;
  sub = p.command("questions", "Ask what is owed: an interview, or a spreadsheet to fill in and read back",
                  [&] { return run_questions(c, questions); });
  sub->add_option("product", questions.product, "A product.yaml (default: the one here)");
  sub->add_option("--scheme", questions.schemes, "Only these schemes");
  sub->add_option("--lang", questions.language, "Wording, where there is one")->check(CLI::IsMember({"en", "ja"}))->capture_default_str();
  CLI::Option* xlsx = sub->add_option("--xlsx", questions.xlsx, "Write a workbook to fill in");
  CLI::Option* csv = sub->add_option("--csv", questions.csv, "Write the questions as CSV to fill in")->excludes(xlsx);
  sub->add_option("--read", questions.read, "Record the answers of a filled workbook or CSV")->excludes(xlsx)->excludes(csv);
  sub->add_option("--by", questions.by, "Who answers, where the sheet does not say");

  ImportOptions import;
  sub = p.command("import", "Take ICS, IXIT, EN 18031 information or certificates out of spreadsheets and Markdown into product.yaml",
                  [&] { return run_import(c, import); });
  sub->add_option("files", import.files, "Workbooks (.xlsx), CSV or Markdown files")->required();
  sub->add_option("--mapping", import.mapping, "The mapping to use (default: each table's own is found)");
  sub->add_option("--into", import.into, "product.yaml (default: the one here)");
  sub->add_option("--scheme", import.scheme, "Write ICS entries for this scheme alone");
  sub->add_option("--by", import.by, "Who read the certificates (default: you)");
  sub->add_flag("--replace", import.replace, "The files' word counts where product.yaml says something else");
  sub->add_flag("--dry-run", import.dry_run, "Show what would change, write nothing");

  DisposeOptions dispose;
  sub = p.command("dispose", "Withdraw a false observation; it stays visible", [&] { return run_dispose(c, dispose); });
  sub->add_option("observation", dispose.observation, "Observation id")->required();
  sub->add_option("--by", dispose.by, "Who decides")->required();
  sub->add_option("--reason", dispose.reason, "Why it is false")->required();

  RemoveOptions remove;
  sub = p.command("remove", "Take evidence out, showing first what that does to the verdicts", [&] { return run_remove(c, remove); });
  sub->add_option("evidence", remove.evidence, "Name or id")->required();
  add_changes(sub, remove, true);
  sub = p.command("supersede", "Let one piece of evidence take the place of another", [&] { return run_supersede(c, remove); });
  sub->add_option("evidence", remove.evidence, "The old one")->required();
  sub->add_option("by-evidence", remove.replacement, "The new one")->required();
  add_changes(sub, remove, true);
  sub = p.command("carry", "Let evidence of another version count for this one", [&] { return run_carry(c, remove); });
  sub->add_option("evidence", remove.evidence, "Name or id")->required();
  sub->add_option("--to", remove.version, "Version (default: the product's)");
  add_changes(sub, remove, false);

  p.command("evidence", "What is stored: evidence and answers", [&] { return run_evidence(c); });
  p.command("family", "What other variants of the product line lend, by which statement, and what hangs on it",
            [&] { return run_family(c); });
  p.command("log", "Everything that was done, in order", [&] { return run_log(c); });

  std::string status_scheme;
  sub = p.command("status", "Verdicts at a glance, and what is owed, cheapest first", [&] { return run_status(c, status_scheme); });
  sub->add_option("scheme", status_scheme, "Only this scheme, every requirement");

  std::string explain_scheme, explain_requirement;
  sub = p.command("explain", "Why: path, observations, where in the evidence, how to fix",
                  [&] { return run_explain(c, explain_scheme, explain_requirement); });
  sub->add_option("scheme", explain_scheme)->required();
  sub->add_option("requirement", explain_requirement, "Requirement, test case or unit id")->required();

  ReportOptions report;
  sub = p.command("report", "Write the report", [&] { return run_report(c, report); });
  sub->add_option("schemes", report.schemes, "Only these schemes");
  sub->add_option("--format", report.format, "html, json or all")->check(CLI::IsMember({"html", "json", "all"}))->capture_default_str();
  sub->add_option("-o,--output", report.output, "Folder")->capture_default_str();

  std::vector<std::string> examine_files;
  sub = p.command("examine", "Look at files without a workspace", [&] { return run_examine(c, examine_files); });
  sub->add_option("files", examine_files, "Firmware images or directories")->required();

  AssessOptions assess;
  sub = p.command("assess", "All in one go: examine, judge, report", [&] { return run_assess(c, assess); });
  sub->add_option("product", assess.product, "product.yaml")->required();
  sub->add_option("--add", assess.files, "Evidence to take in");
  sub->add_option("--answers", assess.answers, "What people state: a YAML file with answers and documents (`assay help evidence`)");
  sub->add_option("--scheme", assess.schemes, "Only these schemes");
  sub->add_option("-o,--output", assess.output, "Folder for workspace and report")->required();

  CheckOptions check;
  sub = p.command("check", "For CI: judge files, answer with the exit status", [&] { return run_check(c, check); });
  sub->add_option("files", check.files, "Evidence")->required();
  sub->add_option("--scheme", check.schemes, "Schemes to judge")->required();
  sub->add_option("--product", check.product, "The product description")->capture_default_str();
  sub->add_flag("--allow-inconclusive", check.allow_inconclusive, "INCONCLUSIVE does not fail the check");

  std::string before, after;
  sub = p.command("diff", "Two versions of a product: which verdicts changed, and by what", [&] { return run_diff(c, before, after); });
  sub->add_option("before", before, "Workspace of the one")->required();
  sub->add_option("after", after, "Workspace of the other")->required();

  p.command("verify", "Re-check evidence hashes and the chained log", [&] { return run_verify(c); });

  CatalogueOptions catalogue;
  CLI::App* books = p.app.add_subcommand("catalogue", "The schemes and questions the judge works by");
  books->fallthrough();
  books->require_subcommand(1);
  const auto book = [&](const char* name, const char* about, std::function<int()> act) {
    CLI::App* b = books->add_subcommand(name, about);
    b->callback([&p, act = std::move(act)] { p.chosen = act; });
    b->fallthrough();
    return b;
  };
  book("check", "Lint all of it", [&] { return run_catalogue_check(c); });
  book("list", "The schemes and their counts", [&] { return run_catalogue_list(c); });
  book("show", "A scheme, requirement, unit, question or subject", [&] { return run_catalogue_show(c, catalogue); })
      ->add_option("id", catalogue.id)
      ->required();
  book("coverage", "What a machine can refute or support, what is shared, what is unverified", [&] {
    return run_catalogue_coverage(c, catalogue);
  })->add_flag("--unverified", catalogue.unverified, "List every entry that somebody has to check, with its source");
  sub = book("diff", "Two editions of a scheme, or two catalogue directories; in a workspace also which verdicts change",
             [&] { return run_catalogue_diff(c, catalogue); });
  sub->add_option("before", catalogue.before, "SCHEME, SCHEME@EDITION or DIRECTORY")->required();
  sub->add_option("after", catalogue.after, "SCHEME, SCHEME@EDITION or DIRECTORY")->required();
  sub = book("confirm", "State that an unverified entry was checked against its source; holds for all products",
             [&] { return run_catalogue_confirm(c, catalogue); });
  sub->add_option("id", catalogue.id, "SCHEME/ENTRY")->required();
  sub->add_option("--by", catalogue.by, "Who checked")->required();
  sub->add_option("--source", catalogue.source, "Against which source")->required();

  std::string topic;
  sub = p.command("help", "Read on a topic", [&] { return run_help(c, topic); });
  sub->add_option("topic", topic);
  std::string shell;
  sub = p.command("completion", "Completion script for bash, zsh or fish", [&] { return run_completion(c, shell, names_of(p.app)); });
  sub->add_option("shell", shell)->required();

  try {
    p.app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const int code = p.app.exit(e, std::cout, std::cerr);
    return code == 0 ? 0 : static_cast<int>(ExitStatus::usage);
  }
  Terminal terminal(!p.no_colour && !c.json, c.quiet || c.json);
  c.terminal = &terminal;
  const int status = p.chosen ? p.chosen() : static_cast<int>(ExitStatus::usage);
  terminal.settle();
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    terminal.error("cannot write the output");
    return static_cast<int>(ExitStatus::not_examined);
  }
  return status;
}

}  // namespace assay::cli
