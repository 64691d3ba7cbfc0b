// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace assay::firmware {

struct Guess {
  enum class Outcome { known, not_found, not_tried };
  std::string user;
  std::string hash;
  Outcome outcome = Outcome::not_tried;  // not_found only after every word was tried; cut short: not_tried
  bool supported = true;                 // false: crypt(3) does not know the scheme
};

// Tries the user's own names and then every word on each hash with crypt_r(3) on `threads` threads (0: all cores), until done or out
// of time. Equal hashes are tried once. The words found are not kept: that one opens it is all that is reported.
void guess_passwords(std::vector<Guess>& guesses, const std::vector<std::string>& words, std::chrono::milliseconds time, unsigned threads);

// "Admin" -> Admin, admin, ADMIN, admin1, admin123 …
std::vector<std::string> words_from_user(const std::string& user);

}  // namespace assay::firmware
