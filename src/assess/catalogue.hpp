// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"
#include "model/observation.hpp"
#include "model/verdict.hpp"

namespace assay::assess {

// A file of schemes/ or knowledge/, by its path from the catalogue's root ("schemes/uk-psti/scheme.yaml").
struct CatalogueFile {
  std::string path;
  std::string text;
};

// The loaded catalogue (docs/catalogue.md). Immutable, shared, pure: files are handed in.
class Catalogue;
std::vector<Error> load_catalogue(const std::vector<CatalogueFile>& files, std::shared_ptr<const Catalogue>& out);
// Everything the loader cannot see in one file: ids unique, references and kinds known, counts right, trees end, rules of docs/judging.md,
// cases judged as expected. Each error with file and line.
std::vector<Error> lint(const Catalogue& catalogue);

// SHA-256 over all files: stated in every result.
std::string digest(const Catalogue& catalogue);
// The contract of `assay catalogue list --json`.
Value list(const Catalogue& catalogue);
// A scheme, requirement, unit, question or subject as people read it; null when there is no such id.
Value show(const Catalogue& catalogue, std::string_view id);
// Whether a scheme has an entry that its judging may owe a confirmation of: a requirement, unit, condition, question or recognition.
bool confirmable(const Catalogue& catalogue, std::string_view scheme, std::string_view entry);
// The decision trees a requirement walks, to be drawn: [{unit, tree: {id, title, subject, start, nodes: [{id, question, ask, yes, no}]}}];
// empty where it asks its questions one by one.
Value decision_trees(const Catalogue& catalogue, std::string_view scheme, std::string_view requirement);
std::vector<std::string> scheme_ids(const Catalogue& catalogue);
// Every id that show() knows, entries of schemes as "<scheme>/<id>": what a misspelt one is compared with.
std::vector<std::string> ids(const Catalogue& catalogue);

// What is wrong with an observation against its kind (knowledge/kinds.yaml): unknown kind or field, another type, a word not in the list.
std::vector<std::string> misfits(const Catalogue& catalogue, const Observation& observation);

}  // namespace assay::assess
