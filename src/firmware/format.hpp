// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "firmware/image.hpp"

namespace assay::firmware {

// Bytes that tell a format, and how far they stand from the beginning of the structure.
struct Magic {
  std::string_view bytes;
  std::uint64_t at = 0;
};

// Bytes inside a layer that may hold layers themselves: a slice of it, or what unpacks from it.
struct Part {
  std::string name;          // a volume's or image's name; empty where it has none
  std::uint64_t offset = 0;  // of a slice, in the layer
  std::uint64_t size = 0;
  std::shared_ptr<const Content> content = nullptr;  // set: unpacked when asked for, and offset means nothing
  bool code = false;                                 // what no format claims in it is the container's own program
};

// What is in a layer: files, or parts to look into, and what was wrong with it.
struct Opened {
  std::vector<Entry> entries;  // sorted by path
  std::vector<Part> parts;
  std::vector<std::string> problems;
};

// A candidate that proved real.
struct Extent {
  std::uint64_t size = 0;
  std::string compression;
  bool encrypted = false;
  std::vector<Fact> facts;
  std::vector<std::string> problems;
  std::shared_ptr<Opened> opened;  // set where finding the end meant unpacking it anyway; open() is not called then
};

// Where a format is written down, and what our reader does not do.
struct Doc {
  std::string_view specification;
  std::string_view limits;
};

// One format: a file formats/<id>.cpp, listed in formats/list.inc.
struct Format {
  std::string_view id;
  std::string_view title;
  std::span<const Magic> magics;
  // Is what begins at `offset` of `whole` really this, and where does it end? Nothing: not this format. Null for a banner: its magic
  // names the region it stands in when no format claims it (raw kernels and boot loaders have no header).
  std::optional<Extent> (*measure)(const Blob& whole, std::uint64_t offset, Budget& budget) = nullptr;
  // Null: nothing inside to look at; its bytes go to the checks as they are.
  Result<Opened> (*open)(const Blob& layer, const Extent& extent, Budget& budget) = nullptr;
  Doc doc = {};
};

// All formats in the order of formats/list.inc; where two claim one offset, the earlier one wins.
std::span<const Format* const> formats();
const Format* find_format(std::string_view id);

}  // namespace assay::firmware
