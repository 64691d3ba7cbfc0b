// SPDX-License-Identifier: Apache-2.0
// U-Boot's flattened image tree: a device tree whose /images hold data, or point behind the tree.
#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "firmware/format.hpp"
#include "firmware/formats/device_tree.hpp"

namespace assay::firmware {
namespace {

constexpr auto kMagics = std::to_array<Magic>({{"\xd0\x0d\xfe\xed"}});

struct SubImage {
  const DeviceTree::Node* node = nullptr;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

std::size_t index_of(const DeviceTree& tree, const DeviceTree::Node* node) {
  return static_cast<std::size_t>(node - tree.nodes.data());
}

const DeviceTree::Node* images_of(const DeviceTree& tree) {
  const DeviceTree::Node* images = tree.child(0, "images");
  if (images == nullptr) return nullptr;
  const std::size_t at = index_of(tree, images);
  const bool any = std::ranges::any_of(tree.nodes, [&](const DeviceTree::Node& n) { return &n != tree.nodes.data() && n.parent == at; });
  return any ? images : nullptr;
}

std::vector<SubImage> sub_images(const DeviceTree& tree, const DeviceTree::Node* images) {
  std::vector<SubImage> out;
  const std::size_t parent = index_of(tree, images);
  // doc/uImage.FIT: data-offset counts from the end of the tree, aligned to four; data-position from the beginning of the image.
  const std::uint64_t behind = (tree.size + 3) & ~std::uint64_t{3};
  for (std::size_t i = parent + 1; i < tree.nodes.size(); ++i) {
    const DeviceTree::Node& node = tree.nodes[i];
    if (node.parent != parent) continue;
    SubImage image{.node = &node};
    if (const auto* data = node.find("data"); data != nullptr) {
      image.offset = data->offset;
      image.size = data->value.size();
    } else if (const auto size = node.cell("data-size"); size) {
      image.size = *size;
      if (const auto position = node.cell("data-position"); position) {
        image.offset = *position;
      } else if (const auto offset = node.cell("data-offset"); offset) {
        image.offset = behind + *offset;
      }
    }
    if (image.offset != 0) out.push_back(image);
  }
  return out;
}

// The algorithms of nodes called hash… or signature… below `parent` or below its children.
std::string algorithms(const DeviceTree& tree, std::size_t parent, std::string_view kind) {
  std::set<std::string> found;
  for (const DeviceTree::Node& node : tree.nodes) {
    if (!node.name.starts_with(kind) || node.parent == 0) continue;
    if (node.parent != parent && tree.nodes[node.parent].parent != parent) continue;
    const std::string_view algorithm = node.text("algo");
    // An empty signature node is a place to sign, not a signature.
    if (node.find("value") != nullptr && !algorithm.empty()) found.insert(printable(algorithm, 40));
  }
  std::string out;
  for (const std::string& a : found) out += (out.empty() ? "" : " ") + a;
  return out.empty() ? "none" : out;
}

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& /*budget*/) {
  const Blob rest = whole.part(offset, whole.bytes.size());
  const auto tree = read_device_tree(rest.bytes);
  if (!tree) return std::nullopt;
  const DeviceTree::Node* images = images_of(*tree);
  if (images == nullptr) return std::nullopt;
  Extent extent;
  extent.size = tree->size;
  for (const SubImage& image : sub_images(*tree, images)) {
    const std::uint64_t end = image.offset + image.size;
    if (end > rest.bytes.size()) extent.problems.push_back("image " + printable(image.node->name, 60) + " reaches beyond the file");
    extent.size = std::max<std::uint64_t>(extent.size, std::min<std::uint64_t>(end, rest.bytes.size()));
    if (tree->child(index_of(*tree, image.node), "cipher") != nullptr) extent.encrypted = true;
  }
  if (const auto text = tree->nodes[0].text("description"); !text.empty()) extent.facts.push_back({"name", printable(text, 100)});
  extent.facts.push_back({"hash", algorithms(*tree, index_of(*tree, images), "hash")});
  extent.facts.push_back({"image_signature", algorithms(*tree, index_of(*tree, images), "signature")});
  const DeviceTree::Node* configurations = tree->child(0, "configurations");
  extent.facts.push_back(
      {"signature", configurations == nullptr ? "none" : algorithms(*tree, index_of(*tree, configurations), "signature")});
  return extent;
}

Result<Opened> open(const Blob& layer, const Extent& /*extent*/, Budget& /*budget*/) {
  const auto tree = read_device_tree(layer.bytes);
  const DeviceTree::Node* images = tree ? images_of(*tree) : nullptr;
  if (images == nullptr) return fail(Errc::malformed, "image tree changed between two readings");
  Opened out;
  for (const SubImage& image : sub_images(*tree, images)) {
    std::string name = printable(image.node->name, 60);
    std::ranges::replace(name, '/', '_');
    const std::string_view type = image.node->text("type");
    const std::string_view packing = image.node->text("compression");
    const bool code = (type == "kernel" || type == "standalone" || type == "firmware") && (packing.empty() || packing == "none");
    out.parts.push_back({.name = std::move(name), .offset = image.offset, .size = image.size, .code = code});
  }
  return out;
}

}  // namespace

extern constinit const Format format_fit{
    .id = "fit",
    .title = "U-Boot FIT image",
    .magics = kMagics,
    .measure = measure,
    .open = open,
    .doc = {.specification = "https://fitspec.osfw.foundation/ (Flat Image Tree 0.8)",
            .limits = "Hashes and signatures are named, not verified: whether a device checks them is its boot loader's."}};

}  // namespace assay::firmware
