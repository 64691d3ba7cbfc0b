// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::firmware {

// One line of passwd(5) (seven fields) or shadow(5) (nine).
struct PasswordLine {
  std::string user;
  std::string field;                // the second field as it stands
  std::optional<std::int64_t> uid;  // passwd only
  std::string shell;                // passwd only
  bool shadow = false;
  std::uint32_t line = 0;  // from 1
};

// The lines of a password database, under whatever name it is kept; empty where the text is none. Of several lines for one user the
// first counts, as getpwnam(3) has it. `named` says that the file's name speaks of passwd or shadow: then a single line is enough.
std::vector<PasswordLine> parse_password_file(std::string_view text, bool named);
bool named_like_password_file(std::string_view path);

enum class PasswordState { hash, empty, locked, elsewhere };  // elsewhere: "x" in passwd, the hash is in shadow
PasswordState password_state(const PasswordLine& line);
// "md5crypt", "descrypt" … by the form of the hash (crypt(5)); empty when the form is not known.
std::string_view hash_scheme(std::string_view hash);

}  // namespace assay::firmware
