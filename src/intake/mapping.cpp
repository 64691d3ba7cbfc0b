// SPDX-License-Identifier: Apache-2.0
#include "intake/mapping.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/yaml.hpp"
#include "model/schema.hpp"

namespace assay::intake {
namespace {

struct Makes {
  std::string_view what;
  std::vector<std::string_view> fields;  // that a column may fill; empty: those of the tables
  std::vector<std::string_view> needed;
};

const std::vector<Makes>& kinds() {
  static const std::vector<Makes> all = {
      {"ics", {"id", "support", "detail", "reference"}, {"id", "support"}},
      {"ixit", {}, {}},
      {"en18031", {}, {}},
      {"certificates",
       {"standard", "edition", "level", "scope", "holder", "issued", "expires", "identifier", "file"},
       {"standard", "scope"}},
      {"answers", {"question", "instance", "value", "by", "note", "evidence"}, {"question", "value"}},
      {"facts", {"fact", "value"}, {"fact", "value"}},
  };
  return all;
}

class Reading {
 public:
  Reading(std::string_view file, std::vector<Error>& errors) : file_(file), errors_(errors) {}

  Mapping mapping(const Value& v) {
    Mapping out;
    out.id = v["id"].text();
    out.title = v["title"].text();
    out.makes = v["makes"].text();
    out.sheets = patterns(v["sheets"]);
    if (const Value* r = v.find("requirement")) out.requirement = pattern(*r);
    for (const Value& t : v["tables"].items()) {
      out.tables.push_back({std::string(t["table"].text()), patterns(t["named"])});
      if (table_fields(out.makes, out.tables.back().table).is_null())
        wrong(t, "product.yaml has no table " + out.makes + "." + out.tables.back().table);
    }
    for (const Value& c : v["columns"].items()) out.columns.push_back(column(c));
    check(v, out);
    return out;
  }

  void wrong(const Value& at, std::string what) {
    errors_.push_back(Error{Errc::malformed, std::move(what),
                            Where{.path = std::string(file_), .offset = 0, .line = at.mark.line, .column = at.mark.column}});
  }

 private:
  Pattern pattern(const Value& v) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    auto out = std::make_shared<const re2::RE2>(re2::StringPiece(v.text().data(), v.text().size()), options);
    if (!out->ok()) wrong(v, "not a regular expression of RE2: " + out->error());
    return out;
  }

  std::vector<Pattern> patterns(const Value& list) {
    std::vector<Pattern> out;
    for (const Value& v : list.items()) out.push_back(pattern(v));
    return out;
  }

  Column column(const Value& v) {
    Column out;
    out.to = v["to"].text();
    out.table = v["table"].text();
    out.needed = v["needed"].boolean();
    out.open = v["open"].boolean();
    out.heads = patterns(v["heads"]);
    for (const auto& word : v["words"].members()) {
      std::vector<std::string> spellings;
      for (const Value& s : word.value.items()) spellings.push_back(to_lower(s.text()));
      out.words.emplace_back(word.name, std::move(spellings));
    }
    for (const Value& p : v["patterns"].items()) {
      Rewriting r{pattern(p["match"]), std::string(p["as"].text())};
      std::string why;
      if (r.match->ok() && !r.match->CheckRewriteString(r.as, &why)) wrong(p, "`as` does not fit `match`: " + why);
      out.patterns.push_back(std::move(r));
    }
    for (const auto& s : v["sets"].members()) out.sets.emplace_back(s.name, s.value.text());
    return out;
  }

  void check(const Value& at, const Mapping& m) {
    const auto kind = std::ranges::find(kinds(), m.makes, &Makes::what);
    if (kind == kinds().end()) return;  // the schema said so already
    const auto has = [&](std::string_view field) { return std::ranges::find(m.columns, field, &Column::to) != m.columns.end(); };
    for (const std::string_view field : kind->needed) {
      if (!has(field)) wrong(at, "a mapping that makes " + m.makes + " needs a column for " + std::string(field));
    }
    if (kind->fields.empty() && m.tables.empty()) wrong(at, "a mapping that makes " + m.makes + " needs `tables`");
    for (std::size_t i = 0; i < m.columns.size(); ++i) {
      const Column& c = m.columns[i];
      const Value& place = at["columns"].items()[i];
      if (!c.to.empty() && !known_field(m, *kind, c.to))
        wrong(place, "nothing that " + m.makes + " makes has a field " + json_quoted(c.to));
      for (const auto& [field, value] : c.sets) {
        if (!known_field(m, *kind, field)) wrong(place, "nothing that " + m.makes + " makes has a field " + json_quoted(field));
      }
    }
  }

  static bool known_field(const Mapping& m, const Makes& kind, std::string_view field) {
    if (!kind.fields.empty()) return std::ranges::find(kind.fields, field) != kind.fields.end();
    // \1 is looked up when a head is there; item names the row and describes it; the two-column form of tables of one row.
    static constexpr std::array<std::string_view, 6> kOwn = {"\\1", "item", "field", "value", "DT.Path", "DT.Justification"};
    if (std::ranges::find(kOwn, field) != kOwn.end() || field == "DT.Part") return true;
    return std::ranges::any_of(m.tables, [&](const Named& n) { return table_fields(m.makes, n.table).has(field); });
  }

  std::string_view file_;
  std::vector<Error>& errors_;
};

const Value& product_schema() {
  static const Schema schema = *shipped_schema("product");
  return schema.json();
}

const Value& table_schema(std::string_view section, std::string_view table) {
  return product_schema()["properties"][section]["properties"][table];
}

}  // namespace

const Mapping* Mappings::find(std::string_view id) const {
  const auto at = std::ranges::find(all_, id, &Mapping::id);
  return at == all_.end() ? nullptr : &*at;
}

std::vector<std::string> Mappings::ids() const {
  std::vector<std::string> out;
  for (const Mapping& m : all_) out.push_back(m.id);
  return out;
}

std::vector<Error> load_mappings(const std::vector<EmbeddedFile>& files, Mappings& out) {
  std::vector<Error> errors;
  const auto schema = shipped_schema("imports");
  if (!schema) return {schema.error()};
  std::set<std::string> ids;
  for (const EmbeddedFile& file : files) {
    if (!file.path.starts_with("knowledge/imports/") || !file.path.ends_with(".yaml")) continue;
    auto document = parse_yaml(file.text, file.path);
    if (!document) {
      errors.push_back(std::move(document).error());
      continue;
    }
    const auto breaches = schema->apply(*document, file.path);
    errors.insert(errors.end(), breaches.begin(), breaches.end());
    if (!breaches.empty()) continue;
    Reading reading(file.path, errors);
    for (const Value& v : (*document)["imports"].items()) {
      out.all_.push_back(reading.mapping(v));
      if (!ids.insert(out.all_.back().id).second) reading.wrong(v, "a second mapping called " + out.all_.back().id);
    }
  }
  return errors;
}

const Value& table_fields(std::string_view section, std::string_view table) {
  const Value& schema = table_schema(section, table);
  return schema["type"].text() == "array" ? schema["items"]["properties"] : schema["properties"];
}

bool single_row(std::string_view section, std::string_view table) {
  return table_schema(section, table)["type"].text() == "object";
}

}  // namespace assay::intake
