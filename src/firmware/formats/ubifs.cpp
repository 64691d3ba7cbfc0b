// SPDX-License-Identifier: Apache-2.0
// UBIFS, read from its nodes in the order of their sequence numbers, journal and all; the index is not needed for that.
#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>

#include "base/text.hpp"
#include "firmware/codecs/codec.hpp"
#include "firmware/tree.hpp"

namespace assay::firmware {
namespace {

constexpr auto kMagics = std::to_array<Magic>({{"\x31\x18\x10\x06"}});
constexpr std::uint32_t kMagic = 0x06101831;
constexpr std::uint64_t kCommon = 24;  // header of every node
constexpr std::uint64_t kSuperSize = 4096;
constexpr std::uint64_t kInodeSize = 160;
constexpr std::uint64_t kNameSize = 56;
constexpr std::uint64_t kDataSize = 48;
constexpr std::uint64_t kPage = 4096;
constexpr std::size_t kNodes = 1U << 21U;
constexpr std::uint32_t kRoot = 1;
constexpr std::size_t kDeepest = 256;

enum class Node : std::uint8_t { inode = 0, data = 1, name = 2, super = 6 };

std::uint16_t half(Bytes b, std::uint64_t at) {
  return Reader::load<std::uint16_t>(b.subspan(at, 2), Endian::little);
}
std::uint32_t word(Bytes b, std::uint64_t at) {
  return Reader::load<std::uint32_t>(b.subspan(at, 4), Endian::little);
}
std::uint64_t wide(Bytes b, std::uint64_t at) {
  return Reader::load<std::uint64_t>(b.subspan(at, 8), Endian::little);
}

struct Page {
  std::uint64_t sequence = 0;
  Bytes node;
};
struct Inode {
  std::uint64_t sequence = 0;
  Bytes node;
};
struct Name {
  std::uint64_t sequence = 0;
  std::uint64_t inode = 0;  // 0: removed
};

struct Found {
  std::map<std::uint32_t, Inode> inodes;
  std::map<std::uint32_t, std::map<std::uint32_t, Page>> pages;     // by inode and number
  std::map<std::uint32_t, std::map<std::string_view, Name>> names;  // by directory
  std::size_t nodes = 0;
  std::size_t damaged = 0;
};

// The node at `at`, its length and CRC proved.
std::optional<Bytes> node_at(Bytes bytes, std::uint64_t at, bool& damaged) {
  const auto head = slice(bytes, at, kCommon);
  if (!head || word(*head, 0) != kMagic) return std::nullopt;
  const std::uint64_t length = word(*head, 16);
  const auto node = length < kCommon ? std::nullopt : std::optional(slice(bytes, at, length));
  if (!node || !*node || ~libdeflate_crc32(0, (*node)->data() + 8, length - 8) != word(*head, 4)) {
    damaged = true;
    return std::nullopt;
  }
  return **node;
}

void keep(Bytes node, Found& found) {
  const std::uint64_t sequence = wide(node, 8);
  const auto type = static_cast<Node>(std::to_integer<std::uint8_t>(node[20]));
  if (type == Node::inode && node.size() >= kInodeSize) {
    Inode& known = found.inodes[word(node, kCommon)];
    if (sequence >= known.sequence) known = {sequence, node};
  } else if (type == Node::data && node.size() >= kDataSize) {
    Page& known = found.pages[word(node, kCommon)][word(node, kCommon + 4) & 0x1fffffffU];
    if (sequence >= known.sequence) known = {sequence, node};
  } else if (type == Node::name && node.size() >= kNameSize) {
    const std::uint64_t size = half(node, 50);
    if (size == 0 || size > node.size() - kNameSize) return;
    Name& known = found.names[word(node, kCommon)][text_of(node.subspan(kNameSize, size))];
    if (sequence >= known.sequence) known = {sequence, wide(node, 40)};
  }
}

Found scan(Bytes bytes) {
  Found found;
  // Nodes stand at multiples of eight.
  for (std::uint64_t at = 0; at < bytes.size() && bytes.size() - at >= kCommon && found.nodes < kNodes;) {
    bool damaged = false;
    const auto node = node_at(bytes, at, damaged);
    found.damaged += damaged ? 1 : 0;
    if (!node) {
      at += 8;
      continue;
    }
    ++found.nodes;
    keep(*node, found);
    at += (node->size() + 7) & ~std::uint64_t{7};
  }
  return found;
}

Result<void> unpack_page(Bytes node, std::span<std::byte> out) {
  constexpr auto kPackings = std::to_array<std::string_view>({"", "lzo", "deflate", "zstd"});
  const std::uint16_t packing = half(node, 44);
  const Bytes data = node.subspan(kDataSize);
  const std::size_t size = std::min<std::size_t>(word(node, 40), out.size());
  if (packing == 0) {
    if (data.size() < size) return fail(Errc::malformed, "node holds fewer bytes than it claims");
    if (size != 0) std::memcpy(out.data(), data.data(), size);
    return {};
  }
  const Codec* codec = packing < kPackings.size() ? find_codec(kPackings[packing]) : nullptr;
  if (codec == nullptr || codec->block == nullptr) return fail(Errc::unsupported, "node packed with method " + std::to_string(packing));
  std::array<std::byte, kPage> page{};
  TRY(const std::size_t n, codec->block(data, page));
  if (n < size) return fail(Errc::malformed, "node unpacks to fewer bytes than it claims");
  std::memcpy(out.data(), page.data(), size);
  return {};
}

class FileContent final : public Content {
 public:
  FileContent(Blob image, std::uint64_t size, std::map<std::uint32_t, Page> pages)
      : image_(std::move(image)), size_(size), pages_(std::move(pages)) {}
  std::uint64_t size() const override { return size_; }
  Result<Blob> read(Budget& budget) const override {
    TRY_VOID(budget.expand(size_, image_.bytes.size()));
    Buffer out(size_);
    for (const auto& [number, page] : pages_) {
      const std::uint64_t at = number * kPage;
      if (at >= size_) break;
      TRY_VOID(unpack_page(page.node, std::span(out).subspan(at, std::min(kPage, size_ - at))));
    }
    return Blob::own(std::move(out));
  }

