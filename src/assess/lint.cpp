// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "assess/linting.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace assay::assess {

void Lint::unknown(const Source& at, const std::string& what, std::string_view name, const std::vector<std::string_view>& known) {
  const std::string_view meant = nearest(name, known);
  say(at, "there is no " + what + " " + json_quoted(name) + (meant.empty() ? std::string{} : "; did you mean " + json_quoted(meant) + "?"));
}

std::vector<Error> lint(const Catalogue& catalogue) {
  Lint lint{catalogue, {}};
  lint_knowledge(lint);
  lint_schemes(lint);
  lint_reach(lint);
  lint_cases(lint);
  std::ranges::stable_sort(lint.errors, {}, [](const Error& e) { return std::tie(e.where.path, e.where.line, e.where.column); });
  return std::move(lint.errors);
}

}  // namespace assay::assess
