// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <filesystem>

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "cli/interview.hpp"
#include "office/importing.hpp"

namespace assay::cli {
namespace {

int read_sheet(const Common& common, const QuestionsOptions& options, office::Desk& desk, const std::string& directory) {
  intake::Mappings mappings;
  if (const auto errors = office::load_mappings(common.catalogue, mappings); !errors.empty()) return complain(common, errors);
  auto sheet = office::read_tables_of({options.read}, mappings, "");
  if (!sheet) return complain(common, sheet.error(), ExitStatus::not_examined);
  std::erase_if(sheet->entries, [](const intake::Entry& e) { return e.makes != "answers" && e.makes != "facts"; });
  if (sheet->known.empty())
    return complain(common, Error{Errc::unsupported, "no sheet of `assay questions` is in it", Where{.path = options.read}},
                    ExitStatus::not_examined);
  // Facts first: they are product.yaml's, and answers are given for the product as it is then.
  const std::string path = directory + "/product.yaml";
  const auto text = office::read_text(path, 16U << 20U);
  if (!text) return complain(common, text.error());
  const auto document = parse_yaml(*text, path);
  if (!document) return complain(common, document.error());
  intake::Interpretation facts;
  for (const intake::Entry& e : sheet->entries) {
    if (e.makes == "facts") facts.entries.push_back(e);
  }
  const auto import = office::merged(*document, std::move(facts), desk.catalogue(), {});
  bool well = true;
  std::size_t added = 0;
  if (import.differs()) {
    const auto written = office::write_product(path, import.after);
    if (!written) return complain(common, written.error());
    if (written->path != path) {
      complain(common,
               Error{Errc::conflict, written->why + "; the whole is in " + written->path + " to be merged by hand", Where{.path = path}});
      well = false;
    }
  }
  std::vector<intake::Notice> wrong = import.notices;
  for (const auto& c : import.changes) {
    if (c.kind == office::Change::Kind::conflict) {
      wrong.push_back({c.place, c.path + " is " + c.was + " in product.yaml, and " + c.becomes + " here; change it there"});
    } else {
      ++added;
    }
  }
  auto filled = office::record_filled(desk, *sheet, options.by);
  if (!filled) return complain(common, filled.error());
  wrong.insert(wrong.end(), sheet->notices.begin(), sheet->notices.end());
  wrong.insert(wrong.end(), filled->wrong.begin(), filled->wrong.end());
  for (const auto& n : wrong) common.terminal->error(printable(n.place.empty() ? n.what : n.place + ": " + n.what, 2000));
  if (common.json) {
    Value out = Value::object();
    Value answers = Value::array();
    for (const Answer& a : filled->answers) answers.push(assay::to_value(a));
    out.set("answers", std::move(answers));
    Value confirmations = Value::array();
    for (const Confirmation& c : filled->confirmations) confirmations.push(assay::to_value(c));
    out.set("confirmations", std::move(confirmations));
    out.set("facts", static_cast<std::uint64_t>(added));
    out.set("unchanged", static_cast<std::uint64_t>(filled->unchanged + import.same));
    Value lines = Value::array();
    for (const auto& n : wrong) {
      Value v = Value::object();
      v.set("place", n.place);
      v.set("what", n.what);
      lines.push(std::move(v));
    }
    out.set("wrong", std::move(lines));
    print_json(common, out);
  } else {
    common.terminal->line("Recorded " + std::to_string(filled->answers.size()) + " answers, " + std::to_string(added) + " facts and " +
                          std::to_string(filled->confirmations.size()) + " confirmations; " +
                          std::to_string(filled->unchanged + import.same) + " were said before, " + std::to_string(wrong.size()) +
                          " rows or cells could not be taken.");
  }
  return static_cast<int>(well && wrong.empty() ? ExitStatus::ok : ExitStatus::failed);
}

int write_sheet(const Common& common, const QuestionsOptions& options, const paper::Questionnaire& questionnaire) {
  const std::string path = options.xlsx.empty() ? options.csv : options.xlsx;
  const auto done = options.xlsx.empty() ? office::write_text(path, paper::csv(questionnaire)) : paper::write_xlsx(questionnaire, path);
  if (!done) return complain(common, done.error());
  if (common.json) {
    Value out = Value::object();
    out.set("wrote", path);
    print_json(common, out);
    return 0;
  }
  common.terminal->line("Wrote " + path + ": " + std::to_string(questionnaire.questions.size()) + " questions, " +
                        (options.xlsx.empty() ? "" : std::to_string(questionnaire.facts.size()) + " facts, ") +
                        std::to_string(questionnaire.statements.size()) + " statements. `assay questions --read FILE` takes it back.");
  if (options.xlsx.empty() && !questionnaire.facts.empty())
    common.terminal->warning(std::to_string(questionnaire.facts.size()) + " facts are owed too; --xlsx asks for them");
  return 0;
}

}  // namespace

int run_questions(const Common& common, const QuestionsOptions& options) {
  const std::string parent = std::filesystem::path(options.product).parent_path().string();
  const std::string directory = options.product.empty() ? common.directory : parent.empty() ? "." : parent;
  // Without a workspace there is nothing to record into: what is asked can be listed and written still.
  if (!record::Workspace::exists(directory) && !options.product.empty() && options.read.empty()) {
    assess::Case input;
    auto errors = office::load_product(options.product, input.product);
    std::shared_ptr<const assess::Catalogue> catalogue;
    const auto more = office::load_catalogue(common.catalogue, catalogue);
    errors.insert(errors.end(), more.begin(), more.end());
    if (!errors.empty()) return complain(common, errors);
    if (!known_schemes(common, *catalogue, options.schemes)) return static_cast<int>(ExitStatus::usage);
    const auto question = question_of(common, options.schemes);
    if (!question) return complain(common, question.error());
    input.date = question->date;
    input.schemes = question->schemes;
    input.closing = question->closing;
    const auto asked = office::questionnaire(*catalogue, input, assess::judge(*catalogue, input), options.language);
    if (!options.xlsx.empty() || !options.csv.empty()) return write_sheet(common, options, asked);
    if (common.json) {
      print_json(common, paper::to_value(asked));
    } else {
      show_questionnaire(*common.terminal, asked);
      common.terminal->line();
      common.terminal->line("To answer here: `assay init` beside product.yaml.");
    }
    return 0;
  }
  office::Desk desk;
  if (const auto errors = office::Desk::open(directory, common.catalogue, desk); !errors.empty()) return complain(common, errors);
  if (!known_schemes(common, desk.catalogue(), options.schemes)) return static_cast<int>(ExitStatus::usage);
  if (!options.read.empty()) return read_sheet(common, options, desk, directory);
  const bool sheet = !options.xlsx.empty() || !options.csv.empty();
  if (!common.json && !sheet && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1)
    return Interview(common, options, desk, directory).run();
  const auto question = question_of(common, options.schemes);
  if (!question) return complain(common, question.error());
  const auto input = desk.case_now(*question);
  if (!input) return complain(common, input.error());
  const auto asked = office::questionnaire(desk.catalogue(), *input, assess::judge(desk.catalogue(), *input), options.language);
  if (sheet) return write_sheet(common, options, asked);
  if (common.json) {
    print_json(common, paper::to_value(asked));
  } else {
    show_questionnaire(*common.terminal, asked);
  }
  return 0;
}

}  // namespace assay::cli
