// SPDX-License-Identifier: Apache-2.0
#include "firmware/accounts/password_file.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/text.hpp"

namespace assay::firmware {
namespace {

// The largest real one seen has 60 lines; beyond this it is not a device's password file.
constexpr std::size_t kMaxLines = 20'000;
constexpr std::size_t kMaxHash = 512;

bool is_user(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '$' ||
           c == '@' || c == '+';
  });
}

bool is_path_or_empty(std::string_view text) {
  return text.empty() || text[0] == '/';
}

bool is_number_or_empty(std::string_view text) {
  return text.empty() || to_integer(text).has_value() || text == "-1";
}

bool is_hash_text(std::string_view text) {
  return text.size() <= kMaxHash && std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

std::optional<PasswordLine> parse_line(std::string_view line) {
  const auto f = split(line, ':');
  if (!is_user(f[0]) || f.size() < 2 || !is_hash_text(f[1])) return std::nullopt;
  PasswordLine out;
  out.user = f[0];
  out.field = f[1];
  if (f.size() == 7) {
    const auto uid = to_integer(f[2]);
    if (!uid || !is_number_or_empty(f[3]) || !is_path_or_empty(f[5]) || !is_path_or_empty(f[6])) return std::nullopt;
    out.uid = *uid;
    out.shell = f[6];
    return out;
  }
  if (f.size() == 9) {
    for (std::size_t i = 2; i < 8; ++i) {
      if (!is_number_or_empty(f[i])) return std::nullopt;
    }
    out.shadow = true;
    return out;
  }
  return std::nullopt;
}

bool is_des(std::string_view hash) {
  return std::ranges::all_of(
      hash, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '/'; });
}

}  // namespace

bool named_like_password_file(std::string_view path) {
  const std::string name = to_lower(path.substr(path.rfind('/') + 1));
  return name.find("passwd") != std::string::npos || name.find("shadow") != std::string::npos;
}

std::vector<PasswordLine> parse_password_file(std::string_view text, bool named) {
  std::vector<PasswordLine> out;
  std::set<std::string, std::less<>> seen;
  std::size_t other = 0;
  std::uint32_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    if (++number > kMaxLines) break;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (trim(line).empty() || line[0] == '#') continue;
    auto parsed = parse_line(line);
    if (!parsed) {
      // A password database is nothing but such lines; prose or a script that holds one is told apart by the rest.
      if (++other > 3 && !named) return {};
      continue;
    }
    parsed->line = number;
    if (seen.insert(parsed->user).second) out.push_back(std::move(*parsed));
  }
  if (!named && (out.empty() || other > out.size() ||
                 std::ranges::none_of(out, [](const PasswordLine& l) { return l.shadow || !l.shell.empty(); }))) {
    return {};
  }
  return out;
}

PasswordState password_state(const PasswordLine& line) {
  if (line.field.empty()) return PasswordState::empty;
  if (!line.shadow && line.field == "x") return PasswordState::elsewhere;
  // '!' and '*' in front, or a text too short to be the output of any hash: no password opens it (shadow(5)).
  if (line.field[0] == '!' || line.field[0] == '*' || line.field.size() < 13) return PasswordState::locked;
  return PasswordState::hash;
}

std::string_view hash_scheme(std::string_view hash) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kPrefixes{{
      {"$1$", "md5crypt"},
      {"$2a$", "bcrypt"},
      {"$2b$", "bcrypt"},
      {"$2x$", "bcrypt"},
      {"$2y$", "bcrypt"},
      {"$3$", "ntlm"},
      {"$5$", "sha256crypt"},
      {"$6$", "sha512crypt"},
      {"$7$", "scrypt"},
      {"$y$", "yescrypt"},
      {"$gy$", "gost-yescrypt"},
      {"$sha1$", "sha1crypt"},
      {"$md5", "sunmd5"},
      {"$apr1$", "apr1"},
  }};
  for (const auto& [prefix, scheme] : kPrefixes) {
    if (hash.starts_with(prefix)) return scheme;
  }
  if (hash.size() == 13 && is_des(hash)) return "descrypt";
  if (hash.size() == 20 && hash[0] == '_' && is_des(hash.substr(1))) return "bsdicrypt";
  if (hash.size() > 13 && (hash.size() - 2) % 11 == 0 && is_des(hash)) return "bigcrypt";
  return {};
}

}  // namespace assay::firmware
