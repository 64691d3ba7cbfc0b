// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assess/entries.hpp"
#include "assess/judge.hpp"

namespace assay::assess {

// For tests only: a scheme of a few rows, one for each rule of docs/judging.md.
std::vector<CatalogueFile> small_files();
std::shared_ptr<const Catalogue> small_catalogue();
// With `from` replaced by `to` in the file of that path: for what must be refused.
std::vector<Error> complaints_with(std::string_view path, std::string_view from, std::string_view to);

// A case being put together from YAML, and the verdicts it gets.
class Trial {
 public:
  explicit Trial(std::string_view product_yaml = {});

  Trial& observe(std::string_view yaml, std::string_view evidence = "sha256:firmware");
  Trial& cover(std::string_view check, bool complete = true, std::string_view evidence = "sha256:firmware");
  Trial& answer(std::string_view question, std::string_view value, std::string_view instance = {}, std::vector<std::string> evidence = {},
                std::string_view note = "because");
  Trial& confirm(std::string_view entry, std::string_view scheme = "small");
  Trial& add_evidence(std::string_view id, std::string_view type, std::string_view version = "1.0");

  const Assessment& judged();
  const UnitVerdict& unit(std::string_view id);
  const RequirementVerdict& requirement(std::string_view id);
  std::string verdict(std::string_view id);
  // "kind question" of everything owed by the requirement.
  std::vector<std::string> owed(std::string_view requirement_id);

  Case input;

 private:
  Assessment result_;
  bool done_ = false;
};

}  // namespace assay::assess
