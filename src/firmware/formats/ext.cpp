// SPDX-License-Identifier: Apache-2.0
// ext2, ext3 and ext4, read as they stand: the journal is not played back.
#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "firmware/codecs/codec.hpp"
#include "firmware/tree.hpp"

namespace assay::firmware {
namespace {

// The magic ef53 at 0x38 of the superblock, then the state (bits: clean, errors, orphans) and what to do on errors (1 to 3, 0 in
// images of small builders). Two bytes alone would meet chance once in 64 KiB.
constexpr std::uint64_t kSuperAt = 1024;
constexpr std::uint64_t kMagicAt = kSuperAt + 0x38;
#define ON_ERRORS(state)                                                                                                    \
  {std::string_view("\x53\xef" state "\0\0\0", 6), kMagicAt}, {std::string_view("\x53\xef" state "\0\x01\0", 6), kMagicAt}, \
      {std::string_view("\x53\xef" state "\0\x02\0", 6), kMagicAt}, {                                                       \
    std::string_view("\x53\xef" state "\0\x03\0", 6), kMagicAt                                                              \
  }
constexpr auto kMagics =
    std::to_array<Magic>({ON_ERRORS("\0"), ON_ERRORS("\x01"), ON_ERRORS("\x02"), ON_ERRORS("\x03"), ON_ERRORS("\x04"), ON_ERRORS("\x05")});
#undef ON_ERRORS

constexpr std::uint64_t kSuperSize = 1024;
constexpr std::uint32_t kRoot = 2;
constexpr std::uint64_t kBlockPointers = 60;  // bytes of i_block
constexpr std::uint64_t kLargestDirectory = 64ULL << 20U;
constexpr std::size_t kDeepest = 256;

// s_feature_incompat
constexpr std::uint32_t kCompressed = 0x1;
constexpr std::uint32_t kFileType = 0x2;
constexpr std::uint32_t kRecover = 0x4;
constexpr std::uint32_t kJournalDevice = 0x8;
constexpr std::uint32_t kMetaGroups = 0x10;
constexpr std::uint32_t k64Bit = 0x80;
constexpr std::uint32_t kHasJournal = 0x4;  // s_feature_compat

// i_flags
constexpr std::uint32_t kPacked = 0x4;
constexpr std::uint32_t kEncrypted = 0x800;
constexpr std::uint32_t kExtents = 0x80000;
constexpr std::uint32_t kInline = 0x10000000;

std::uint16_t half(Bytes b, std::size_t at) {
  return Reader::load<std::uint16_t>(b.subspan(at, 2), Endian::little);
}
std::uint32_t word(Bytes b, std::size_t at) {
  return Reader::load<std::uint32_t>(b.subspan(at, 4), Endian::little);
}

struct Super {
  std::uint64_t block_size = 0;
  std::uint64_t blocks = 0;
  std::uint64_t groups = 0;
  std::uint32_t first_block = 0;
  std::uint32_t inodes = 0;
  std::uint32_t inodes_per_group = 0;
  std::uint32_t inode_size = 128;
  std::uint32_t descriptor_size = 32;
  std::uint32_t compatible = 0;
  std::uint32_t incompatible = 0;
  std::string label;
};

std::optional<Super> super_of(Bytes bytes) {
  const auto raw = slice(bytes, kSuperAt, kSuperSize);
  if (!raw || half(*raw, 0x38) != 0xef53) return std::nullopt;
  Super s;
  s.inodes = word(*raw, 0);
  s.blocks = word(*raw, 4);
  s.first_block = word(*raw, 0x14);
  const std::uint32_t log = word(*raw, 0x18);
  const std::uint32_t blocks_per_group = word(*raw, 0x20);
  s.inodes_per_group = word(*raw, 0x28);
  if (log > 6 || blocks_per_group == 0 || s.inodes_per_group == 0 || s.inodes < kRoot || s.blocks == 0) return std::nullopt;
  s.block_size = 1024ULL << log;
  if (s.first_block != (log == 0 ? 1U : 0U)) return std::nullopt;
  // A backup of the superblock says in which group it stands.
  if (half(*raw, 0x5a) != 0) return std::nullopt;
  if (word(*raw, 0x4c) > 1) return std::nullopt;
  if (word(*raw, 0x4c) == 1) {
    s.inode_size = half(*raw, 0x58);
    s.compatible = word(*raw, 0x5c);
    s.incompatible = word(*raw, 0x60);
    std::string_view label = text_of(raw->subspan(0x78, 16));
    s.label = printable(label.substr(0, label.find('\0')), 64);
  }
  if (s.inode_size < 128 || s.inode_size > s.block_size || (s.inode_size & (s.inode_size - 1)) != 0) return std::nullopt;
  if (blocks_per_group > 8 * s.block_size * 16 || s.inodes_per_group > 8 * s.block_size) return std::nullopt;
  if ((s.incompatible & k64Bit) != 0) {
    s.descriptor_size = half(*raw, 0xfe);
    if (s.descriptor_size < 64 || s.descriptor_size > 1024) return std::nullopt;
    s.blocks |= std::uint64_t{word(*raw, 0x150)} << 32U;
  }
  if ((s.incompatible & kJournalDevice) != 0 || s.blocks > (1ULL << 44U) / s.block_size || s.blocks <= s.first_block) return std::nullopt;
  s.groups = (s.blocks - s.first_block + blocks_per_group - 1) / blocks_per_group;
  return s;
}

struct Inode {
  std::uint32_t mode = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t size = 0;
  std::uint32_t flags = 0;
  Bytes raw;

