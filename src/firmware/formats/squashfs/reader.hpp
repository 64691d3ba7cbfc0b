// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "firmware/formats/squashfs/layout.hpp"
#include "firmware/formats/squashfs/packing.hpp"
#include "firmware/tree.hpp"

namespace assay::firmware::squashfs {

struct Super {
  const Layout* layout = nullptr;
  Endian order = Endian::little;
  Record fields;

  std::uint64_t operator[](Field field) const { return fields[field]; }
};

// The superblock at the beginning of `bytes`, in whichever version and byte order makes sense; nothing when none does.
std::optional<Super> read_super(Bytes bytes);

// A mounted image. Listing is for one thread; read_file for many.
class Reader : public std::enable_shared_from_this<Reader> {
 public:
  Reader(Blob image, const Super& super) : image_(std::move(image)), super_(super) {}

  // Finds the packing and reads the tables. Error: nothing can be read.
  Result<void> mount(Budget& budget);
  Opened list(Budget& budget);
  std::string packing() const { return packing_.name(); }

  struct FileData {
    std::uint64_t size = 0;
    std::uint64_t start = 0;
    std::uint32_t fragment = 0xffffffffU;
    std::uint32_t offset = 0;  // in the fragment
    std::vector<std::uint32_t> blocks;
  };
  Result<Blob> read_file(const FileData& file, Budget& budget) const;

 private:
  struct Metadata {
    Buffer bytes;
    std::uint64_t next = 0;  // where the block after it begins
  };
  // A place in a metadata table: an image offset of a block, and an offset in what it unpacks to.
  struct Position {
    std::uint64_t block = 0;
    std::uint64_t offset = 0;
  };
  struct Inode {
    Record fields;
    std::uint64_t reference = 0;
    std::string target;
    FileData data;
  };
  struct Fragment {
    std::uint64_t start = 0;
    std::uint32_t size = 0;
  };
  struct Listing;

  Position inode_position(std::uint64_t reference) const;
  Result<Bytes> packed_metadata(std::uint64_t at, bool& stored, std::uint64_t& next) const;
  Result<std::shared_ptr<const Metadata>> metadata(std::uint64_t at);
  Result<void> read_bytes(Position& position, std::span<std::byte> out);
  Result<void> read_record(Position& position, std::span<const FieldBits> table, Record& into);
  Result<Inode> read_inode(std::uint64_t reference, Budget& budget);
  Result<void> mount_as(Endian head_order, Budget& budget);
  void find_data_packing();
  Result<void> read_ids();
  Result<void> read_fragments(Budget& budget);
  Result<void> list_directory(const Inode& directory, const std::string& path, Listing& listing, Budget& budget);
  Result<void> add_entry(const std::string& path, std::uint64_t reference, Listing& listing, Budget& budget);
  Result<std::size_t> unpack_block(std::uint64_t at, std::uint32_t size_word, std::span<std::byte> out) const;
  Result<std::shared_ptr<const Buffer>> fragment_block(std::uint32_t index) const;
  bool is_root(const Inode& inode) const;

  Blob image_;
  Super super_;
  // Of the sizes in front of metadata blocks: AVM's big-endian images have them little-endian.
  Endian head_order_ = Endian::little;
  Packing packing_;
  bool packing_seen_ = false;  // false while all metadata met was stored: then only file data shows the packing
  FileData sample_;            // a file with a packed block
  std::vector<std::uint32_t> uids_;
  std::vector<std::uint32_t> gids_;  // versions 2 and 3; version 4 has one table
  std::vector<Fragment> fragments_;
  std::map<std::uint64_t, std::shared_ptr<const Metadata>> metadata_;
  std::vector<std::string> table_problems_;

  // Small files share fragment blocks; neighbours are read at about the same time.
  struct CachedFragment {
    std::once_flag once;
    Result<std::shared_ptr<const Buffer>> block = std::shared_ptr<const Buffer>();
  };
  mutable std::mutex mutex_;
  mutable std::map<std::uint32_t, std::shared_ptr<CachedFragment>> cache_;
  mutable std::vector<std::uint32_t> cached_;  // oldest first
};

}  // namespace assay::firmware::squashfs
