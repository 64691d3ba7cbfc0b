// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace assay::firmware {

// A textual encoding (RFC 7468, with the headers of RFC 1421 that OpenSSL writes) found anywhere in a file. The markers alone, as a
// program holds them to write keys, are none: the body must be base64.
struct PemBlock {
  std::string label;         // "RSA PRIVATE KEY"
  bool encrypted = false;    // Proc-Type: 4,ENCRYPTED
  Buffer body;               // decoded
  std::uint64_t offset = 0;  // of the first dash
  std::uint32_t line = 1;    // the same, as a line
};
// At most 500 blocks of at most 64 KiB. `truncated` is set when there was more.
std::vector<PemBlock> find_pem_blocks(Bytes content, bool& truncated);

}  // namespace assay::firmware
