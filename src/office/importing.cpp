// SPDX-License-Identifier: Apache-2.0
#include "office/importing.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

#include "assess/entries.hpp"
#include "base/clock.hpp"
#include "base/embedded.hpp"
#include "base/text.hpp"
#include "base/yaml.hpp"
#include "model/schema.hpp"
#include "office/product_text.hpp"

namespace assay::office {
namespace {

namespace fs = std::filesystem;

// TS 103 701 V1.1.1 names that a product.yaml may still use.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kOldTables = {
    {{"SecComMech", "ComMech"}, {"PhyIntf", "Intf"}, {"LogIntf", "ExtAPI"}}};
constexpr std::pair<std::string_view, std::string_view> kOldField = {"Secure Communication Mechanisms", "Communication Mechanisms"};

std::string shown(const Value& value) {
  if (!value.is_array()) return value.scalar_text();
  std::string out;
  for (const Value& v : value.items()) out += (out.empty() ? "" : ", ") + v.scalar_text();
  return out;
}

// `<model designation>` is a blank that the draft left.
bool blank(const Value* value) {
  if (value == nullptr || value->is_null()) return true;
  const std::string text = shown(*value);
  return trim(text).empty() || (text.starts_with('<') && text.ends_with('>') && text.find('\n') == std::string::npos);
}

// A map inside, made where there is none.
Value& inner(Value& map, std::string_view name) {
  if (map.find(name) == nullptr || !map.find(name)->is_object()) map.set(name, Value::object());
  return *map.find(name);
}

class Merging {
 public:
  Merging(Import& out, const assess::Catalogue& catalogue, const ImportRules& rules) : out_(out), catalogue_(catalogue), rules_(rules) {}

  void take(const intake::Entry& e) {
    if (e.makes == "ics") {
      ics(e);
    } else if (e.makes == "ixit" || e.makes == "en18031") {
      row(e);
    } else if (e.makes == "facts") {
      fact(e);
    } else if (e.makes == "certificates") {
      certificate(e);
    } else {
      answers_ = answers_.empty() ? e.place : answers_;
    }
  }

  void end() {
    if (!answers_.empty()) note(answers_, "the sheet holds answers; `assay questions --read FILE` records them");
    for (const auto& [id, place] : strangers_)
      note(place, "no scheme of the catalogue has " + id + "; the entry is kept, and nothing reads it");
  }

 private:
  void note(std::string place, std::string what) { out_.notices.push_back({std::move(place), std::move(what)}); }

  // Whether the field says the value now.
  bool put(Value& map, const std::string& path, std::string_view field, const Value& value, const std::string& place) {
    const std::string full = path + "." + std::string(field);
    Value* held = map.find(field);
    if (!blank(held) && trim(shown(*held)) == trim(shown(value))) {
      ++out_.same;
      given_.try_emplace(full, place);
      return true;
    }
    const auto before = given_.find(full);
    // Two rows of the files themselves disagree: no rule says which is right.
    const bool twice = before != given_.end();
    if (!blank(held) && (!rules_.replace || twice)) {
      out_.changes.push_back({Change::Kind::conflict, full, shown(*held), shown(value),
                              place + (twice ? " (the other value is from " + before->second + ")" : "")});
      return false;
    }
    out_.changes.push_back(
        {blank(held) ? Change::Kind::added : Change::Kind::changed, full, held == nullptr ? "" : shown(*held), shown(value), place});
    map.set(field, value);
    given_.emplace(full, place);
    return true;
  }

  void ics(const intake::Entry& e) {
    const std::string id = rules_.scheme.empty() ? e.id : rules_.scheme + "/" + e.id;
    if (!known(e.id)) strangers_.try_emplace(e.id, e.place);
    Value& table = inner(out_.after, "ics");
    const bool fresh = table.find(id) == nullptr;
    Value& entry = inner(table, id);
    const std::string path = "ics." + id;
    const intake::Given* support = e.field("support");
    const std::string was(entry["support"].text());
    if (!put(entry, path, "support", support->value, support->place)) {
      note(e.place, path + " is left as it is: its reason would not fit the support that stands");
      return;
    }
    if (!fresh && !was.empty() && was != support->value.text()) {
      for (const std::string_view field : {"detail", "reference"}) {
        if (!entry.has(field) || given_.contains(path + "." + std::string(field))) continue;
        out_.changes.push_back({Change::Kind::changed, path + "." + std::string(field), shown(entry[field]), "", e.place});
        entry.erase(field);
      }
    }
    for (const intake::Given& g : e.fields) {
      if (g.field != "support") put(entry, path, g.field, g.value, g.place);
    }
  }

