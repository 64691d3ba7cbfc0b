// SPDX-License-Identifier: Apache-2.0
// catalogue coverage and catalogue diff: what the catalogue can and cannot say, and what another edition changes.
#include "assess/catalogue_map.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "assess/editions.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"

namespace assay::cli {
namespace {

std::string share(std::size_t part, std::size_t whole) {
  const std::string percent = whole == 0 ? "-" : std::to_string((100 * part + whole / 2) / whole) + " %";
  return padded(std::to_string(part) + " (" + percent + ")", 14);
}

struct Side {
  std::shared_ptr<const assess::Catalogue> catalogue;
  std::optional<Assessment> assessment;
};

// The product of the workspace here, judged by the catalogue of that directory ("" for the built-in one); nothing where there is none.
bool judge_here(const Common& common, const std::string& directory, const std::vector<std::string>& schemes, Side& side) {
  std::error_code error;
  if (!std::filesystem::exists(std::filesystem::path(common.directory) / "product.yaml", error)) return true;
  office::Desk desk;
  if (const auto errors = office::Desk::open(common.directory, directory, desk); !errors.empty()) {
    complain(common, errors);
    return false;
  }
  const auto question = question_of(common, schemes);
  if (!question) {
    complain(common, question.error());
    return false;
  }
  auto judged = desk.judge(*question);
  if (!judged) {
    complain(common, judged.error());
    return false;
  }
  side.assessment = *std::move(judged);
  return true;
}

std::string joined(const std::vector<std::string>& list, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < std::min(list.size(), most); ++i) out += (i == 0 ? "" : ", ") + list[i];
  if (list.size() > most) out += " and " + std::to_string(list.size() - most) + " more";
  return out;
}

void show(Terminal& t, const assess::EditionDiff& diff) {
  std::map<std::string, std::size_t> counts;
  std::size_t moved = 0;
  for (const auto& c : diff.changes) {
    ++counts[c.change];
    moved += !c.verdict_before.empty() && !c.verdict.empty() && c.verdict_before != c.verdict ? 1 : 0;
  }
  t.line(t.bold(diff.before + " → " + diff.after));
  std::string line;
  for (const auto& [change, n] : counts) line += (line.empty() ? "" : ", ") + std::to_string(n) + " " + change;
  t.line(line.empty() ? "no requirements" : line);
  if (!diff.by_moves && diff.before != diff.after) t.line(t.dim("no moves.yaml ties them; equal ids are taken for the same requirement"));
  for (const auto& c : diff.changes) {
    const bool verdict_moved = c.verdict_before != c.verdict;
    if (c.change == "unchanged" && c.added.empty() && c.left.empty() && !verdict_moved) continue;
    std::string ids = joined(c.from, 4);
    if (c.requirement.empty()) {
      ids += " dropped";
    } else if (c.from.empty()) {
      ids = c.requirement + " new";
    } else if (ids == c.requirement) {
      ids += " " + c.change;
    } else {
      ids += " → " + c.requirement + " " + c.change;
    }
    Verdict before{};
    Verdict after{};
    std::string verdicts;
    if (verdict_from(c.verdict_before, before)) verdicts = t.verdict(before);
    if (verdict_from(c.verdict, after)) verdicts += (verdicts.empty() ? "      → " : " → ") + t.verdict(after);
    t.line("  " + padded(ids, 34) + padded(printable(c.title, 60), 62) + verdicts);
    if (c.status_before != c.status && !c.status_before.empty() && !c.status.empty())
      t.paragraph("status: " + c.status_before + " → " + c.status, 6);
    if (!c.note.empty()) t.paragraph(c.note, 6);
    if (!c.kept.empty() && (!c.added.empty() || !c.left.empty())) t.paragraph("still counts: " + joined(c.kept, 8), 6);
    if (!c.added.empty()) t.paragraph("newly asked: " + joined(c.added, 8), 6);
    if (!c.left.empty()) t.paragraph("no longer asked: " + joined(c.left, 8), 6);
  }
  if (moved > 0) t.line(std::to_string(moved) + (moved == 1 ? " verdict of this product changes." : " verdicts of this product change."));
}

}  // namespace

