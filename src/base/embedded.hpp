// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace assay {

// A data file compiled into the program: schemas/, schemes/, knowledge/ and the pages' templates, by path from the project's root.
struct EmbeddedFile {
  std::string_view path;
  std::string_view text;
};

std::span<const EmbeddedFile> embedded_files();  // sorted by path
// The file's text; empty when there is none.
std::string_view embedded_file(std::string_view path);

}  // namespace assay
