// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace assay::firmware {

// One simple command of a shell script, as written: quotes are gone, variables are not expanded ("$PROG"), redirections left out.
struct ShellCommand {
  std::vector<std::string> words;
  std::uint32_t line = 0;
  std::string function;  // inside this function; empty: at the top
  bool stops = false;    // in a branch of `case "$1"` for stop, restart, status …
};

struct ShellScript {
  std::vector<ShellCommand> commands;
  std::set<std::string, std::less<>> functions;
  bool complete = true;  // false: too long or too deeply nested to be read to the end
};

// A reading, not an execution: every branch of an `if` counts as taken. POSIX shell grammar as far as start scripts use it: comments,
// quotes, continued lines, here-documents, functions, case, for, redirections. What it cannot make sense of stays a command with odd words.
ShellScript parse_shell(std::string_view text, std::uint32_t first_line = 1);

// In words taken from single quotes a dollar sign stands as this character, so that nobody expands it.
inline constexpr char kLiteralDollar = '\x01';

}  // namespace assay::firmware
