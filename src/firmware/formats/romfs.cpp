// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.hpp"
#include "firmware/codecs/codec.hpp"
#include "firmware/tree.hpp"

namespace assay::firmware {
namespace {

constexpr auto kMagics = std::to_array<Magic>({{"-rom1fs-"}});
constexpr std::uint64_t kAlign = 16;
constexpr std::uint64_t kChecked = 512;  // bytes that the volume's check sum covers
constexpr std::uint64_t kLongestName = 1024;
constexpr std::size_t kDeepest = 256;
constexpr int kLinks = 8;  // hard links to hard links

// The low four bits of a header's first word: a type, and whether the file may be executed.
constexpr std::uint32_t kHardLink = 0;
constexpr std::uint32_t kDirectory = 1;
constexpr std::uint32_t kFile = 2;
constexpr std::uint32_t kSymlink = 3;

struct Volume {
  std::uint64_t size = 0;
  std::uint64_t first = 0;  // header of the first entry of the root
  bool checked = false;     // its check sum is right
  std::string name;
};

// The sum of all big-endian words; of a sound structure it is 0.
std::uint32_t sum_of(Bytes bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; bytes.size() - i >= 4; i += 4) sum += Reader::load<std::uint32_t>(bytes.subspan(i, 4), Endian::big);
  return sum;
}

std::optional<Volume> volume_of(Bytes bytes) {
  Reader r(bytes);
  Volume v;
  if (!r.skip(8)) return std::nullopt;
  const auto size = r.be<std::uint32_t>();
  if (!size || !r.skip(4) || *size < 32) return std::nullopt;
  v.size = *size;
  const auto name = r.c_string(kLongestName);
  if (!name) return std::nullopt;
  v.name = printable(*name, 64);
  v.first = (r.position() + kAlign - 1) / kAlign * kAlign;
  v.checked = sum_of(bytes.first(std::min<std::uint64_t>({bytes.size(), v.size, kChecked}))) == 0;
  return v;
}

struct Header {
  std::uint64_t next = 0;
  std::uint32_t type = 0;
  bool executable = false;
  std::uint64_t info = 0;
  std::uint64_t size = 0;
  std::uint64_t data = 0;
  std::string_view name;
};

Result<Header> header_at(Bytes bytes, std::uint64_t at) {
  Reader r(bytes);
  TRY_VOID(r.seek(at));
  Header h;
  TRY(const std::uint32_t next, r.be<std::uint32_t>());
  TRY(h.info, r.be<std::uint32_t>());
  TRY(h.size, r.be<std::uint32_t>());
  TRY_VOID(r.skip(4));
  TRY(h.name, r.c_string(kLongestName));
  h.next = next & ~15U;
  h.type = next & 7U;
  h.executable = (next & 8U) != 0;
  h.data = (r.position() + kAlign - 1) / kAlign * kAlign;
  return h;
}

class Walk {
 public:
  Walk(const Blob& layer, Budget& budget) : layer_(layer), list_(budget) {}

  Opened run(std::uint64_t first) {
    pending_.push_back({first, "", 0});
    while (!pending_.empty()) {
      const Pending next = std::move(pending_.back());
      pending_.pop_back();
      if (auto done = directory(next.first, next.path, next.depth); !done) {
        list_.problem("directory " + (next.path.empty() ? "/" : printable(next.path, 200)) + ": " + done.error().what);
        if (done.error().code == Errc::limit) break;
      }
    }
    return list_.finish();
  }

 private:
  struct Pending {
    std::uint64_t first;
    std::string path;
    std::size_t depth;
  };

  Result<void> directory(std::uint64_t at, const std::string& path, std::size_t depth) {
    while (at != 0) {
      // Each header belongs to one directory: met twice, it is a cycle.
      if (!seen_.insert(at).second) return fail(Errc::malformed, "entry is listed twice (a cycle)");
      TRY(const Header h, header_at(layer_.bytes, at));
      if (h.name != "." && h.name != "..") TRY_VOID(entry(h, path, depth));
      at = h.next;
    }
    return {};
  }

  Result<void> entry(const Header& h, const std::string& path, std::size_t depth) {
    std::string name(h.name);
    std::ranges::replace(name, '/', '_');
    Entry e;
    e.path = path + "/" + name;
    // Owners and modes are not stored: everything is root's, readable by all, and executable where the flag says so.
    e.mode_known = false;
    e.mode = h.executable || h.type == kDirectory ? 0755U : 0644U;
    Header real = h;
    for (int i = 0; real.type == kHardLink; ++i) {
      if (i == kLinks) return fail(Errc::malformed, "hard links in a cycle");
      TRY(real, header_at(layer_.bytes, real.info & ~15ULL));
    }
    // A link to a directory is how "." and ".." are made; anything else would list it twice.
    if (h.type == kHardLink && real.type == kDirectory) return {};
    switch (real.type) {
      case kDirectory: {
        e.type = FileType::directory;
        if (depth + 1 > kDeepest) return fail(Errc::malformed, "directories nested deeper than 256");
        pending_.push_back({real.info & ~15ULL, e.path, depth + 1});
        break;
      }
      case kFile:
      case kSymlink: {
        const auto data = slice(layer_.bytes, real.data, real.size);
        if (!data) {
          list_.problem("file reaches beyond the volume: " + printable(e.path, 200));
          return {};
        }
        if (real.type == kSymlink) {
          e.type = FileType::symlink;
          e.target = text_of(*data).substr(0, kLongestName);
        } else {
          e.content = plain_content(layer_.part(real.data, real.size));
        }
        break;
      }
      case 4: e.type = FileType::block_device; break;
      case 5: e.type = FileType::character_device; break;
      case 6: e.type = FileType::socket; break;
      default: e.type = FileType::fifo; break;
    }
    return list_.add(std::move(e));
  }

  Blob layer_;
  EntryList list_;
  std::vector<Pending> pending_;
  std::set<std::uint64_t> seen_;
};

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& /*budget*/) {
  const Blob rest = whole.part(offset, whole.bytes.size());
  const auto volume = volume_of(rest.bytes);
  // The magic stands in every kernel that knows the format: a volume has its check sum, or at least a first entry.
  if (!volume || (!volume->checked && !header_at(rest.bytes, volume->first))) return std::nullopt;
  if (!volume->checked && volume->size > rest.bytes.size()) return std::nullopt;
  Extent extent;
  extent.size = volume->size;
  if (extent.size > rest.bytes.size()) {
    extent.problems.push_back("cut short: " + std::to_string(rest.bytes.size()) + " of " + std::to_string(extent.size) + " bytes");
    extent.size = rest.bytes.size();
  }
  if (!volume->name.empty()) extent.facts.push_back({"name", volume->name});
  if (!volume->checked) extent.problems.emplace_back("its check sum is wrong");
  return extent;
}

Result<Opened> open(const Blob& layer, const Extent& /*extent*/, Budget& budget) {
  const auto volume = volume_of(layer.bytes);
  if (!volume) return fail(Errc::malformed, "header changed between two readings");
  return Walk(layer, budget).run(volume->first);
}

}  // namespace

extern constinit const Format format_romfs{
    .id = "romfs",
    .title = "romfs",
    .magics = kMagics,
    .measure = measure,
    .open = open,
    .doc = {.specification = "Linux Documentation/filesystems/romfs.rst", .limits = "Stores neither owners nor modes."}};

}  // namespace assay::firmware
