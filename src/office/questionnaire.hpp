// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "intake/interpretation.hpp"
#include "model/verdict.hpp"
#include "office/desk.hpp"
#include "paper/question_sheets.hpp"

namespace assay::office {

// Everything to ask about the case: facts that scope needs, then what the judge found owed. `language`: en | ja; what has no Japanese
// wording stays English.
paper::Questionnaire questionnaire(const assess::Catalogue& catalogue, const assess::Case& input, const Assessment& assessment,
                                   std::string_view language);

// "sha256:…" or the name of stored evidence, else a file (relative to `folder`), which is then taken in.
Result<Evidence> cited_evidence(Desk& desk, const std::string& name, const std::string& folder);

// What a filled sheet did. `wrong` is one line a bad cell, with its place.
struct Filled {
  std::vector<Answer> answers;
  std::vector<Confirmation> confirmations;
  std::size_t unchanged = 0;  // said before in the same words
  std::vector<intake::Notice> wrong;
};
// Records the answers of the sheet one by one as `assay answer` does; a bad row keeps no other from being recorded. `by` is who
// answered where a row does not say.
Result<Filled> record_filled(Desk& desk, const intake::Interpretation& sheet, const std::string& by);

}  // namespace assay::office
