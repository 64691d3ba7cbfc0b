// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "firmware/format.hpp"

namespace assay::firmware {

// A name from an archive as an absolute, normalised path. ".." and NUL are written %2E%2E and %00, bytes that are not UTF-8 as
// %XX; `hostile` says that a name tried to leave its tree.
std::string safe_path(std::string_view name, bool& hostile);

// Collects the files of one file system or archive.
class EntryList {
 public:
  explicit EntryList(Budget& budget) : budget_(budget) {}

  // `entry.path` is the name as found; a later entry of the same path replaces the earlier one. An error ends the listing.
  Result<void> add(Entry entry);
  // Counted beyond a hundred, not kept.
  void problem(std::string text);
  void part(Part part) { parts_.push_back(std::move(part)); }
  std::size_t size() const { return entries_.size(); }
  // The last entry added under that path, or null. For hard links: linear.
  const Entry* find(std::string_view name) const;
  Opened finish();

 private:
  Budget& budget_;
  std::vector<Entry> entries_;
  std::vector<Part> parts_;
  std::vector<std::string> problems_;
  std::uint64_t more_problems_ = 0;
};

// The file type of a Unix mode word (S_IFMT); nothing for none.
std::optional<FileType> file_type(std::uint32_t mode);

}  // namespace assay::firmware
