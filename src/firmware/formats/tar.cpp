// SPDX-License-Identifier: Apache-2.0
// tar: POSIX ustar and pax, GNU long names; found by "ustar" in its first header.
#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "base/text.hpp"
#include "firmware/codecs/codec.hpp"
#include "firmware/tree.hpp"

namespace assay::firmware {
namespace {

constexpr std::uint64_t kBlock = 512;
constexpr auto kMagics = std::to_array<Magic>({{"ustar", 257}});
constexpr std::uint64_t kLongestHeader = 1ULL << 20U;  // a pax header or long name

std::string_view field(Bytes header, std::size_t at, std::size_t size) {
  const std::string_view text = text_of(header.subspan(at, size));
  return text.substr(0, text.find('\0'));
}

// Octal digits between blanks, or GNU's base 256 where the first bit is set.
std::optional<std::uint64_t> number(Bytes header, std::size_t at, std::size_t size) {
  const Bytes raw = header.subspan(at, size);
  if ((std::to_integer<unsigned>(raw[0]) & 0x80U) != 0) {
    std::uint64_t value = std::to_integer<std::uint64_t>(raw[0]) & 0x3fU;
    for (const std::byte b : raw.subspan(1)) {
      if (value >> 55U != 0) return std::nullopt;
      value = value << 8U | std::to_integer<std::uint64_t>(b);
    }
    return value;
  }
  const std::string_view text = trim(field(header, at, size));
  std::uint64_t value = 0;
  if (text.empty()) return value;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool checksum_right(Bytes header) {
  const auto stated = number(header, 148, 8);
  if (!stated) return false;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) sum += i >= 148 && i < 156 ? ' ' : std::to_integer<std::uint64_t>(header[i]);
  return sum == *stated;
}

struct Extended {
  std::string path;
  std::string target;
  std::optional<std::uint64_t> size;
  bool sparse = false;
};

// "27 path=some/name\n" records.
void read_pax(std::string_view text, Extended& into) {
  while (!text.empty()) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || length <= digits + 1 || length > text.size()) return;
    std::string_view record = text.substr(digits + 1, length - digits - 2);
    text.remove_prefix(length);
    const auto equals = record.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = record.substr(0, equals);
    const std::string_view value = record.substr(equals + 1);
    if (key == "path") into.path = value;
    if (key == "linkpath") into.target = value;
    if (key == "size") {
      if (const auto n = to_integer(value); n && *n >= 0) into.size = static_cast<std::uint64_t>(*n);
    }
    if (key.starts_with("GNU.sparse.")) into.sparse = true;
  }
}

class Walk {
 public:
  Walk(Blob rest, Budget& budget) : rest_(std::move(rest)), list_(budget), reader_(rest_.bytes) {}

  std::optional<Extent> run() {
    Extent extent;
    while (true) {
      const std::uint64_t at = reader_.position();
      const auto header = reader_.bytes(kBlock);
      if (!header) {
        if (members_ == 0) return std::nullopt;
        if (reader_.left() != 0) extent.problems.emplace_back("ends within a header");
        extent.size = rest_.bytes.size();
        break;
      }
      if (std::ranges::all_of(*header, [](std::byte b) { return b == std::byte{0}; })) {
        // The end is two blocks of zeroes; one is taken as well.
        extent.size = reader_.position();
        const auto second = reader_.bytes(kBlock);
        if (second && std::ranges::all_of(*second, [](std::byte b) { return b == std::byte{0}; })) extent.size = reader_.position();
        break;
      }
      if (!checksum_right(*header)) {
        if (members_ == 0) return std::nullopt;
        extent.problems.push_back("header with a wrong check sum at byte " + std::to_string(at));
        extent.size = at;
        break;
      }
      if (auto done = member(*header); !done) {
        extent.problems.push_back(done.error().what);
        extent.size = done.error().code == Errc::limit ? rest_.bytes.size() : std::max(at, kBlock);
        break;
      }
      ++members_;
    }
    extent.opened = std::make_shared<Opened>(list_.finish());
    return extent;
  }