 private:
  Blob image_;
  std::uint64_t size_;
  std::map<std::uint32_t, Page> pages_;
};

class Tree {
 public:
  Tree(const Blob& image, Found& found, Budget& budget) : image_(image), found_(found), list_(budget) {}

  Opened run() {
    std::vector<Pending> pending{{kRoot, "", 0}};
    std::set<std::uint32_t> seen{kRoot};
    while (!pending.empty()) {
      const Pending at = std::move(pending.back());
      pending.pop_back();
      const auto names = found_.names.find(at.inode);
      if (names == found_.names.end()) continue;
      for (const auto& [name, target] : names->second) {
        if (target.inode == 0) continue;
        std::string text(name);
        std::ranges::replace(text, '/', '_');
        const std::string path = at.path + "/" + text;
        const auto number = static_cast<std::uint32_t>(target.inode);
        const auto directory = add(number, path);
        if (!directory) {
          list_.problem(printable(path, 200) + ": " + directory.error().what);
          if (directory.error().code == Errc::limit) return list_.finish();
          continue;
        }
        if (!*directory) continue;
        if (!seen.insert(number).second || at.depth + 1 > kDeepest) {
          list_.problem(printable(path, 200) + ": directory is listed twice, or too deep");
          continue;
        }
        pending.push_back({number, path, at.depth + 1});
      }
    }
    if (found_.damaged != 0) list_.problem(std::to_string(found_.damaged) + " nodes with a wrong check sum were left out");
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
    const auto at = found_.inodes.find(number);
    if (at == found_.inodes.end()) return fail(Errc::malformed, "no inode of number " + std::to_string(number));
    const Bytes node = at->second.node;
    const std::uint32_t mode = word(node, 104);
    const auto type = file_type(mode);
    if (!type) return fail(Errc::malformed, "inode of no type");
    Entry entry;
    entry.path = path;
    entry.type = *type;
    entry.mode = mode & 07777U;
    entry.uid = word(node, 96);
    entry.gid = word(node, 100);
    if (*type == FileType::symlink) {
      TRY(const Bytes target, slice(node, kInodeSize, word(node, 112)));
      entry.target = text_of(target);
    }
    if (*type == FileType::regular) {
      auto& shared = linked_[number];
      if (shared == nullptr) shared = std::make_shared<FileContent>(image_, wide(node, 48), found_.pages[number]);
      entry.content = shared;
    }
    TRY_VOID(list_.add(std::move(entry)));
    return *type == FileType::directory;
  }

  Blob image_;
  Found& found_;
  EntryList list_;
  std::map<std::uint32_t, std::shared_ptr<const Content>> linked_;
};

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& budget) {
  const Blob rest = whole.part(offset, whole.bytes.size());
  bool damaged = false;
  const auto super = node_at(rest.bytes, 0, damaged);
  if (!super || super->size() != kSuperSize || static_cast<Node>(std::to_integer<std::uint8_t>((*super)[20])) != Node::super) {
    return std::nullopt;
  }
  const std::uint64_t size = std::uint64_t{word(*super, 36)} * word(*super, 40);
  if (size < kSuperSize) return std::nullopt;
  Extent extent;
  // Volumes grow when they are first mounted, and images leave out blank blocks at their end.
  extent.size = std::min<std::uint64_t>(size, rest.bytes.size());
  Found found = scan(rest.bytes.first(extent.size));
  extent.opened = std::make_shared<Opened>(Tree(rest, found, budget).run());
  return extent;
}

}  // namespace

extern constinit const Format format_ubifs{
    .id = "ubifs",
    .title = "UBIFS",
    .magics = kMagics,
    .measure = measure,
    .doc = {.specification = "Linux fs/ubifs/ubifs-media.h",
            .limits = "Encrypted files are not decrypted; truncations without a later inode are not applied; attributes are left out."}};

}  // namespace assay::firmware
