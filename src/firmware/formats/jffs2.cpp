// SPDX-License-Identifier: Apache-2.0
// JFFS2: a log of nodes. The newest version of a name wins; a file is its data nodes laid over one another in the order of their versions.
#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>

#include "base/text.hpp"
#include "firmware/codecs/codec.hpp"
#include "firmware/codecs/lzma.hpp"
#include "firmware/tree.hpp"

namespace assay::firmware {
namespace {

// 1985, then the node types: directory entry, inode, clean marker, padding, summary; in both byte orders.
constexpr auto kMagics = std::to_array<Magic>({{"\x85\x19\x01\xe0"},
                                               {"\x85\x19\x02\xe0"},
                                               {std::string_view("\x85\x19\x03\x20", 4)},
                                               {std::string_view("\x85\x19\x03\0\x0c", 5)},
                                               {std::string_view("\x85\x19\x06\x20", 4)},
                                               {"\x19\x85\xe0\x01"},
                                               {"\x19\x85\xe0\x02"},
                                               {"\x19\x85\x20\x03"},
                                               {"\x19\x85\x20\x06"}});
constexpr std::uint16_t kMagic = 0x1985;
constexpr std::uint16_t kTypeMask = 0x1fff;  // without the compatibility bits, and the bit that an obsolete node has lost
constexpr std::uint16_t kAccurate = 0x2000;
constexpr std::uint16_t kEntry = 1;
constexpr std::uint16_t kInode = 2;
constexpr std::uint64_t kNodeHeader = 12;
constexpr std::uint64_t kEntryHeader = 40;
constexpr std::uint64_t kInodeHeader = 68;
constexpr std::uint64_t kSmallestBlock = 4096;  // an erase block; nodes never cross two
constexpr std::uint64_t kLargestNode = 1ULL << 20U;
constexpr std::size_t kNodes = 1U << 20U;
constexpr std::uint32_t kRoot = 1;
constexpr std::size_t kDeepest = 256;
constexpr std::uint32_t kLargestFile = 1U << 30U;

// The kernel's crc32 starts with 0 and is not inverted at its end.
std::uint32_t crc_of(Bytes bytes) {
  return ~libdeflate_crc32(0xffffffffU, bytes.data(), bytes.size());
}

struct DataNode {
  std::uint32_t version = 0;
  std::uint32_t mode = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint32_t file_size = 0;
  std::uint32_t offset = 0;  // of its data in the file
  std::uint32_t size = 0;    // unpacked
  std::uint8_t packing = 0;
  Bytes data;
};

struct NameNode {
  std::uint32_t version = 0;
  std::uint32_t inode = 0;  // 0: the name was removed
};

struct Log {
  std::uint64_t end = 0;  // of the last node or blank block
  std::size_t nodes = 0;
  std::size_t damaged = 0;
  std::map<std::uint32_t, std::vector<DataNode>> inodes;
  std::map<std::uint32_t, std::map<std::string_view, NameNode>> names;  // by directory
};

class Scan {
 public:
  Scan(Bytes bytes, Endian order) : bytes_(bytes), order_(order) {}

  // Reads nodes until something else begins: nodes stand at multiples of four, blank space of any length between them counts when
  // another node of the log follows it.
  Log run() {
    Log log;
    std::uint64_t at = 0;
    while (bytes_.size() - at >= kNodeHeader && log.nodes < kNodes) {
      if (const std::uint64_t size = node(at, log); size != 0) {
        at = std::min<std::uint64_t>((at + size + 3) & ~std::uint64_t{3}, bytes_.size());
        log.end = at;
        continue;
      }
      // The rest of an erase block may be blank, or hold the remains of a write that was cut off.
      const std::uint64_t next = next_node(at);
      if (next == 0) break;
      at = next;
    }
    return log;
  }

 private:
  std::uint16_t half(std::uint64_t at) const { return Reader::load<std::uint16_t>(bytes_.subspan(at, 2), order_); }
  std::uint32_t word(std::uint64_t at) const { return Reader::load<std::uint32_t>(bytes_.subspan(at, 4), order_); }

  bool header_right(std::uint64_t at) const {
    if (bytes_.size() - at < kNodeHeader || half(at) != kMagic) return false;
    if (crc_of(bytes_.subspan(at, 8)) == word(at + 8)) return true;
    // An obsolete node has its "accurate" bit cleared after the CRC was taken.
    std::array<std::byte, 8> copy{};
    std::ranges::copy(bytes_.subspan(at, 8), copy.begin());
    copy[order_ == Endian::little ? 3 : 2] |= std::byte{kAccurate >> 8U};
    return crc_of(copy) == word(at + 8);
  }

