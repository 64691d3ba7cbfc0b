// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstring>
#include <set>

#include "base/text.hpp"
#include "firmware/codecs/codec.hpp"
#include "firmware/tree.hpp"

namespace assay::firmware {
namespace {

// The signature stands 16 bytes behind the magic, in both byte orders.
constexpr auto kMagics = std::to_array<Magic>({{"Compressed ROMFS", 16}});
constexpr std::uint32_t kMagic = 0x28cd3d45;
constexpr std::uint64_t kSuper = 76;
constexpr std::uint64_t kRootAt = 64;
constexpr std::uint64_t kInode = 12;
constexpr std::uint64_t kPage = 4096;
constexpr std::uint32_t kPointersFlag = 0x800;  // flag: block pointers in their longer form
constexpr std::size_t kDeepest = 256;

struct Inode {
  std::uint32_t mode = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t size = 0;
  std::uint64_t name = 0;  // bytes of the name behind it
  std::uint64_t data = 0;
};

std::uint32_t word(Bytes bytes, std::uint64_t at, Endian order) {
  return Reader::load<std::uint32_t>(bytes.subspan(at, 4), order);
}

// Twelve bytes with bit fields, which big-endian machines fill from the highest bit.
Result<Inode> inode_at(Bytes bytes, std::uint64_t at, Endian order) {
  TRY(const Bytes raw, slice(bytes, at, kInode));
  const bool little = order == Endian::little;
  Inode i;
  i.mode = Reader::load<std::uint16_t>(raw.first(2), order);
  i.uid = Reader::load<std::uint16_t>(raw.subspan(2, 2), order);
  const std::uint32_t size = word(raw, 4, order);
  i.size = little ? size & 0xffffffU : size >> 8U;
  i.gid = little ? size >> 24U : size & 0xffU;
  const std::uint32_t place = word(raw, 8, order);
  i.name = std::uint64_t{little ? place & 63U : place >> 26U} * 4;
  i.data = std::uint64_t{little ? place >> 6U : place & 0x3ffffffU} * 4;
  return i;
}

Result<Buffer> read_file(Bytes image, const Inode& inode, Endian order, Budget& budget) {
  TRY_VOID(budget.expand(inode.size, image.size()));
  Buffer out(inode.size);
  const std::uint64_t blocks = (inode.size + kPage - 1) / kPage;
  TRY(const Bytes pointers, slice(image, inode.data, blocks * 4));
  const Codec* zlib = find_codec("zlib");
  std::uint64_t from = inode.data + blocks * 4;
  for (std::uint64_t i = 0; i < blocks; ++i) {
    const std::uint64_t to = word(pointers, i * 4, order);
    if (to < from) return fail(Errc::malformed, "block ends before it begins");
    TRY(const Bytes packed, slice(image, from, to - from));
    const std::span<std::byte> page = std::span(out).subspan(i * kPage, std::min<std::uint64_t>(kPage, inode.size - i * kPage));
    if (!packed.empty()) {
      TRY(const std::size_t n, zlib->block(packed, page));
      if (n != page.size()) return fail(Errc::malformed, "block unpacks to fewer bytes than the file needs");
    }
    from = to;
  }
  return out;
}

class FileContent final : public Content {
 public:
  FileContent(Blob image, Inode inode, Endian order) : image_(std::move(image)), inode_(inode), order_(order) {}
  std::uint64_t size() const override { return inode_.size; }
  Result<Blob> read(Budget& budget) const override {
    TRY(Buffer bytes, read_file(image_.bytes, inode_, order_, budget));
    return Blob::own(std::move(bytes));
  }

 private:
  Blob image_;
  Inode inode_;
  Endian order_;
};

class Walk {
 public:
  Walk(const Blob& image, Endian order, Budget& budget) : image_(image), order_(order), budget_(budget), list_(budget) {}

  Opened run(const Inode& root) {
    pending_.push_back({root, "", 0});
    while (!pending_.empty()) {
      const Pending next = std::move(pending_.back());
      pending_.pop_back();
      if (auto done = directory(next); !done) {
        list_.problem("directory " + (next.path.empty() ? "/" : printable(next.path, 200)) + ": " + done.error().what);
        if (done.error().code == Errc::limit) break;
      }
    }
    return list_.finish();
  }

 private:
  struct Pending {
    Inode inode;
    std::string path;
    std::size_t depth;
  };

