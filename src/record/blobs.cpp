// SPDX-License-Identifier: Apache-2.0
#include "record/blobs.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/hash.hpp"
#include "base/text.hpp"

namespace assay::record {
namespace {

constexpr std::string_view kScheme = "sha256:";
constexpr std::string_view kTemporary = "incoming-";

Result<void> write_all(int fd, Bytes bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
      return fail(Errc::io, full ? "the disk is full; nothing was stored" : "cannot write: " + errno_text(errno), Where{.path = path});
    }
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace

Result<void> sync_directory(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return fail(Errc::io, "cannot open: " + errno_text(errno), Where{.path = path});
  const int done = ::fsync(fd);
  const int why = errno;
  ::close(fd);
  if (done != 0) return fail(Errc::io, "cannot sync: " + errno_text(why), Where{.path = path});
  return {};
}

std::string Blobs::path_of(std::string_view id) const {
  if (id.starts_with(kScheme)) id.remove_prefix(kScheme.size());
  const bool hex = id.size() == 64 && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (!hex) return directory_ + "/no-such-blob";
  return directory_ + "/" + std::string(id.substr(0, 2)) + "/" + std::string(id.substr(2));
}

Result<std::string> Blobs::put(Bytes bytes) const {
  const std::string id = std::string(kScheme) + sha256_hex(bytes);
  const std::string path = path_of(id);
  const std::string folder = path.substr(0, path.rfind('/'));
  if (const auto there = MappedFile::open(path);
      there && there->bytes().size() == bytes.size() && sha256_hex(there->bytes()) == id.substr(kScheme.size()))
    return id;
  if (::mkdir(folder.c_str(), 0700) == 0) {
    TRY_VOID(sync_directory(directory_));
  } else if (errno != EEXIST) {
    return fail(Errc::io, "cannot make a folder: " + errno_text(errno), Where{.path = folder});
  }
  std::string temporary = directory_ + "/" + std::string(kTemporary) + "XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return fail(Errc::io, "cannot create a file: " + errno_text(errno), Where{.path = temporary});
  auto written = write_all(fd, bytes, temporary);
  if (written && ::fsync(fd) != 0) written = fail(Errc::io, "cannot sync: " + errno_text(errno), Where{.path = temporary});
  ::fchmod(fd, 0400);
  if (::close(fd) != 0 && written) written = fail(Errc::io, "cannot close: " + errno_text(errno), Where{.path = temporary});
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0)
    written = fail(Errc::io, "cannot rename: " + errno_text(errno), Where{.path = path});
  if (!written) {
    ::unlink(temporary.c_str());
    return tl::unexpected(std::move(written).error());
  }
  TRY_VOID(sync_directory(folder));
  return id;
}

Result<MappedFile> Blobs::get(std::string_view id) const {
  auto file = MappedFile::open(path_of(id));
  if (!file && file.error().code == Errc::not_found)
    return fail(Errc::not_found, "evidence " + std::string(id) + " is missing from the store", Where{.path = path_of(id)});
  return file;
}

Result<void> Blobs::erase(std::string_view id) const {
  const std::string path = path_of(id);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fail(Errc::io, "cannot remove: " + errno_text(errno), Where{.path = path});
  return {};
}

void Blobs::sweep() const {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, ignored)) {
    struct stat info{};
    // A younger one may belong to an assay that is running now.
    if (entry.path().filename().string().starts_with(kTemporary) && ::stat(entry.path().c_str(), &info) == 0 &&
        ::time(nullptr) - info.st_mtime > 3600) {
      std::filesystem::remove(entry.path(), ignored);
    }
  }
}

}  // namespace assay::record
