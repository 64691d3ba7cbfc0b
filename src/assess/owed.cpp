// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "assess/judging.hpp"

namespace assay::assess {

void merge_owed(std::vector<Owed>& into, const Owed& owed) {
  const auto at = std::ranges::find_if(
      into, [&](const Owed& o) { return o.kind == owed.kind && o.question == owed.question && o.instance == owed.instance; });
  if (at == into.end()) {
    into.push_back(owed);
    return;
  }
  for (const std::string& row : owed.settles) {
    if (std::ranges::find(at->settles, row) == at->settles.end()) at->settles.push_back(row);
  }
}

void sort_owed(std::vector<Owed>& owed) {
  for (Owed& o : owed) std::ranges::sort(o.settles);
  // Rows a minute, compared crosswise so that no rounding decides.
  const auto worth = [](const Owed& a, const Owed& b) { return a.settles.size() * static_cast<std::size_t>(std::max(b.cost, 1)); };
  std::ranges::sort(owed, [&](const Owed& a, const Owed& b) {
    const std::size_t x = worth(a, b);
    const std::size_t y = worth(b, a);
    if (x != y) return x > y;
    return std::tie(a.cost, a.question, a.instance, a.kind) < std::tie(b.cost, b.question, b.instance, b.kind);
  });
}

void Carried::gather(const Carried& other) {
  refuted = refuted || other.refuted;
  contested = contested || other.contested;
  for (const Owed& o : other.owed) merge_owed(owed, o);
  for (const Contradiction& c : other.contradictions) {
    const bool known = std::ranges::any_of(
        contradictions, [&](const Contradiction& k) { return k.question == c.question && k.instance == c.instance && k.says == c.says; });
    if (!known) contradictions.push_back(c);
  }
  for (const std::string& remedy : other.remedies) {
    if (std::ranges::find(remedies, remedy) == remedies.end()) remedies.push_back(remedy);
  }
}

Owed Judging::owed_justification(const Scheme& scheme, const Requirement& requirement, std::string_view instance, bool deviation) const {
  Owed out;
  out.question = scheme.id + "/" + requirement.id;
  out.instance = instance;
  out.kind = "justification";
  out.ask = deviation ? "Why is " + requirement.id + " (" + requirement.title + ") not met?"
                      : "Why is " + requirement.id + " (" + requirement.title + ") not applicable?";
  out.what = "Write the reason under ics." + requirement.id + ".detail in product.yaml, or: assay answer " + out.question +
             (deviation ? " deviation" : " not-applicable") + (instance.empty() ? "" : " --for '" + std::string(instance) + "'") +
             " --by NAME --note REASON";
  out.cost = 15;
  return out;
}

Owed Judging::owed_confirmation(const Scheme& scheme, std::string_view entry, std::string_view source) const {
  Owed out;
  out.question = scheme.id + "/" + std::string(entry);
  out.kind = "confirmation";
  out.ask = "Does " + std::string(entry) + " stand in " + scheme.title + " " + scheme.edition + " as the catalogue has it?";
  out.what = "Check the entry against " + (source.empty() ? "the publisher's text" : std::string(source)) +
             " and confirm it, once for this edition.";
  out.cost = 10;
  return out;
}

bool Judging::confirmed(const Scheme& scheme, std::string_view entry) const {
  return std::ranges::any_of(input_.confirmations, [&](const Confirmation& c) {
    return c.scheme == scheme.id && c.edition == scheme.edition && c.entry == entry && !c.by.empty();
  });
}

}  // namespace assay::assess