  bool known(const std::string& id) {
    const auto schemes = rules_.scheme.empty() ? assess::scheme_ids(catalogue_) : std::vector<std::string>{rules_.scheme};
    return std::ranges::any_of(
        schemes, [&](const std::string& s) { return assess::show(catalogue_, s + "/" + id)["what"].text() == "requirement"; });
  }

  void row(const intake::Entry& e) {
    Value& section = inner(out_.after, e.makes);
    std::string name = e.table;
    for (const auto& [now, old] : kOldTables) {
      if (e.makes == "ixit" && e.table == now && section.has(old) && !section.has(now)) name = old;
    }
    const std::string path = e.makes + "." + name;
    if (e.makes == "ixit" && intake::single_row("ixit", e.table)) {
      for (const intake::Given& g : e.fields) put(inner(section, name), path, g.field, g.value, g.place);
      return;
    }
    if (section.find(name) == nullptr || !section.find(name)->is_array()) section.set(name, Value::array());
    Value& rows = *section.find(name);
    if (e.table == "DT") {
      path_row(e, rows, path);
      return;
    }
    auto at = std::ranges::find_if(rows.items(), [&](const Value& r) { return r["ID"].text() == e.id; });
    const std::string of = path + "[" + e.id + "]";
    if (at == rows.items().end()) {
      Value fresh = Value::object();
      fresh.set("ID", e.id);
      rows.push(std::move(fresh));
      at = rows.items().end() - 1;
      if (e.fields.empty()) out_.changes.push_back({Change::Kind::added, of, "", e.id, e.place});
    }
    for (const intake::Given& g : e.fields) {
      const bool old = g.field == kOldField.first && at->has(kOldField.second) && !at->has(kOldField.first);
      put(*at, of, old ? kOldField.second : std::string_view(g.field), g.value, g.place);
    }
  }

  // Paths have no id: the requirement, the part and what they are for name them.
  void path_row(const intake::Entry& e, Value& rows, const std::string& path) {
    const auto key = [](const Value& requirement, const Value& part, const Value& about) {
      return requirement.scalar_text() + "|" + part.scalar_text() + "|" + shown(about);
    };
    const auto given = [&](std::string_view name) { return e.field(name) == nullptr ? Value() : e.field(name)->value; };
    const std::string wanted = key(given("Requirement"), given("Part"), given("For"));
    auto at = std::ranges::find_if(rows.items(), [&](const Value& r) { return key(r["Requirement"], r["Part"], r["For"]) == wanted; });
    if (at == rows.items().end()) {
      Value fresh = Value::object();
      for (const std::string_view name : {"Requirement", "Part", "For"}) fresh.set_if(name, given(name));
      rows.push(std::move(fresh));
      at = rows.items().end() - 1;
    }
    const std::string of = path + "[" + e.text("Requirement") + (e.field("For") == nullptr ? "" : ", " + shown(given("For"))) + "]";
    for (const intake::Given& g : e.fields) {
      if (g.field == "Path" || g.field == "Justification") put(*at, of, g.field, g.value, g.place);
    }
  }

  void fact(const intake::Entry& e) {
    const intake::Given* g = e.field("value");
    auto value = fact_value(fact_of(catalogue_, e.id), g->value.text());
    if (!value) {
      note(g->place, value.error().what + "; the cell is left out");
      return;
    }
    if (e.id == "markets") {
      put(out_.after, "product.yaml", e.id, *value, g->place);
    } else {
      put(inner(out_.after, "properties"), "properties", e.id, *value, g->place);
    }
  }

  void certificate(const intake::Entry& e) {
    const intake::Given* file = e.field("file");
    if (file == nullptr) {
      note(e.place,
           "names no file of the certificate; a row in a sheet is none. `assay add FILE --certificate standard=… scope=…` takes the paper "
           "in");
      return;
    }
    CertificatePaper paper;
    const std::string sheet = file->place.substr(0, std::min(file->place.find(", sheet "), file->place.rfind(':')));
    paper.file = (fs::path(sheet).parent_path() / file->value.text()).string();
    paper.place = e.place;
    paper.stated.kind = "certificate-of";
    paper.stated.by = rules_.by.empty() ? user_name() : rules_.by;
    for (const intake::Given& g : e.fields) {
      if (g.field != "file") paper.stated.fields.set(g.field, g.value);
    }
    out_.papers.push_back(std::move(paper));
  }

