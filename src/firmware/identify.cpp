// SPDX-License-Identifier: Apache-2.0
#include "firmware/identify.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

#include "base/pattern_set.hpp"

namespace assay::firmware {
namespace {

// A magic of four bytes meets chance in 4 GiB; more candidates than this are a bomb of magics.
constexpr std::size_t kCandidates = 4096;
// Runs of one byte inside unclaimed bytes: flash sectors are erased in units of at least this.
constexpr std::uint64_t kPaddingRun = 4096;
// Machine code, tables and text stay well below; packed and encrypted bytes come to 7.9 and more.
constexpr double kCodeEntropy = 7.3;

struct Candidate {
  std::uint64_t offset = 0;
  std::size_t format = 0;
  friend auto operator<=>(const Candidate&, const Candidate&) = default;
};

struct Magics {
  struct Owner {
    std::size_t format;
    std::uint64_t at;
    std::uint64_t size;
  };
  std::vector<Owner> owners;
  PatternSet patterns;
};

const Magics& magics() {
  static const Magics all = [] {
    std::vector<Pattern> patterns;
    std::vector<Magics::Owner> owners;
    const auto list = formats();
    for (std::size_t f = 0; f < list.size(); ++f) {
      for (const Magic& m : list[f]->magics) {
        patterns.push_back({.text = std::string(m.bytes), .literal = true});
        owners.push_back({f, m.at, m.bytes.size()});
      }
    }
    auto set = PatternSet::build(patterns);
    // Literals of a fixed list: a list that does not compile fails every test.
    return Magics{std::move(owners), *std::move(set)};
  }();
  return all;
}

struct Found {
  std::vector<Candidate> candidates;  // in order of offset, then of the list
  std::vector<Candidate> banners;
  bool too_many = false;
};

Found find_magics(Bytes bytes) {
  Found out;
  const auto list = formats();
  std::vector<std::size_t> count(magics().owners.size());
  magics().patterns.scan(bytes, [&](std::size_t pattern, std::uint64_t end) {
    const Magics::Owner& owner = magics().owners[pattern];
    const std::uint64_t start = end - owner.size;
    if (start < owner.at) return true;
    // Two bytes are met by chance in every image: such structures are looked for where flash sectors begin.
    if (owner.size < 3 && (start - owner.at) % kPaddingRun != 0) return true;
    const bool banner = list[owner.format]->measure == nullptr;
    if (++count[pattern] > kCandidates) {
      out.too_many = out.too_many || !banner;
      return true;
    }
    (banner ? out.banners : out.candidates).push_back({start - owner.at, owner.format});
    return true;
  });
  std::ranges::sort(out.candidates);
  const auto same = std::ranges::unique(out.candidates);
  out.candidates.erase(same.begin(), same.end());
  std::ranges::sort(out.banners);
  return out;
}

bool blank(std::byte b) {
  return b == std::byte{0} || b == std::byte{0xff};
}

bool is_text(Bytes bytes) {
  std::size_t odd = 0;
  for (const std::byte b : bytes) {
    const auto c = std::to_integer<unsigned>(b);
    if (c == 0 || c == 127 || (c < 32 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 27)) ++odd;
  }
  return odd * 100 <= bytes.size();
}

// Storage that we have no reader for, or that its reader refused, must never pass for the code it stands beside: that would turn an
// unread file system into a complete examination. `at` is from the sector that begins the structure.
struct Storage {
  std::string_view magic;
  std::uint64_t at = 0;
};
constexpr auto kStorage = std::to_array<Storage>({{"NTFS    ", 3},
                                                  {"EXFAT   ", 3},
                                                  {"FAT12   ", 54},
                                                  {"FAT16   ", 54},
                                                  {"FAT32   ", 82},
                                                  {"\xe2\xe1\xf5\xe0", 1024},
                                                  {"\x10\x20\xf5\xf2", 1024},
                                                  {"_BHRfS_M", 0x40},
                                                  {"ReIsEr", 0x34},
                                                  {"JFS1"},
                                                  {"XFSB"},
                                                  {"CD001", 1},
                                                  {"BEA01", 1},
                                                  {"NSR0", 1},
                                                  {"LUKS\xba\xbe"},
                                                  {"ANDROID!"},
                                                  {"UBI#"},
                                                  {"\x31\x18\x10\x06"},
                                                  {"hsqs"},
                                                  {"sqsh"},
                                                  {"-rom1fs-"},
                                                  {"\x45\x3d\xcd\x28"},
                                                  {"\x28\xcd\x3d\x45"}});
constexpr std::uint64_t kSector = 512;

// `from` is where `bytes` stand in what was scanned: sectors are counted from its beginning and from the region's own.
bool holds_storage(Bytes bytes, std::uint64_t from) {
  const auto at_sector = [&](std::uint64_t sector) {
    return std::ranges::any_of(kStorage, [&](const Storage& s) {
      const std::uint64_t at = sector + s.at;
      return at < bytes.size() && s.magic.size() <= bytes.size() - at && text_of(bytes.subspan(at, s.magic.size())) == s.magic;
    });
  };
  if (at_sector(0)) return true;
  for (std::uint64_t sector = (kSector - from % kSector) % kSector; sector < bytes.size(); sector += kSector) {
    if (at_sector(sector)) return true;
  }
  return false;
}

// A smaller stretch with the banner in it is a log, a script or a setting that quotes it, not a kernel.
constexpr std::uint64_t kSmallestKernel = 256ULL << 10U;
// A boot loader with all its drivers stays below; beyond it something else stands behind the loader.
constexpr std::uint64_t kLargestLoader = 2ULL << 20U;

bool believable(const Format& banner, std::uint64_t size) {
  if (size <= kSmallRegion) return true;
  return banner.id == "linux" ? size >= kSmallestKernel : size <= kLargestLoader;
}

class Gaps {
 public:
  Gaps(Bytes whole, const std::vector<Candidate>& banners, bool code) : whole_(whole), banners_(banners), code_(code) {}

