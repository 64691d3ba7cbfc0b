// SPDX-License-Identifier: Apache-2.0
// ELF as in the System V gABI 4.1 with the GNU program headers; both classes, both byte orders.
#include "firmware/elf/elf.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace assay::firmware::elf {
namespace {

// Linux refuses more than 64 KiB of program headers; real files have about ten.
constexpr std::uint64_t kMaxHeaders = 1024;
constexpr std::uint64_t kMaxDynamic = 4096;
// libcrypto has about 6,000 dynamic symbols; a vendor's largest single program about 30,000.
constexpr std::uint64_t kMaxSymbols = 400'000;
constexpr std::uint64_t kMaxName = 4096;

constexpr std::uint32_t kPtLoad = 1;
constexpr std::uint32_t kPtDynamic = 2;
constexpr std::uint32_t kPtInterp = 3;
constexpr std::uint32_t kPtGnuStack = 0x6474e551;
constexpr std::uint32_t kPtGnuRelro = 0x6474e552;
constexpr std::uint32_t kShtSymtab = 2;
constexpr std::uint64_t kDfBindNow = 8;
constexpr std::uint64_t kDf1Now = 1;
constexpr std::uint64_t kDf1Pie = 0x08000000;

struct Segment {
  std::uint32_t type = 0;
  std::uint32_t flags = 0;
  std::uint64_t offset = 0;
  std::uint64_t address = 0;
  std::uint64_t size = 0;
};

struct Dynamic {
  std::uint64_t string_table = 0;
  std::uint64_t string_size = 0;
  std::uint64_t symbol_table = 0;
  std::uint64_t hash = 0;
  std::uint64_t gnu_hash = 0;
  std::uint64_t mips_symbols = 0;
  std::optional<std::uint64_t> soname;
  std::optional<std::uint64_t> rpath;
  std::optional<std::uint64_t> runpath;
  std::vector<std::uint64_t> needed;
  bool pie_flag = false;
  bool bind_now = false;
};

constexpr std::array<std::pair<std::uint16_t, std::string_view>, 24> kMachines{{
    {2, "sparc"}, {3, "x86"},     {4, "m68k"},    {8, "mips"},      {10, "mips"},        {15, "parisc"}, {20, "ppc"},    {21, "ppc64"},
    {22, "s390"}, {40, "arm"},    {42, "sh"},     {43, "sparc64"},  {45, "arc"},         {50, "ia64"},   {62, "x86_64"}, {83, "avr"},
    {93, "arc"},  {94, "xtensa"}, {113, "nios2"}, {183, "aarch64"}, {189, "microblaze"}, {195, "arc"},   {243, "riscv"}, {258, "loongarch"},
}};

class Parser {
 public:
  explicit Parser(Bytes bytes) : bytes_(bytes) {}

  Result<File> read();

 private:
  template <class T>
  T load(Bytes raw, std::uint64_t at) const {
    return Reader::load<T>(raw.subspan(at, sizeof(T)), out_.order);
  }
  // Address-sized word of the file's class.
  std::uint64_t word(Bytes raw, std::uint64_t at) const {
    return out_.bits == 64 ? load<std::uint64_t>(raw, at) : load<std::uint32_t>(raw, at);
  }
  Result<void> read_segments(std::uint64_t offset, std::uint64_t entry_size, std::uint64_t count);
  void read_sections(std::uint64_t offset, std::uint64_t entry_size, std::uint64_t count);
  void read_dynamic(const Segment& segment);
  std::uint64_t symbol_count(const Dynamic& dynamic) const;
  std::uint64_t gnu_hash_symbols(const Dynamic& dynamic) const;
  void read_symbols(Bytes table, Bytes names, std::uint64_t count);
  // Bytes from a virtual address to the end of its segment's file part.
  Bytes at_address(std::uint64_t address) const;
  static std::string_view name_at(Bytes names, std::uint64_t at);

