// SPDX-License-Identifier: Apache-2.0
// status, explain, report and diff: the commands that read what the judge found.
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

#include "assess/judge.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/judged.hpp"
#include "cli/tree_drawing.hpp"
#include "office/difference.hpp"
#include "paper/report.hpp"

namespace assay::cli {

int run_status(const Common& common, const std::string& scheme) {
  office::Desk desk;
  if (const auto errors = office::Desk::open(common.directory, common.catalogue, desk); !errors.empty()) return complain(common, errors);
  std::vector<std::string> schemes;
  if (!scheme.empty()) schemes.push_back(scheme);
  if (!known_schemes(common, desk.catalogue(), schemes)) return static_cast<int>(ExitStatus::usage);
  const auto question = question_of(common, schemes);
  if (!question) return complain(common, question.error());
  const auto assessment = desk.judge(*question);
  if (!assessment) return complain(common, assessment.error());
  if (common.json) {
    print_json(common, assay::to_value(*assessment));
    return 0;
  }
  show_summary(*common.terminal, *assessment);
  if (!scheme.empty()) {
    for (const auto& s : assessment->schemes) {
      common.terminal->line();
      show_scheme(*common.terminal, s);
    }
  }
  show_owed(*common.terminal, assessment->owed, scheme.empty() ? 8 : assessment->owed.size());
  return 0;
}

int run_explain(const Common& common, const std::string& scheme, const std::string& requirement) {
  office::Desk desk;
  if (const auto errors = office::Desk::open(common.directory, common.catalogue, desk); !errors.empty()) return complain(common, errors);
  if (!known_schemes(common, desk.catalogue(), {scheme})) return static_cast<int>(ExitStatus::usage);
  const auto question = question_of(common, {});
  if (!question) return complain(common, question.error());
  auto all = *question;
  // Judged together with the others, so that what is owed counts over all chosen schemes; a scheme that is out of scope is judged when
  // asked for.
  auto input = desk.report(all);
  if (!input) return complain(common, input.error());
  const auto has = [&] { return std::ranges::any_of(input->assessment.schemes, [&](const SchemeVerdict& s) { return s.id == scheme; }); };
  if (!has()) {
    all.schemes = {scheme};
    input = desk.report(all);
    if (!input) return complain(common, input.error());
  }
  std::map<std::string, Observation> observations;
  for (const auto& o : input->observations) observations.emplace(o.id, o);
  std::map<std::string, Answer> answers;
  for (const auto& a : input->answers) answers.emplace(a.id, a);
  std::map<std::string, Evidence> evidence;
  for (const auto& e : input->evidence) evidence.emplace(e.id, e);
  // A unit or test case id ("5.1-1-2 a") leads to its requirement.
  const RequirementVerdict* found = nullptr;
  const SchemeVerdict* of = nullptr;
  std::vector<std::string> ids;
  for (const auto& s : input->assessment.schemes) {
    if (s.id != scheme) continue;
    of = &s;
    for (const auto& r : s.requirements) {
      ids.push_back(r.id);
      if (r.id == requirement) found = &r;
    }
    for (const auto& r : s.requirements) {
      for (const auto& a : r.assessments) {
        for (const auto& u : a.units) {
          if (found == nullptr && (u.id == requirement || a.id == requirement)) found = &r;
        }
      }
    }
  }
  if (found == nullptr) {
    return complain(common, Error{Errc::not_found,
                                  "no requirement " + printable(requirement, 60) + " in " + scheme + office::suggestion(requirement, ids),
                                  {}});
  }
  if (common.json) {
    Value out = Value::object();
    out.set("scheme", of->id);
    out.set("requirement", assay::to_value(*found));
    Value cited = Value::array();
    std::set<std::string> seen;
    for (const auto& a : found->assessments) {
      for (const auto& u : a.units) {
        for (const auto& i : u.instances) {
          for (const auto& s : i.path) {
            for (const auto& id : s.observations) {
              const auto o = observations.find(id);
              if (o != observations.end() && seen.insert(id).second) cited.push(assay::to_value(o->second));
            }
          }
        }
      }
    }
    out.set("observations", std::move(cited));
    print_json(common, out);
    return 0;
  }
  if (const Value trees = assess::decision_trees(desk.catalogue(), of->id, found->id); !trees.items().empty()) {
    common.terminal->line();
    draw_trees(*common.terminal, trees, *found);
  }
  show_requirement(*common.terminal, *of, *found, observations, answers, evidence);
  return 0;
}

int run_report(const Common& common, const ReportOptions& options) {
  office::Desk desk;
  if (const auto errors = office::Desk::open(common.directory, common.catalogue, desk); !errors.empty()) return complain(common, errors);
  if (!known_schemes(common, desk.catalogue(), options.schemes)) return static_cast<int>(ExitStatus::usage);
  const auto question = question_of(common, options.schemes);
  if (!question) return complain(common, question.error());
  const auto input = desk.report(*question);
  if (!input) return complain(common, input.error());
  std::error_code error;
  std::filesystem::create_directories(options.output, error);
  if (error) return complain(common, Error{Errc::io, error.message(), Where{.path = options.output}});
  std::vector<std::string> written;
  if (options.format == "html" || options.format == "all") {
    const auto page = paper::html(*input);
    if (!page) return complain(common, page.error());
    written.push_back(options.output + "/report.html");
    if (const auto done = office::write_text(written.back(), *page); !done) return complain(common, done.error());
  }
  if (options.format == "json" || options.format == "all") {
    written.push_back(options.output + "/report.json");
    if (const auto done = office::write_text(written.back(), paper::json(*input)); !done) return complain(common, done.error());
  }
  Value out = Value::array();
  for (const std::string& w : written) {
    if (!common.json) common.terminal->line("Wrote " + w);
    out.push(w);
  }
  if (common.json) print_json(common, out);
  return 0;
}

int run_diff(const Common& common, const std::string& before, const std::string& after) {
  std::array<office::Side, 2> sides;
  std::array<std::string, 2> names = {before, after};
  for (std::size_t i = 0; i < 2; ++i) {
    office::Desk desk;
    if (const auto errors = office::Desk::open(names[i], common.catalogue, desk); !errors.empty()) return complain(common, errors);
    const auto question = question_of(common, {});
    if (!question) return complain(common, question.error());
    auto assessment = desk.judge(*question);
    if (!assessment) return complain(common, assessment.error());
    auto observations = desk.workspace().observations();
    if (!observations) return complain(common, observations.error());
    sides[i] = {*std::move(assessment), *std::move(observations)};
  }
  const auto difference = office::difference(sides[0], sides[1]);
  if (common.json) {
    print_json(common, office::to_value(difference));
    return 0;
  }
  Terminal& t = *common.terminal;
  const auto title = [](const Assessment& a) {
    return printable(a.product["name"].text(), 60) + " " + printable(a.product["version"].text(), 40);
  };
  t.line(t.bold(title(sides[0].assessment) + " → " + title(sides[1].assessment)));
  t.line(std::to_string(difference.changes.size()) + " verdicts changed, " + std::to_string(difference.same) + " did not; " +
         std::to_string(difference.gone.size()) + " observations gone, " + std::to_string(difference.fresh.size()) + " new");
  std::string scheme;
  for (const auto& c : difference.changes) {
    if (c.scheme != scheme) {
      t.line();
      t.line(t.bold(c.scheme));
      scheme = c.scheme;
    }
    t.line("  " + padded(c.requirement, 10) + t.verdict(c.before) + " → " + t.verdict(c.after) + "  " + printable(c.title, 60));
    std::size_t n = 0;
    for (const std::string& b : c.by) {
      if (n++ == 6) {
        t.line("      … " + std::to_string(c.by.size() - 6) + " more");
        break;
      }
      t.paragraph("• " + b, 6);
    }
  }
  std::map<std::string, std::pair<std::size_t, std::size_t>> kinds;
  for (const auto& o : difference.gone) ++kinds[o.kind].first;
  for (const auto& o : difference.fresh) ++kinds[o.kind].second;
  if (!kinds.empty()) {
    t.line();
    t.line(t.bold("Observations") + "  gone / new by kind");
    for (const auto& [kind, n] : kinds) t.line("  " + padded(kind, 16) + std::to_string(n.first) + " / " + std::to_string(n.second));
  }
  return 0;
}

}  // namespace assay::cli
