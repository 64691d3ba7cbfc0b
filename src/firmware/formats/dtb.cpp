// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/text.hpp"
#include "firmware/format.hpp"
#include "firmware/formats/device_tree.hpp"

namespace assay::firmware {
namespace {

constexpr auto kMagics = std::to_array<Magic>({{"\xd0\x0d\xfe\xed"}});

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& /*budget*/) {
  const auto tree = read_device_tree(whole.part(offset, whole.bytes.size()).bytes);
  if (!tree) return std::nullopt;
  Extent extent;
  extent.size = tree->size;
  if (const auto model = tree->nodes[0].text("model"); !model.empty()) extent.facts.push_back({"name", printable(model, 100)});
  if (const auto board = tree->nodes[0].text("compatible"); !board.empty()) extent.facts.push_back({"compatible", printable(board, 100)});
  return extent;
}

}  // namespace

extern constinit const Format format_dtb{
    .id = "dtb",
    .title = "Device tree blob",
    .magics = kMagics,
    .measure = measure,
    .doc = {.specification = "Devicetree Specification 0.4, chapter 5", .limits = "Versions before 16 (2005) are not read."}};

}  // namespace assay::firmware
