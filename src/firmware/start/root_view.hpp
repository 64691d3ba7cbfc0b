// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firmware/image.hpp"

namespace assay::firmware {

// The files below one root of a layer, as the device would see them: symbolic links are followed inside that root, at most 16 deep.
class RootView {
 public:
  RootView(const Layer& layer, std::string base, Budget& budget) : layer_(layer), base_(std::move(base)), budget_(budget) {}

  const Layer& layer() const { return layer_; }
  // The entry a path leads to (never a symlink), and its own path; null where there is none or a link leads nowhere.
  const Entry* find(std::string_view path) const;
  bool exists(std::string_view path) const { return find(path) != nullptr; }
  bool has_link(std::string_view path) const;  // is there anything at the path itself, a dangling link too
  // Text of a regular file up to 4 MiB without NUL bytes; nullopt for anything else.
  std::optional<std::string> text(std::string_view path) const;
  Result<Blob> content(const Entry& entry) const;
  // Names in a folder, sorted.
  std::vector<std::string> list(std::string_view folder) const;
  // Where the observations say the file is: prefix, base and path, with links followed where that leads to a file.
  std::string place(std::string_view path) const;
  // A program's file: as a path, or by name along the usual PATH. Empty where it is not in this root.
  std::string program(std::string_view name) const;

 private:
  const Entry* raw(std::string_view path) const;
  std::string resolve(std::string_view path, unsigned depth) const;

  const Layer& layer_;
  std::string base_;  // "" or "/squashfs-root"
  Budget& budget_;
};

// Every place in the image that looks like the root of a system: it has /etc with a start table, rc script, passwd or inetd.conf.
std::vector<RootView> find_roots(const Image& image, Budget& budget);

// "/a/./b/../c" -> "/a/c"; never leaves the root.
std::string normal_path(std::string_view path);

}  // namespace assay::firmware
