// SPDX-License-Identifier: Apache-2.0
// family: what the other variants of a product's line lend it, by which statements, and what hangs on each.
#include <algorithm>

#include "base/text.hpp"
#include "cli/judged.hpp"
#include "office/contributions.hpp"

namespace assay::cli {
namespace {

constexpr std::size_t kMostKept = 12;

void show_items(Terminal& t, std::string_view head, const std::vector<office::Lending::Item>& items) {
  std::size_t n = 0;
  for (const auto& item : items) {
    if (n++ == kMostKept) {
      t.line("    … " + std::to_string(items.size() - kMostKept) + " more; --json lists them all");
      return;
    }
    t.paragraph(std::string(head) + item.what + (item.reason.empty() ? "" : ": it " + item.reason), 4);
  }
}

void show(Terminal& t, const office::Contribution& one) {
  const office::Lending& l = one.lending;
  t.line();
  t.line(t.bold(printable(l.terms.equivalence, 120)) + "  from " + printable(l.terms.from, 120) + " (" + printable(l.base_model, 60) +
         ", software " + printable(l.base_version, 40) + ")");
  std::string covers;
  for (const std::string& c : l.covers) covers += (covers.empty() ? "" : ", ") + printable(c, 90);
  t.paragraph("covers " + covers, 2);
  if (!l.terms.same.empty()) t.paragraph("same: " + printable(l.terms.same, 400), 2);
  if (!l.terms.differs.empty()) t.paragraph("differs: " + printable(l.terms.differs, 400), 2);
  if (!l.terms.by.empty())
    t.paragraph("stated by " + printable(l.terms.by, 80) + (l.terms.date.empty() ? "" : " on " + l.terms.date) +
                    (l.document.empty() ? "" : ", shown by " + printable(l.document, 120)),
                2);
  if (!l.why_not.empty()) {
    t.paragraph(t.bold("Counts for nothing:") + " it " + l.why_not + ".", 2);
    return;
  }
  show_items(t, "lends ", l.evidence);
  show_items(t, "lends ", l.answers);
  show_items(t, "does not lend ", l.kept);
  if (l.evidence.empty() && l.answers.empty()) return t.line("  lends nothing");
  const auto would_be = [](Verdict v) { return [v](const office::Contribution::Change& c) { return c.without == v; }; };
  const auto open = std::ranges::count_if(one.without, would_be(Verdict::inconclusive));
  t.line("  " + std::to_string(one.rests.size()) + " verdicts rest on it; without it " + std::to_string(open) + " would be INCONCLUSIVE" +
         (static_cast<std::size_t>(open) == one.without.size() ? "" : ", " + std::to_string(one.without.size()) + " others than now"));
  for (const auto& c : one.without)
    t.line("    " + padded(c.scheme + " " + c.requirement, 28) + t.verdict(c.with) + " → " + t.verdict(c.without) + "  " +
           printable(c.title, 60));
}

}  // namespace

int run_family(const Common& common) {
  office::Desk desk;
  if (const auto errors = office::Desk::open(common.directory, common.catalogue, desk); !errors.empty()) return complain(common, errors);
  const auto question = question_of(common, {});
  if (!question) return complain(common, question.error());
  const auto found = office::contributions(desk, *question);
  if (!found) return complain(common, found.error());
  if (common.json) {
    print_json(common, office::to_value(*found));
    return 0;
  }
  Terminal& t = *common.terminal;
  if (found->equivalences.empty()) {
    t.line("product.yaml states no equivalence under `family`: nothing is borrowed (`assay help family`).");
    return 0;
  }
  t.line(t.bold(printable(desk.product().model(), 60)) + (found->name.empty() ? "" : ", of the line " + printable(found->name, 80)));
  for (const auto& one : found->equivalences) show(t, one);
  return 0;
}

}  // namespace assay::cli
