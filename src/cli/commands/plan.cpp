// SPDX-License-Identifier: Apache-2.0
#include "assess/plan.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "base/text.hpp"
#include "cli/command.hpp"

namespace assay::cli {
namespace {

std::string money(double amount, const std::string& currency) {
  std::string digits = std::to_string(static_cast<long long>(std::llround(amount)));
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), " ");
  return digits + " " + currency;
}

std::string hours(int minutes) {
  return minutes < 60 ? std::to_string(minutes) + " min" : std::to_string((minutes + 30) / 60) + " h";
}

bool read_rates(const Common& common, const std::vector<std::string>& texts, std::map<std::string, double>& out) {
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    char* end = nullptr;
    const double rate = equals == 3 ? std::strtod(text.c_str() + 4, &end) : 0;
    if (!(rate > 0) || !std::isfinite(rate) || *end != '\0') {
      complain(common, Error{Errc::malformed, "--rate: found " + printable(text, 40) + ", expected CUR=NUMBER like JPY=0.0061", {}});
      return false;
    }
    out[text.substr(0, 3)] = rate;
  }
  return true;
}

void show(Terminal& t, const assess::PlanStep& step) {
  std::string head = t.bold(padded(step.scheme, 22)) + " ";
  if (!step.deemed_by.empty()) {
    t.line(head + "no application of its own: met through " + step.through);
    t.paragraph("recognition " + step.deemed_by + (step.from.empty() ? "" : ", in force from " + step.from) + " [" + step.source + "]", 4);
  } else if (step.application.empty()) {
    t.line(head + "nothing to apply for that the catalogue knows");
  } else {
    t.line(head + step.title + (step.fee < 0 ? "" : ", " + money(step.fee, step.currency)) +
           (step.lab ? ", outside laboratory or body" : ""));
    std::string more;
    if (!step.valid.empty()) more += "valid " + step.valid + "; ";
    if (step.days >= 0) more += std::to_string(static_cast<int>(std::ceil(step.days))) + " days; ";
    if (step.fee < 0) more += "fee not known; ";
    if (!step.through.empty()) more += "rests on " + step.through + "; ";
    if (!step.from.empty()) more += "from " + step.from + "; ";
    t.paragraph(more + "[" + step.source + "]", 4);
  }
  if (step.result == "unknown") t.paragraph("Whether the scheme applies is not known yet: see `assay scope`.", 4);
  if (step.result == "does-not-apply") t.paragraph("The product is not sold there: the work behind it is not counted.", 4);
  if (!step.note.empty()) t.paragraph("Note: " + step.note, 4);
  const auto joined = [](const std::vector<std::string>& ids) {
    std::string out;
    for (const std::string& id : ids) out += (out.empty() ? "" : ", ") + id;
    return out;
  };
  if (!step.stays.empty()) t.paragraph("stays to be met: " + joined(step.stays), 4);
  if (!step.waives.empty()) t.paragraph("waived by what is held by then: " + joined(step.waives), 4);
  if (step.open_minutes > 0)
    t.paragraph("still owed beyond the schemes above: about " + hours(step.open_minutes) + " of a person's work", 4);
}

}  // namespace

int run_plan(const Common& common, const ScopeOptions& options, const Product& product, const assess::Catalogue& catalogue, Day date) {
  std::map<std::string, double> rates;
  if (!read_rates(common, options.rates, rates)) return static_cast<int>(ExitStatus::usage);
  assess::Case input;
  input.product = product;
  input.date = date;
  // In a workspace its evidence and answers count; for a bare product.yaml the declaration alone.
  if (options.product.empty()) {
    office::Desk desk;
    if (const auto errors = office::Desk::open(common.directory, common.catalogue, desk); !errors.empty()) return complain(common, errors);
    auto held = desk.case_now({date, common.closing, {}});
    if (!held) return complain(common, held.error());
    input = *std::move(held);
  }
  const assess::Plan plan = assess::plan(catalogue, product, assess::judge(catalogue, input), date, rates);
  if (common.json) {
    print_json(common, assess::to_value(plan));
    return 0;
  }
  Terminal& t = *common.terminal;
  if (plan.steps.empty()) {
    t.line("No scheme of the catalogue applies: nothing to apply for.");
    return 0;
  }
  for (const assess::PlanStep& step : plan.steps) show(t, step);
  t.line();
  std::string fees;
  for (const auto& [currency, amount] : plan.fees) fees += (fees.empty() ? "" : " + ") + money(amount, currency);
  t.line(t.bold("Together: ") + (fees.empty() ? "no fee that is known" : fees) + (plan.fees_complete ? "" : " (some fees are not known)") +
         ", about " + hours(plan.open_minutes) + " of work owed.");
  t.paragraph(std::string("Chosen for the fewest outside laboratories, then the least fee") +
                  (rates.empty() ? " (fees of several currencies are compared only with --rate)" : "") +
                  ", then the least work. A plan is no verdict: a recognition counts only once the label is granted and held.",
              0);
  if (!plan.all_considered) t.paragraph("Not every combination was looked at; choose markets or levels to narrow it.", 0);
  return 0;
}

}  // namespace assay::cli
