// SPDX-License-Identifier: Apache-2.0
#include "firmware/elf/elf.hpp"

#include <gtest/gtest.h>

#include <tuple>

namespace assay::firmware::elf {
namespace {

// Writes small ELF files with a dynamic section and no section headers, as sstrip leaves them.
class Maker {
 public:
  Maker(unsigned bits, Endian order) : bits_(bits), order_(order) {}

  std::uint16_t type = 3;
  std::uint16_t machine = 8;
  bool with_interpreter = true;
  bool with_stack = true;
  std::uint32_t stack_flags = 6;
  bool with_relro = true;
  bool now = true;
  bool soname = false;
  bool hash = true;
  std::vector<std::string> symbols{"__stack_chk_fail", "bind"};

  std::string make() {
    std::string strings(1, '\0');
    const auto text = [&](std::string_view s) {
      const auto at = strings.size();
      strings += s;
      strings += '\0';
      return at;
    };
    const auto name = text("libx.so.1");
    const auto needed = text("libc.so.6");
    const auto rpath = text("/opt/lib");
    std::vector<std::uint64_t> names;
    for (const auto& s : symbols) names.push_back(text(s));
    const std::uint64_t header = bits_ == 64 ? 64 : 52;
    const std::uint64_t entry = bits_ == 64 ? 56 : 32;
    const std::uint64_t interpreter_at = header + entry * 5;
    const std::string interpreter("/lib/ld.so.1\0", 13);
    const std::uint64_t hash_at = interpreter_at + 16;
    const std::uint64_t symbols_at = hash_at + 16;
    const std::uint64_t symbol_size = bits_ == 64 ? 24 : 16;
    const std::uint64_t strings_at = symbols_at + symbol_size * (symbols.size() + 1);
    const std::uint64_t dynamic_at = strings_at + strings.size();
    std::string dynamic;
    const auto tag = [&](std::uint64_t t, std::uint64_t v) {
      word(dynamic, t);
      word(dynamic, v);
    };
    constexpr std::uint64_t kBase = 0x400000;
    tag(1, needed);
    if (soname) tag(14, name);
    tag(15, rpath);
    if (hash) tag(4, kBase + hash_at);
    tag(5, kBase + strings_at);
    tag(6, kBase + symbols_at);
    tag(10, strings.size());
    if (now) tag(0x6ffffffb, 1);
    tag(0, 0);

    std::string out =
        "\x7f"
        "ELF";
    out += static_cast<char>(bits_ == 64 ? 2 : 1);
    out += static_cast<char>(order_ == Endian::big ? 2 : 1);
    out += '\1';
    out.resize(16, '\0');
    half(out, type);
    half(out, machine);
    full(out, 1);
    word(out, 0);
    word(out, header);
    word(out, 0);
    full(out, 0);
    half(out, static_cast<std::uint16_t>(header));
    half(out, static_cast<std::uint16_t>(entry));
    half(out, 5);
    half(out, 0);
    half(out, 0);
    half(out, 0);
    const std::uint64_t end = dynamic_at + dynamic.size();
    segment(out, 1, 5, 0, kBase, end);
    segment(out, with_interpreter ? 3 : 0, 4, interpreter_at, kBase + interpreter_at, interpreter.size());
    segment(out, 2, 6, dynamic_at, kBase + dynamic_at, dynamic.size());
    segment(out, with_stack ? 0x6474e551 : 0, stack_flags, 0, 0, 0);
    segment(out, with_relro ? 0x6474e552 : 0, 4, dynamic_at, kBase + dynamic_at, 16);
    out += interpreter;
    out.resize(hash_at, '\0');
    full(out, 1);
    full(out, static_cast<std::uint32_t>(symbols.size() + 1));
    full(out, 0);
    full(out, 0);
    out.resize(symbols_at + symbol_size, '\0');
    for (const auto n : names) {
      full(out, static_cast<std::uint32_t>(n));
      out.resize(out.size() + symbol_size - 4, '\0');
    }
    return out + strings + dynamic;
  }

