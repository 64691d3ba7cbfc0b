// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <re2/re2.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/pattern_set.hpp"

namespace assay::firmware {

// A text that a signature must, or must not, recognise; the data proves itself in a test.
struct SignatureSample {
  std::string text;
  std::string file;     // place of the file; empty: any
  std::string version;  // what is to be found; empty: nothing (no_match)
};

// How a component shows its version (knowledge/components/). A version is the first group of a pattern.
struct Signature {
  std::string id;
  std::string name;
  std::string supplier;
  std::string license;
  std::string cpe;  // {version} is replaced
  std::string purl;
  std::string how;                             // version-string or kernel-banner
  std::vector<std::string> packages;           // names in package databases that are this component
  std::vector<std::unique_ptr<RE2>> patterns;  // over bytes
  std::vector<std::string> pattern_texts;
  std::vector<std::string> needs;  // texts that must stand somewhere in the same file
  std::unique_ptr<RE2> path;       // the file's place must match, where given
  std::unique_ptr<RE2> soname;     // over the file's name and DT_SONAME
  std::unique_ptr<RE2> refine;     // looked for just behind the match; its group is the better version
  std::unique_ptr<RE2> library;    // a file that needs a library of this name, and is none, only repeats a version
  bool elf_only = false;
  std::vector<SignatureSample> match;
  std::vector<SignatureSample> no_match;
};

// A network service that a program offers when it is started (knowledge/services/).
struct Listen {
  std::string service;
  std::int64_t port = 0;
  std::string transport;
  bool movable = true;  // the program's port flag and configuration move this port
};
struct PortSetting {
  std::string file;        // path in the root file system
  std::string needs_file;  // counts only where this file is there
  std::string service;
  std::string transport;
  std::unique_ptr<RE2> find;  // one line; group "port", optional group "address"
};
struct ServiceProgram {
  std::vector<std::string> names;  // base names of the program
  std::vector<Listen> listens;
  std::vector<std::string> port_flags;  // "-p": the next word, or the rest of this one
  std::vector<std::string> address_flags;
  std::vector<std::string> file_flags;  // flag naming the configuration file
  std::vector<std::string> off_flags;   // with one of these it does not listen
  std::vector<PortSetting> settings;
};

// A setting that matters for security, found line by line in a service's configuration.
struct SettingRule {
  std::string service;
  std::string setting;
  std::unique_ptr<RE2> path;
  std::unique_ptr<RE2> find;                                           // one line without comment; first group is the value
  std::vector<std::pair<std::unique_ptr<RE2>, std::string>> meanings;  // value matches -> what that means
  std::string absent_value;  // the program's default, reported when the file says nothing; empty: nothing is reported
  std::string absent_meaning;
};

// All of knowledge/components, credentials and services. Read-only once loaded, shared by threads.
struct Knowledge {
  std::vector<Signature> signatures;
  std::optional<PatternSet> patterns;
  std::vector<std::pair<std::size_t, std::size_t>> pattern_owner;     // pattern -> signature, its pattern
  std::map<std::string, std::size_t, std::less<>> by_package;         // package name -> signature
  std::vector<std::pair<std::string, std::size_t>> by_package_start;  // "kernel-image-*", without the star
  std::vector<std::string> passwords;
  std::vector<std::string> public_keys;  // fingerprints of private keys that everybody has; sorted
  std::vector<ServiceProgram> programs;
  std::map<std::string, std::size_t, std::less<>> by_program;                      // base name -> programs
  std::vector<std::string> quiet;                                                  // programs that open no listener and start none; sorted
  std::map<std::string, std::pair<std::int64_t, std::string>, std::less<>> ports;  // inetd service name -> port, our service name
  std::vector<SettingRule> settings;

  // The component that a package of that name is, or null.
  const Signature* of_package(std::string_view name) const;
};

}  // namespace assay::firmware