int run_catalogue_coverage(const Common& common, const CatalogueOptions& options) {
  std::shared_ptr<const assess::Catalogue> catalogue;
  if (const auto errors = office::load_catalogue(common.catalogue, catalogue); !errors.empty()) return complain(common, errors);
  const assess::CatalogueMap map = assess::map_of(*catalogue);
  if (common.json) {
    print_json(common, assess::to_value(map));
    return 0;
  }
  Terminal& t = *common.terminal;
  t.line(t.bold(padded("scheme", 22) + padded("requirements", 14) + padded("refutable", 14) + padded("supportable", 14) +
                padded("a person's", 14) + padded("units", 7) + padded("questions", 11) + padded("shared", 8) + "unverified"));
  for (const auto& s : map.schemes) {
    t.line(padded(s.scheme, 22) + padded(std::to_string(s.requirements), 14) + share(s.refutable, s.requirements) +
           share(s.supportable, s.requirements) + share(s.personal, s.requirements) + padded(std::to_string(s.units), 7) +
           padded(std::to_string(s.questions), 11) + padded(std::to_string(s.shared), 8) + std::to_string(s.unverified));
  }
  t.line();
  t.paragraph(
      "Refutable: an observation of a machine can end it in FAIL. Supportable: a machine can grant or support some unit of it. "
      "A person's: no rule over observations speaks to it. A requirement can be both refutable and supportable.");
  t.line();
  std::size_t questions = 0;
  for (const auto& [schemes, n] : map.shared_by) questions += n;
  t.line(t.bold(std::to_string(questions) + " questions stand behind all requirements:"));
  for (const auto& [schemes, n] : map.shared_by)
    t.line("  " + padded(std::to_string(n), 6) + "asked by " + std::to_string(schemes) + (schemes == 1 ? " scheme" : " schemes"));
  if (map.unused > 0) t.line("  " + std::to_string(map.unused) + " are asked by none");
  t.line();
  if (!options.unverified) {
    t.paragraph(
        std::to_string(map.unverified.size()) +
        " entries are unverified and count INCONCLUSIVE until somebody who holds the source confirms them: `assay catalogue coverage "
        "--unverified` lists them, `assay catalogue confirm` records who did.");
    return 0;
  }
  for (const auto& u : map.unverified) t.paragraph(u.scheme + "/" + u.entry + "  " + u.title + "  [" + u.source + "]", 2);
  return 0;
}

int run_catalogue_diff(const Common& common, const CatalogueOptions& options) {
  std::error_code error;
  const bool directories = std::filesystem::is_directory(options.before, error) && std::filesystem::is_directory(options.after, error);
  Side before;
  Side after;
  std::vector<assess::EditionDiff> diffs;
  const auto load = [&](const std::string& directory, Side& side) {
    const auto errors = office::load_catalogue(directory, side.catalogue);
    if (!errors.empty()) complain(common, errors);
    return errors.empty();
  };
  if (!load(directories ? options.before : common.catalogue, before) || !load(directories ? options.after : common.catalogue, after))
    return static_cast<int>(ExitStatus::usage);
  std::vector<std::pair<std::string, std::string>> pairs;
  if (directories) {
    const auto old = assess::scheme_ids(*before.catalogue);
    for (const std::string& id : assess::scheme_ids(*after.catalogue)) {
      if (std::ranges::find(old, id) != old.end()) pairs.emplace_back(id, id);
    }
    if (!judge_here(common, options.before, {}, before) || !judge_here(common, options.after, {}, after))
      return static_cast<int>(ExitStatus::usage);
  } else {
    if (!known_schemes(common, *before.catalogue, {options.before, options.after})) return static_cast<int>(ExitStatus::usage);
    pairs.emplace_back(options.before, options.after);
    if (!judge_here(common, common.catalogue, {options.before, options.after}, before)) return static_cast<int>(ExitStatus::usage);
    after.assessment = before.assessment;
  }
  for (const auto& [from, to] : pairs) {
    auto diff = assess::compare_editions({before.catalogue.get(), from, before.assessment ? &*before.assessment : nullptr},
                                         {after.catalogue.get(), to, after.assessment ? &*after.assessment : nullptr});
    if (!diff) return complain(common, diff.error());
    diffs.push_back(*std::move(diff));
  }
  if (common.json) {
    Value out = Value::array();
    for (const auto& diff : diffs) out.push(assess::to_value(diff));
    print_json(common, out);
    return 0;
  }
  if (directories) {
    const auto names = [&](const Side& of, const Side& other, const char* what) {
      const auto known = assess::scheme_ids(*other.catalogue);
      for (const std::string& id : assess::scheme_ids(*of.catalogue)) {
        if (std::ranges::find(known, id) == known.end()) common.terminal->line(std::string(what) + " scheme " + id);
      }
    };
    names(after, before, "new");
    names(before, after, "dropped");
  }
  for (const auto& diff : diffs) {
    show(*common.terminal, diff);
    common.terminal->line();
  }
  return 0;
}

}  // namespace assay::cli