  Import& out_;
  const assess::Catalogue& catalogue_;
  const ImportRules& rules_;
  std::map<std::string, std::string> given_;  // path -> the place of the files that gave it
  std::map<std::string, std::string> strangers_;
  std::string answers_;
};

}  // namespace

std::string_view word_of(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::added: return "added";
    case Change::Kind::changed: return "changed";
    case Change::Kind::conflict: return "conflict";
  }
  return {};
}

bool Import::differs() const {
  return std::ranges::any_of(changes, [](const Change& c) { return c.kind != Change::Kind::conflict; });
}

std::vector<Error> load_mappings(const std::string& directory, intake::Mappings& out) {
  if (directory.empty()) {
    const auto files = embedded_files();
    return intake::load_mappings({files.begin(), files.end()}, out);
  }
  std::error_code error;
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(directory + "/knowledge/imports", error)) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path().filename().string());
  }
  std::ranges::sort(paths);
  std::vector<std::string> texts;
  std::vector<EmbeddedFile> files;
  texts.reserve(paths.size());
  for (std::string& path : paths) {
    path = "knowledge/imports/" + path;
    auto text = read_text(directory + "/" + path, 16U << 20U);
    if (!text) return {std::move(text).error()};
    files.push_back({path, texts.emplace_back(*std::move(text))});
  }
  return intake::load_mappings(files, out);
}

Result<intake::Interpretation> read_tables_of(const std::vector<std::string>& files, const intake::Mappings& mappings,
                                              std::string_view only) {
  std::vector<intake::Table> tables;
  for (const std::string& file : files) {
    TRY(const MappedFile mapped, MappedFile::open(file));
    TRY(auto read, intake::read_tables(mapped.bytes(), file));
    tables.insert(tables.end(), std::make_move_iterator(read.begin()), std::make_move_iterator(read.end()));
  }
  return intake::interpret(tables, mappings, only);
}

Import merged(const Value& document, intake::Interpretation tables, const assess::Catalogue& catalogue, const ImportRules& rules) {
  Import out;
  out.after = document;
  out.notices = std::move(tables.notices);
  out.known = std::move(tables.known);
  Merging merging(out, catalogue, rules);
  for (const intake::Entry& e : tables.entries) merging.take(e);
  merging.end();
  return out;
}

Value fact_of(const assess::Catalogue& catalogue, std::string_view id) {
  Value out = Value::object();
  if (const assess::Fact* fact = catalogue.fact(id)) {
    out.set("type", fact->type);
    Value words = Value::array();
    for (const std::string& word : fact->one_of) words.push(word);
    out.set("one_of", std::move(words));
  } else if (id == "markets") {
    const auto schema = shipped_schema("product");
    out.set("type", "list");
    if (schema) out.set("one_of", schema->json()["properties"]["markets"]["items"]["enum"]);
  }
  return out;
}

Result<Value> fact_value(const Value& fact, std::string_view text) {
  text = trim(text);
  const std::string_view type = fact["type"].text();
  const std::string word = to_lower(text);
  const bool yes = word == "yes" || word == "y" || word == "true" || word == "はい";
  const bool no = word == "no" || word == "n" || word == "false" || word == "いいえ";
  const auto wrong = [&](std::string expected) {
    return fail(Errc::malformed, "found " + printable(text, 60) + ", expected " + std::move(expected));
  };
  if (type == "boolean" || (type.empty() && (yes || no))) {
    if (!yes && !no) return wrong("yes or no");
    return Value(yes);
  }
  if (type == "integer") {
    const auto n = to_integer(text);
    if (!n) return wrong("a number");
    return Value(*n);
  }
  if (type == "date") {
    const auto day = parse_day(text);
    if (!day || text.size() != 10) return wrong("a day like 2026-05-01");
    return Value(text);
  }
  const auto allowed = [&](std::string_view one) -> const Value* {
    for (const Value& v : fact["one_of"].items()) {
      if (to_lower(v.text()) == to_lower(one)) return &v;
    }
    return nullptr;
  };
  std::string list;
  for (const Value& v : fact["one_of"].items()) list += (list.empty() ? "one of " : ", ") + std::string(v.text());
  if (type == "words") {
    const Value* found = allowed(text);
    if (found == nullptr) return wrong(list);
    return *found;
  }
  if (type == "list") {
    Value out = Value::array();
    for (const std::string_view part : split(text, ',')) {
      if (trim(part).empty()) continue;
      const Value* found = allowed(trim(part));
      if (found == nullptr)
        return fail(Errc::malformed,
                    "found " + printable(trim(part), 60) + ", expected some of " + list.substr(std::min<std::size_t>(7, list.size())));
      out.push(*found);
    }
    if (out.empty()) return wrong("some of " + list.substr(std::min<std::size_t>(7, list.size())));
    return out;
  }
  if (text.empty()) return wrong("a text");
  return Value(text);
}