  std::uint64_t next_node(std::uint64_t from) const {
    const std::uint64_t end = std::min<std::uint64_t>(bytes_.size(), from + (64ULL << 20U));
    const std::byte first = order_ == Endian::little ? std::byte{0x85} : std::byte{0x19};
    std::uint64_t strange = 0;
    for (std::uint64_t at = from + 4; end - at >= kNodeHeader && at < end; at += 4) {
      if (bytes_[at] == first && header_right(at)) return at;
      // Beyond an erase block of bytes that are neither blank nor nodes, this is no longer the file system.
      if (bytes_[at] != std::byte{0xff} && ++strange > kLargestNode / 4) return 0;
    }
    return 0;
  }

  // The size of the node at `at`; 0 where there is none.
  std::uint64_t node(std::uint64_t at, Log& log) {
    if (!header_right(at)) return 0;
    const std::uint64_t size = word(at + 4);
    if (size < kNodeHeader || size > bytes_.size() - at || size > kLargestNode) return 0;
    ++log.nodes;
    const bool accurate = (half(at + 2) & kAccurate) != 0;
    const std::uint16_t type = half(at + 2) & kTypeMask;
    if (accurate && type == kEntry) name(at, size, log);
    if (accurate && type == kInode) inode(at, size, log);
    return size;
  }

  void name(std::uint64_t at, std::uint64_t size, Log& log) {
    if (size < kEntryHeader) return;
    const auto length = std::to_integer<std::uint64_t>(bytes_[at + 28]);
    if (length == 0 || length > size - kEntryHeader || crc_of(bytes_.subspan(at, 32)) != word(at + 32) ||
        crc_of(bytes_.subspan(at + kEntryHeader, length)) != word(at + 36)) {
      ++log.damaged;
      return;
    }
    const NameNode found{.version = word(at + 16), .inode = word(at + 20)};
    NameNode& known = log.names[word(at + 12)][text_of(bytes_.subspan(at + kEntryHeader, length))];
    if (found.version >= known.version) known = found;
  }

  void inode(std::uint64_t at, std::uint64_t size, Log& log) {
    if (size < kInodeHeader) return;
    const std::uint64_t packed = word(at + 48);
    if (packed > size - kInodeHeader || crc_of(bytes_.subspan(at, 60)) != word(at + 64) ||
        crc_of(bytes_.subspan(at + kInodeHeader, packed)) != word(at + 60)) {
      ++log.damaged;
      return;
    }
    log.inodes[word(at + 12)].push_back({.version = word(at + 16),
                                         .mode = word(at + 20),
                                         .uid = half(at + 24),
                                         .gid = half(at + 26),
                                         .file_size = word(at + 28),
                                         .offset = word(at + 44),
                                         .size = word(at + 52),
                                         .packing = std::to_integer<std::uint8_t>(bytes_[at + 56]),
                                         .data = bytes_.subspan(at + kInodeHeader, packed)});
  }

  Bytes bytes_;
  Endian order_;
};

Result<void> unpack_node(const DataNode& node, std::span<std::byte> out) {
  constexpr auto kPackings = std::to_array<std::string_view>({"", "", "rtime", "", "", "", "zlib", "lzo", "lzma"});
  if (node.packing == 0) {
    if (node.data.size() < out.size()) return fail(Errc::malformed, "node holds fewer bytes than it claims");
    std::memcpy(out.data(), node.data.data(), out.size());
    return {};
  }
  if (node.packing == 1) {
    std::ranges::fill(out, std::byte{0});
    return {};
  }
  const Codec* codec = node.packing < kPackings.size() ? find_codec(kPackings[node.packing]) : nullptr;
  if (codec == nullptr) return fail(Errc::unsupported, "node packed with method " + std::to_string(node.packing));
  if (codec->id == "lzma") {
    // OpenWrt's: raw LZMA, whose properties stand in no header.
    TRY(const std::size_t n, lzma_raw(node.data, {.lc = 0, .lp = 0, .pb = 0}, out));
    if (n != out.size()) return fail(Errc::malformed, "node unpacks to fewer bytes than it claims");
    return {};
  }
  TRY(const std::size_t n, codec->block(node.data, out));
  if (n != out.size()) return fail(Errc::malformed, "node unpacks to fewer bytes than it claims");
  return {};
}

// Keeps the image alive, and the nodes in the order of their versions.
class FileContent final : public Content {
 public:
  FileContent(Blob image, std::vector<DataNode> nodes) : image_(std::move(image)), nodes_(std::move(nodes)) {}
  std::uint64_t size() const override { return nodes_.back().file_size; }
  Result<Blob> read(Budget& budget) const override {
    TRY_VOID(budget.expand(size(), image_.bytes.size()));
    Buffer out(size());
    Buffer whole;
    std::uint64_t produced = 0;
    for (const DataNode& node : nodes_) {
      if (node.size == 0 || node.offset >= out.size()) continue;
      // Nodes may lie over one another: what counts is what they unpack to together.
      TRY_VOID(budget.expand_more(produced, node.size, image_.bytes.size()));
      produced += node.size;
      const std::size_t n = std::min<std::size_t>(node.size, out.size() - node.offset);
      if (n == node.size) {
        TRY_VOID(unpack_node(node, std::span(out).subspan(node.offset, n)));
        continue;
      }
      whole.resize(node.size);
      TRY_VOID(unpack_node(node, whole));
      std::memcpy(out.data() + node.offset, whole.data(), n);
    }
    return Blob::own(std::move(out));
  }

