// SPDX-License-Identifier: Apache-2.0
// cpio: "newc" and "crc" (hexadecimal), "odc" (octal) and the old binary form in both byte orders.
#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "firmware/codecs/codec.hpp"
#include "firmware/tree.hpp"

namespace assay::firmware {
namespace {

constexpr auto kMagics = std::to_array<Magic>({{"070701"}, {"070702"}, {"070707"}, {"\xc7\x71"}, {"\x71\xc7"}});
constexpr std::string_view kTrailer = "TRAILER!!!";
constexpr std::uint64_t kLongestName = 4096;

enum class Form { newc, odc, binary_little, binary_big };

struct Member {
  std::uint32_t mode = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t links = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::string_view name;
  Bytes data;
};

std::optional<Form> form_of(Bytes bytes) {
  const std::string_view text = text_of(bytes.first(std::min<std::size_t>(bytes.size(), 6)));
  if (text == "070701" || text == "070702") return Form::newc;
  if (text == "070707") return Form::odc;
  if (text.starts_with("\xc7\x71")) return Form::binary_little;
  if (text.starts_with("\x71\xc7")) return Form::binary_big;
  return std::nullopt;
}

Result<std::uint64_t> digits(Reader& r, std::uint64_t n, int base) {
  TRY(const Bytes raw, r.bytes(n));
  const std::string_view text = text_of(raw);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return fail(Errc::malformed, "not a number in a cpio header");
  return value;
}

Result<Member> member(Reader& r, Form form) {
  Member m;
  std::uint64_t name_size = 0;
  std::uint64_t align = 1;
  const auto small = [](std::uint64_t n) { return static_cast<std::uint32_t>(n & 0xffffffffU); };
  if (form == Form::newc) {
    TRY(const Bytes magic, r.bytes(6));
    if (form_of(magic) != Form::newc) return fail(Errc::malformed, "no cpio header where the next should be");
    std::array<std::uint64_t, 13> f{};
    for (std::uint64_t& value : f) {
      TRY(value, digits(r, 8, 16));
    }
    m.inode = f[0] | f[7] << 32U | f[8] << 48U;
    m.mode = small(f[1]);
    m.uid = small(f[2]);
    m.gid = small(f[3]);
    m.links = f[4];
    m.size = f[6];
    name_size = f[11];
    align = 4;
  } else if (form == Form::odc) {
    TRY(const Bytes magic, r.bytes(6));
    if (form_of(magic) != Form::odc) return fail(Errc::malformed, "no cpio header where the next should be");
    std::array<std::uint64_t, 6> f{};
    for (std::uint64_t& value : f) {
      TRY(value, digits(r, 6, 8));
    }
    TRY_VOID(r.skip(6 + 11));  // device of a node, time
    m.inode = f[0] << 32U | f[1];
    m.mode = small(f[2]);
    m.uid = small(f[3]);
    m.gid = small(f[4]);
    m.links = f[5];
    TRY(name_size, digits(r, 6, 8));
    TRY(m.size, digits(r, 11, 8));
  } else {
    const Endian order = form == Form::binary_little ? Endian::little : Endian::big;
    std::array<std::uint64_t, 13> f{};
    for (std::uint64_t& value : f) {
      TRY(value, r.get<std::uint16_t>(order));
    }
    if (f[0] != 070707) return fail(Errc::malformed, "no cpio header where the next should be");
    m.inode = f[1] << 32U | f[2];
    m.mode = small(f[3]);
    m.uid = small(f[4]);
    m.gid = small(f[5]);
    m.links = f[6];
    name_size = f[10];
    // 32-bit numbers stand with their upper half first in either order.
    m.size = f[11] << 16U | f[12];
    align = 2;
  }
  if (name_size == 0 || name_size > kLongestName) return fail(Errc::malformed, "cpio name of impossible length");
  TRY(const Bytes name, r.bytes(name_size));
  m.name = text_of(name);
  if (m.name.back() != '\0') return fail(Errc::malformed, "cpio name without its end");
  m.name.remove_suffix(1);
  const auto pad = [&]() -> Result<void> { return r.skip(std::min(r.left(), (align - r.position() % align) % align)); };
  TRY_VOID(pad());
  TRY(m.data, r.bytes(m.size));
  TRY_VOID(pad());
  return m;
}

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& budget) {
  const Blob rest = whole.part(offset, whole.bytes.size());
  const auto form = form_of(rest.bytes);
  if (!form) return std::nullopt;
  Reader r(rest.bytes);
  EntryList list(budget);
  Extent extent;
  // Of several names of one file only the last has the bytes.
  std::map<std::uint64_t, std::shared_ptr<const Content>> linked;
  std::vector<std::pair<std::uint64_t, Entry>> waiting;
  while (true) {
    const std::uint64_t before = r.position();
    const auto m = member(r, *form);
    if (!m) {
      if (list.size() < 2) return std::nullopt;
      extent.problems.push_back("ends without its trailer: " + m.error().what);
      extent.size = before;
      break;
    }
    extent.size = r.position();
    if (m->name == kTrailer) break;
    const auto type = file_type(m->mode);
    if (!type) {
      if (list.size() < 2) return std::nullopt;
      list.problem("member of unknown type: " + std::string(m->name));
      continue;
    }
    Entry entry;
    entry.path = m->name;
    entry.type = *type;
    entry.mode = m->mode & 07777U;
    entry.uid = m->uid;
    entry.gid = m->gid;
    if (*type == FileType::symlink) entry.target = text_of(m->data);
    if (*type == FileType::regular) {
      const auto at = static_cast<std::uint64_t>(m->data.data() - rest.bytes.data());
      entry.content = plain_content(m->size == 0 ? Blob{} : rest.part(at, m->size));
      if (m->links > 1) {
        if (m->size == 0) {
          waiting.emplace_back(m->inode, std::move(entry));
          continue;
        }
        linked[m->inode] = entry.content;
      }
    }
    if (auto added = list.add(std::move(entry)); !added) {
      extent.problems.push_back(added.error().what);
      break;
    }
  }
  for (auto& [inode, entry] : waiting) {
    if (const auto at = linked.find(inode); at != linked.end()) entry.content = at->second;
    if (auto added = list.add(std::move(entry)); !added) extent.problems.push_back(added.error().what);
  }
  // The two-byte magics of the binary form meet chance often.
  if (list.size() == 0 && *form != Form::newc) return std::nullopt;
  extent.opened = std::make_shared<Opened>(list.finish());
  return extent;
}

}  // namespace

extern constinit const Format format_cpio{
    .id = "cpio",
    .title = "cpio archive",
    .magics = kMagics,
    .measure = measure,
    .doc = {.specification = "https://www.kernel.org/doc/Documentation/early-userspace/buffer-format.txt; cpio(5) of FreeBSD",
            .limits = "The check sums of the crc form are not compared."}};

}  // namespace assay::firmware