Result<Written> write_product(const std::string& path, const Value& after) {
  Written out;
  TRY(const std::string text, read_text(path, 16U << 20U));
  out.errors = product_errors(after, "product.import.yaml");
  if (out.errors.empty()) {
    const auto changed = rewritten(text, after);
    if (changed) {
      TRY_VOID(write_text(path, *changed));
      out.path = path;
      return out;
    }
    out.why = changed.error().what;
  } else {
    out.why = "would not be valid";
  }
  out.path = (fs::path(path).parent_path() / "product.import.yaml").string();
  const std::string whole = to_yaml(after);
  TRY_VOID(write_text(out.path, whole));
  if (!out.errors.empty()) {
    // Said of the file that was written, so that the lines are its lines.
    Product product;
    out.errors = Product::parse(whole, out.path, product);
  }
  return out;
}

Result<void> set_fact(const std::string& path, const std::string& id, const Value& value) {
  TRY(const std::string text, read_text(path, 16U << 20U));
  TRY(Value document, parse_yaml(text, path));
  Value& map = id == "markets" ? document : inner(document, "properties");
  map.set(id, value);
  auto changed = rewritten(text, document);
  if (!changed)
    return fail(Errc::conflict, changed.error().what + "; write " + (id == "markets" ? "" : "properties.") + id + " into it yourself",
                Where{.path = path});
  return write_text(path, *changed);
}

Result<Evidence> add_paper(Desk& desk, const std::vector<CertificatePaper>& of_one_file) {
  std::shared_ptr<const firmware::Knowledge> knowledge;
  if (auto errors = load_knowledge("", knowledge); !errors.empty()) return tl::unexpected(std::move(errors.front()));
  struct Silent final : Progress {
    void step(std::string_view, std::uint64_t, std::uint64_t) override {}
  } silent;
  const CertificatePaper& first = of_one_file.front();
  TRY(const Examination examined, examine_path(first.file, "document", *knowledge, firmware::Options{}, silent));
  std::vector<Transcribed> stated;
  for (const CertificatePaper& p : of_one_file) stated.push_back(p.stated);
  TRY(const auto held, desk.workspace().observations());
  for (const Observation& o : held) {
    if (o.evidence != examined.evidence.id || !o.by.starts_with("person/")) continue;
    const bool again = std::ranges::any_of(stated, [&](const Transcribed& t) { return t.kind == o.kind && t.fields == o.fields; });
    if (!again) stated.push_back({o.kind, o.fields, o.by.substr(7)});
  }
  return desk.add(first.file, examined, {}, stated);
}

Value to_value(const Import& import) {
  Value out = Value::object();
  Value changes = Value::array();
  for (const Change& c : import.changes) {
    Value v = Value::object();
    v.set("kind", word_of(c.kind));
    v.set("path", c.path);
    v.set("was", c.was);
    v.set("becomes", c.becomes);
    v.set("place", c.place);
    changes.push(std::move(v));
  }
  out.set("changes", std::move(changes));
  out.set("same", static_cast<std::uint64_t>(import.same));
  Value papers = Value::array();
  for (const CertificatePaper& p : import.papers) {
    Value v = Value::object();
    v.set("file", p.file);
    v.set("place", p.place);
    v.set("states", p.stated.fields);
    papers.push(std::move(v));
  }
  out.set("certificates", std::move(papers));
  Value notices = Value::array();
  for (const intake::Notice& n : import.notices) {
    Value v = Value::object();
    v.set("place", n.place);
    v.set("what", n.what);
    notices.push(std::move(v));
  }
  out.set("left_out", std::move(notices));
  Value known = Value::array();
  for (const intake::Known& k : import.known) {
    Value v = Value::object();
    v.set("place", k.place);
    v.set("mapping", k.mapping);
    v.set("rows", static_cast<std::uint64_t>(k.rows));
    known.push(std::move(v));
  }
  out.set("tables", std::move(known));
  return out;
}

}  // namespace assay::office