  Result<void> directory(const Pending& at) {
    if (at.inode.size == 0) return {};
    if (!seen_.insert(at.inode.data).second) return fail(Errc::malformed, "directory is listed twice (a cycle)");
    if (at.depth > kDeepest) return fail(Errc::malformed, "directories nested deeper than 256");
    std::uint64_t position = at.inode.data;
    TRY(const Bytes whole, slice(image_.bytes, position, at.inode.size));
    const std::uint64_t end = position + whole.size();
    while (position < end) {
      TRY(const Inode inode, inode_at(image_.bytes, position, order_));
      TRY(const Bytes raw, slice(image_.bytes, position + kInode, inode.name));
      position += kInode + inode.name;
      std::string name(text_of(raw).substr(0, text_of(raw).find('\0')));
      if (name.empty()) return fail(Errc::malformed, "entry without a name");
      std::ranges::replace(name, '/', '_');
      TRY_VOID(add(inode, at.path + "/" + name, at.depth));
    }
    return {};
  }

  Result<void> add(const Inode& inode, const std::string& path, std::size_t depth) {
    const auto type = file_type(inode.mode);
    if (!type) {
      list_.problem("inode of no type: " + printable(path, 200));
      return {};
    }
    Entry entry;
    entry.path = path;
    entry.type = *type;
    entry.mode = inode.mode & 07777U;
    entry.uid = inode.uid;
    entry.gid = inode.gid;
    if (*type == FileType::directory) pending_.push_back({inode, path, depth + 1});
    if (*type == FileType::regular) entry.content = std::make_shared<FileContent>(image_, inode, order_);
    if (*type == FileType::symlink) {
      const auto target = read_file(image_.bytes, inode, order_, budget_);
      if (target) {
        entry.target = text_of(*target);
      } else {
        list_.problem(printable(path, 200) + ": " + target.error().what);
      }
    }
    return list_.add(std::move(entry));
  }

  Blob image_;
  Endian order_;
  Budget& budget_;
  EntryList list_;
  std::vector<Pending> pending_;
  std::set<std::uint64_t> seen_;
};

std::optional<Endian> order_of(Bytes bytes) {
  if (bytes.size() < kSuper) return std::nullopt;
  for (const Endian order : {Endian::little, Endian::big}) {
    if (word(bytes, 0, order) == kMagic) return order;
  }
  return std::nullopt;
}

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& /*budget*/) {
  const Blob rest = whole.part(offset, whole.bytes.size());
  const auto order = order_of(rest.bytes);
  if (!order) return std::nullopt;
  Extent extent;
  extent.size = word(rest.bytes, 4, *order);
  if (extent.size < kSuper) return std::nullopt;
  extent.compression = "gzip";
  extent.facts.push_back({"byte_order", *order == Endian::little ? "little" : "big"});
  std::string_view name = text_of(rest.bytes.subspan(48, 16));
  name = name.substr(0, name.find('\0'));
  if (!name.empty()) extent.facts.push_back({"name", printable(name, 16)});
  if (extent.size > rest.bytes.size()) {
    extent.problems.push_back("cut short: " + std::to_string(rest.bytes.size()) + " of " + std::to_string(extent.size) + " bytes");
    extent.size = rest.bytes.size();
  }
  return extent;
}

Result<Opened> open(const Blob& layer, const Extent& /*extent*/, Budget& budget) {
  const auto order = order_of(layer.bytes);
  if (!order) return fail(Errc::malformed, "header changed between two readings");
  if ((word(layer.bytes, 8, *order) & kPointersFlag) != 0) {
    return fail(Errc::unsupported, "cramfs with extended block pointers is not read");
  }
  TRY(const Inode root, inode_at(layer.bytes, kRootAt, *order));
  if (file_type(root.mode) != FileType::directory) return fail(Errc::malformed, "its root is no directory");
  return Walk(layer, *order, budget).run(root);
}

}  // namespace

extern constinit const Format format_cramfs{.id = "cramfs",
                                            .title = "cramfs",
                                            .magics = kMagics,
                                            .measure = measure,
                                            .open = open,
                                            .doc = {.specification = "Linux include/uapi/linux/cramfs_fs.h, fs/cramfs/README",
                                                    .limits = "Pages of 4 KiB; extended block pointers (Linux 4.15) are not read."}};

}  // namespace assay::firmware
