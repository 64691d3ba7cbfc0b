// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace assay::record {

// Files named by their SHA-256 below one directory: "ab/cdef…". A blob is complete or absent, never partial: written to a
// temporary name, fsynced, renamed, and the directory fsynced, before put returns.
class Blobs {
 public:
  explicit Blobs(std::string directory) : directory_(std::move(directory)) {}

  Result<std::string> put(Bytes bytes) const;  // "sha256:…"
  Result<MappedFile> get(std::string_view id) const;
  Result<void> erase(std::string_view id) const;
  std::string path_of(std::string_view id) const;
  // Left behind by a killed process; harmless, removed when the workspace is opened for writing.
  void sweep() const;

 private:
  std::string directory_;
};

// fsync of a directory, so that a rename in it survives a power cut.
Result<void> sync_directory(const std::string& path);

}  // namespace assay::record
