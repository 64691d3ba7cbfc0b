// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::firmware {

struct Secret {
  std::string type;      // password | wifi-psk | url-credential | cloud-key
  std::string redacted;  // first character and length
  std::string digest;    // keyed hash: recognises the secret again, does not give it away
  std::uint32_t line = 0;
};

// Secrets in clear in a text: chap-secrets and pap-secrets, Wi-Fi pass phrases of hostapd, wpa_supplicant and OpenWrt, URLs with a
// password, cloud access keys. At most 200.
std::vector<Secret> find_secrets(std::string_view text, std::string_view path);

}  // namespace assay::firmware
