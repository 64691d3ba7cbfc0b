// SPDX-License-Identifier: Apache-2.0
// UBI: physical erase blocks, put back into the logical order of their volumes.
#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

#include "base/text.hpp"
#include "firmware/codecs/codec.hpp"
#include "firmware/format.hpp"

namespace assay::firmware {
namespace {

constexpr auto kMagics = std::to_array<Magic>({{std::string_view("UBI#\x01\0\0\0", 8)}});
constexpr std::uint64_t kHeader = 64;
constexpr std::uint64_t kChecked = 60;
constexpr std::uint64_t kSmallestBlock = 512;
constexpr std::uint64_t kLargestBlock = 16ULL << 20U;
constexpr std::uint32_t kTableVolume = 0x7fffefff;
constexpr std::uint64_t kTableRecord = 172;
constexpr std::uint32_t kVolumes = 128;
constexpr std::uint32_t kInternal = 0x7fffefff;  // ids from here on are UBI's own

std::uint32_t word(Bytes b, std::uint64_t at) {
  return Reader::load<std::uint32_t>(b.subspan(at, 4), Endian::big);
}

bool header_at(Bytes bytes, std::uint64_t at, std::string_view magic) {
  const auto head = slice(bytes, at, kHeader);
  if (!head || text_of(head->first(4)) != magic) return false;
  return ~libdeflate_crc32(0, head->data(), kChecked) == word(*head, kChecked);
}

struct Placed {
  std::uint64_t offset = 0;  // of the data, in the image
  std::uint64_t size = 0;
  std::uint64_t sequence = 0;
};

struct Volume {
  std::string name;
  bool fixed = false;                      // static: its blocks say how much of them is used
  std::map<std::uint32_t, Placed> blocks;  // by logical number
};

struct Device {
  std::uint64_t block = 0;  // of flash
  std::uint64_t end = 0;
  std::uint64_t data_at = 0;
  std::map<std::uint32_t, Volume> volumes;
  std::size_t damaged = 0;
};

std::optional<std::uint64_t> block_size(Bytes bytes) {
  if (!header_at(bytes, 0, "UBI#")) return std::nullopt;
  for (std::uint64_t size = kSmallestBlock; size <= kLargestBlock && size < bytes.size(); size *= 2) {
    if (header_at(bytes, size, "UBI#")) return size;
  }
  return std::nullopt;
}

void read_table(Bytes bytes, Device& device) {
  const auto table = device.volumes.find(kTableVolume);
  if (table == device.volumes.end() || table->second.blocks.empty()) return;
  const Placed& at = table->second.blocks.begin()->second;
  for (std::uint32_t i = 0; i < kVolumes; ++i) {
    const auto record = slice(bytes, at.offset + i * kTableRecord, kTableRecord);
    if (!record || at.size < (i + 1) * kTableRecord) return;
    if (~libdeflate_crc32(0, record->data(), kTableRecord - 4) != word(*record, kTableRecord - 4) || word(*record, 0) == 0) continue;
    const std::size_t size = std::min<std::size_t>(Reader::load<std::uint16_t>(record->subspan(14, 2), Endian::big), 127);
    device.volumes[i].name = printable(text_of(record->subspan(16, size)), 64);
  }
}

std::optional<Device> device_of(Bytes bytes) {
  const auto block = block_size(bytes);
  if (!block) return std::nullopt;
  Device d;
  d.block = *block;
  const std::uint32_t headers = word(bytes, 16);
  d.data_at = word(bytes, 20);
  if (headers < kHeader || headers > d.block - kHeader || d.data_at < headers + kHeader || d.data_at >= d.block) return std::nullopt;
  for (std::uint64_t at = 0; at < bytes.size(); at += d.block) {
    if (!header_at(bytes, at, "UBI#")) {
      // Blocks that were never formatted stay in the device when another block of it follows.
      const bool blank = bytes[at] == std::byte{0xff};
      if (!blank) break;
      continue;
    }
    d.end = std::min<std::uint64_t>(at + d.block, bytes.size());
    const std::uint64_t volume_header = at + headers;
    const auto head = slice(bytes, volume_header, kHeader);
    if (!head || text_of(head->first(4)) != "UBI!") continue;  // free
    if (!header_at(bytes, volume_header, "UBI!")) {
      ++d.damaged;
      continue;
    }
    Volume& volume = d.volumes[word(*head, 8)];
    volume.fixed = (*head)[5] == std::byte{2};
    const std::uint64_t padding = word(*head, 28);
    Placed placed{.offset = at + d.data_at,
                  .size = d.end - std::min(d.end, at + d.data_at),
                  .sequence = Reader::load<std::uint64_t>(head->subspan(40, 8), Endian::big)};
    placed.size -= std::min(placed.size, padding);
    if (volume.fixed) placed.size = std::min<std::uint64_t>(placed.size, word(*head, 20));
    // A block that was being moved when power failed stands twice; the later one counts.
    Placed& known = volume.blocks[word(*head, 12)];
    if (known.offset == 0 || placed.sequence >= known.sequence) known = placed;
  }
  read_table(bytes, d);
  return d;
}

class VolumeContent final : public Content {
 public:
  VolumeContent(Blob image, Volume volume, std::uint64_t block, std::uint64_t size)
      : image_(std::move(image)), volume_(std::move(volume)), block_(block), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<Blob> read(Budget& budget) const override {
    TRY_VOID(budget.expand(size_, image_.bytes.size()));
    // Blocks that are not there read as blank flash.
    Buffer out(size_, std::byte{0xff});
    for (const auto& [number, placed] : volume_.blocks) {
      const std::uint64_t at = number * block_;
      if (at >= size_) break;
      TRY(const Bytes data, slice(image_.bytes, placed.offset, std::min(placed.size, size_ - at)));
      if (!data.empty()) std::memcpy(out.data() + at, data.data(), data.size());
    }
    return Blob::own(std::move(out));
  }

