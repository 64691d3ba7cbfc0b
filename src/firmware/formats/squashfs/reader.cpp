// SPDX-License-Identifier: Apache-2.0
#include "firmware/formats/squashfs/reader.hpp"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "base/text.hpp"

namespace assay::firmware::squashfs {
namespace {

using enum Field;

constexpr std::size_t kMetadataBlock = 8192;
constexpr std::size_t kMetadataCached = 1024;  // 8 MiB
constexpr std::size_t kFragmentsCached = 32ULL << 20U;
constexpr std::uint32_t kStored = 1U << 24U;  // in a block's size word
constexpr std::uint64_t kNone = ~std::uint64_t{0};
constexpr std::uint32_t kNoFragment = 0xffffffffU;
constexpr std::uint64_t kLargestBlock = 1ULL << 20U;
constexpr std::uint64_t kCheckData = 4;  // version 3 flag: a marker byte follows each metadata header
constexpr std::size_t kLongestTarget = 65535;
constexpr std::size_t kDeepest = 256;  // directories within directories; PATH_MAX allows no more in practice

// Inode types; the long forms follow seven later.
constexpr std::uint64_t kDirectory = 1;
constexpr std::uint64_t kFile = 2;
constexpr std::uint64_t kSymlink = 3;

std::uint64_t short_type(std::uint64_t type) {
  return type > 7 ? type - 7 : type;
}

FileType type_of(std::uint64_t type) {
  switch (short_type(type)) {
    case kDirectory: return FileType::directory;
    case kSymlink: return FileType::symlink;
    case 4: return FileType::block_device;
    case 5: return FileType::character_device;
    case 6: return FileType::fifo;
    case 7: return FileType::socket;
    default: return FileType::regular;
  }
}

class FileContent final : public Content {
 public:
  FileContent(std::shared_ptr<const Reader> reader, Reader::FileData data) : reader_(std::move(reader)), data_(std::move(data)) {}
  std::uint64_t size() const override { return data_.size; }
  Result<Blob> read(Budget& budget) const override { return reader_->read_file(data_, budget); }

