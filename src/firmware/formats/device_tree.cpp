// SPDX-License-Identifier: Apache-2.0
#include "firmware/formats/device_tree.hpp"

#include <algorithm>

namespace assay::firmware {
namespace {

constexpr std::uint32_t kMagic = 0xd00dfeed;
constexpr std::uint32_t kBegin = 1;
constexpr std::uint32_t kEnd = 2;
constexpr std::uint32_t kProperty = 3;
constexpr std::uint32_t kNothing = 4;
constexpr std::uint32_t kLast = 9;
constexpr std::size_t kNodes = 65536;
constexpr std::size_t kProperties = 1U << 20U;
constexpr std::size_t kDeepest = 64;
constexpr std::uint64_t kLongestName = 1024;

Result<void> align(Reader& r) {
  return r.skip((4 - r.position() % 4) % 4);
}

Result<DeviceTree> read(Bytes bytes) {
  Reader head(bytes);
  TRY(const std::uint32_t magic, head.be<std::uint32_t>());
  TRY(const std::uint32_t total, head.be<std::uint32_t>());
  TRY(const std::uint32_t structure, head.be<std::uint32_t>());
  TRY(const std::uint32_t strings, head.be<std::uint32_t>());
  TRY(const std::uint32_t reserved, head.be<std::uint32_t>());
  TRY(const std::uint32_t version, head.be<std::uint32_t>());
  if (magic != kMagic || version < 16 || version > 32 || total > bytes.size() || structure % 4 != 0 || reserved > total) {
    return fail(Errc::malformed, "not a device tree");
  }
  DeviceTree tree;
  tree.size = total;
  TRY(const Bytes whole, slice(bytes, 0, total));
  if (strings > total) return fail(Errc::malformed, "not a device tree");
  const Bytes names = whole.subspan(strings);
  Reader r(whole);
  TRY_VOID(r.seek(structure));
  std::vector<std::size_t> open;
  std::size_t properties = 0;
  while (true) {
    TRY(const std::uint32_t token, r.be<std::uint32_t>());
    if (token == kBegin) {
      TRY(const std::string_view name, r.c_string(kLongestName));
      TRY_VOID(align(r));
      if (open.empty() && !tree.nodes.empty()) return fail(Errc::malformed, "two roots");
      if (tree.nodes.size() >= kNodes || open.size() >= kDeepest) return fail(Errc::limit, "device tree too large or deep");
      tree.nodes.push_back({.name = name, .parent = open.empty() ? 0 : open.back(), .properties = {}});
      open.push_back(tree.nodes.size() - 1);
    } else if (token == kEnd) {
      if (open.empty()) return fail(Errc::malformed, "node ended that was not begun");
      open.pop_back();
    } else if (token == kProperty) {
      TRY(const std::uint32_t size, r.be<std::uint32_t>());
      TRY(const std::uint32_t name_at, r.be<std::uint32_t>());
      const std::uint64_t offset = r.position();
      TRY(const Bytes value, r.bytes(size));
      TRY_VOID(align(r));
      if (open.empty() || name_at >= names.size() || ++properties > kProperties) return fail(Errc::malformed, "property out of place");
      TRY(const std::string_view name, Reader(names.subspan(name_at)).c_string(kLongestName));
      tree.nodes[open.back()].properties.push_back({name, offset, value});
    } else if (token == kLast) {
      if (!open.empty() || tree.nodes.empty()) return fail(Errc::malformed, "device tree ends within a node");
      return tree;
    } else if (token != kNothing) {
      return fail(Errc::malformed, "unknown token");
    }
  }
}

}  // namespace

const DeviceTree::Property* DeviceTree::Node::find(std::string_view property) const {
  const auto at = std::ranges::find(properties, property, &Property::name);
  return at == properties.end() ? nullptr : &*at;
}

std::string_view DeviceTree::Node::text(std::string_view property) const {
  const Property* p = find(property);
  if (p == nullptr) return {};
  const std::string_view text = text_of(p->value);
  return text.substr(0, text.find('\0'));
}

std::optional<std::uint32_t> DeviceTree::Node::cell(std::string_view property) const {
  const Property* p = find(property);
  if (p == nullptr || p->value.size() != 4) return std::nullopt;
  return Reader::load<std::uint32_t>(p->value, Endian::big);
}

const DeviceTree::Node* DeviceTree::child(std::size_t parent, std::string_view name) const {
  for (std::size_t i = parent + 1; i < nodes.size(); ++i) {
    if (nodes[i].parent == parent && nodes[i].name == name) return &nodes[i];
  }
  return nullptr;
}

std::optional<DeviceTree> read_device_tree(Bytes bytes) {
  auto tree = read(bytes);
  if (!tree) return std::nullopt;
  return *std::move(tree);
}

}  // namespace assay::firmware
