// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "assess/catalogue.hpp"
#include "assess/judge.hpp"

namespace assay::assess {

// For tests only: the repository's schemes/ and knowledge/ as files.
inline std::vector<CatalogueFile> shipped_files() {
  namespace fs = std::filesystem;
  std::vector<CatalogueFile> out;
  const fs::path root = ASSAY_SOURCE_DIR;
  for (const char* dir : {"schemes", "knowledge"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / dir)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      std::ostringstream text;
      text << in.rdbuf();
      out.push_back({fs::relative(entry.path(), root).generic_string(), text.str()});
    }
  }
  return out;
}

}  // namespace assay::assess
