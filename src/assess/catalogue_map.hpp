// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "assess/catalogue.hpp"

namespace assay::assess {

// How much of a scheme a machine can speak to.
struct SchemeMap {
  std::string scheme, edition;
  std::size_t requirements = 0, units = 0, questions = 0, shared = 0;
  std::size_t refutable = 0;    // requirements that an observation can refute
  std::size_t supportable = 0;  // requirements of which a machine can grant or support some unit
  std::size_t personal = 0;     // requirements of which no rule over observations says anything
  std::size_t unit_refutable = 0, unit_grantable = 0, unit_personal = 0;
  std::size_t unverified = 0;
};
struct UnverifiedEntry {
  std::string scheme, entry, title, source;
};
struct CatalogueMap {
  std::vector<SchemeMap> schemes;
  std::map<std::size_t, std::size_t> shared_by;  // number of schemes → number of questions used by as many
  std::size_t unused = 0;                        // questions no scheme asks
  std::vector<UnverifiedEntry> unverified;
  // Rows of the picture: question → schemes that ask it, for questions of two or more schemes, most shared first.
  std::vector<std::pair<std::string, std::vector<std::string>>> sharing;
};
CatalogueMap map_of(const Catalogue& catalogue);
Value to_value(const CatalogueMap& map);

}  // namespace assay::assess
