// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"

namespace assay::firmware::squashfs {

// What the structures of all versions hold between them.
enum class Field : std::uint8_t {
  skip,
  // superblock
  inodes,
  block_size,
  block_log,
  fragments,
  compression,
  flags,
  id_count,
  gid_count,
  major,
  minor,
  root_inode,
  bytes_used,
  id_table,
  gid_table,
  inode_table,
  directory_table,
  fragment_table,
  // inodes
  type,
  mode,
  uid,
  gid,
  link_count,
  file_size,
  offset,
  start,
  fragment,
  parent,
  target_size,
  // directories
  count,
  name_size,
  kCount,
};

struct FieldBits {
  Field field;
  unsigned bits;
};

// One structure read: a value for each field, 0 where the version has none.
class Record {
 public:
  std::uint64_t operator[](Field field) const { return values_[static_cast<std::size_t>(field)]; }
  void set(Field field, std::uint64_t value) { values_[static_cast<std::size_t>(field)] = value; }

 private:
  std::array<std::uint64_t, static_cast<std::size_t>(Field::kCount)> values_{};
};

// SquashFS on disk is C structures with bit fields, packed: from the lowest bit up on little-endian machines, from the highest down
// on big-endian ones. So one table of (field, bits) per structure serves both orders.
std::size_t bytes_of_table(std::span<const FieldBits> table);
void read_fields(Bytes raw, std::span<const FieldBits> table, Endian order, Record& into);

struct Layout {
  std::span<const FieldBits> super;
  std::span<const FieldBits> inode;  // common head of all inodes
  std::span<const FieldBits> directory;
  std::span<const FieldBits> long_directory;
  std::span<const FieldBits> file;
  std::span<const FieldBits> long_file;
  std::span<const FieldBits> symlink;
  std::span<const FieldBits> directory_header;
  std::span<const FieldBits> directory_entry;
  std::span<const FieldBits> fragment;
  std::size_t index_bytes = 8;  // width of a fragment-table index
};

// The layout of a major version (2, 3 or 4), else null.
const Layout* layout_of(std::uint64_t major);

}  // namespace assay::firmware::squashfs
