// SPDX-License-Identifier: Apache-2.0
#include "intake/parts.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <memory>

#include "base/text.hpp"

namespace assay::intake {

Result<std::map<std::string, Buffer, std::less<>>> read_parts(Bytes zip, std::string_view name, const Limits& limits,
                                                              const std::function<bool(std::string_view)>& wanted) {
  const Where where{.path = std::string(name)};
  const std::unique_ptr<archive, decltype(&archive_read_free)> reader(archive_read_new(), archive_read_free);
  if (!reader) return fail(Errc::io, "no memory for the reader", where);
  archive_read_support_format_zip_seekable(reader.get());
  if (archive_read_open_memory(reader.get(), zip.data(), zip.size()) != ARCHIVE_OK)
    return fail(Errc::malformed, "not a workbook: its zip has no directory", where);
  std::map<std::string, Buffer, std::less<>> out;
  std::uint64_t total = 0;
  std::size_t seen = 0;
  while (true) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) break;
    if (status < ARCHIVE_WARN) return fail(Errc::malformed, "broken zip: its directory cannot be read", where);
    if (++seen > limits.parts) return fail(Errc::limit, "more than " + std::to_string(limits.parts) + " parts", where);
    if (archive_entry_is_encrypted(entry) != 0) return fail(Errc::unsupported, "has a password; save it without one", where);
    const char* path = archive_entry_pathname(entry);
    std::string_view part = path == nullptr ? std::string_view{} : std::string_view(path);
    if (part.starts_with('/')) part.remove_prefix(1);
    if (part.empty() || part.size() > 512 || !wanted(part)) continue;
    Buffer content;
    std::array<std::byte, 65536> block{};
    while (true) {
      const la_ssize_t n = archive_read_data(reader.get(), block.data(), block.size());
      if (n < 0) return fail(Errc::malformed, "broken zip: " + printable(part, 80) + " cannot be unpacked", where);
      if (n == 0) break;
      content.insert(content.end(), block.begin(), block.begin() + n);
      total += static_cast<std::uint64_t>(n);
      const bool bomb = content.size() > (1U << 20U) && content.size() / limits.ratio > zip.size();
      if (content.size() > limits.part || total > limits.unpacked || bomb)
        return fail(Errc::limit, printable(part, 80) + " unpacks to more than is read", where);
    }
    if (!out.emplace(std::string(part), std::move(content)).second)
      return fail(Errc::malformed, "has two parts called " + printable(part, 80), where);
  }
  return out;
}

}  // namespace assay::intake