  Bytes pointers() const { return raw.subspan(0x28, kBlockPointers); }
};

class Volume : public std::enable_shared_from_this<Volume> {
 public:
  Volume(Blob image, Super super) : image_(std::move(image)), super_(std::move(super)) {}

  Result<Inode> inode(std::uint32_t number) const;
  Result<Buffer> read(const Inode& inode, Budget& budget) const;
  Opened list(Budget& budget) const;

 private:
  struct Listing;
  Result<Bytes> block(std::uint64_t number) const {
    if (number >= super_.blocks) return fail(Errc::malformed, "block number beyond the file system");
    return slice(image_.bytes, number * super_.block_size, super_.block_size);
  }
  Result<void> read_inline(const Inode& inode, std::span<std::byte> out) const;
  Result<void> read_extents(Bytes node, unsigned level, std::uint64_t& next, std::size_t& nodes, std::span<std::byte> out) const;
  Result<void> read_indirect(std::uint32_t number, unsigned level, std::uint64_t& at, std::span<std::byte> out) const;
  Result<void> list_directory(std::uint32_t number, const std::string& path, std::size_t depth, Listing& listing) const;
  Result<void> list_block(Bytes block, const std::string& path, std::size_t depth, Listing& listing) const;
  Result<void> add(std::uint32_t number, const std::string& path, std::size_t depth, Listing& listing) const;

  Blob image_;
  Super super_;
};

class FileContent final : public Content {
 public:
  FileContent(std::shared_ptr<const Volume> volume, Inode inode) : volume_(std::move(volume)), inode_(inode) {}
  std::uint64_t size() const override { return inode_.size; }
  Result<Blob> read(Budget& budget) const override {
    TRY(Buffer bytes, volume_->read(inode_, budget));
    return Blob::own(std::move(bytes));
  }

