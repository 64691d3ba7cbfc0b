// SPDX-License-Identifier: Apache-2.0
// For tests: images made by the tools that vendors use, and what has to hold of everything that was taken apart.
#pragma once

#include <map>
#include <string>

#include "firmware/unpack.hpp"

namespace assay::firmware::testing {

// What a file is made of, for comparing trees: its SHA-256, or its target, and permission bits.
struct Made {
  std::uint32_t mode = 0;
  std::string content;
  friend bool operator==(const Made&, const Made&) = default;
};
using MadeTree = std::map<std::string, Made>;

// An empty folder of that name in the build directory.
std::string fresh_folder(const std::string& name);
bool has_tool(const std::string& tool);
// Runs a shell command in a folder, its output thrown away; false when it fails.
bool run_in(const std::string& folder, const std::string& command);
Buffer read_bytes(const std::string& path);
void write_bytes(const std::string& path, Bytes bytes);
// Files of many shapes in folder/tree: empty, small, large, executable, linked, with long names. Returns regular files and symlinks.
MadeTree make_tree(const std::string& folder);

Unpacked take_apart(Bytes bytes, Budget& budget);
// Regular files and symlinks of a layer, contents read.
MadeTree files_of(const Layer& layer, Budget& budget, bool with_modes = true);
// The first layer of that format, or null.
const Layer* layer_of(const Unpacked& unpacked, std::string_view format);
// Layers of the outermost level stand one after another and cover every byte.
void expect_tiling(const Unpacked& unpacked, std::uint64_t size);
// Prefixes and flipped bytes of an image: all end, quickly, and tile.
void expect_sturdy(Bytes image);

}  // namespace assay::firmware::testing