 private:
  void put(std::string& out, std::uint64_t value, unsigned size) const {
    for (unsigned i = 0; i < size; ++i) {
      const unsigned shift = 8 * (order_ == Endian::big ? size - 1 - i : i);
      out += static_cast<char>((value >> shift) & 0xffU);
    }
  }
  void half(std::string& out, std::uint16_t v) const { put(out, v, 2); }
  void full(std::string& out, std::uint32_t v) const { put(out, v, 4); }
  void word(std::string& out, std::uint64_t v) const { put(out, v, bits_ / 8); }
  void segment(std::string& out, std::uint32_t kind, std::uint32_t flags, std::uint64_t offset, std::uint64_t address,
               std::uint64_t size) const {
    full(out, kind);
    if (bits_ == 64) full(out, flags);
    word(out, offset);
    word(out, address);
    word(out, address);
    word(out, size);
    word(out, size);
    if (bits_ == 32) full(out, flags);
    word(out, 4);
  }

  unsigned bits_;
  Endian order_;
};

class EveryKind : public testing::TestWithParam<std::tuple<unsigned, Endian>> {};

TEST_P(EveryKind, ReadsWithoutSectionHeaders) {
  const auto [bits, order] = GetParam();
  const std::string bytes = Maker(bits, order).make();
  const auto file = read(bytes_of(bytes));
  ASSERT_TRUE(file) << file.error().to_text();
  EXPECT_EQ(file->bits, bits);
  EXPECT_EQ(file->order, order);
  EXPECT_EQ(file->arch, "mips");
  EXPECT_EQ(file->type, Type::executable);
  EXPECT_TRUE(file->pie);
  EXPECT_EQ(file->executable_stack, false);
  EXPECT_TRUE(file->relro);
  EXPECT_TRUE(file->bind_now);
  EXPECT_TRUE(file->symbols_known);
  EXPECT_TRUE(file->has_symbol("__stack_chk_fail"));
  EXPECT_FALSE(file->has_symbol("__stack_chk"));
  EXPECT_EQ(file->interpreter, "/lib/ld.so.1");
  EXPECT_EQ(file->rpath, "/opt/lib");
  ASSERT_EQ(file->needed.size(), 1U);
  EXPECT_EQ(file->needed[0], "libc.so.6");
  EXPECT_TRUE(file->stripped);
}

TEST_P(EveryKind, EveryPrefixFailsCleanly) {
  const auto [bits, order] = GetParam();
  const std::string bytes = Maker(bits, order).make();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const std::string part = bytes.substr(0, n);
    (void)read(bytes_of(part));
  }
}

TEST_P(EveryKind, EveryByteFlipFailsCleanly) {
  const auto [bits, order] = GetParam();
  std::string bytes = Maker(bits, order).make();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const char value : {'\0', '\x7f', '\xff'}) {
      const char kept = bytes[i];
      bytes[i] = value;
      (void)read(bytes_of(bytes));
      bytes[i] = kept;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Elf, EveryKind, testing::Combine(testing::Values(32U, 64U), testing::Values(Endian::little, Endian::big)));

TEST(Elf, StackHeaderMissingIsNotDetermined) {
  Maker maker(32, Endian::big);
  maker.with_stack = false;
  const std::string bytes = maker.make();
  EXPECT_FALSE(read(bytes_of(bytes))->executable_stack.has_value());
}

TEST(Elf, ExecutableStack) {
  Maker maker(32, Endian::big);
  maker.stack_flags = 7;
  const std::string bytes = maker.make();
  EXPECT_EQ(read(bytes_of(bytes))->executable_stack, true);
}

TEST(Elf, LibraryWithInterpreterIsALibrary) {
  Maker maker(32, Endian::little);
  maker.soname = true;
  const std::string bytes = maker.make();
  const auto file = read(bytes_of(bytes));
  EXPECT_EQ(file->type, Type::shared_library);
  EXPECT_FALSE(file->pie);
  EXPECT_EQ(file->soname, "libx.so.1");
}

TEST(Elf, FixedAddressIsNoPie) {
  Maker maker(32, Endian::little);
  maker.type = 2;
  const std::string bytes = maker.make();
  EXPECT_FALSE(read(bytes_of(bytes))->pie);
  EXPECT_EQ(read(bytes_of(bytes))->type, Type::executable);
}

TEST(Elf, SymbolsAreFoundWithoutHashTable) {
  Maker maker(64, Endian::little);
  maker.hash = false;
  const std::string bytes = maker.make();
  EXPECT_TRUE(read(bytes_of(bytes))->has_symbol("bind"));
}

TEST(Elf, OtherBytesAreNone) {
  EXPECT_FALSE(looks_like(bytes_of("#!/bin/sh")));
  EXPECT_FALSE(
      read(bytes_of("\x7f"
                    "ELF")));
}

}  // namespace
}  // namespace assay::firmware::elf
