// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "assess/entries.hpp"
#include "assess/reading.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "base/yaml.hpp"
#include "model/product.hpp"
#include "model/schema.hpp"

namespace assay::assess {
namespace {

// Which schema a file of the catalogue follows; empty for files that the judge does not read (papers, words, SOURCE.md).
std::string_view schema_of(std::string_view path) {
  if (!path.ends_with(".yaml")) return {};
  if (path == "knowledge/kinds.yaml") return "kinds";
  if (path == "knowledge/subjects.yaml") return "subjects";
  if (path == "knowledge/recognitions.yaml") return "recognitions";
  if (path.starts_with("knowledge/questions/")) return "questions";
  if (path.starts_with("knowledge/facts/")) return "facts";
  if (path.starts_with("knowledge/words/")) return "words";
  if (!path.starts_with("schemes/")) return {};
  const auto parts = split(path, '/');
  if (parts.size() == 3) {
    return parts[2] == "scheme.yaml"  ? "scheme"
           : parts[2] == "scope.yaml" ? "scope"
           : parts[2] == "moves.yaml" ? "moves"
                                      : std::string_view{};
  }
  if (parts.size() < 4) return {};
  if (parts[2] == "requirements") return "requirements";
  if (parts[2] == "trees") return "trees";
  if (parts[2] == "words") return "words";
  if (parts[2] == "cases") return parts[3] == "product.yaml" ? "case product" : "cases";
  return {};
}

class Loader {
 public:
  explicit Loader(Catalogue& out) : out_(out) {}

  std::vector<Error> load() {
    hash();
    for (std::size_t i = 0; i < out_.files.size(); ++i) read(i);
    // Knowledge before schemes, scheme.yaml before the rest: files come sorted, so pass by kind of file.
    for (const std::string_view kind : {"kinds", "subjects", "facts", "questions", "scheme", "scope", "trees", "requirements", "moves",
                                        "case product", "cases", "recognitions", "words"}) {
      for (auto& [file, schema, document] : documents_) {
        if (schema == kind) take(file, schema, document);
      }
    }
    add_table_subjects();
    Links(out_, errors_).resolve();
    std::ranges::stable_sort(errors_, {}, [](const Error& e) { return std::tie(e.where.path, e.where.line, e.where.column); });
    return std::move(errors_);
  }

 private:
  struct Document {
    std::size_t file;
    std::string_view schema;
    Value value;
  };

  void hash() {
    Sha256 sha;
    for (const CatalogueFile& file : out_.files) {
      sha.update(file.path + "\n" + std::to_string(file.text.size()) + "\n");
      sha.update(file.text);
    }
    const Digest digest = sha.finish();
    out_.digest = to_hex(digest);
  }

  const Schema* schema(std::string_view name) {
    auto at = schemas_.find(name);
    if (at == schemas_.end()) {
      auto loaded = shipped_schema(name);
      if (!loaded) {
        errors_.push_back(loaded.error());
        return nullptr;
      }
      at = schemas_.emplace(name, *std::move(loaded)).first;
    }
    return &at->second;
  }

  void read(std::size_t file) {
    const CatalogueFile& from = out_.files[file];
    const std::string_view name = schema_of(from.path);
    if (name.empty()) return;
    auto document = parse_yaml(from.text, from.path);
    if (!document) {
      errors_.push_back(std::move(document).error());
      return;
    }
    if (name != "case product") {
      const Schema* with = schema(name);
      if (with == nullptr) return;
      auto breaches = with->apply(*document, from.path);
      std::ranges::move(breaches, std::back_inserter(errors_));
    }
    documents_.push_back({file, name, *std::move(document)});
  }

  void take(std::size_t file, std::string_view name, Value& document) {
    Reading reading{out_, errors_, file};
    if (name == "kinds") reading.kinds(document);
    if (name == "subjects") reading.subjects(document);
    if (name == "facts") reading.facts(document);
    if (name == "questions") reading.questions(document);
    if (name == "words" && out_.files[file].path.starts_with("knowledge/")) reading.words(document, nullptr);
    if (name == "recognitions") reading.recognitions(document);
    const auto parts = split(out_.files[file].path, '/');
    if (parts.size() < 3 || parts[0] != "schemes") return;
    if (name == "scheme") {
      reading.scheme(document, parts[1]);
      return;
    }
    const auto at = out_.schemes.find(parts[1]);
    if (at == out_.schemes.end()) {
      errors_.push_back(out_.error({file, document.mark}, "the folder schemes/" + std::string(parts[1]) + " has no readable scheme.yaml"));
      return;
    }
    if (name == "scope") reading.scope(document, at->second);
    if (name == "moves") reading.moves(document, at->second);
    if (name == "words") reading.words(document, &at->second);
    if (name == "trees") reading.trees(document, at->second);
    if (name == "requirements") reading.requirements(document, at->second);
    if (name == "case product") at->second.case_product = std::move(document);
    if (name == "cases") reading.cases(document, at->second);
  }

  // Every IXIT table is a subject, whether or not subjects.yaml says more about it.
  void add_table_subjects() {
    for (const std::string_view table : ixit_tables()) {
      if (out_.subjects.contains(table)) continue;
      Subject subject;
      subject.id = table;
      subject.title = "a row of IXIT " + subject.id;
      out_.subjects.emplace(subject.id, std::move(subject));
    }
  }

  Catalogue& out_;
  std::vector<Error> errors_;
  std::vector<Document> documents_;
  std::map<std::string, Schema, std::less<>> schemas_;
};

}  // namespace

std::vector<Error> load_catalogue(const std::vector<CatalogueFile>& files, std::shared_ptr<const Catalogue>& out) {
  auto catalogue = std::make_shared<Catalogue>();
  catalogue->files = files;
  // 5.2 before 5.10: the order in which people read a scheme.
  std::ranges::sort(catalogue->files, [](const CatalogueFile& a, const CatalogueFile& b) { return compare_versions(a.path, b.path) < 0; });
  auto errors = Loader(*catalogue).load();
  out = std::move(catalogue);
  return errors;
}

}  // namespace assay::assess
