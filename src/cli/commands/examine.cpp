// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "office/difference.hpp"

namespace assay::cli {
namespace {

// What a person reads first, then the rest by kind; `coverage` last, because it says what the rest is worth.
constexpr std::array<std::string_view, 16> kOrder = {"image",     "component", "account",        "key",   "secret", "autostart",
                                                     "listener",  "config",    "update",         "boot",  "kernel", "file",
                                                     "interface", "document",  "certificate-of", "binary"};

void show(Terminal& t, const office::Examination& e) {
  t.line(t.bold(printable(e.evidence.name, 100)) + "  " + bytes_text(e.evidence.bytes) + "  " + e.evidence.type + "  " +
         t.dim(e.evidence.id));
  if (!e.note.empty()) t.paragraph(e.note, 2);
  std::map<std::string, std::vector<const Observation*>> by_kind;
  for (const Observation& o : e.observations) by_kind[o.kind].push_back(&o);
  std::vector<std::string> kinds;
  for (const std::string_view k : kOrder) {
    if (by_kind.contains(std::string(k))) kinds.emplace_back(k);
  }
  for (const auto& [k, list] : by_kind) {
    if (std::ranges::find(kinds, k) == kinds.end() && k != "coverage") kinds.push_back(k);
  }
  constexpr std::size_t kMost = 25;
  for (const std::string& kind : kinds) {
    const auto& list = by_kind[kind];
    t.line();
    t.line("  " + t.bold(kind) + " (" + std::to_string(list.size()) + ")");
    std::size_t n = 0;
    for (const Observation* o : list) {
      if (n++ == kMost) {
        t.line("    … " + std::to_string(list.size() - kMost) + " more; --json shows all");
        break;
      }
      t.paragraph(office::in_words(*o).substr(kind.size() + 1), 4);
    }
  }
  t.line();
  t.line("  " + t.bold("how complete this is"));
  for (const Observation* o : by_kind["coverage"]) {
    const bool complete = o->fields["complete"].boolean();
    std::string line = std::string(complete ? "complete    " : "INCOMPLETE  ") + padded(o->fields["check"].text(), 22) +
                       std::string(o->fields["scope"].text());
    if (o->fields["unsandboxed"].boolean()) line += ", unsandboxed";
    if (!complete) line += ": " + printable(o->fields["reason"].text(), 300);
    t.paragraph(line, 4);
  }
  double total = 0;
  std::string times;
  for (const auto& timing : e.timings) {
    std::array<char, 64> figure{};
    std::snprintf(figure.data(), figure.size(), "%s %.2f s", timing.what.c_str(), timing.seconds);
    times += (times.empty() ? "" : ", ") + std::string(figure.data());
    total = std::max(total, timing.seconds);
  }
  if (!times.empty()) t.paragraph(t.dim("time: " + times), 2);
}

}  // namespace

int run_examine(const Common& common, const std::vector<std::string>& files) {
  std::shared_ptr<const firmware::Knowledge> knowledge;
  if (const auto errors = office::load_knowledge(common.catalogue, knowledge); !errors.empty()) return complain(common, errors);
  const auto how = firmware_options(common);
  if (!how) return complain(common, how.error());
  std::vector<office::Examination> done;
  int status = 0;
  for (const std::string& file : files) {
    auto examined = office::examine_path(file, "", *knowledge, *how, common.terminal->progress());
    if (!examined) {
      status = complain(common, examined.error(), ExitStatus::not_examined);
      continue;
    }
    done.push_back(*std::move(examined));
  }
  if (common.json) {
    print_json(common, office::to_value(done));
    return status;
  }
  bool first = true;
  for (const auto& e : done) {
    if (!first) common.terminal->line();
    first = false;
    show(*common.terminal, e);
  }
  return status;
}

}  // namespace assay::cli
