// SPDX-License-Identifier: Apache-2.0
#include "assess/judge.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"

namespace assay::cli {
namespace {

void show(Terminal& t, const assess::ScopeAnswer& a, bool rules) {
  const std::string_view word = a.result == "applies" ? "applies" : a.result == "does-not-apply" ? "does not apply" : "cannot tell";
  t.line(t.bold(padded(a.base, 20)) + " " + padded(a.edition + (a.market.empty() ? "" : " (" + a.market + ")"), 34) + " " +
         std::string(word));
  const std::string would = a.result == "unknown" && !a.rule.empty() ? "If so: " : "";
  if (!a.why.empty()) t.paragraph(would + a.why + (a.article.empty() ? "" : " [" + a.article + "]"), 4);
  if (!a.note.empty()) t.paragraph("But note: " + a.note, 4);
  if (a.result != "does-not-apply") {
    for (const std::string& note : a.notes) t.paragraph("Note: " + note, 4);
  }
  for (const Value& ask : a.asks) {
    const std::string fact(ask["fact"].text());
    const std::string place = fact.find('.') == std::string::npos && fact != "markets" ? "properties." + fact : fact;
    t.paragraph("→ tell: " + place + " — " + std::string(ask["ask"].text()), 4);
  }
  if (!rules) return;
  for (const Value& rule : a.rules) {
    t.paragraph(padded(std::string(rule["kind"].text()), 8) + padded(std::string(rule["truth"].text()), 8) +
                    std::string(rule["id"].text()) + " [" + std::string(rule["article"].text()) + "]",
                4);
  }
}

}  // namespace

int run_scope(const Common& common, const ScopeOptions& options) {
  Product product;
  const std::string file = options.product.empty() ? common.directory + "/product.yaml" : options.product;
  std::vector<Error> errors = office::load_product(file, product);
  std::shared_ptr<const assess::Catalogue> catalogue;
  const auto more = office::load_catalogue(common.catalogue, catalogue);
  errors.insert(errors.end(), more.begin(), more.end());
  if (!errors.empty()) return complain(common, errors);
  const auto question = question_of(common, {});
  if (!question) return complain(common, question.error());
  if (options.plan) return run_plan(common, options, product, *catalogue, question->date);
  const auto answers = assess::scope(*catalogue, product, question->date);
  if (common.json) {
    Value out = Value::array();
    for (const auto& a : answers) {
      Value row = assess::to_value(a);
      if (options.rules) {
        Value rules = Value::array();
        for (const Value& rule : a.rules) rules.push(rule);
        row.set("rules", std::move(rules));
      }
      out.push(std::move(row));
    }
    print_json(common, out);
    return 0;
  }
  for (const auto& a : answers) show(*common.terminal, a, options.rules);
  return 0;
}

}  // namespace assay::cli