 private:
  std::shared_ptr<const Volume> volume_;
  Inode inode_;
};

struct Volume::Listing {
  struct Pending {
    std::uint32_t inode;
    std::string path;
    std::size_t depth;
  };
  Budget& budget;
  EntryList entries;
  std::vector<Pending> pending;
  std::set<std::uint32_t> directories;  // seen: a directory within itself is an attack
  std::map<std::uint32_t, std::shared_ptr<const Content>> linked;
};

Result<Inode> Volume::inode(std::uint32_t number) const {
  if (number == 0 || number > super_.inodes)
    return fail(Errc::malformed, "inode number " + std::to_string(number) + " is not in the file system");
  const std::uint64_t group = (number - 1) / super_.inodes_per_group;
  if (group >= super_.groups) return fail(Errc::malformed, "inode in a group that is not there");
  if ((super_.incompatible & kMetaGroups) != 0) return fail(Errc::unsupported, "meta block groups are not read");
  const std::uint64_t descriptors = (super_.first_block + 1ULL) * super_.block_size;
  TRY(const Bytes d, slice(image_.bytes, descriptors + group * super_.descriptor_size, super_.descriptor_size));
  std::uint64_t table = word(d, 8);
  if (super_.descriptor_size >= 64) table |= std::uint64_t{word(d, 0x28)} << 32U;
  if (table == 0 || table >= super_.blocks) return fail(Errc::malformed, "inode table beyond the file system");
  const std::uint64_t index = (number - 1) % super_.inodes_per_group;
  Inode out;
  TRY(out.raw, slice(image_.bytes, table * super_.block_size + index * super_.inode_size, super_.inode_size));
  out.mode = half(out.raw, 0);
  // The upper halves of owner and group stand where Linux keeps them.
  out.uid = half(out.raw, 2) | std::uint32_t{half(out.raw, 0x78)} << 16U;
  out.gid = half(out.raw, 0x18) | std::uint32_t{half(out.raw, 0x7a)} << 16U;
  out.flags = word(out.raw, 0x20);
  out.size = word(out.raw, 4) | std::uint64_t{word(out.raw, 0x6c)} << 32U;
  return out;
}

Result<Buffer> Volume::read(const Inode& inode, Budget& budget) const {
  if ((inode.flags & kEncrypted) != 0) return fail(Errc::unsupported, "file is encrypted (fscrypt)");
  if ((inode.flags & kPacked) != 0) return fail(Errc::unsupported, "file is packed with e2compr");
  TRY_VOID(budget.expand(inode.size, image_.bytes.size()));
  Buffer out(inode.size);
  if ((inode.flags & kInline) != 0) {
    TRY_VOID(read_inline(inode, out));
    return out;
  }
  if ((inode.flags & kExtents) != 0) {
    std::uint64_t next = 0;
    std::size_t nodes = 0;
    const Bytes root = inode.pointers();
    if (half(root, 6) > 5) return fail(Errc::malformed, "extent tree deeper than five");
    TRY_VOID(read_extents(root, half(root, 6), next, nodes, out));
    return out;
  }
  std::uint64_t at = 0;
  for (unsigned i = 0; i < 15 && at < out.size(); ++i) {
    TRY_VOID(read_indirect(word(inode.pointers(), std::size_t{i} * 4), i < 12 ? 0 : i - 11, at, out));
  }
  if (at < out.size()) return fail(Errc::malformed, "file larger than its blocks can say");
  return out;
}

// The first 60 bytes stand in i_block, the rest in the attribute system.data behind the inode's fields; what neither has reads as zeroes.
Result<void> Volume::read_inline(const Inode& inode, std::span<std::byte> out) const {
  const std::size_t n = std::min<std::size_t>(out.size(), kBlockPointers);
  if (n != 0) std::memcpy(out.data(), inode.pointers().data(), n);
  if (n == out.size()) return {};
  constexpr std::uint32_t kAttributes = 0xea020000;
  constexpr std::uint8_t kSystem = 7;
  Reader r(inode.raw);
  TRY_VOID(r.seek(128));
  TRY(const std::uint16_t extra, r.le<std::uint16_t>());
  TRY_VOID(r.seek(128ULL + extra));
  TRY(const std::uint32_t magic, r.le<std::uint32_t>());
  if (magic != kAttributes) return {};
  const std::uint64_t first = r.position();
  while (r.left() >= 16) {
    TRY(const std::uint8_t name_size, r.le<std::uint8_t>());
    TRY(const std::uint8_t space, r.le<std::uint8_t>());
    TRY(const std::uint16_t value_at, r.le<std::uint16_t>());
    TRY_VOID(r.skip(4));
    TRY(const std::uint32_t size, r.le<std::uint32_t>());
    TRY_VOID(r.skip(4));
    if (name_size == 0 && space == 0) break;
    TRY(const Bytes name, r.bytes(name_size));
    if (space == kSystem && text_of(name) == "data") {
      TRY(const Bytes value, slice(inode.raw, first + value_at, size));
      if (!value.empty()) std::memcpy(out.data() + n, value.data(), std::min<std::size_t>(value.size(), out.size() - n));
      return {};
    }
    TRY_VOID(r.skip((4U - name_size % 4U) % 4U));
  }
  return {};
}

// `next` is the first logical block not yet accounted for: extents stand in order, so no tree is read longer than its file.
Result<void> Volume::read_extents(Bytes node, unsigned level, std::uint64_t& next, std::size_t& nodes, std::span<std::byte> out) const {
  constexpr std::size_t kNodes = 1U << 18U;
  constexpr std::uint32_t kLongest = 32768;  // beyond it: allocated but not written
  if (++nodes > kNodes) return fail(Errc::limit, "extent tree of too many nodes");
  const std::size_t entries = half(node, 2);
  if (half(node, 0) != 0xf30a || half(node, 6) != level || entries > (node.size() - 12) / 12)
    return fail(Errc::malformed, "not an extent node");
  for (std::size_t i = 0; i < entries; ++i) {
    const Bytes e = node.subspan(12 + i * 12, 12);
    const std::uint64_t logical = word(e, 0);
    if (logical < next) return fail(Errc::malformed, "extents out of order");
    if (level > 0) {
      TRY(const Bytes below, block(word(e, 4) | std::uint64_t{half(e, 8)} << 32U));
      TRY_VOID(read_extents(below, level - 1, next, nodes, out));
      continue;
    }
    std::uint64_t count = half(e, 4);
    const bool written = count <= kLongest;
    if (!written) count -= kLongest;
    next = logical + count;
    const std::uint64_t start = word(e, 8) | std::uint64_t{half(e, 6)} << 32U;
    const std::uint64_t from = logical * super_.block_size;
    if (!written || from >= out.size()) continue;
    const std::uint64_t size = std::min<std::uint64_t>(count * super_.block_size, out.size() - from);
    if (start >= super_.blocks) return fail(Errc::malformed, "extent beyond the file system");
    TRY(const Bytes data, slice(image_.bytes, start * super_.block_size, size));
    if (size != 0) std::memcpy(out.data() + from, data.data(), size);
  }
  return {};
}

// Block number 0 is a hole. `at` counts the file's bytes accounted for.
Result<void> Volume::read_indirect(std::uint32_t number, unsigned level, std::uint64_t& at, std::span<std::byte> out) const {
  if (number == 0) {
    std::uint64_t span = super_.block_size;
    for (unsigned i = 0; i < level; ++i) span *= super_.block_size / 4;
    at += std::min<std::uint64_t>(span, out.size() - at);
    return {};
  }
  if (level == 0) {
    const std::uint64_t size = std::min<std::uint64_t>(super_.block_size, out.size() - at);
    if (number >= super_.blocks) return fail(Errc::malformed, "block number beyond the file system");
    TRY(const Bytes data, slice(image_.bytes, number * super_.block_size, size));
    std::memcpy(out.data() + at, data.data(), size);
    at += size;
    return {};
  }
  TRY(const Bytes pointers, block(number));
  for (std::size_t i = 0; i < pointers.size() && at < out.size(); i += 4) {
    TRY_VOID(read_indirect(word(pointers, i), level - 1, at, out));
  }
  return {};
}

Opened Volume::list(Budget& budget) const {
  Listing listing{.budget = budget, .entries = EntryList(budget), .pending = {{kRoot, "", 0}}, .directories = {kRoot}, .linked = {}};
  while (!listing.pending.empty()) {
    const Listing::Pending next = std::move(listing.pending.back());
    listing.pending.pop_back();
    if (auto done = list_directory(next.inode, next.path, next.depth, listing); !done) {
      listing.entries.problem("directory " + (next.path.empty() ? "/" : printable(next.path, 200)) + ": " + done.error().what);
      if (done.error().code == Errc::limit) break;
    }
  }
  return listing.entries.finish();
}

Result<void> Volume::list_directory(std::uint32_t number, const std::string& path, std::size_t depth, Listing& listing) const {
  TRY(const Inode directory, inode(number));
  if (directory.size > kLargestDirectory) return fail(Errc::malformed, "directory larger than 64 MiB");
  TRY(const Buffer bytes, read(directory, listing.budget));
  if ((directory.flags & kInline) != 0) {
    // The parent's number, then entries as in a block; those beyond i_block are a list of their own.
    if (bytes.size() < 4) return fail(Errc::truncated, "inline directory ends early");
    const Bytes all(bytes);
    const std::size_t split = std::min<std::size_t>(all.size(), kBlockPointers);
    TRY_VOID(list_block(all.subspan(4, split - 4), path, depth, listing));
    return list_block(all.subspan(split), path, depth, listing);
  }
  for (std::size_t at = 0; at < bytes.size(); at += super_.block_size) {
    TRY_VOID(list_block(Bytes(bytes).subspan(at, std::min<std::size_t>(super_.block_size, bytes.size() - at)), path, depth, listing));
  }
  return {};
}

// Blocks of a hash tree look like one unused entry to this walk, which is what they were made for.
Result<void> Volume::list_block(Bytes block, const std::string& path, std::size_t depth, Listing& listing) const {
  for (std::size_t at = 0; block.size() - at >= 8;) {
    const std::uint32_t number = word(block, at);
    std::size_t length = half(block, at + 4);
    // Blocks of 64 KiB cannot say their size in 16 bits.
    if (length == 0xffff || length == 0) length = block.size() - at;
    const std::size_t name_size =
        (super_.incompatible & kFileType) != 0 ? std::to_integer<std::size_t>(block[at + 6]) : half(block, at + 6);
    if (length < 8 || length > block.size() - at || (number != 0 && (name_size == 0 || name_size > length - 8))) {
      return fail(Errc::malformed, "damaged directory entry");
    }
    if (number != 0) {
      std::string name(text_of(block.subspan(at + 8, name_size)));
      std::ranges::replace(name, '/', '_');
      if (name != "." && name != "..") {
        if (auto done = add(number, path + "/" + name, depth, listing); !done) {
          if (done.error().code == Errc::limit) return done;
          listing.entries.problem(printable(path + "/" + name, 200) + ": " + done.error().what);
        }
      }
    }
    at += length;
  }
  return {};
}

Result<void> Volume::add(std::uint32_t number, const std::string& path, std::size_t depth, Listing& listing) const {
  TRY(const Inode i, inode(number));
  const auto type = file_type(i.mode);
  if (!type) return fail(Errc::malformed, "inode of no type");
  Entry entry;
  entry.path = path;
  entry.type = *type;
  entry.mode = i.mode & 07777U;
  entry.uid = i.uid;
  entry.gid = i.gid;
  if (*type == FileType::symlink) {
    constexpr std::uint64_t kLongestTarget = 65536;
    if (i.size > kLongestTarget) return fail(Errc::malformed, "symbolic link longer than 64 KiB");
    if (i.size < kBlockPointers && (i.flags & (kExtents | kInline | kEncrypted)) == 0) {
      entry.target = text_of(i.pointers().first(i.size));
    } else {
      TRY(const Buffer target, read(i, listing.budget));
      entry.target = text_of(target);
    }
  }
  if (*type == FileType::regular) {
    auto& shared = listing.linked[number];
    if (shared == nullptr) shared = std::make_shared<FileContent>(shared_from_this(), i);
    entry.content = shared;
  }
  TRY_VOID(listing.entries.add(std::move(entry)));
  if (*type != FileType::directory) return {};
  if (!listing.directories.insert(number).second) return fail(Errc::malformed, "directory is listed twice (a cycle)");
  if (depth + 1 > kDeepest) return fail(Errc::malformed, "directories nested deeper than 256");
  listing.pending.push_back({number, path, depth + 1});
  return {};
}

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& /*budget*/) {
  const Blob rest = whole.part(offset, whole.bytes.size());
  const auto super = super_of(rest.bytes);
  if (!super) return std::nullopt;
  const auto volume = std::make_shared<Volume>(rest, *super);
  const auto root = volume->inode(kRoot);
  const bool plain = (super->incompatible & kMetaGroups) == 0;
  if (plain && root && file_type(root->mode) != FileType::directory) return std::nullopt;
  Extent extent;
  extent.size = super->blocks * super->block_size;
  if (extent.size > rest.bytes.size()) {
    extent.problems.push_back("cut short: " + std::to_string(rest.bytes.size()) + " of " + std::to_string(extent.size) + " bytes");
    extent.size = rest.bytes.size();
  }
  const bool ext4 = (super->incompatible & ~(kFileType | kRecover)) != 0;
  extent.facts.push_back({"version", ext4 ? "ext4" : (super->compatible & kHasJournal) != 0 ? "ext3" : "ext2"});
  if (!super->label.empty()) extent.facts.push_back({"name", super->label});
  if ((super->incompatible & kRecover) != 0)
    extent.problems.emplace_back("its journal was not played back: files may be older than it says");
  if ((super->incompatible & kCompressed) != 0) extent.problems.emplace_back("files packed with e2compr are not unpacked");
  return extent;
}

Result<Opened> open(const Blob& layer, const Extent& /*extent*/, Budget& budget) {
  const auto super = super_of(layer.bytes);
  if (!super) return fail(Errc::malformed, "superblock changed between two readings");
  return std::make_shared<Volume>(layer, *super)->list(budget);
}

}  // namespace

extern constinit const Format format_ext{
    .id = "ext",
    .title = "ext2, ext3 or ext4",
    .magics = kMagics,
    .measure = measure,
    .open = open,
    .doc = {.specification = "https://www.kernel.org/doc/html/latest/filesystems/ext4/ondisk/index.html",
            .limits = "Journals are not played back. Meta block groups, encrypted and e2compr files are named, not read."}};

}  // namespace assay::firmware
