// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>

#include "base/bytes.hpp"

namespace assay {

using Digest = std::array<std::byte, 32>;

// SHA-256 (FIPS 180-4), incremental.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  Sha256& update(Bytes bytes);
  Sha256& update(std::string_view text) { return update(bytes_of(text)); }
  Digest finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest sha256(Bytes bytes);
Digest hmac_sha256(Bytes key, Bytes message);  // RFC 2104
std::string sha256_hex(Bytes bytes);
inline std::string sha256_hex(std::string_view text) {
  return sha256_hex(bytes_of(text));
}

}  // namespace assay
