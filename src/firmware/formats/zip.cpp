// SPDX-License-Identifier: Apache-2.0
// ZIP, read from its central directory; where that is missing (cut short), from the members' own headers.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "firmware/codecs/codec.hpp"
#include "firmware/tree.hpp"

namespace assay::firmware {
namespace {

constexpr auto kMagics = std::to_array<Magic>({{"PK\x03\x04"}});
constexpr std::string_view kEnd = "PK\x05\x06";
constexpr std::uint32_t kCentral = 0x02014b50;
constexpr std::uint32_t kLocal = 0x04034b50;
constexpr std::uint64_t kLocalHeader = 30;
constexpr std::uint64_t kEndSize = 22;
constexpr std::uint16_t kEncrypted = 1;
constexpr std::uint16_t kDescriptor = 8;
constexpr unsigned kUnix = 3;
constexpr std::uint64_t kLongestTarget = 4096;

struct Member {
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint64_t packed = 0;
  std::uint64_t size = 0;
  std::uint64_t data = 0;  // offset of the packed bytes
  std::string name;
  std::uint32_t mode = 0;
  bool mode_known = false;
  bool cut = false;  // its bytes reach beyond the end
};

std::string_view codec_of(std::uint16_t method) {
  switch (method) {
    case 8: return "deflate";
    case 12: return "bzip2";
    case 93: return "zstd";
    case 95: return "xz";
    default: return {};
  }
}

class ZipContent final : public Content {
 public:
  ZipContent(Blob packed, std::uint64_t size, const Codec& codec) : packed_(std::move(packed)), size_(size), codec_(codec) {}
  std::uint64_t size() const override { return size_; }
  Result<Blob> read(Budget& budget) const override {
    if (codec_.block == nullptr || codec_.id == "xz") {
      TRY(Decoded decoded, codec_.stream(packed_.bytes, budget));
      return Blob::own(std::move(decoded.bytes));
    }
    TRY_VOID(budget.expand(size_, packed_.bytes.size()));
    Buffer out(size_);
    TRY(const std::size_t n, codec_.block(packed_.bytes, out));
    if (n != size_) return fail(Errc::malformed, "member unpacks to fewer bytes than it claims");
    return Blob::own(std::move(out));
  }

 private:
  Blob packed_;
  std::uint64_t size_;
  const Codec& codec_;
};

class Archive {
 public:
  Archive(Blob rest, Budget& budget) : rest_(std::move(rest)), list_(budget), budget_(budget) {}

  std::optional<Extent> read() {
    Extent extent;
    if (!read_directory(extent) && !read_members(extent)) return std::nullopt;
    extent.encrypted = encrypted_;
    extent.opened = std::make_shared<Opened>(list_.finish());
    return extent;
  }

 private:
  // The end record that fits: its directory ends where it begins, and lies as far from the first member as it says.
  bool read_directory(Extent& extent) {
    const std::string_view text = text_of(rest_.bytes);
    constexpr int kTries = 64;
    std::size_t at = 0;
    for (int i = 0; i < kTries; ++i, ++at) {
      at = text.find(kEnd, at);
      if (at == std::string_view::npos || rest_.bytes.size() - at < kEndSize) return false;
      const auto half = [&](std::size_t o) { return Reader::load<std::uint16_t>(rest_.bytes.subspan(at + o, 2), Endian::little); };
      const auto word = [&](std::size_t o) { return Reader::load<std::uint32_t>(rest_.bytes.subspan(at + o, 4), Endian::little); };
      const std::uint64_t size = word(12);
      const std::uint64_t offset = word(16);
      if (size > at || offset != at - size) continue;
      const std::uint64_t comment = half(20);
      extent.size = std::min<std::uint64_t>(at + kEndSize + comment, rest_.bytes.size());
      if (half(10) == 0xffff) extent.problems.emplace_back("ZIP64 directory is not read");
      if (auto done = read_central(offset, size, half(10)); !done) extent.problems.push_back(done.error().what);
      return true;
    }
    return false;
  }

