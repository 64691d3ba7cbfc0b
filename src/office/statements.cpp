// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/yaml.hpp"
#include "office/desk.hpp"

namespace assay::office {
namespace {

struct Reading {
  std::string_view path;
  std::vector<Error> errors;

  void wrong(const Value& at, std::string what) {
    errors.push_back(Error{Errc::malformed, std::move(what),
                           Where{.path = std::string(path), .offset = 0, .line = at.mark.line, .column = at.mark.column}});
  }
  void only(const Value& map, std::initializer_list<std::string_view> known) {
    for (const auto& m : map.members()) {
      if (std::ranges::find(known, m.name) != known.end()) continue;
      const std::string_view meant = nearest(m.name, known);
      wrong(m.value,
            "unknown key " + json_quoted(printable(m.name, 60)) + (meant.empty() ? "" : "; did you mean " + json_quoted(meant) + "?"));
    }
  }
};

// Plain true, false and numbers are what they look like; everything else is text.
Value typed(const Value& value) {
  if (value.is_array()) {
    Value out = Value::array();
    for (const Value& v : value.items()) out.push(typed(v));
    return out;
  }
  if (!value.is_text() || !value.plain) return value;
  if (value.text() == "true" || value.text() == "false") return Value(value.text() == "true");
  if (const auto n = to_integer(value.text())) return Value(*n);
  return value;
}

Statements::Paper paper_of(Reading& reading, const Value& value, const std::filesystem::path& folder) {
  reading.only(value, {"file", "by", "states"});
  Statements::Paper out;
  const std::string_view file = value["file"].text();
  const std::string by(value["by"].text());
  if (file.empty() || by.empty()) reading.wrong(value, "a document needs file and by");
  out.file = (folder / std::filesystem::path(file)).string();
  for (const Value& state : value["states"].items()) {
    Transcribed t;
    t.kind = state["kind"].text();
    t.by = by;
    if (std::ranges::find(kStatedKinds, t.kind) == kStatedKinds.end())
      reading.wrong(state, "found kind " + json_quoted(t.kind) + ", expected document, certificate-of or trial");
    for (const auto& field : state.members()) {
      if (field.name != "kind") t.fields.set(field.name, typed(field.value));
    }
    out.states.push_back(std::move(t));
  }
  return out;
}

}  // namespace

std::vector<Error> load_statements(const std::string& path, Statements& out) {
  const auto text = read_text(path, 16U << 20U);
  if (!text) return {text.error()};
  const auto document = parse_yaml(*text, path);
  if (!document) return {document.error()};
  Reading reading{path, {}};
  if (!document->is_object()) reading.wrong(*document, "expected a map with answers and documents");
  reading.only(*document, {"answers", "documents"});
  for (const std::string_view list : {"answers", "documents"}) {
    const Value* found = document->find(list);
    if (found != nullptr && !found->is_array()) reading.wrong(*found, "expected a list of " + std::string(list));
  }
  for (const Value& v : (*document)["answers"].items()) {
    reading.only(v, {"question", "value", "instance", "by", "note", "evidence", "at", "version"});
    Answer a = answer_from(v);
    if (a.question.empty() || a.value.empty() || a.by.empty()) reading.wrong(v, "an answer needs question, value and by");
    out.answers.push_back(std::move(a));
  }
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  for (const Value& v : (*document)["documents"].items()) out.papers.push_back(paper_of(reading, v, folder));
  return reading.errors;
}

}  // namespace assay::office