 private:
  Result<void> member(Bytes header) {
    const char type = text_of(header.subspan(156, 1))[0];
    const auto stated = number(header, 124, 12);
    if (!stated) return fail(Errc::malformed, "member with an impossible size");
    std::uint64_t size = extended_.size.value_or(*stated);
    // Links and devices have no bytes whatever their size field says.
    if (type >= '1' && type <= '6') size = 0;
    const std::uint64_t at = reader_.position();
    TRY(const Bytes data, reader_.bytes(size));
    TRY_VOID(reader_.skip(std::min(reader_.left(), (kBlock - size % kBlock) % kBlock)));
    const bool long_name = type == 'L' || type == 'K';
    if (long_name || type == 'x' || type == 'g') {
      if (size > kLongestHeader) return fail(Errc::limit, "extended header larger than 1 MiB");
      const std::string_view text = text_of(data);
      if (type == 'L') extended_.path = text.substr(0, text.find('\0'));
      if (type == 'K') extended_.target = text.substr(0, text.find('\0'));
      if (type == 'x') read_pax(text, extended_);
      return {};
    }
    Entry entry;
    const std::string_view prefix = field(header, 345, 155);
    // GNU's own magic ("ustar  ") has other fields where POSIX has the prefix.
    const bool posix = text_of(header.subspan(257, 6)) == std::string_view("ustar\0", 6);
    entry.path = field(header, 0, 100);
    if (posix && !prefix.empty()) entry.path = std::string(prefix) + "/" + entry.path;
    entry.target = field(header, 157, 100);
    if (!extended_.path.empty()) entry.path = std::move(extended_.path);
    if (!extended_.target.empty()) entry.target = std::move(extended_.target);
    const bool sparse = extended_.sparse || type == 'S';
    extended_ = {};
    entry.mode = static_cast<std::uint32_t>(number(header, 100, 8).value_or(0) & 07777U);
    entry.uid = static_cast<std::uint32_t>(number(header, 108, 8).value_or(0));
    entry.gid = static_cast<std::uint32_t>(number(header, 116, 8).value_or(0));
    switch (type) {
      case '1': {
        bool hostile = false;
        const auto target = files_.find(safe_path(entry.target, hostile));
        if (target == files_.end()) {
          list_.problem("hard link to a file that is not there: " + printable(entry.path, 200));
          return {};
        }
        entry.content = target->second;
        entry.target.clear();
        break;
      }
      case '2': entry.type = FileType::symlink; break;
      case '3': entry.type = FileType::character_device; break;
      case '4': entry.type = FileType::block_device; break;
      case '5': entry.type = FileType::directory; break;
      case '6': entry.type = FileType::fifo; break;
      case '0':
      case '\0':
      case '7':
      case 'S': {
        if (sparse) {
          list_.problem("sparse file is not unpacked: " + printable(entry.path, 200));
          return {};
        }
        // Before POSIX a directory was a file whose name ends in a slash.
        if (entry.path.ends_with('/')) {
          entry.type = FileType::directory;
          break;
        }
        entry.content = plain_content(rest_.part(at, size));
        bool hostile = false;
        files_[safe_path(entry.path, hostile)] = entry.content;
        break;
      }
      default:
        if (type != 'V') list_.problem("member of unknown type: " + printable(entry.path, 200));
        return {};
    }
    if (entry.type != FileType::symlink) entry.target.clear();
    return list_.add(std::move(entry));
  }

  Blob rest_;
  EntryList list_;
  Reader reader_;
  Extended extended_;
  std::map<std::string, std::shared_ptr<const Content>> files_;
  std::uint64_t members_ = 0;
};

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& budget) {
  return Walk(whole.part(offset, whole.bytes.size()), budget).run();
}

}  // namespace

extern constinit const Format format_tar{
    .id = "tar",
    .title = "tar archive",
    .magics = kMagics,
    .measure = measure,
    .doc = {.specification = "POSIX.1-2017 pax, ustar interchange format; GNU tar manual, Basic Tar Format",
            .limits = "Sparse members are named but not unpacked. Archives from before POSIX, without \"ustar\", are not found."}};

}  // namespace assay::firmware