  Result<void> read_central(std::uint64_t offset, std::uint64_t size, std::uint64_t count) {
    TRY(const Bytes directory, slice(rest_.bytes, offset, size));
    Reader r(directory, offset);
    for (std::uint64_t i = 0; i < count && r.left() > 0; ++i) {
      TRY(const std::uint32_t magic, r.le<std::uint32_t>());
      if (magic != kCentral) return fail(Errc::malformed, "directory entry without its magic");
      Member m;
      TRY(const std::uint16_t made_by, r.le<std::uint16_t>());
      TRY_VOID(r.skip(2));
      TRY(m.flags, r.le<std::uint16_t>());
      TRY(m.method, r.le<std::uint16_t>());
      TRY_VOID(r.skip(8));
      TRY(m.packed, r.le<std::uint32_t>());
      TRY(m.size, r.le<std::uint32_t>());
      TRY(const std::uint16_t name_size, r.le<std::uint16_t>());
      TRY(const std::uint16_t extra, r.le<std::uint16_t>());
      TRY(const std::uint16_t comment, r.le<std::uint16_t>());
      TRY_VOID(r.skip(4));
      TRY(const std::uint32_t attributes, r.le<std::uint32_t>());
      TRY(const std::uint64_t local, r.le<std::uint32_t>());
      TRY(const Bytes name, r.bytes(name_size));
      TRY_VOID(r.skip(std::uint64_t{extra} + comment));
      m.name = text_of(name);
      m.mode_known = made_by >> 8U == kUnix && attributes >> 16U != 0;
      m.mode = attributes >> 16U;
      // The member's own header may be longer than its twin here.
      TRY(const Bytes head, slice(rest_.bytes, local, kLocalHeader));
      if (Reader::load<std::uint32_t>(head.first(4), Endian::little) != kLocal) {
        list_.problem("member without its header: " + printable(m.name, 200));
        continue;
      }
      m.data = local + kLocalHeader + Reader::load<std::uint16_t>(head.subspan(26, 2), Endian::little) +
               Reader::load<std::uint16_t>(head.subspan(28, 2), Endian::little);
      TRY_VOID(add(std::move(m)));
    }
    return {};
  }

  bool read_members(Extent& extent) {
    Reader r(rest_.bytes);
    std::size_t n = 0;
    while (true) {
      const std::uint64_t before = r.position();
      auto m = local_member(r);
      if (!m) {
        if (n == 0) return false;
        extent.size = before;
        break;
      }
      if (auto added = add(*std::move(m)); !added) extent.problems.push_back(added.error().what);
      ++n;
    }
    extent.problems.emplace_back("central directory is missing: members after the first " + std::to_string(n) + " may be lost");
    return true;
  }

  static Result<Member> local_member(Reader& r) {
    Member m;
    TRY(const std::uint32_t magic, r.le<std::uint32_t>());
    if (magic != kLocal) return fail(Errc::malformed, "no member");
    TRY(const std::uint16_t version, r.le<std::uint16_t>());
    TRY(m.flags, r.le<std::uint16_t>());
    TRY(m.method, r.le<std::uint16_t>());
    TRY_VOID(r.skip(8));
    TRY(m.packed, r.le<std::uint32_t>());
    TRY(m.size, r.le<std::uint32_t>());
    TRY(const std::uint16_t name_size, r.le<std::uint16_t>());
    TRY(const std::uint16_t extra, r.le<std::uint16_t>());
    TRY(const Bytes name, r.bytes(name_size));
    TRY_VOID(r.skip(extra));
    if ((version & 0xffU) > 63 || m.method > 99 || name_size == 0) return fail(Errc::malformed, "not a member's header");
    // With a data descriptor the sizes stand behind the data, where nothing leads to them.
    if ((m.flags & kDescriptor) != 0 && m.packed == 0) return fail(Errc::unsupported, "member of unknown size");
    m.name = text_of(name);
    m.data = r.position();
    m.cut = m.packed > r.left();
    TRY_VOID(r.skip(std::min(m.packed, r.left())));
    return m;
  }

  Result<void> add(Member m) {
    Entry entry;
    entry.path = m.name;
    entry.mode_known = m.mode_known;
    entry.mode = m.mode_known ? m.mode & 07777U : 0;
    if (m.name.ends_with('/')) {
      entry.type = FileType::directory;
      return list_.add(std::move(entry));
    }
    const std::string shown = printable(m.name, 200);
    if ((m.flags & kEncrypted) != 0) {
      encrypted_ = true;
      list_.problem("member is encrypted: " + shown);
      return {};
    }
    const auto packed = slice(rest_.bytes, m.data, m.packed);
    if (m.cut || !packed) {
      list_.problem("member reaches beyond the archive: " + shown);
      return {};
    }
    const Blob blob = rest_.part(m.data, m.packed);
    if (m.method == 0) {
      entry.content = plain_content(blob);
    } else if (const Codec* codec = find_codec(codec_of(m.method)); codec != nullptr) {
      entry.content = std::make_shared<ZipContent>(blob, m.size, *codec);
    } else {
      list_.problem("member packed with method " + std::to_string(m.method) + ": " + shown);
      return {};
    }
    if (m.mode_known && file_type(m.mode) == FileType::symlink && m.size <= kLongestTarget) {
      TRY(const Blob target, entry.content->read(budget_));
      entry.type = FileType::symlink;
      entry.target = text_of(target.bytes);
      entry.content = nullptr;
    }
    return list_.add(std::move(entry));
  }

  Blob rest_;
  EntryList list_;
  Budget& budget_;
  bool encrypted_ = false;
};

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& budget) {
  return Archive(whole.part(offset, whole.bytes.size()), budget).read();
}

}  // namespace

extern constinit const Format format_zip{
    .id = "zip",
    .title = "ZIP archive",
    .magics = kMagics,
    .measure = measure,
    .doc = {.specification = "PKWARE APPNOTE.TXT 6.3.10", .limits = "ZIP64 and encrypted members are named, not read."}};

}  // namespace assay::firmware
