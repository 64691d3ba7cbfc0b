// SPDX-License-Identifier: Apache-2.0
// From the structures in Linux fs/squashfs/squashfs_fs.h (4.0) and squashfs-tools 3.x and 2.x (squashfs_fs.h, squashfs_compat.h).
#include "firmware/formats/squashfs/layout.hpp"

namespace assay::firmware::squashfs {
namespace {

using enum Field;

// clang-format off
constexpr auto kSuper4 = std::to_array<FieldBits>({
    {skip, 32}, {inodes, 32}, {skip, 32}, {block_size, 32}, {fragments, 32}, {compression, 16}, {block_log, 16}, {flags, 16},
    {id_count, 16}, {major, 16}, {minor, 16}, {root_inode, 64}, {bytes_used, 64}, {id_table, 64}, {skip, 64}, {inode_table, 64},
    {directory_table, 64}, {fragment_table, 64}, {skip, 64}});
constexpr auto kSuper3 = std::to_array<FieldBits>({
    {skip, 32}, {inodes, 32}, {skip, 32}, {skip, 32}, {skip, 32}, {skip, 32}, {skip, 32}, {major, 16}, {minor, 16}, {skip, 16},
    {block_log, 16}, {flags, 8}, {id_count, 8}, {gid_count, 8}, {skip, 32}, {root_inode, 64}, {block_size, 32}, {fragments, 32},
    {skip, 32}, {bytes_used, 64}, {id_table, 64}, {gid_table, 64}, {inode_table, 64}, {directory_table, 64}, {fragment_table, 64},
    {skip, 64}});
constexpr auto kSuper2 = std::to_array<FieldBits>({
    {skip, 32}, {inodes, 32}, {bytes_used, 32}, {id_table, 32}, {gid_table, 32}, {inode_table, 32}, {directory_table, 32},
    {major, 16}, {minor, 16}, {skip, 16}, {block_log, 16}, {flags, 8}, {id_count, 8}, {gid_count, 8}, {skip, 32}, {root_inode, 64},
    {block_size, 32}, {fragments, 32}, {fragment_table, 32}});

constexpr auto kInode4 = std::to_array<FieldBits>({{type, 16}, {mode, 16}, {uid, 16}, {gid, 16}, {skip, 32}, {skip, 32}});
constexpr auto kInode3 = std::to_array<FieldBits>({{type, 4}, {mode, 12}, {uid, 8}, {gid, 8}, {skip, 32}, {skip, 32}});
constexpr auto kInode2 = std::to_array<FieldBits>({{type, 4}, {mode, 12}, {uid, 8}, {gid, 8}});

constexpr auto kDirectory4 = std::to_array<FieldBits>({{start, 32}, {link_count, 32}, {file_size, 16}, {offset, 16}, {parent, 32}});
constexpr auto kDirectory3 = std::to_array<FieldBits>({{link_count, 32}, {file_size, 19}, {offset, 13}, {start, 32}, {parent, 32}});
constexpr auto kDirectory2 = std::to_array<FieldBits>({{file_size, 19}, {offset, 13}, {skip, 32}, {start, 24}});

constexpr auto kLongDirectory4 = std::to_array<FieldBits>({
    {link_count, 32}, {file_size, 32}, {start, 32}, {parent, 32}, {skip, 16}, {offset, 16}, {skip, 32}});
constexpr auto kLongDirectory3 = std::to_array<FieldBits>({
    {link_count, 32}, {file_size, 27}, {offset, 13}, {start, 32}, {skip, 16}, {parent, 32}});
constexpr auto kLongDirectory2 = std::to_array<FieldBits>({{file_size, 27}, {offset, 13}, {skip, 32}, {start, 24}, {skip, 16}});

constexpr auto kFile4 = std::to_array<FieldBits>({{start, 32}, {fragment, 32}, {offset, 32}, {file_size, 32}});
constexpr auto kFile3 = std::to_array<FieldBits>({{start, 64}, {fragment, 32}, {offset, 32}, {file_size, 32}});
constexpr auto kFile2 = std::to_array<FieldBits>({{skip, 32}, {start, 32}, {fragment, 32}, {offset, 32}, {file_size, 32}});

constexpr auto kLongFile4 = std::to_array<FieldBits>({
    {start, 64}, {file_size, 64}, {skip, 64}, {link_count, 32}, {fragment, 32}, {offset, 32}, {skip, 32}});
constexpr auto kLongFile3 = std::to_array<FieldBits>({{link_count, 32}, {start, 64}, {fragment, 32}, {offset, 32}, {file_size, 64}});

constexpr auto kSymlink4 = std::to_array<FieldBits>({{link_count, 32}, {target_size, 32}});
constexpr auto kSymlink3 = std::to_array<FieldBits>({{link_count, 32}, {target_size, 16}});
constexpr auto kSymlink2 = std::to_array<FieldBits>({{target_size, 16}});

constexpr auto kDirectoryHeader4 = std::to_array<FieldBits>({{count, 32}, {start, 32}, {skip, 32}});
constexpr auto kDirectoryHeader3 = std::to_array<FieldBits>({{count, 8}, {start, 32}, {skip, 32}});
constexpr auto kDirectoryHeader2 = std::to_array<FieldBits>({{count, 8}, {start, 24}});

constexpr auto kDirectoryEntry4 = std::to_array<FieldBits>({{offset, 16}, {skip, 16}, {type, 16}, {name_size, 16}});
constexpr auto kDirectoryEntry3 = std::to_array<FieldBits>({{offset, 13}, {type, 3}, {name_size, 8}, {skip, 16}});
constexpr auto kDirectoryEntry2 = std::to_array<FieldBits>({{offset, 13}, {type, 3}, {name_size, 8}});

constexpr auto kFragment34 = std::to_array<FieldBits>({{start, 64}, {file_size, 32}, {skip, 32}});
constexpr auto kFragment2 = std::to_array<FieldBits>({{start, 32}, {file_size, 32}});
// clang-format on

constexpr Layout k4{.super = kSuper4,
                    .inode = kInode4,
                    .directory = kDirectory4,
                    .long_directory = kLongDirectory4,
                    .file = kFile4,
                    .long_file = kLongFile4,
                    .symlink = kSymlink4,
                    .directory_header = kDirectoryHeader4,
                    .directory_entry = kDirectoryEntry4,
                    .fragment = kFragment34,
                    .index_bytes = 8};
constexpr Layout k3{.super = kSuper3,
                    .inode = kInode3,
                    .directory = kDirectory3,
                    .long_directory = kLongDirectory3,
                    .file = kFile3,
                    .long_file = kLongFile3,
                    .symlink = kSymlink3,
                    .directory_header = kDirectoryHeader3,
                    .directory_entry = kDirectoryEntry3,
                    .fragment = kFragment34,
                    .index_bytes = 8};
// Version 2 has no long form of files.
constexpr Layout k2{.super = kSuper2,
                    .inode = kInode2,
                    .directory = kDirectory2,
                    .long_directory = kLongDirectory2,
                    .file = kFile2,
                    .long_file = {},
                    .symlink = kSymlink2,
                    .directory_header = kDirectoryHeader2,
                    .directory_entry = kDirectoryEntry2,
                    .fragment = kFragment2,
                    .index_bytes = 4};

}  // namespace

std::size_t bytes_of_table(std::span<const FieldBits> table) {
  std::size_t bits = 0;
  for (const FieldBits& f : table) bits += f.bits;
  return bits / 8;
}

void read_fields(Bytes raw, std::span<const FieldBits> table, Endian order, Record& into) {
  std::size_t at = 0;  // in bits
  for (const FieldBits& f : table) {
    std::uint64_t value = 0;
    // Byte by byte: at most eight bits of one byte belong to the field at a time.
    for (unsigned got = 0; got < f.bits;) {
      const std::size_t bit = at + got;
      const unsigned in_byte = static_cast<unsigned>(bit % 8);
      const unsigned take = std::min(8U - in_byte, f.bits - got);
      const auto byte = std::to_integer<std::uint64_t>(raw[bit / 8]);
      const std::uint64_t mask = (1U << take) - 1U;
      if (order == Endian::little) {
        value |= ((byte >> in_byte) & mask) << got;
      } else {
        value = (value << take) | ((byte >> (8U - in_byte - take)) & mask);
      }
      got += take;
    }
    at += f.bits;
    if (f.field != skip) into.set(f.field, value);
  }
}

const Layout* layout_of(std::uint64_t version) {
  switch (version) {
    case 2: return &k2;
    case 3: return &k3;
    case 4: return &k4;
    default: return nullptr;
  }
}

}  // namespace assay::firmware::squashfs
