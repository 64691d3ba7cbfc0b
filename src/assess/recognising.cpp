// SPDX-License-Identifier: Apache-2.0
#include "assess/recognising.hpp"

#include "base/clock.hpp"
#include "base/text.hpp"

namespace assay::assess {
namespace {

// A model is named only as a word of its own: CC-1 is not in CC-10, nor in CC-1A.
bool names_model(std::string_view text, std::string_view model) {
  const auto part_of_word = [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u >= '0' && u <= '9') || (u >= 'A' && u <= 'Z') || (u >= 'a' && u <= 'z') || u == '-' || u == '_' || u >= 0x80;
  };
  if (model.empty()) return false;
  for (auto at = text.find(model); at != std::string_view::npos; at = text.find(model, at + 1)) {
    const auto after = at + model.size();
    const bool starts = at == 0 || !part_of_word(text[at - 1]);
    const bool ends = after == text.size() || !part_of_word(text[after]);
    if (starts && ends) return true;
  }
  return false;
}

bool in_date(const Recognition& recognition, const Observation& paper, Day date) {
  const auto issued = parse_day(paper.fields["issued"].text());
  if (!issued || *issued > date) return false;
  const Value* expires = paper.fields.find("expires");
  if (expires == nullptr || expires->empty()) return recognition.undated;
  const auto until = parse_day(expires->text());
  return until && *until >= date;
}

bool about(const Observation& paper, const Product& product) {
  const Value& scope = paper.fields["scope"];
  if (scope.is_text()) return names_model(scope.text(), product.model());
  for (const Value& item : scope.items()) {
    if (names_model(item.text(), product.model())) return true;
  }
  return false;
}

}  // namespace

const Observation* held_paper(const Recognition& recognition, const Examined& examined, const Product& product, Day date) {
  if (!recognition.in_force.empty()) {
    const auto from = parse_day(recognition.in_force);
    if (!from || date < *from) return nullptr;
  }
  for (const Observation* paper : examined.of("certificate-of")) {
    // Two papers of one number that differ in holder or date are in doubt.
    if (examined.contested(*paper) != nullptr) continue;
    if (trim(paper->fields["standard"].text()) != recognition.standard) continue;
    if (!recognition.edition.empty() && trim(paper->fields["edition"].text()) != recognition.edition) continue;
    if (!recognition.level.empty() && trim(paper->fields["level"].scalar_text()) != recognition.level) continue;
    if (about(*paper, product) && in_date(recognition, *paper, date)) return paper;
  }
  return nullptr;
}

}  // namespace assay::assess
