// SPDX-License-Identifier: Apache-2.0
#include "firmware/keys/secrets.hpp"

#include <re2/re2.h>

#include <array>

#include "base/hash.hpp"
#include "base/text.hpp"

namespace assay::firmware {
namespace {

constexpr std::size_t kMaxSecrets = 200;
// Published on purpose: the digest serves to recognise a secret, and a key keeps it from being looked up in a table of plain hashes.
constexpr std::string_view kDigestKey = "assay secret digest, version 1";

Secret secret(std::string_view type, std::string_view value, std::uint32_t line) {
  Secret out;
  out.type = type;
  // Of a short secret even the first character is too much.
  out.redacted = (value.size() >= 8 ? valid_utf8(value.substr(0, 1)) : "") + "… (" + std::to_string(value.size()) + ")";
  out.digest = to_hex(hmac_sha256(bytes_of(kDigestKey), bytes_of(value))).substr(0, 32);
  out.line = line;
  return out;
}

// pppd(8): client, server and secret, blank-separated, quoted with "".
std::string_view ppp_secret(std::string_view line) {
  std::array<std::string_view, 3> parts;
  for (auto& part : parts) {
    line = trim(line);
    if (line.empty()) return {};
    const bool quoted = line[0] == '"';
    const auto end = quoted ? line.find('"', 1) : line.find_first_of(" \t");
    part = quoted ? line.substr(1, end == line.npos ? line.npos : end - 1) : line.substr(0, end);
    line = end == line.npos ? std::string_view{} : line.substr(end + 1);
  }
  return parts[2];
}

struct LineRule {
  std::string_view type;
  std::string_view expression;  // group 1 is the secret
};
constexpr std::array<LineRule, 6> kRules{{
    {"wifi-psk", R"re(^\s*psk\s*=\s*"?([^"\s]{8,64})"?\s*$)re"},
    {"wifi-psk", R"re(^\s*wpa_(?:passphrase|psk)\s*=\s*(\S.{7,63}?)\s*$)re"},
    {"wifi-psk", R"re(^\s*option\s+(?:key|key1|psk|sae_password)\s+['"]?([^'"\s]{8,64})['"]?\s*$)re"},
    {"wifi-psk", R"re(^\s*wep_key0\s*=\s*"?([^"\s]{5,58})"?\s*$)re"},
    {"url-credential",
     R"re((?i)\b(?:https?|ftps?|mqtts?|rtsp|amqps?|smb|ldaps?|mysql|postgres|redis|mongodb)://[^\s/:@"'<>%${}\[\]]{0,64}:([^\s/:@"'<>%${}\[\]]{1,64})@[\w.-]+)re"},
    {"cloud-key", R"re(\b((?:AKIA|ASIA)[0-9A-Z]{16})\b)re"},
}};

// "option key" is a Wi-Fi pass phrase in OpenWrt's wireless configuration only.
constexpr std::size_t kWirelessOption = 2;

const std::array<RE2, kRules.size()>& rules() {
  static const auto make = [](std::size_t i) { return std::string(kRules[i].expression); };
  static const std::array<RE2, kRules.size()> all{RE2(make(0), RE2::Latin1), RE2(make(1), RE2::Latin1), RE2(make(2), RE2::Latin1),
                                                  RE2(make(3), RE2::Latin1), RE2(make(4), RE2::Latin1), RE2(make(5), RE2::Latin1)};
  return all;
}

// Only lines that hold one of these are worth an expression.
bool worth_a_look(std::string_view line) {
  for (const std::string_view mark : {"psk", "wpa_pass", "option", "wep_key", "://", "AKIA", "ASIA"}) {
    if (line.find(mark) != line.npos) return true;
  }
  return false;
}

bool is_placeholder(std::string_view value) {
  for (const std::string_view mark : {"password", "passwd", "pass", "secret", "xxxxxxxx", "********", "changeme", "<", "$"}) {
    if (value == mark || (mark.size() == 1 && value.starts_with(mark))) return true;
  }
  // What a script computes, or a path, is no secret by itself.
  return value.find('`') != value.npos || value.find("$(") != value.npos || value.starts_with('/');
}

}  // namespace

std::vector<Secret> find_secrets(std::string_view text, std::string_view path) {
  std::vector<Secret> out;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const bool wireless = name.starts_with("wireless");
  const bool ppp = name.find("chap-secrets") != name.npos || name.find("pap-secrets") != name.npos;
  std::uint32_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    if (out.size() >= kMaxSecrets) break;
    if (line.size() > 4096) continue;
    const auto content = trim(line);
    if (content.empty() || content[0] == '#') continue;
    if (ppp) {
      if (const auto value = ppp_secret(content); !value.empty() && value != "*") out.push_back(secret("password", value, number));
      continue;
    }
    if (!worth_a_look(line)) continue;
    for (std::size_t i = 0; i < kRules.size(); ++i) {
      std::string value;
      if (i == kWirelessOption && !wireless) continue;
      if (!RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), rules()[i], &value)) continue;
      if (kRules[i].type != "cloud-key" && is_placeholder(value)) continue;
      out.push_back(secret(kRules[i].type, value, number));
      break;
    }
  }
  return out;
}

}  // namespace assay::firmware