  Bytes bytes_;
  File out_;
  std::uint16_t type_ = 0;
  std::vector<Segment> segments_;
  Dynamic dynamic_;
};

std::string_view Parser::name_at(Bytes names, std::uint64_t at) {
  if (at >= names.size()) return {};
  const auto text = text_of(names.subspan(at, std::min<std::uint64_t>(kMaxName, names.size() - at)));
  const auto end = text.find('\0');
  return end == std::string_view::npos ? std::string_view{} : text.substr(0, end);
}

Bytes Parser::at_address(std::uint64_t address) const {
  for (const Segment& s : segments_) {
    if (s.type != kPtLoad || address < s.address || address - s.address >= s.size) continue;
    const std::uint64_t into = address - s.address;
    if (s.offset > bytes_.size() || into > bytes_.size() - s.offset) return {};
    const std::uint64_t from = s.offset + into;
    return bytes_.subspan(from, std::min<std::uint64_t>(s.size - into, bytes_.size() - from));
  }
  return {};
}

Result<void> Parser::read_segments(std::uint64_t offset, std::uint64_t entry_size, std::uint64_t count) {
  const std::uint64_t least = out_.bits == 64 ? 56 : 32;
  if (count == 0) return {};
  if (entry_size < least || entry_size > 4096) return fail(Errc::malformed, "ELF program header size " + std::to_string(entry_size));
  if (count > kMaxHeaders) return fail(Errc::limit, "ELF with " + std::to_string(count) + " program headers");
  TRY(const Bytes raw, slice(bytes_, offset, entry_size * count));
  for (std::uint64_t i = 0; i < count; ++i) {
    const Bytes h = raw.subspan(i * entry_size, entry_size);
    Segment s;
    s.type = load<std::uint32_t>(h, 0);
    if (out_.bits == 64) {
      s.flags = load<std::uint32_t>(h, 4);
      s.offset = load<std::uint64_t>(h, 8);
      s.address = load<std::uint64_t>(h, 16);
      s.size = load<std::uint64_t>(h, 32);
    } else {
      s.offset = load<std::uint32_t>(h, 4);
      s.address = load<std::uint32_t>(h, 8);
      s.size = load<std::uint32_t>(h, 16);
      s.flags = load<std::uint32_t>(h, 24);
    }
    segments_.push_back(s);
  }
  return {};
}

void Parser::read_sections(std::uint64_t offset, std::uint64_t entry_size, std::uint64_t count) {
  const std::uint64_t least = out_.bits == 64 ? 64 : 40;
  if (count == 0 || entry_size < least || entry_size > 4096 || count > 65535) return;
  const auto raw = slice(bytes_, offset, entry_size * count);
  if (!raw) return;
  const auto part = [&](std::uint64_t index) -> Bytes {
    if (index >= count) return {};
    const Bytes h = raw->subspan(index * entry_size, entry_size);
    const auto body = out_.bits == 64 ? slice(bytes_, load<std::uint64_t>(h, 24), load<std::uint64_t>(h, 32))
                                      : slice(bytes_, load<std::uint32_t>(h, 16), load<std::uint32_t>(h, 20));
    return body ? *body : Bytes{};
  };
  for (std::uint64_t i = 0; i < count; ++i) {
    const Bytes h = raw->subspan(i * entry_size, entry_size);
    if (load<std::uint32_t>(h, 4) != kShtSymtab) continue;
    out_.stripped = false;
    if (out_.dynamic) continue;
    // A static file's own symbols stand in for the dynamic ones.
    const std::uint64_t link = load<std::uint32_t>(h, out_.bits == 64 ? 40 : 24);
    const Bytes table = part(i);
    read_symbols(table, part(link), table.size() / (out_.bits == 64 ? 24 : 16));
  }
}

std::uint64_t Parser::symbol_count(const Dynamic& d) const {
  if (d.mips_symbols != 0) return d.mips_symbols;
  if (d.hash != 0) {
    const Bytes table = at_address(d.hash);
    if (table.size() >= 8) return load<std::uint32_t>(table, 4);
  }
  // Linkers put the string table right behind the symbols. The GNU hash table alone knows only what is defined here, and where nothing
  // is, it says nothing about the rest.
  const std::uint64_t size = out_.bits == 64 ? 24 : 16;
  const std::uint64_t by_place = d.string_table > d.symbol_table ? (d.string_table - d.symbol_table) / size : 0;
  return std::max(by_place, gnu_hash_symbols(d));
}

// The last symbol is the end of the chain of the highest bucket.
std::uint64_t Parser::gnu_hash_symbols(const Dynamic& d) const {
  if (d.gnu_hash == 0) return 0;
  const Bytes table = at_address(d.gnu_hash);
  if (table.size() < 16) return 0;
  const std::uint64_t buckets = load<std::uint32_t>(table, 0);
  const std::uint64_t first = load<std::uint32_t>(table, 4);
  const std::uint64_t bloom = load<std::uint32_t>(table, 8) * std::uint64_t{out_.bits / 8};
  if (bloom > table.size() - 16 || buckets > (table.size() - 16 - bloom) / 4) return 0;
  std::uint64_t highest = 0;
  for (std::uint64_t i = 0; i < buckets; ++i) {
    highest = std::max<std::uint64_t>(highest, load<std::uint32_t>(table, 16 + bloom + i * 4));
  }
  if (highest < first) return first;
  const std::uint64_t chains = 16 + bloom + buckets * 4;
  for (std::uint64_t i = highest; i - first < (table.size() - chains) / 4; ++i) {
    if ((load<std::uint32_t>(table, chains + (i - first) * 4) & 1U) != 0) return i + 1;
  }
  return 0;
}

void Parser::read_symbols(Bytes table, Bytes names, std::uint64_t count) {
  const std::uint64_t size = out_.bits == 64 ? 24 : 16;
  if (count == 0 || count > kMaxSymbols || count > table.size() / size || names.empty()) return;
  for (std::uint64_t i = 1; i < count; ++i) {
    const auto name = name_at(names, load<std::uint32_t>(table, i * size));
    if (!name.empty()) out_.symbols.push_back(name);
  }
  out_.symbols_known = true;
}

void Parser::read_dynamic(const Segment& segment) {
  out_.dynamic = true;
  if (segment.offset > bytes_.size()) return;
  const Bytes raw = bytes_.subspan(segment.offset, std::min<std::uint64_t>(segment.size, bytes_.size() - segment.offset));
  const std::uint64_t step = out_.bits / 4;
  Dynamic& d = dynamic_;
  for (std::uint64_t i = 0; i < std::min(kMaxDynamic, raw.size() / step); ++i) {
    const std::uint64_t tag = word(raw, i * step);
    const std::uint64_t value = word(raw, i * step + step / 2);
    if (tag == 0) break;
    switch (tag) {
      case 1: d.needed.push_back(value); break;
      case 4: d.hash = value; break;
      case 5: d.string_table = value; break;
      case 6: d.symbol_table = value; break;
      case 10: d.string_size = value; break;
      case 14: d.soname = value; break;
      case 15: d.rpath = value; break;
      case 24: d.bind_now = true; break;
      case 29: d.runpath = value; break;
      case 30: d.bind_now = d.bind_now || (value & kDfBindNow) != 0; break;
      case 0x6ffffef5: d.gnu_hash = value; break;
      case 0x6ffffffb:
        d.bind_now = d.bind_now || (value & kDf1Now) != 0;
        d.pie_flag = (value & kDf1Pie) != 0;
        break;
      case 0x70000011:  // DT_MIPS_SYMTABNO
        if (out_.arch == "mips") d.mips_symbols = value;
        break;
      default: break;
    }
  }
  out_.bind_now = d.bind_now;
  Bytes names = at_address(d.string_table);
  if (d.string_size != 0 && d.string_size < names.size()) names = names.first(d.string_size);
  if (d.soname) out_.soname = name_at(names, *d.soname);
  if (d.runpath || d.rpath) out_.rpath = name_at(names, d.runpath ? *d.runpath : *d.rpath);
  for (const std::uint64_t at : d.needed) {
    if (const auto name = name_at(names, at); !name.empty()) out_.needed.push_back(name);
  }
  read_symbols(at_address(d.symbol_table), names, symbol_count(d));
}

Result<File> Parser::read() {
  if (!looks_like(bytes_) || bytes_.size() < 52) return fail(Errc::truncated, "ELF header");
  const auto klass = std::to_integer<unsigned>(bytes_[4]);
  const auto data = std::to_integer<unsigned>(bytes_[5]);
  if (klass < 1 || klass > 2 || data < 1 || data > 2) return fail(Errc::malformed, "ELF class or byte order");
  out_.bits = klass == 2 ? 64 : 32;
  out_.order = data == 2 ? Endian::big : Endian::little;
  if (out_.bits == 64 && bytes_.size() < 64) return fail(Errc::truncated, "ELF header");
  type_ = load<std::uint16_t>(bytes_, 16);
  const auto machine = load<std::uint16_t>(bytes_, 18);
  for (const auto& [number, name] : kMachines) {
    if (number == machine) out_.arch = name;
  }
  const bool wide = out_.bits == 64;
  const std::uint64_t tail = wide ? 54 : 42;
  TRY_VOID(read_segments(word(bytes_, wide ? 32 : 28), load<std::uint16_t>(bytes_, tail), load<std::uint16_t>(bytes_, tail + 2)));
  bool starts_itself = false;
  for (const Segment& s : segments_) {
    if (s.type == kPtGnuStack) out_.executable_stack = (s.flags & 1U) != 0;
    if (s.type == kPtGnuRelro) out_.relro = true;
    if (s.type != kPtInterp || s.offset > bytes_.size()) continue;
    starts_itself = true;
    out_.interpreter = name_at(bytes_, s.offset);
  }
  for (const Segment& s : segments_) {
    if (s.type == kPtDynamic) {
      read_dynamic(s);
      break;
    }
  }
  read_sections(word(bytes_, wide ? 40 : 32), load<std::uint16_t>(bytes_, tail + 4), load<std::uint16_t>(bytes_, tail + 6));
  switch (type_) {
    case 1: out_.type = Type::relocatable; break;
    case 2: out_.type = Type::executable; break;
    case 3:
      // uClibc and glibc give their libraries an interpreter as well; a SONAME says that the file is one.
      out_.pie = dynamic_.pie_flag || (starts_itself && out_.soname.empty());
      out_.type = out_.pie ? Type::executable : Type::shared_library;
      break;
    case 4: out_.type = Type::core; break;
    default: out_.type = Type::other; break;
  }
  return std::move(out_);
}

}  // namespace

std::string_view to_text(Type type) {
  switch (type) {
    case Type::relocatable: return "relocatable";
    case Type::executable: return "executable";
    case Type::shared_library: return "shared-library";
    case Type::core: return "core";
    case Type::other: break;
  }
  return "other";
}

bool File::has_symbol(std::string_view name) const {
  return std::ranges::find(symbols, name) != symbols.end();
}

bool looks_like(Bytes bytes) {
  return bytes.size() >= 16 && text_of(bytes.first(4)) ==
                                   "\x7f"
                                   "ELF";
}

Result<File> read(Bytes bytes) {
  return Parser(bytes).read();
}

}  // namespace assay::firmware::elf
