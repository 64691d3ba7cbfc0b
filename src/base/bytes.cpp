// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <utility>

#include "base/text.hpp"

namespace assay {

Error Reader::truncated(std::uint64_t wanted) const {
  return Error{Errc::truncated, "ends after " + std::to_string(left()) + " of " + std::to_string(wanted) + " bytes",
               Where{.path = {}, .offset = base_ + pos_}};
}

Result<void> Reader::seek(std::uint64_t to) {
  if (to > bytes_.size()) return tl::unexpected(truncated(to));
  pos_ = to;
  return {};
}

Result<void> Reader::skip(std::uint64_t n) {
  if (n > left()) return tl::unexpected(truncated(n));
  pos_ += n;
  return {};
}

Result<Bytes> Reader::bytes(std::uint64_t n) {
  if (n > left()) return tl::unexpected(truncated(n));
  const Bytes out = bytes_.subspan(pos_, n);
  pos_ += n;
  return out;
}

Result<std::string_view> Reader::c_string(std::uint64_t max) {
  const std::uint64_t limit = max < left() ? max : left();
  const auto text = text_of(bytes_.subspan(pos_, limit));
  const auto end = text.find('\0');
  if (end == std::string_view::npos) return tl::unexpected(truncated(limit + 1));
  pos_ += end + 1;
  return text.substr(0, end);
}

Result<Bytes> slice(Bytes whole, std::uint64_t offset, std::uint64_t size) {
  if (offset > whole.size() || size > whole.size() - offset) {
    return fail(Errc::truncated,
                "range of " + std::to_string(size) + " bytes reaches beyond the " + std::to_string(whole.size()) + " bytes there are",
                Where{.path = {}, .offset = offset});
  }
  return whole.subspan(offset, size);
}

double entropy(Bytes bytes) {
  if (bytes.empty()) return 0;
  std::array<std::uint64_t, 256> count{};
  for (const std::byte b : bytes) ++count[std::to_integer<std::size_t>(b)];
  double bits = 0;
  const auto total = static_cast<double>(bytes.size());
  for (const std::uint64_t n : count) {
    if (n == 0) continue;
    const double p = static_cast<double>(n) / total;
    bits -= p * std::log2(p);
  }
  return bits;
}

std::string to_hex(Bytes bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::byte b : bytes) {
    out += digits[std::to_integer<unsigned>(b) >> 4U];
    out += digits[std::to_integer<unsigned>(b) & 15U];
  }
  return out;
}

Result<MappedFile> MappedFile::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    const Errc code = errno == ENOENT ? Errc::not_found : errno == EACCES ? Errc::denied : Errc::io;
    return fail(code, "cannot open: " + errno_text(errno), Where{.path = path});
  }
  struct stat info{};
  if (::fstat(fd, &info) != 0) {
    const int why = errno;
    ::close(fd);
    return fail(Errc::io, "cannot stat: " + errno_text(why), Where{.path = path});
  }
  if (!S_ISREG(info.st_mode)) {
    ::close(fd);
    return fail(Errc::unsupported, "not a regular file", Where{.path = path});
  }
  MappedFile out;
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size != 0) {
    void* at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    const int why = errno;
    ::close(fd);
    if (at == MAP_FAILED) return fail(Errc::io, "cannot map: " + errno_text(why), Where{.path = path});
    out.bytes_ = Bytes(static_cast<const std::byte*>(at), size);
  } else {
    ::close(fd);
  }
  return out;
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (bytes_.empty()) return;
  // munmap wants a mutable pointer to memory it does not change.
  ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace assay