 private:
  Blob image_;
  Volume volume_;
  std::uint64_t block_;
  std::uint64_t size_;
};

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& /*budget*/) {
  const auto device = device_of(whole.part(offset, whole.bytes.size()).bytes);
  if (!device) return std::nullopt;
  Extent extent;
  extent.size = device->end;
  if (device->damaged != 0) extent.problems.push_back(std::to_string(device->damaged) + " erase blocks with a damaged volume header");
  extent.facts.push_back({"erase_block", std::to_string(device->block)});
  return extent;
}

Result<Opened> open(const Blob& layer, const Extent& /*extent*/, Budget& /*budget*/) {
  auto device = device_of(layer.bytes);
  if (!device) return fail(Errc::malformed, "headers changed between two readings");
  Opened out;
  for (auto& [id, volume] : device->volumes) {
    if (id >= kInternal || volume.blocks.empty()) continue;
    const std::uint64_t data = device->block - device->data_at;
    const auto& [last, placed] = *volume.blocks.rbegin();
    // A number far beyond the blocks there are is a lie about a size.
    if (last > layer.bytes.size() / device->block * 4 + 1024) {
      out.problems.push_back("volume " + std::to_string(id) + " has a block of an impossible number");
      continue;
    }
    const std::uint64_t size = last * data + placed.size;
    std::string name = volume.name.empty() ? "volume" + std::to_string(id) : volume.name;
    std::ranges::replace(name, '/', '_');
    out.parts.push_back({.name = std::move(name),
                         .offset = 0,
                         .size = size,
                         .content = std::make_shared<VolumeContent>(layer, std::move(volume), data, size)});
  }
  return out;
}

}  // namespace

extern constinit const Format format_ubi{
    .id = "ubi",
    .title = "UBI",
    .magics = kMagics,
    .measure = measure,
    .open = open,
    .doc = {.specification = "Linux drivers/mtd/ubi/ubi-media.h",
            .limits = "Fastmap is not used: all blocks are read. One device, block size found from its second block."}};

}  // namespace assay::firmware