 private:
  std::shared_ptr<const Reader> reader_;
  Reader::FileData data_;
};

bool sensible(const Super& s, std::uint64_t available) {
  const std::uint64_t block = s[block_size];
  if (block < 4096 || block > kLargestBlock || (block & (block - 1)) != 0) return false;
  if (s[block_log] < 64 && (1ULL << s[block_log]) != block) return false;
  const std::uint64_t used = s[bytes_used];
  const std::size_t head = bytes_of_table(s.layout->super);
  if (used < head || s[inodes] == 0) return false;
  if (s[inode_table] < head || s[inode_table] >= used || s[directory_table] < s[inode_table] || s[directory_table] > used) return false;
  // An image cut short is still one, but not one whose tables are beyond anything a flash holds.
  return available >= head && used <= (1ULL << 44U);
}

}  // namespace

std::optional<Super> read_super(Bytes bytes) {
  constexpr std::size_t kVersionAt = 28;
  if (bytes.size() < kVersionAt + 4) return std::nullopt;
  for (const Endian order : {Endian::little, Endian::big}) {
    Super s;
    s.order = order;
    s.layout = layout_of(assay::Reader::load<std::uint16_t>(bytes.subspan(kVersionAt, 2), order));
    if (s.layout == nullptr || bytes.size() < bytes_of_table(s.layout->super)) continue;
    read_fields(bytes, s.layout->super, order, s.fields);
    if (sensible(s, bytes.size())) return s;
  }
  return std::nullopt;
}

Reader::Position Reader::inode_position(std::uint64_t reference) const {
  return {super_[inode_table] + ((reference >> 16U) & 0xffffffffU), reference & 0xffffU};
}

Result<Bytes> Reader::packed_metadata(std::uint64_t at, bool& stored, std::uint64_t& next) const {
  assay::Reader r(image_.bytes);
  TRY_VOID(r.seek(at));
  TRY(const std::uint16_t head, r.get<std::uint16_t>(head_order_));
  if (super_[major] < 4 && (super_[flags] & kCheckData) != 0) TRY_VOID(r.skip(1));
  stored = (head & 0x8000U) != 0;
  const std::uint64_t size = (head & 0x7fffU) == 0 ? 0x8000U : head & 0x7fffU;
  TRY(const Bytes packed, r.bytes(size));
  next = r.position();
  return packed;
}

Result<std::shared_ptr<const Reader::Metadata>> Reader::metadata(std::uint64_t at) {
  if (const auto found = metadata_.find(at); found != metadata_.end()) return found->second;
  auto block = std::make_shared<Metadata>();
  bool stored = false;
  TRY(const Bytes packed, packed_metadata(at, stored, block->next));
  if (stored) {
    if (packed.size() > kMetadataBlock) return fail(Errc::malformed, "metadata block larger than 8 KiB", Where{.path = {}, .offset = at});
    block->bytes.assign(packed.begin(), packed.end());
  } else {
    block->bytes.resize(kMetadataBlock);
    TRY(const std::size_t size, packing_.unpack(packed, block->bytes));
    block->bytes.resize(size);
  }
  if (metadata_.size() >= kMetadataCached) metadata_.clear();
  std::shared_ptr<const Metadata> out = std::move(block);
  metadata_.emplace(at, out);
  return out;
}

Result<void> Reader::read_bytes(Position& position, std::span<std::byte> out) {
  while (!out.empty()) {
    TRY(const std::shared_ptr<const Metadata> block, metadata(position.block));
    if (position.offset > block->bytes.size() || block->bytes.empty()) {
      return fail(Errc::malformed, "reference beyond its metadata block", Where{.path = {}, .offset = position.block});
    }
    const std::size_t n = std::min<std::size_t>(out.size(), block->bytes.size() - position.offset);
    if (n != 0) std::memcpy(out.data(), block->bytes.data() + position.offset, n);
    out = out.subspan(n);
    position.offset += n;
    if (!out.empty()) position = {block->next, 0};
  }
  return {};
}

Result<void> Reader::read_record(Position& position, std::span<const FieldBits> table, Record& into) {
  std::array<std::byte, 128> raw{};
  const std::span<std::byte> used = std::span(raw).first(bytes_of_table(table));
  TRY_VOID(read_bytes(position, used));
  read_fields(used, table, super_.order, into);
  return {};
}

bool Reader::is_root(const Inode& inode) const {
  if (short_type(inode.fields[type]) != kDirectory) return false;
  // The root's parent is numbered one beyond the last inode; version 2 has no such number.
  return super_[major] == 2 || inode.fields[parent] == super_[inodes] + 1 || inode.fields[parent] == 0;
}

Result<void> Reader::mount(Budget& budget) {
  const Endian other = super_.order == Endian::little ? Endian::big : Endian::little;
  auto mounted = mount_as(super_.order, budget);
  if (!mounted && super_[major] == 4) mounted = mount_as(other, budget);
  if (!mounted) return mounted;
  if (auto ids = read_ids(); !ids) table_problems_.push_back("owners: " + ids.error().what);
  if (auto table = read_fragments(budget); !table) table_problems_.push_back("fragments: " + table.error().what);
  return {};
}

Result<void> Reader::mount_as(Endian head_order, Budget& budget) {
  head_order_ = head_order;
  const Position root = inode_position(super_[root_inode]);
  bool stored = false;
  std::uint64_t next = 0;
  TRY(const Bytes packed, packed_metadata(root.block, stored, next));
  const Codec* declared = super_[major] == 4 ? declared_codec(super_[compression]) : find_codec("zlib");
  // When the inodes are stored as they are, the codec has to be found on the first packed directory block.
  Bytes sample = packed;
  packing_seen_ = !stored;
  if (stored) {
    bool directory_stored = false;
    if (const auto block = packed_metadata(super_[directory_table], directory_stored, next); block && !directory_stored) {
      sample = *block;
      packing_seen_ = true;
    }
  }
  bool found = false;
  for (const Packing& candidate : possible_packings(declared, sample)) {
    packing_ = candidate;
    metadata_.clear();
    const auto inode = read_inode(super_[root_inode], budget);
    if (!inode || !is_root(*inode)) continue;
    // The first bytes of the root's listing: a wrong LZMA shape that decodes one block by chance does not decode two.
    if (inode->fields[file_size] > 3) {
      Position at{super_[directory_table] + inode->fields[start], inode->fields[offset]};
      Record header;
      if (!read_record(at, super_.layout->directory_header, header) || header[count] >= 256) continue;
    }
    found = true;
    break;
  }
  if (!found) return fail(Errc::unsupported, "no known compression reads its root directory");
  return {};
}

void Reader::find_data_packing() {
  std::uint64_t at = sample_.start;
  std::uint32_t word = sample_.blocks.empty() ? 0 : sample_.blocks.front();
  std::uint64_t wanted = std::min(super_[block_size], sample_.size);
  if (word == 0) {
    const auto fragment = std::ranges::find_if(fragments_, [](const Fragment& f) { return (f.size & kStored) == 0; });
    if (fragment == fragments_.end()) return;
    at = fragment->start;
    word = fragment->size;
    wanted = 0;
  }
  const auto block = slice(image_.bytes, at, word & (kStored - 1U));
  if (!block) return;
  const Codec* declared = super_[major] == 4 ? declared_codec(super_[compression]) : find_codec("zlib");
  Buffer out(super_[block_size]);
  for (const Packing& candidate : possible_packings(declared, *block)) {
    // Without a checksum a guess turns any bytes into some content, which would be read as a whole and empty file.
    const bool checked = candidate.codec != nullptr &&
                         (candidate.codec == declared || candidate.codec == find_codec("zlib") || candidate.codec == find_codec("xz"));
    if (!checked) continue;
    const auto n = candidate.unpack(*block, std::span(out).first(wanted == 0 ? out.size() : wanted));
    if (n && *n != 0 && (wanted == 0 || *n == wanted)) {
      packing_ = candidate;
      return;
    }
  }
}

Result<void> Reader::read_ids() {
  if (super_[major] == 4) {
    assay::Reader index(image_.bytes);
    TRY_VOID(index.seek(super_[id_table]));
    const std::uint64_t total = super_[id_count];
    for (std::uint64_t i = 0; i < total; i += kMetadataBlock / 4) {
      TRY(const std::uint64_t block, index.get<std::uint64_t>(super_.order));
      Position at{block, 0};
      for (std::uint64_t j = i; j < std::min(total, i + kMetadataBlock / 4); ++j) {
        std::array<std::byte, 4> raw{};
        TRY_VOID(read_bytes(at, raw));
        uids_.push_back(assay::Reader::load<std::uint32_t>(raw, super_.order));
      }
    }
    return {};
  }
  const auto plain = [&](std::uint64_t from, std::uint64_t n, std::vector<std::uint32_t>& out) -> Result<void> {
    assay::Reader r(image_.bytes);
    TRY_VOID(r.seek(from));
    for (std::uint64_t i = 0; i < n; ++i) {
      TRY(const std::uint32_t id, r.get<std::uint32_t>(super_.order));
      out.push_back(id);
    }
    return {};
  };
  TRY_VOID(plain(super_[id_table], super_[id_count], uids_));
  return plain(super_[gid_table], super_[gid_count], gids_);
}

Result<void> Reader::read_fragments(Budget& budget) {
  const std::uint64_t total = super_[fragments];
  if (total == 0 || super_[fragment_table] == kNone) return {};
  const std::size_t each = bytes_of_table(super_.layout->fragment);
  TRY_VOID(budget.expand(total * each, image_.bytes.size()));
  assay::Reader index(image_.bytes);
  TRY_VOID(index.seek(super_[fragment_table]));
  const std::uint64_t per_block = kMetadataBlock / each;
  for (std::uint64_t i = 0; i < total; i += per_block) {
    std::uint64_t block = 0;
    if (super_.layout->index_bytes == 8) {
      TRY(block, index.get<std::uint64_t>(super_.order));
    } else {
      TRY(block, index.get<std::uint32_t>(super_.order));
    }
    Position at{block, 0};
    for (std::uint64_t j = i; j < std::min(total, i + per_block); ++j) {
      Record r;
      TRY_VOID(read_record(at, super_.layout->fragment, r));
      fragments_.push_back({r[start], static_cast<std::uint32_t>(r[file_size])});
    }
  }
  return {};
}

Result<Reader::Inode> Reader::read_inode(std::uint64_t reference, Budget& budget) {
  const Layout& layout = *super_.layout;
  Inode inode;
  inode.reference = reference;
  Position at = inode_position(reference);
  TRY_VOID(read_record(at, layout.inode, inode.fields));
  Record& f = inode.fields;
  const std::uint64_t t = f[type];
  const bool is_long = t > 7;
  if (t == 0 || t > 14) return fail(Errc::malformed, "inode of unknown type " + std::to_string(t), Where{.path = {}, .offset = at.block});
  switch (short_type(t)) {
    case kDirectory: TRY_VOID(read_record(at, is_long ? layout.long_directory : layout.directory, f)); break;
    case kFile: {
      const auto table = is_long ? layout.long_file : layout.file;
      if (table.empty()) return fail(Errc::malformed, "inode type that its version does not have");
      TRY_VOID(read_record(at, table, f));
      FileData& d = inode.data;
      d.size = f[file_size];
      d.start = f[start];
      d.fragment = static_cast<std::uint32_t>(f[fragment]);
      d.offset = static_cast<std::uint32_t>(f[offset]);
      const std::uint64_t block = super_[block_size];
      const std::uint64_t n = d.size / block + (d.fragment == kNoFragment && d.size % block != 0 ? 1 : 0);
      // The list stands in metadata that has to be there: a size beyond it fails while it is read, in steps.
      constexpr std::uint64_t kStep = 4096;
      std::vector<std::byte> raw;
      for (std::uint64_t i = 0; i < n; i += kStep) {
        const std::uint64_t m = std::min(kStep, n - i);
        raw.resize(m * 4);
        TRY_VOID(budget.expand_more(i * 4, m * 4, image_.bytes.size()));
        TRY_VOID(read_bytes(at, raw));
        for (std::uint64_t j = 0; j < m; ++j) {
          d.blocks.push_back(assay::Reader::load<std::uint32_t>(Bytes(raw).subspan(j * 4, 4), super_.order));
        }
      }
      break;
    }
    case kSymlink: {
      TRY_VOID(read_record(at, layout.symlink, f));
      if (f[target_size] > kLongestTarget) return fail(Errc::malformed, "symbolic link longer than 64 KiB");
      Buffer target(f[target_size]);
      TRY_VOID(read_bytes(at, target));
      inode.target = text_of(target);
      break;
    }
    default: break;
  }
  return inode;
}

struct Reader::Listing {
  EntryList entries;
  struct Pending {
    Inode inode;
    std::string path;
    std::size_t depth;
  };
  std::vector<Pending> pending;
  std::set<std::uint64_t> directories;  // references seen: a directory within itself is an attack
  std::map<std::uint64_t, std::shared_ptr<const Content>> linked;
  std::size_t depth = 0;
};

Opened Reader::list(Budget& budget) {
  Listing listing{EntryList(budget), {}, {}, {}};
  for (std::string& p : table_problems_) listing.entries.problem(std::move(p));
  auto root = read_inode(super_[root_inode], budget);
  if (!root) {
    listing.entries.problem("root directory: " + root.error().what);
    return listing.entries.finish();
  }
  listing.directories.insert(super_[root_inode]);
  listing.pending.push_back({*std::move(root), "", 0});
  while (!listing.pending.empty()) {
    const Listing::Pending directory = std::move(listing.pending.back());
    listing.pending.pop_back();
    listing.depth = directory.depth;
    if (auto done = list_directory(directory.inode, directory.path, listing, budget); !done) {
      listing.entries.problem("directory " + (directory.path.empty() ? "/" : printable(directory.path, 200)) + ": " + done.error().what);
      if (done.error().code == Errc::limit) break;
    }
  }
  metadata_.clear();
  if (!packing_seen_) find_data_packing();
  return listing.entries.finish();
}

Result<void> Reader::list_directory(const Inode& directory, const std::string& path, Listing& listing, Budget& budget) {
  // From version 3 the size counts three bytes for "." and "..", which are not stored.
  const std::uint64_t more = super_[major] < 3 ? 0 : 3;
  if (directory.fields[file_size] <= more) return {};
  std::uint64_t left = directory.fields[file_size] - more;
  const std::size_t header_size = bytes_of_table(super_.layout->directory_header);
  const std::size_t entry_size = bytes_of_table(super_.layout->directory_entry);
  Position at{super_[directory_table] + directory.fields[start], directory.fields[offset]};
  while (left > 0) {
    if (left < header_size) return fail(Errc::malformed, "listing ends within a header");
    Record header;
    TRY_VOID(read_record(at, super_.layout->directory_header, header));
    left -= header_size;
    const std::uint64_t n = header[count] + 1;
    if (n > 256) return fail(Errc::malformed, "run of more than 256 directory entries");
    for (std::uint64_t i = 0; i < n; ++i) {
      Record entry;
      if (left < entry_size) return fail(Errc::malformed, "listing ends within an entry");
      TRY_VOID(read_record(at, super_.layout->directory_entry, entry));
      left -= entry_size;
      if (entry[name_size] > 255) return fail(Errc::malformed, "name longer than 256 bytes");
      Buffer name(entry[name_size] + 1);
      if (left < name.size()) return fail(Errc::malformed, "listing ends within a name");
      TRY_VOID(read_bytes(at, name));
      left -= name.size();
      const std::uint64_t reference = header[start] << 16U | entry[offset];
      // A slash inside one name would make it two.
      std::string text(text_of(name));
      std::ranges::replace(text, '/', '_');
      if (auto added = add_entry(path + "/" + text, reference, listing, budget); !added) {
        if (added.error().code == Errc::limit) return added;
        listing.entries.problem(printable(path + "/" + text, 200) + ": " + added.error().what);
      }
    }
  }
  return {};
}

Result<void> Reader::add_entry(const std::string& path, std::uint64_t reference, Listing& listing, Budget& budget) {
  TRY(Inode inode, read_inode(reference, budget));
  const Record& f = inode.fields;
  Entry entry;
  entry.path = path;
  entry.type = type_of(f[type]);
  entry.mode = static_cast<std::uint32_t>(f[mode] & 07777U);
  const auto id = [](const std::vector<std::uint32_t>& ids, std::uint64_t i) { return i < ids.size() ? ids[i] : 0U; };
  entry.uid = id(uids_, f[uid]);
  // Versions 2 and 3: all ones means "the same as the user".
  entry.gid = super_[major] == 4 ? id(uids_, f[gid]) : f[gid] == 0xff ? entry.uid : id(gids_, f[gid]);
  entry.target = std::move(inode.target);
  if (entry.type == FileType::regular) {
    const FileData& d = inode.data;
    if (sample_.blocks.empty() && !d.blocks.empty() && d.blocks.front() != 0 && (d.blocks.front() & kStored) == 0) {
      sample_ = {.size = d.size, .start = d.start, .fragment = kNoFragment, .offset = 0, .blocks = {d.blocks.front()}};
    }
    auto& shared = listing.linked[reference];
    if (shared == nullptr) shared = std::make_shared<FileContent>(shared_from_this(), std::move(inode.data));
    entry.content = shared;
  }
  TRY_VOID(listing.entries.add(std::move(entry)));
  if (type_of(f[type]) == FileType::directory) {
    if (!listing.directories.insert(reference).second) return fail(Errc::malformed, "directory is listed twice (a cycle)");
    if (listing.depth + 1 > kDeepest) return fail(Errc::malformed, "directories nested deeper than 256");
    listing.pending.push_back({std::move(inode), path, listing.depth + 1});
  }
  return {};
}

Result<std::size_t> Reader::unpack_block(std::uint64_t at, std::uint32_t size_word, std::span<std::byte> out) const {
  const std::uint32_t size = size_word & (kStored - 1U);
  TRY(const Bytes packed, slice(image_.bytes, at, size));
  if ((size_word & kStored) == 0) return packing_.unpack(packed, out);
  const std::size_t n = std::min<std::size_t>(size, out.size());
  if (n != 0) std::memcpy(out.data(), packed.data(), n);
  return n;
}

Result<std::shared_ptr<const Buffer>> Reader::fragment_block(std::uint32_t index) const {
  if (index >= fragments_.size()) return fail(Errc::malformed, "fragment that is not in the table");
  std::shared_ptr<CachedFragment> slot;
  {
    const std::lock_guard lock(mutex_);
    auto& place = cache_[index];
    if (place == nullptr) {
      place = std::make_shared<CachedFragment>();
      cached_.push_back(index);
      const std::size_t most = std::max<std::size_t>(4, kFragmentsCached / super_[block_size]);
      if (cached_.size() > most) {
        cache_.erase(cached_.front());
        cached_.erase(cached_.begin());
      }
    }
    slot = cache_.at(index);
  }
  // Unpacked once, by whoever comes first; the others wait for it.
  std::call_once(slot->once, [&] {
    auto buffer = std::make_shared<Buffer>(super_[block_size]);
    auto n = unpack_block(fragments_[index].start, fragments_[index].size, *buffer);
    if (!n) {
      slot->block = tl::unexpected<Error>(std::move(n).error());
      return;
    }
    buffer->resize(*n);
    slot->block = std::shared_ptr<const Buffer>(std::move(buffer));
  });
  return slot->block;
}

Result<Blob> Reader::read_file(const FileData& file, Budget& budget) const {
  TRY_VOID(budget.expand(file.size, image_.bytes.size()));
  Buffer out(file.size);
  std::uint64_t at = file.start;
  std::uint64_t written = 0;
  const std::uint64_t block = super_[block_size];
  for (const std::uint32_t word : file.blocks) {
    const std::uint64_t n = std::min(block, file.size - written);
    // Size 0 is a hole: the block reads as zeroes and occupies no space.
    if (word != 0) {
      TRY(const std::size_t got, unpack_block(at, word, std::span(out).subspan(written, n)));
      if (got != n) return fail(Errc::malformed, "block unpacks to fewer bytes than the file needs", Where{.path = {}, .offset = at});
      at += word & (kStored - 1U);
    }
    written += n;
  }
  if (written < file.size) {
    TRY(const std::shared_ptr<const Buffer> fragment, fragment_block(file.fragment));
    TRY(const Bytes tail, slice(*fragment, file.offset, file.size - written));
    std::memcpy(out.data() + written, tail.data(), tail.size());
  }
  return Blob::own(std::move(out));
}

}  // namespace assay::firmware::squashfs
