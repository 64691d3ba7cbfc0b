// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace assay::firmware::elf {

enum class Type { relocatable, executable, shared_library, core, other };
std::string_view to_text(Type type);

// What the loader of an ELF file would see (System V gABI, chapters 4 and 5), read from program headers and PT_DYNAMIC, because
// many firmware builders remove all section headers. Views point into the bytes handed to read().
struct File {
  unsigned bits = 32;
  Endian order = Endian::little;
  std::string_view arch;    // "mips", "arm", "aarch64", "x86" …; empty when the machine is not known
  Type type = Type::other;  // an ET_DYN that is meant to be started is an executable, with `pie`
  bool pie = false;
  std::string_view interpreter;
  std::optional<bool> executable_stack;  // PT_GNU_STACK; absent: the kernel decides by its own default
  bool relro = false;                    // PT_GNU_RELRO
  bool bind_now = false;
  bool dynamic = false;        // has PT_DYNAMIC
  bool symbols_known = false;  // the dynamic (or, for a static file, the full) symbol table was read to its end
  bool stripped = true;        // no SHT_SYMTAB
  std::string_view soname;
  std::string_view rpath;  // DT_RUNPATH where there is one, else DT_RPATH
  std::vector<std::string_view> needed;
  std::vector<std::string_view> symbols;

  bool has_symbol(std::string_view name) const;
};

bool looks_like(Bytes bytes);
// malformed or truncated where the headers do not hold together; a broken dynamic section alone leaves symbols_known false.
Result<File> read(Bytes bytes);

}  // namespace assay::firmware::elf
