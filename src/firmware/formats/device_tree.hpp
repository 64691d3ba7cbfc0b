// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace assay::firmware {

// A flattened device tree (Devicetree Specification 0.4, chapter 5), as views into its bytes. Nodes stand in the order of the tree:
// a parent before its children; the root is node 0.
struct DeviceTree {
  struct Property {
    std::string_view name;
    std::uint64_t offset = 0;  // of the value, in the tree's bytes
    Bytes value;
  };
  struct Node {
    std::string_view name;
    std::size_t parent = 0;
    std::vector<Property> properties;

    const Property* find(std::string_view property) const;
    // A text value without its NUL; empty where there is none.
    std::string_view text(std::string_view property) const;
    // A value of one cell.
    std::optional<std::uint32_t> cell(std::string_view property) const;
  };
  std::uint64_t size = 0;  // as the header claims it; no more than the bytes there are
  std::vector<Node> nodes;

  // The child of `parent` of that name, or null.
  const Node* child(std::size_t parent, std::string_view name) const;
};

// The tree at the beginning of `bytes`; nothing when it is none, or damaged.
std::optional<DeviceTree> read_device_tree(Bytes bytes);

}  // namespace assay::firmware
