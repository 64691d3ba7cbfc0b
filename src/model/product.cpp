// SPDX-License-Identifier: Apache-2.0
#include "model/product.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/clock.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/yaml.hpp"
#include "model/schema.hpp"

namespace assay {
namespace {

// TS 103 701 V1.1.1 names, read as their V2.1.1 successors.
struct Renamed {
  std::string_view table, old_name, new_name;
};
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kRenamedTables = {
    {{"ComMech", "SecComMech"}, {"Intf", "PhyIntf"}, {"ExtAPI", "LogIntf"}}};
constexpr std::array<Renamed, 2> kRenamedFields = {{{"SecParam", "Communication Mechanisms", "Secure Communication Mechanisms"},
                                                    {"PersData", "Communication Mechanisms", "Secure Communication Mechanisms"}}};

// IXIT fields whose words are ids of rows elsewhere (TS 103 701 Annex A).
struct Reference {
  std::string_view table, field, to;
};
constexpr std::array<Reference, 5> kReferences = {{{"SoftComp", "Update Mechanism", "UpdMech"},
                                                   {"SoftServ", "Authentication Mechanism", "AuthMech"},
                                                   {"SecParam", "Secure Communication Mechanisms", "SecComMech"},
                                                   {"PersData", "Secure Communication Mechanisms", "SecComMech"},
                                                   {"LogIntf", "Access", "PhyIntf"}}};

const Schema& product_schema() {
  // The shipped schema is tested to load; a program built without it has nothing to check with.
  static const Schema schema = *shipped_schema("product");
  return schema;
}

Error at(const Value& value, std::string_view file, std::string what) {
  return Error{Errc::malformed, std::move(what),
               Where{.path = std::string(file), .offset = 0, .line = value.mark.line, .column = value.mark.column}};
}

void modernise(Value& document) {
  Value* ixit = document.find("ixit");
  if (ixit == nullptr || !ixit->is_object()) return;
  for (auto& member : ixit->members()) {
    for (const auto& [old_name, new_name] : kRenamedTables) {
      if (member.name == old_name && !ixit->has(new_name)) member.name = new_name;
    }
  }
  for (const auto& [table, old_name, new_name] : kRenamedFields) {
    Value* rows = ixit->find(table);
    if (rows == nullptr || !rows->is_array()) continue;
    for (Value& row : rows->items()) {
      if (!row.is_object() || row.has(new_name)) continue;
      for (auto& field : row.members()) {
        if (field.name == old_name) field.name = new_name;
      }
    }
  }
}

// Words that look like row ids of `table` ("AuthMech-1"): a reference is checked only when it has that look, free text stays free.
void check_references(const Value& document, std::string_view file, std::vector<Error>& errors) {
  const Value& ixit = document["ixit"];
  for (const auto& [table, field, to] : kReferences) {
    std::set<std::string_view> ids;
    for (const Value& row : ixit[to].items()) ids.insert(row["ID"].text());
    for (const Value& row : ixit[table].items()) {
      const Value* value = row.find(field);
      if (value == nullptr) continue;
      std::string_view rest = value->text();
      while (!rest.empty()) {
        const auto end = rest.find_first_of(" ,;()\t\n");
        std::string_view word = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        if (word.ends_with('.')) word.remove_suffix(1);
        if (!word.starts_with(std::string(to) + "-") || ids.contains(word)) continue;
        const std::string_view meant = nearest(word, {ids.begin(), ids.end()});
        errors.push_back(at(*value, file,
                            "ixit." + std::string(table) + " refers to " + json_quoted(word) + ", which is no row of " + std::string(to) +
                                (meant.empty() ? "" : "; did you mean " + json_quoted(meant) + "?")));
      }
    }
  }
}

// Cells of the EN 18031 tables that name rows of another table.
struct Naming {
  std::string_view field, to;
};
constexpr std::array<Naming, 24> kNaming = {{{"ACM", "ACM"},
                                             {"SSM", "SSM"},
                                             {"DLM", "DLM"},
                                             {"Assets", "Asset"},
                                             {"Asset", "Asset"},
                                             {"NetworkInterface", "Interface"},
                                             {"UserInterface", "Interface"},
                                             {"MachineInterface", "Interface"},
                                             {"Interfaces", "Interface"},
                                             {"Via", "Interface"},
                                             {"AuthenticationMechanism", "AUM"},
                                             {"SUM", "SUM"},
                                             {"BootProcess", "BootProcess"},
                                             {"Elements", "Element"},
                                             {"Element", "Element"},
                                             {"SCM", "SCM"},
                                             {"Communications", "Communication"},
                                             {"CCK", "CCK"},
                                             {"RLM", "RLM"},
                                             {"LGM", "LGM"},
                                             {"Events", "Event"},
                                             {"Notification", "Notification"},
                                             {"UseCase", "UseCase"},
                                             {"Generation", "Generation"}}};

// What names each other from both sides is written down once: the other side follows.
struct Pair {
  std::string_view table, field, other, back;
};
constexpr std::array<Pair, 11> kPairs = {{{"Asset", "ACM", "ACM", "Assets"},
                                          {"Asset", "SSM", "SSM", "Assets"},
                                          {"Asset", "DLM", "DLM", "Assets"},
                                          {"Communication", "SCM", "SCM", "Communications"},
                                          {"Element", "SUM", "SUM", "Elements"},
                                          {"Element", "BootProcess", "BootProcess", "Elements"},
                                          {"ACM", "AuthenticationMechanism", "AUM", "ACM"},
                                          {"Interface", "RLM", "RLM", "Interfaces"},
                                          {"Event", "LGM", "LGM", "Events"},
                                          {"UseCase", "Notification", "Notification", "UseCase"},
                                          {"CCK", "Generation", "Generation", "CCK"}}};

void follow(Value& tables, std::string_view from, std::string_view field, std::string_view to, std::string_view back) {
  const Value* rows = tables.find(from);
  Value* others = tables.find(to);
  if (rows == nullptr || others == nullptr) return;
  for (const Value& row : rows->items()) {
    for (const Value& name : row[field].items()) {
      for (Value& other : others->items()) {
        if (other["ID"].text() != name.text()) continue;
        const Value& named = other[back];
        const bool known = std::ranges::any_of(named.items(), [&](const Value& item) { return item.text() == row["ID"].text(); });
        if (known) continue;
        Value list = named.is_array() ? named : Value::array();
        list.push(row["ID"]);
        other.set(back, std::move(list));
      }
    }
  }
}

void check_names(const Value& document, std::string_view file, std::vector<Error>& errors) {
  const Value& tables = document["en18031"];
  std::map<std::string_view, std::set<std::string_view>> ids;
  for (const auto& table : tables.members()) {
    for (const Value& row : table.value.items()) ids[table.name].insert(row["ID"].text());
  }
  for (const auto& table : tables.members()) {
    for (const Value& row : table.value.items()) {
      for (const auto& cell : row.members()) {
        const auto naming = std::ranges::find(kNaming, cell.name, &Naming::field);
        if (naming == kNaming.end() || !cell.value.is_array()) continue;
        for (const Value& name : cell.value.items()) {
          const std::set<std::string_view>& known = ids[naming->to];
          if (known.contains(name.text())) continue;
          const std::vector<std::string_view> candidates(known.begin(), known.end());
          const std::string_view meant = nearest(name.text(), candidates);
          errors.push_back(at(name, file,
                              "en18031." + table.name + " refers to " + json_quoted(name.text()) + ", which is no row of " +
                                  std::string(naming->to) + (meant.empty() ? "" : "; did you mean " + json_quoted(meant) + "?")));
        }
      }
    }
  }
}

void check_rows(const Value& section, std::string_view name, std::string_view file, std::vector<Error>& errors) {
  for (const auto& table : section.members()) {
    if (table.name == "DT") continue;
    std::map<std::string_view, std::uint32_t> seen;
    for (const Value& row : table.value.items()) {
      const Value& id = row["ID"];
      const auto [where, fresh] = seen.emplace(id.text(), id.mark.line);
      if (!fresh)
        errors.push_back(at(id, file,
                            std::string(name) + "." + table.name + " has the row " + json_quoted(id.text()) + " twice (first on line " +
                                std::to_string(where->second) + ")"));
    }
  }
}

// A path is written down once: of two for the same instance nobody could say which is meant.
void check_paths(const Value& rows, std::string_view file, std::vector<Error>& errors) {
  std::map<std::string, std::uint32_t> seen;
  for (const Value& row : rows.items()) {
    const std::string about = row["Requirement"].scalar_text() + (row.has("Part") ? " of part " + row["Part"].scalar_text() : "");
    std::vector<std::string> keys;
    for (const Value& id : row["For"].items()) keys.push_back(about + " for " + json_quoted(id.text()));
    if (keys.empty()) keys.push_back(about + " for all instances");
    for (const std::string& key : keys) {
      const auto [where, fresh] = seen.emplace(key, row.mark.line);
      if (!fresh) errors.push_back(at(row, file, "en18031.DT has " + key + " twice (first on line " + std::to_string(where->second) + ")"));
    }
    std::set<std::string_view> nodes;
    std::string_view rest = row["Path"].text();
    for (auto from = rest.find("DN-"); from != std::string_view::npos; from = rest.find("DN-", from + 1)) {
      const std::string_view node = rest.substr(from, rest.find('=', from) - from);
      if (!nodes.insert(node).second)
        errors.push_back(at(row["Path"], file, "the path of " + keys.front() + " answers " + std::string(node) + " twice"));
    }
  }
}

void check_support(const Value& document, std::string_view file, std::vector<Error>& errors) {
  const Value& support = document["support"];
  const auto from = parse_day(support["from"].text());
  const auto until = parse_day(support["until"].text());
  if (from && until && *until < *from) errors.push_back(at(support["until"], file, "the support period ends before it begins"));
}

std::vector<std::string_view> names_of(const Value& object) {
  std::vector<std::string_view> out;
  for (const auto& m : object.members()) {
    if (!m.value["deprecated"].boolean()) out.push_back(m.name);
  }
  return out;
}

const Value& tables_schema(std::string_view section) {
  return product_schema().json()["properties"][section]["properties"];
}

constexpr std::string_view kSections[] = {"ixit", "en18031"};

const Value& table_schema(std::string_view table) {
  const Value& ixit = tables_schema("ixit")[table];
  return ixit.is_null() ? tables_schema("en18031")[table] : ixit;
}

}  // namespace

std::vector<Error> Product::parse(std::string_view yaml, std::string_view file, Product& out) {
  auto document = parse_yaml(yaml, file);
  if (!document) return {std::move(document).error()};
  return from(*std::move(document), file, out);
}

std::vector<Error> Product::from(Value document, std::string_view file, Product& out) {
  modernise(document);
  std::vector<Error> errors = product_schema().apply(document, file);
  if (errors.empty()) {
    for (const std::string_view section : kSections) check_rows(document[section], section, file, errors);
    check_references(document, file, errors);
    check_names(document, file, errors);
    check_paths(document["en18031"]["DT"], file, errors);
    check_support(document, file, errors);
  }
  if (Value* tables = document.find("en18031"); errors.empty() && tables != nullptr) {
    for (const Pair& pair : kPairs) {
      follow(*tables, pair.table, pair.field, pair.other, pair.back);
      follow(*tables, pair.other, pair.back, pair.table, pair.field);
    }
  }
  if (errors.empty()) out.document_ = std::move(document);
  return errors;
}

std::vector<const Value*> Product::rows(std::string_view table) const {
  std::vector<const Value*> out;
  const Value* rows = document_[table_section(table)].find(table);
  if (rows == nullptr) return out;
  if (rows->is_object()) out.push_back(rows);
  for (const Value& row : rows->items()) out.push_back(&row);
  return out;
}

bool Product::declared_complete(std::string_view table) const {
  for (const Value& t : document_["complete"].items()) {
    if (t.text() == table) return true;
  }
  return false;
}

const Value* Product::ics(std::string_view scheme, std::string_view requirement) const {
  const Value& ics = document_["ics"];
  if (const Value* own = ics.find(std::string(scheme) + "/" + std::string(requirement))) return own;
  return ics.find(requirement);
}

std::vector<std::string_view> Product::markets() const {
  std::vector<std::string_view> out;
  for (const Value& m : document_["markets"].items()) out.push_back(m.text());
  return out;
}

std::string Product::digest() const {
  return sha256_hex(to_canonical_json(document_));
}

std::vector<std::string_view> ixit_tables() {
  auto out = names_of(tables_schema("ixit"));
  for (const std::string_view name : names_of(tables_schema("en18031"))) {
    // The documented paths are no inventory.
    if (name != "DT") out.push_back(name);
  }
  return out;
}

std::string_view table_section(std::string_view table) {
  return tables_schema("en18031").find(table) == nullptr ? kSections[0] : kSections[1];
}

bool ixit_single(std::string_view table) {
  return table_schema(table)["type"].text() == "object";
}

std::string_view named_table(std::string_view field) {
  const auto naming = std::ranges::find(kNaming, field, &Naming::field);
  return naming == kNaming.end() ? std::string_view{} : naming->to;
}

std::vector<std::string_view> ixit_fields(std::string_view table) {
  const Value& schema = table_schema(table);
  return names_of(schema["type"].text() == "object" ? schema["properties"] : schema["items"]["properties"]);
}

}  // namespace assay
