// SPDX-License-Identifier: Apache-2.0
#include "firmware/unpack.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "base/text.hpp"

namespace assay::firmware {
namespace {

std::string hex(std::uint64_t n) {
  std::array<char, 20> text{};
  std::snprintf(text.data(), text.size(), "%llx", static_cast<unsigned long long>(n));
  return text.data();
}

std::string entropy_text(double bits) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.2f", bits);
  return text.data();
}

// "offset 0x2000", or within what it was found in.
std::string place_text(const Standing& standing, std::uint64_t offset) {
  std::string out = "offset 0x" + hex(offset);
  if (!standing.in_evidence && !standing.prefix.empty()) {
    std::string_view in = standing.prefix;
    if (in.ends_with("//")) in.remove_suffix(2);
    out += " of " + std::string(in);
  }
  return out;
}

bool ignorable(const Region& r) {
  return r.id == "padding" || (r.format == nullptr && r.extent.size <= kSmallRegion);
}

class Unpacker {
 public:
  Unpacker(Budget& budget, Unpacked& out) : budget_(budget), out_(out) {}

  void level(const Blob& blob, const Standing& standing) {
    if (standing.depth >= budget_.limits().depth) {
      gap("layers nested deeper than " + std::to_string(budget_.limits().depth) + " at " + place_text(standing, 0));
      return;
    }
    Identified found = identify(blob, standing.code, budget_);
    for (std::string& problem : found.problems) gap(place_text(standing, 0) + ": " + problem);
    small_regions(found, standing);
    const auto real = std::ranges::count_if(found.regions, [](const Region& r) { return !ignorable(r); });
    for (Region& region : found.regions) layer(blob, region, standing, real == 1 && region.offset == 0);
  }

 private:
  void gap(std::string text) { out_.image.gaps.push_back(std::move(text)); }

  // A few bytes between layers are alignment or a check sum. Many of them, or nothing but them, are something that was not understood.
  void small_regions(const Identified& found, const Standing& standing) {
    std::uint64_t bytes = 0;
    std::uint64_t all = 0;
    std::size_t count = 0;
    bool recognised = false;
    for (const Region& r : found.regions) {
      all += r.extent.size;
      recognised = recognised || (r.id != "unknown" && r.id != "padding");
      if (r.id != "unknown" || r.extent.size > kSmallRegion) continue;
      bytes += r.extent.size;
      ++count;
    }
    // A kernel has a few packed tables between what is recognised in it: one byte in 512 hides no file system.
    if (count == 0 || (recognised && bytes <= std::max(kSmallRegion, all / 512))) return;
    gap(std::to_string(count) + " small unknown regions from " + place_text(standing, standing.base) + ", " + std::to_string(bytes) +
        " bytes in all");
  }

  void layer(const Blob& blob, Region& region, const Standing& standing, bool only) {
    auto made = std::make_shared<Layer>();
    Layer& l = *made;
    Extent& extent = region.extent;
    l.format = region.id;
    l.offset = standing.base + region.offset;
    l.outermost_offset = standing.in_evidence;
    l.size = extent.size;
    l.compression = std::move(extent.compression);
    l.encrypted = extent.encrypted;
    l.entropy = region.id == "padding" ? 0 : region.entropy;
    l.depth = standing.depth;
    l.facts = std::move(extent.facts);
    l.problems = std::move(extent.problems);
    l.prefix = standing.prefix;
    if (!(standing.named && region.offset == 0)) l.prefix += hex(l.offset) + "." + l.format + "//";
    // Kept in order of place: a layer stands before what is in it.
    out_.image.layers.push_back(made);

    const Blob bytes = blob.part(region.offset, extent.size);
    std::shared_ptr<Opened> opened = std::move(extent.opened);
    if (opened == nullptr && region.format != nullptr && region.format->open != nullptr) {
      auto result = region.format->open(bytes, extent, budget_);
      if (result) {
        opened = std::make_shared<Opened>(*std::move(result));
      } else {
        l.problems.push_back(result.error().what);
        opened = std::make_shared<Opened>();
      }
    }
    const std::string where = l.format + " at " + place_text(standing, l.offset);
    const bool alone = standing.alone && only;
    if (opened != nullptr) {
      l.problems.insert(l.problems.end(), opened->problems.begin(), opened->problems.end());
      l.entries = std::move(opened->entries);
      l.is_root = looks_like_root(l);
      if (alone && !l.entries.empty()) l.prefix.clear();
    } else if (l.format != "padding") {
      out_.raw.push_back({made, bytes});
    }
    if (l.encrypted) gap(where + " is encrypted (" + std::to_string(l.size) + " bytes)");
    if (l.format == "unknown" && l.size > kSmallRegion) {
      gap("unknown region at " + place_text(standing, l.offset) + ", " + std::to_string(l.size) + " bytes, entropy " +
          entropy_text(l.entropy));
    }
    for (const std::string& problem : l.problems) gap(where + ": " + problem);
    if (opened == nullptr) return;
    const bool wrapper = alone && opened->parts.size() == 1 && !l.compression.empty() && l.compression == l.format;
    // A packed program is a program.
    const bool code = standing.code && opened->parts.size() == 1 && l.compression == l.format;
    for (Part& part : opened->parts) {
      part.code = part.code || code;
      inside(bytes, part, l, wrapper, where);
    }
  }

  void inside(const Blob& layer_bytes, const Part& part, const Layer& l, bool wrapper, const std::string& where) {
    Standing next;
    next.prefix = l.prefix;
    next.depth = l.depth + 1;
    next.alone = wrapper;
    next.code = part.code;
    if (!part.name.empty()) {
      next.prefix += part.name + "//";
      next.named = true;
    }
    if (part.content == nullptr) {
      next.base = l.offset + part.offset;
      next.in_evidence = l.outermost_offset;
      const Blob slice = layer_bytes.part(part.offset, part.size);
      if (slice.bytes.size() < part.size) gap(where + ": ends within its part " + part.name);
      level(slice, next);
      return;
    }
    next.in_evidence = false;
    // What is unpacked stays until its files have been read.
    Budget rest(budget_, budget_.limits().memory - std::min(held_, budget_.limits().memory));
    auto blob = part.content->read(rest);
    if (!blob) {
      gap(where + ": " + blob.error().what);
      return;
    }
    held_ += blob->bytes.size();
    level(*blob, next);
  }

  Budget& budget_;
  Unpacked& out_;
  std::uint64_t held_ = 0;
};

}  // namespace

bool looks_like_root(const Layer& layer) {
  const auto any = [&](std::initializer_list<std::string_view> paths) {
    return std::ranges::any_of(paths, [&](std::string_view p) { return layer.find(p) != nullptr; });
  };
  return any({"/etc/passwd", "/etc/shadow", "/etc/inittab", "/etc/init.d", "/etc/rc.d", "/init", "/sbin/init", "/linuxrc"}) &&
         any({"/bin", "/sbin", "/usr/bin", "/usr/sbin"}) && layer.find("/etc") != nullptr;
}

Unpacked unpack(const Blob& bytes, const Standing& standing, Budget& budget) {
  Unpacked out;
  Unpacker(budget, out).level(bytes, standing);
  return out;
}

}  // namespace assay::firmware
