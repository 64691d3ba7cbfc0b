// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "firmware/knowledge.hpp"

namespace assay::firmware {

struct SignatureHit {
  const Signature* signature = nullptr;
  std::string version;
  std::string_view how;      // the signature's, or "soname"
  std::uint64_t offset = 0;  // of the match in the content; 0 for a file name
};

// What the bytes of one file show: one hit for each component and version, first place first. `place` is the file's path in
// observations, empty for raw bytes. One pass over the content, whatever the number of signatures. Thread-safe.
std::vector<SignatureHit> find_signatures(const Knowledge& knowledge, Bytes content, std::string_view place);

// {version} filled in; characters a CPE 2.3 name must escape are escaped.
std::string cpe_of(const Signature& signature, std::string_view version);
std::string purl_of(const Signature& signature, std::string_view version);

}  // namespace assay::firmware
