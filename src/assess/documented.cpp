// SPDX-License-Identifier: Apache-2.0
#include "assess/documented.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace assay::assess {

DocumentedPaths::DocumentedPaths(const Product& product) {
  const Value& table = product.document()["en18031"]["DT"];
  for (std::size_t i = 0; i < table.items().size(); ++i) {
    const Value& value = table.items()[i];
    Row row;
    row.part = value["Part"].scalar_text();
    for (const Value& id : value["For"].items()) row.instances.push_back(id.scalar_text());
    if (!says_nothing(value["Justification"].text())) row.documented.justification = std::string(trim(value["Justification"].text()));
    row.documented.path.place = "en18031.DT[" + std::to_string(i) + "]";
    if (value.mark.line != 0) row.documented.path.place += ":" + std::to_string(value.mark.line);
    // The schema lets only "DN-1=Y" and the like through.
    std::string_view rest = value["Path"].text();
    while (!rest.empty()) {
      const auto end = rest.find_first_of(" ,;");
      const std::string_view word = rest.substr(0, end);
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
      const auto equals = word.find('=');
      if (equals != std::string_view::npos)
        row.documented.path.nodes.emplace_back(std::string(word.substr(0, equals)), word.substr(equals + 1) == "Y");
    }
    rows_[value["Requirement"].scalar_text()].push_back(std::move(row));
  }
  for (const std::string_view name : ixit_tables()) {
    const auto declared = product.rows(name);
    for (std::size_t i = 0; i < declared.size(); ++i) declared_.insert(row_id(name, *declared[i], i));
  }
}

const DocumentedPath* DocumentedPaths::of(const Scheme& scheme, std::string_view requirement, std::string_view instance) const {
  if (scheme.combine != "en-18031") return nullptr;
  const auto at = rows_.find(requirement);
  if (at == rows_.end()) return nullptr;
  const bool declared = instance.empty() || instance == "product" || declared_.contains(instance);
  const Row* best = nullptr;
  int rank = -1;
  for (const Row& row : at->second) {
    if (!row.part.empty() && !scheme.base.ends_with("-" + row.part)) continue;
    const bool named = std::ranges::find(row.instances, instance) != row.instances.end();
    if (!named && (!row.instances.empty() || !declared)) continue;
    const int own = (named ? 2 : 0) + (row.part.empty() ? 0 : 1);
    if (own <= rank) continue;
    rank = own;
    best = &row;
  }
  return best == nullptr ? nullptr : &best->documented;
}

}  // namespace assay::assess
