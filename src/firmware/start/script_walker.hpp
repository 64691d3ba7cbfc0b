// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "firmware/start/shell.hpp"
#include "firmware/start/start_table.hpp"

namespace assay::firmware {

// Who started a script, handed down to what the script starts.
struct Origin {
  std::string started_by;
  std::string service;
  std::string runs_as;
};

// Follows scripts of one root and puts what they start into the table. A script is read once for each argument.
class ScriptWalker {
 public:
  ScriptWalker(StartTable& table, std::size_t root, const Knowledge& knowledge) : table_(table), root_(root), knowledge_(knowledge) {}

  // A command line found in a table: the program it starts, or the script it runs.
  void command_line(std::string_view text, const std::string& place, std::uint32_t line, const Origin& origin);
  // A script file, run with that argument. False when it is not a script that can be read.
  bool script(const std::string& path, const std::string& argument, const Origin& origin, unsigned depth = 0);
  void note(std::string text);
  // Puts a program as it stands; scripts are followed.
  void start(std::vector<std::string> words, const std::string& place, std::uint32_t line, const Origin& origin, unsigned depth);

 private:
  using Variables = std::map<std::string, std::vector<std::string>, std::less<>>;
  struct Run {
    const ShellScript* script = nullptr;
    std::string place;
    std::string argument;
    Origin origin;
    unsigned depth = 0;
    Variables variables;
    std::string folder = {};       // where a cd in the script leads, as far as it is known
    std::size_t procd = SIZE_MAX;  // index in started of the procd command that is being put together
  };

  void run(Run& run);
  void command(Run& run, const ShellCommand& command);
  bool special(Run& run, std::vector<std::string>& words, std::uint32_t line, Origin& origin);
  void procd(Run& run, const std::vector<std::string>& words, std::uint32_t line);
  std::vector<std::string> expand(const Run& run, const std::string& word) const;
  std::vector<std::string> expand_glob(const std::string& pattern) const;
  // Functions of the libraries that start scripts read in (/lib/functions.sh, /etc/rc.common …).
  bool is_library_function(const std::string& name);
  // An unknown program may run what its arguments name ("reopen-console /sbin/startup").
  void wrapped(const Started& wrapper, const Origin& origin, unsigned depth);
  const RootView& view() const { return table_.roots[root_]; }

  StartTable& table_;
  std::size_t root_;
  const Knowledge& knowledge_;
  std::set<std::string> seen_;
  std::set<std::string> noted_;
  std::set<std::string, std::less<>> library_;
  bool library_read_ = false;
};

}  // namespace assay::firmware
