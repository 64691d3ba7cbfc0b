// SPDX-License-Identifier: Apache-2.0
#include "assess/judge.hpp"

#include <algorithm>

#include "assess/judging.hpp"

namespace assay::assess {
namespace {

bool is(const std::vector<Verdict>& verdicts, Verdict verdict) {
  return std::ranges::find(verdicts, verdict) != verdicts.end();
}

struct Chosen {
  const Scheme* scheme;
  std::string applies;
};

std::vector<Chosen> choose_schemes(const Catalogue& catalogue, const Case& input) {
  const auto scopes = scope(catalogue, input.product, input.date);
  std::vector<std::string_view> declared;
  for (const Value& id : input.product.document()["schemes"].items()) declared.push_back(id.text());
  std::vector<Chosen> out;
  for (const ScopeAnswer& answer : scopes) {
    const bool named = std::ranges::find(input.schemes, answer.scheme) != input.schemes.end();
    const bool wanted = declared.empty() || std::ranges::find(declared, answer.scheme) != declared.end();
    if (input.schemes.empty() ? wanted && answer.result != "does-not-apply" : named)
      out.push_back({catalogue.scheme(answer.scheme), answer.result});
  }
  return out;
}

}  // namespace

Verdict roll_up(const std::vector<Verdict>& verdicts) {
  if (is(verdicts, Verdict::fail)) return Verdict::fail;
  if (verdicts.empty() || is(verdicts, Verdict::inconclusive)) return Verdict::inconclusive;
  return is(verdicts, Verdict::pass) ? Verdict::pass : Verdict::not_applicable;
}

Verdict combine_en_18031(const std::vector<std::pair<std::string, Verdict>>& by_kind) {
  std::vector<Verdict> all;
  std::vector<Verdict> conceptual;
  for (const auto& [kind, verdict] : by_kind) {
    all.push_back(verdict);
    if (kind == "conceptual") conceptual.push_back(verdict);
  }
  if (is(all, Verdict::fail)) return Verdict::fail;
  if (!conceptual.empty() && roll_up(conceptual) == Verdict::not_applicable) return Verdict::not_applicable;
  if (!all.empty() && std::ranges::all_of(all, [](Verdict v) { return v == Verdict::pass; })) return Verdict::pass;
  if (!all.empty() && std::ranges::all_of(all, [](Verdict v) { return v == Verdict::not_applicable; })) return Verdict::not_applicable;
  return Verdict::inconclusive;
}

Assessment judge(const Catalogue& catalogue, const Case& input) {
  Assessment out;
  out.product = Value::object();
  out.product.set("name", input.product.name());
  out.product.set("model", input.product.model());
  out.product.set("version", input.product.version());
  out.product.set("digest", input.product.digest());
  out.date = to_text(input.date);
  out.catalogue = digest(catalogue);
  Judging judging(catalogue, input);
  Carried total;
  Gathering gathering(total);
  for (const Chosen& chosen : choose_schemes(catalogue, input)) {
    SchemeVerdict scheme{
        chosen.scheme->id, chosen.scheme->base, chosen.scheme->edition, chosen.scheme->title, chosen.scheme->claim, chosen.applies, {}};
    const Value& aim = input.product.document()["levels"][chosen.scheme->base];
    const std::size_t highest = aim.is_null() ? chosen.scheme->levels.size() : chosen.scheme->rank(aim.scalar_text());
    for (const Requirement& requirement : chosen.scheme->requirements) {
      if (!requirement.level.empty() && chosen.scheme->rank(requirement.level) > highest) continue;
      const JudgedRequirement& judged = judging.requirement(*chosen.scheme, requirement);
      for (const Owed& owed : judged.carried.owed) gathering.add(owed);
      scheme.requirements.push_back(judging.take(*chosen.scheme, requirement));
    }
    out.schemes.push_back(std::move(scheme));
  }
  out.owed = std::move(total.owed);
  sort_owed(out.owed);
  out.stale = judging.asking().examined().stale();
  out.family = input.family;
  return out;
}

}  // namespace assay::assess