  // Splits [from, to) into padding and the rest.
  void fill(std::uint64_t from, std::uint64_t to, std::vector<Region>& out) const {
    std::uint64_t begin = from;  // of what is not padding
    for (std::uint64_t at = from; at < to;) {
      if (!blank(whole_[at])) {
        ++at;
        continue;
      }
      std::uint64_t end = at + 1;
      while (end < to && whole_[end] == whole_[at]) ++end;
      const bool edge = at == from || end == to;
      if (end - at >= kPaddingRun || (edge && (end - at >= 16 || (at == from && end == to)))) {
        named(begin, at, out);
        Region padding;
        padding.id = "padding";
        padding.offset = at;
        padding.extent.size = end - at;
        out.push_back(std::move(padding));
        begin = end;
      }
      at = end;
    }
    named(begin, to, out);
  }

 private:
  void named(std::uint64_t from, std::uint64_t to, std::vector<Region>& out) const {
    if (from == to) return;
    const Bytes bytes = whole_.subspan(from, to - from);
    Region region;
    region.offset = from;
    region.extent.size = to - from;
    region.entropy = entropy(bytes);
    region.id = "unknown";
    if (region.entropy < kCodeEntropy && !holds_storage(bytes, from)) {
      const auto banner = std::ranges::lower_bound(banners_, from, {}, &Candidate::offset);
      if (banner != banners_.end() && banner->offset < to) {
        const Format& format = *formats()[banner->format];
        if (believable(format, to - from)) region.format = &format;
      }
      if (region.format != nullptr) {
        region.id = region.format->id;
      } else if (is_text(bytes)) {
        region.id = "text";
      } else if (code_) {
        region.id = "code";
      }
    }
    out.push_back(std::move(region));
  }

  Bytes whole_;
  const std::vector<Candidate>& banners_;
  bool code_;
};

// A kernel is one piece of code around what is built into it: its configuration, an initramfs, runs of zeroes. From the largest
// stretch with the banner outwards, unclaimed stretches are the kernel's as far as nothing else stands between, and together they are
// no larger than that stretch is: whatever a flash holds beyond its kernel is not.
void join_kernel(Bytes whole, std::vector<Region>& regions) {
  auto kernel = regions.end();
  for (auto at = regions.begin(); at != regions.end(); ++at) {
    if (at->id == "linux" && (kernel == regions.end() || at->extent.size > kernel->extent.size)) kernel = at;
  }
  if (kernel == regions.end() || kernel->extent.size < kSmallestKernel) return;
  constexpr std::uint64_t kPaddingWithin = 1ULL << 20U;
  constexpr auto kBuiltIn = std::to_array<std::string_view>({"cpio", "gzip", "bzip2", "lzma", "xz", "lz4", "zstd", "dtb", "text", "linux"});
  std::uint64_t left = kernel->extent.size;
  const Format* const format = kernel->format;
  // False where the kernel ends.
  const auto take = [&](Region& r) {
    if (r.id == "padding") return r.extent.size < kPaddingWithin;
    if (r.id != "unknown" && r.id != "code") return std::ranges::find(kBuiltIn, r.id) != kBuiltIn.end();
    if (r.entropy >= kCodeEntropy) return r.extent.size <= kSmallRegion;
    if (r.extent.size > left || holds_storage(whole.subspan(r.offset, r.extent.size), r.offset)) return false;
    left -= r.extent.size;
    r.format = format;
    r.id = format->id;
    return true;
  };
  for (auto at = kernel + 1; at != regions.end() && take(*at); ++at) {
  }
  for (auto at = kernel; at != regions.begin() && take(*std::prev(at)); --at) {
  }
}

}  // namespace

Identified identify(const Blob& whole, bool code, Budget& budget) {
  const Found found = find_magics(whole.bytes);
  const Gaps gaps(whole.bytes, found.banners, code);
  Identified out;
  if (found.too_many) out.problems.emplace_back("more than 4096 candidates of one magic: some were not looked at");
  std::uint64_t cursor = 0;
  for (const Candidate& c : found.candidates) {
    if (c.offset < cursor) continue;
    const Format& format = *formats()[c.format];
    auto extent = format.measure(whole, c.offset, budget);
    if (!extent || extent->size == 0) continue;
    extent->size = std::min<std::uint64_t>(extent->size, whole.bytes.size() - c.offset);
    if (c.offset > cursor) gaps.fill(cursor, c.offset, out.regions);
    Region region;
    region.format = &format;
    region.id = format.id;
    region.offset = c.offset;
    region.extent = *std::move(extent);
    region.entropy = entropy(whole.bytes.subspan(c.offset, region.extent.size));
    cursor = c.offset + region.extent.size;
    out.regions.push_back(std::move(region));
  }
  if (cursor < whole.bytes.size()) gaps.fill(cursor, whole.bytes.size(), out.regions);
  join_kernel(whole.bytes, out.regions);
  return out;
}

const Format* format_at_start(Bytes bytes) {
  for (const Format* format : formats()) {
    if (format->measure == nullptr) continue;
    for (const Magic& m : format->magics) {
      if (m.at > bytes.size() || m.bytes.size() > bytes.size() - m.at) continue;
      if (text_of(bytes.subspan(m.at, m.bytes.size())) == m.bytes) return format;
    }
  }
  return nullptr;
}

}  // namespace assay::firmware
