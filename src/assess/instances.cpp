// SPDX-License-Identifier: Apache-2.0
#include "assess/instances.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace assay::assess {
namespace {

using Keys = std::vector<std::pair<std::string, std::string>>;

Keys keys_of(const Sighting& sighting, const Observation& o) {
  Keys keys;
  Value scratch;
  for (const auto& [key, field] : sighting.keys) {
    const Value* value = field_of(o, field, scratch);
    if (value != nullptr && !value->scalar_text().empty()) keys.emplace_back(key, value->scalar_text());
  }
  return keys;
}

std::string_view value_of(const Keys& keys, std::string_view name) {
  const auto at = std::ranges::find(keys, name, [](const auto& k) { return std::string_view(k.first); });
  return at == keys.end() ? std::string_view{} : std::string_view(at->second);
}

// The first match key that both give decides. So an account is its user and a listener its port, and a row that shares only a weaker
// key (the service's name) with it does not hide it, nor does one that says otherwise of itself than what was seen.
bool names(const Subject& subject, const Sighting& sighting, const Value& row, const Keys& keys) {
  if (match_row(sighting.row, row, {}) == Truth::no) return false;
  for (const std::string& key : subject.apart) {
    const std::string declared = row[key].scalar_text();
    const std::string_view seen = value_of(keys, key);
    if (!declared.empty() && !seen.empty() && declared != seen) return false;
  }
  for (const std::string& key : subject.match) {
    const std::string declared = row[key].scalar_text();
    const std::string_view seen = value_of(keys, key);
    if (!declared.empty() && !seen.empty()) return declared == seen;
  }
  return false;
}

void add_key(Instance& instance, const std::string& key, const std::string& value) {
  auto at = std::ranges::find(instance.keys, key, [](const auto& k) { return k.first; });
  if (at == instance.keys.end()) at = instance.keys.insert(instance.keys.end(), {key, {}});
  if (std::ranges::find(at->second, value) == at->second.end()) at->second.push_back(value);
}

// A contested field may be anything: the sighting still may be an instance.
Truth match_sighting(const Sighting& sighting, const Observation& o, const Examined& examined) {
  const auto* contested = examined.contested(o);
  Truth out = Truth::yes;
  Value scratch;
  for (const auto& [field, matcher] : sighting.where) {
    const Value* value = field_of(o, field, scratch);
    const bool open = contested != nullptr && contested->contains(field);
    out = both(out, open ? match_contested(matcher, value) : match(matcher, value, {}));
  }
  return out;
}

}  // namespace

const std::vector<std::string>* Instance::key(std::string_view name) const {
  const auto at = std::ranges::find(keys, name, [](const auto& k) { return std::string_view(k.first); });
  return at == keys.end() ? nullptr : &at->second;
}

std::string row_id(std::string_view table, const Value& row, std::size_t index) {
  std::string id = row["ID"].scalar_text();
  if (!id.empty()) return id;
  return ixit_single(table) ? std::string(table) : std::string(table) + "-" + std::to_string(index + 1);
}

std::string fill(std::string_view text, const Observation& o) {
  std::string out;
  Value scratch;
  while (!text.empty()) {
    const auto open = text.find('{');
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) break;
    out += text.substr(0, open);
    const Value* value = field_of(o, text.substr(open + 1, close - open - 1), scratch);
    const std::string said = value == nullptr ? std::string{} : value->scalar_text();
    out += said.empty() ? "?" : printable(said, 200);
    text.remove_prefix(close + 1);
  }
  return out + std::string(text);
}

Truth match_row(const std::vector<std::pair<std::string, Matcher>>& where, const Value& row, const MatchScope& scope) {
  Truth out = Truth::yes;
  for (const auto& [field, matcher] : where) {
    const Value* cell = row.find(field);
    if (cell != nullptr && cell->empty()) cell = nullptr;
    out = both(out, match(matcher, cell, scope));
    if (out == Truth::no) break;
  }
  return out;
}

Inventories::Inventories(const Catalogue& catalogue, const Product& product, const Examined& examined) {
  product_.id = "product";
  product_.label = product.name();
  product_.keys = {{"id", {"product"}}};
  for (const auto& [id, subject] : catalogue.subjects) inventories_.emplace(id, build(subject, product, examined));
}

Inventory Inventories::build(const Subject& subject, const Product& product, const Examined& examined) const {
  Inventory out;
  out.subject = &subject;
  if (subject.single) {
    out.instances.push_back(product_);
    return out;
  }
  out.declared_complete = product.declared_complete(subject.id);
  out.covered = true;
  for (const std::string& check : subject.checks) {
    const auto& coverage = examined.coverage(check);
    out.covered = out.covered && coverage.complete;
    if (!coverage.complete) out.reasons.push_back(coverage.reason);
    out.coverage.insert(out.coverage.end(), coverage.observations.begin(), coverage.observations.end());
  }
  const auto rows = product.rows(subject.id);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Instance instance;
    instance.id = row_id(subject.id, *rows[i], i);
    const std::string_view description = (*rows[i])["Description"].text();
    instance.label = description.empty() ? instance.id : std::string(description);
    instance.table = subject.id;
    instance.row = rows[i];
    instance.keys.emplace_back("id", std::vector<std::string>{instance.id});
    for (const auto& cell : rows[i]->members()) {
      std::vector<std::string> values;
      if (std::string text = cell.value.scalar_text(); !text.empty()) values.push_back(std::move(text));
      for (const Value& item : cell.value.items()) values.push_back(item.scalar_text());
      if (cell.name != "ID" && !values.empty()) instance.keys.emplace_back(cell.name, std::move(values));
    }
    out.instances.push_back(std::move(instance));
  }
  std::map<std::string, Instance> seen;
  for (const Sighting& sighting : subject.observed) {
    for (const Observation* o : examined.of(sighting.kind)) {
      if (match_sighting(sighting, *o, examined) == Truth::no) continue;
      const Keys keys = keys_of(sighting, *o);
      if (std::ranges::any_of(rows, [&](const Value* row) { return names(subject, sighting, *row, keys); })) continue;
      std::string id = fill(sighting.id, *o);
      // A row that only looks the same does not become the same.
      if (std::ranges::any_of(rows, [&](const Value* row) { return (*row)["ID"].text() == id; })) id += " (seen)";
      Instance& instance = seen[id];
      instance.id = id;
      instance.label = id;
      instance.declared = false;
      instance.table = subject.id;
      if (instance.keys.empty()) add_key(instance, "id", id);
      for (const auto& [key, value] : keys) add_key(instance, key, value);
      instance.seen.push_back(o);
    }
  }
  for (auto& [id, instance] : seen) out.instances.push_back(std::move(instance));
  return out;
}

const Inventory& Inventories::of(std::string_view subject) const {
  static const Inventory none;
  const auto at = inventories_.find(subject);
  return at == inventories_.end() ? none : at->second;
}

}  // namespace assay::assess
