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
    row.documented.justification = std::string(trim(value["Justification"].text()));
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
}

const DocumentedPath* DocumentedPaths::of(const Scheme& scheme, std::string_view requirement, std::string_view instance) const {
  if (scheme.combine != "en-18031") return nullptr;
  const auto at = rows_.find(requirement);
  if (at == rows_.end()) return nullptr;
  const DocumentedPath* general = nullptr;
  for (const Row& row : at->second) {
    if (!row.part.empty() && !scheme.base.ends_with("-" + row.part)) continue;
    if (std::ranges::find(row.instances, instance) != row.instances.end()) return &row.documented;
    if (row.instances.empty() && general == nullptr) general = &row.documented;
  }
  return general;
}

}  // namespace assay::assess
