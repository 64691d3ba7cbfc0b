// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "assess/judging.hpp"

namespace assay::assess {
namespace {

// Ids and words hold no line feed of their own where they come from a checked file; an instance's id may, and goes last.
std::string name_of(const Owed& owed) {
  return owed.kind + "\n" + owed.question + "\n" + owed.instance;
}
std::string name_of(const Contradiction& c) {
  return c.question + "\n" + c.says + "\n" + c.instance;
}

void add_settled(Owed& to, const Owed& from) {
  for (const std::string& row : from.settles) {
    if (std::ranges::find(to.settles, row) == to.settles.end()) to.settles.push_back(row);
  }
}

}  // namespace

void merge_owed(std::vector<Owed>& into, const Owed& owed) {
  const auto at = std::ranges::find_if(
      into, [&](const Owed& o) { return o.kind == owed.kind && o.question == owed.question && o.instance == owed.instance; });
  if (at == into.end()) {
    into.push_back(owed);
    return;
  }
  add_settled(*at, owed);
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

Gathering::Gathering(Carried& into) : into_(into) {
  for (std::size_t i = 0; i < into.owed.size(); ++i) owed_.emplace(name_of(into.owed[i]), i);
  for (const Contradiction& c : into.contradictions) contradictions_.insert(name_of(c));
}

void Gathering::add(const Owed& owed) {
  const auto [at, fresh] = owed_.try_emplace(name_of(owed), into_.owed.size());
  if (fresh) {
    into_.owed.push_back(owed);
  } else {
    add_settled(into_.owed[at->second], owed);
  }
}

void Gathering::add(const Contradiction& contradiction) {
  if (contradictions_.insert(name_of(contradiction)).second) into_.contradictions.push_back(contradiction);
}

void Gathering::add(const Carried& other) {
  into_.refuted = into_.refuted || other.refuted;
  into_.contested = into_.contested || other.contested;
  for (const Owed& o : other.owed) add(o);
  for (const Contradiction& c : other.contradictions) add(c);
  for (const std::string& remedy : other.remedies) {
    if (std::ranges::find(into_.remedies, remedy) == into_.remedies.end()) into_.remedies.push_back(remedy);
  }
  into_.borrow(other.borrowed);
}

void Carried::borrow(const std::vector<BorrowedUse>& uses) {
  for (const BorrowedUse& use : uses) {
    if (std::ranges::find(borrowed, use) == borrowed.end()) borrowed.push_back(use);
  }
}

void Carried::gather(const Carried& other) {
  Gathering(*this).add(other);
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