 private:
  Blob image_;
  std::vector<DataNode> nodes_;
};

class Tree {
 public:
  Tree(const Blob& image, Log& log, Budget& budget) : image_(image), log_(log), budget_(budget), list_(budget) {
    for (auto& [number, nodes] : log_.inodes) std::ranges::stable_sort(nodes, {}, &DataNode::version);
  }

  Opened run() {
    std::vector<Pending> pending{{kRoot, "", 0}};
    std::set<std::uint32_t> seen{kRoot};
    while (!pending.empty()) {
      const Pending at = std::move(pending.back());
      pending.pop_back();
      const auto names = log_.names.find(at.inode);
      if (names == log_.names.end()) continue;
      for (const auto& [name, node] : names->second) {
        if (node.inode == 0) continue;
        std::string text(name);
        std::ranges::replace(text, '/', '_');
        const std::string path = at.path + "/" + text;
        const auto directory = add(node.inode, path);
        if (!directory) {
          list_.problem(printable(path, 200) + ": " + directory.error().what);
          if (directory.error().code == Errc::limit) return list_.finish();
          continue;
        }
        if (!*directory) continue;
        if (!seen.insert(node.inode).second || at.depth + 1 > kDeepest) {
          list_.problem(printable(path, 200) + ": directory is listed twice, or too deep");
          continue;
        }
        pending.push_back({node.inode, path, at.depth + 1});
      }
    }
    if (log_.damaged != 0) list_.problem(std::to_string(log_.damaged) + " nodes with a wrong check sum were left out");
    return list_.finish();
  }

 private:
  struct Pending {
    std::uint32_t inode;
    std::string path;
    std::size_t depth;
  };

  // True: it is a directory.
  Result<bool> add(std::uint32_t number, const std::string& path) {
    const auto found = log_.inodes.find(number);
    if (found == log_.inodes.end()) return fail(Errc::malformed, "no inode of number " + std::to_string(number));
    const std::vector<DataNode>& nodes = found->second;
    const DataNode& newest = nodes.back();
    const auto type = file_type(newest.mode);
    if (!type) return fail(Errc::malformed, "inode of no type");
    Entry entry;
    entry.path = path;
    entry.type = *type;
    entry.mode = newest.mode & 07777U;
    entry.uid = newest.uid;
    entry.gid = newest.gid;
    if (*type == FileType::regular) {
      if (newest.file_size > kLargestFile) return fail(Errc::malformed, "file larger than 1 GiB");
      auto& shared = linked_[number];
      if (shared == nullptr) shared = std::make_shared<FileContent>(image_, nodes);
      entry.content = shared;
    }
    if (*type == FileType::symlink) {
      constexpr std::uint32_t kLongestTarget = 65536;
      if (newest.size > kLongestTarget) return fail(Errc::malformed, "symbolic link longer than 64 KiB");
      TRY_VOID(budget_.expand(newest.size, newest.data.size()));
      Buffer target(newest.size);
      TRY_VOID(unpack_node(newest, target));
      entry.target = text_of(target);
    }
    TRY_VOID(list_.add(std::move(entry)));
    return *type == FileType::directory;
  }

  Blob image_;
  Log& log_;
  Budget& budget_;
  EntryList list_;
  std::map<std::uint32_t, std::shared_ptr<const Content>> linked_;
};

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& budget) {
  const Blob rest = whole.part(offset, whole.bytes.size());
  if (rest.bytes.size() < kNodeHeader) return std::nullopt;
  const Endian order = rest.bytes[0] == std::byte{0x85} ? Endian::little : Endian::big;
  Log log = Scan(rest.bytes, order).run();
  // A first node whose CRC is right is proof; markers alone are an empty file system.
  if (log.nodes == 0) return std::nullopt;
  Extent extent;
  // Blank flash up to the next boundary belongs to the last erase block.
  extent.size = log.end;
  while (extent.size < rest.bytes.size() && (offset + extent.size) % kSmallestBlock != 0 && rest.bytes[extent.size] == std::byte{0xff}) {
    ++extent.size;
  }
  extent.facts.push_back({"byte_order", order == Endian::little ? "little" : "big"});
  extent.opened = std::make_shared<Opened>(Tree(rest, log, budget).run());
  return extent;
}

}  // namespace

extern constinit const Format format_jffs2{
    .id = "jffs2",
    .title = "JFFS2",
    .magics = kMagics,
    .measure = measure,
    .doc = {.specification = "Linux include/uapi/linux/jffs2.h, fs/jffs2/",
            .limits = "Nodes with a wrong check sum are left out and counted. Extended attributes are left out."}};

}  // namespace assay::firmware
