// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "firmware/formats/squashfs/reader.hpp"

namespace assay::firmware {
namespace {

// "hsqs" is the magic as little-endian machines write it, "sqsh" as big-endian ones do. The rest are vendors': LZMA builds of
// Broadcom, Atheros and Ralink kits (shsq, qshs, sqlz, zlqs) and DD-WRT (tqsh, hsqt).
constexpr auto kMagics = std::to_array<Magic>({{"hsqs"}, {"sqsh"}, {"shsq"}, {"qshs"}, {"tqsh"}, {"hsqt"}, {"sqlz"}, {"zlqs"}});

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& budget) {
  using Field = squashfs::Field;
  const Blob rest = whole.part(offset, whole.bytes.size());
  const auto super = squashfs::read_super(rest.bytes);
  if (!super) return std::nullopt;
  Extent extent;
  extent.size = (*super)[Field::bytes_used];
  extent.opened = std::make_shared<Opened>();
  if (extent.size > rest.bytes.size()) {
    extent.problems.push_back("cut short: " + std::to_string(rest.bytes.size()) + " of " + std::to_string(extent.size) + " bytes");
    extent.size = rest.bytes.size();
  }
  extent.facts.push_back({"version", std::to_string((*super)[Field::major]) + "." + std::to_string((*super)[Field::minor])});
  extent.facts.push_back({"byte_order", super->order == Endian::little ? "little" : "big"});
  // Listing it is part of the proof, and the compression is known only when files have been seen.
  const auto reader = std::make_shared<squashfs::Reader>(rest.part(0, extent.size), *super);
  if (const auto mounted = reader->mount(budget); !mounted) {
    extent.problems.push_back(mounted.error().what);
    return extent;
  }
  *extent.opened = reader->list(budget);
  extent.compression = reader->packing();
  return extent;
}

}  // namespace

extern constinit const Format format_squashfs{
    .id = "squashfs",
    .title = "SquashFS",
    .magics = kMagics,
    .measure = measure,
    .doc = {.specification = "https://dr-emann.github.io/squashfs/ (4.0); squashfs-tools 2.x and 3.x squashfs_fs.h",
            .limits = "Version 1 is not read. Extended attributes are left out."}};

}  // namespace assay::firmware
