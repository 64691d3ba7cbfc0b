// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace assay {

// Borrowed bytes; whoever keeps them longer than the call copies them or holds the owner.
using Bytes = std::span<const std::byte>;
using Buffer = std::vector<std::byte>;

inline Bytes bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}
inline std::string_view text_of(Bytes bytes) {
  // The one place where bytes become characters; char may alias anything.
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The same bytes as C libraries' pointer types want them.
inline const unsigned char* octets(Bytes bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
inline unsigned char* octets(std::span<std::byte> bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
inline unsigned char* octets(Buffer& bytes) { return octets(std::span(bytes)); }
inline char* chars(std::span<std::byte> bytes) { return reinterpret_cast<char*>(bytes.data()); }

enum class Endian { little, big };

// Bounds-checked cursor over hostile bytes. Every read returns Result; arithmetic is `n > left`, never `pos + n > size`.
// Offsets in errors are relative to the start of the view, plus `base`.
class Reader {
 public:
  explicit Reader(Bytes bytes, std::uint64_t base = 0) : bytes_(bytes), base_(base) {}

  std::uint64_t position() const { return pos_; }
  std::uint64_t size() const { return bytes_.size(); }
  std::uint64_t left() const { return bytes_.size() - pos_; }
  bool done() const { return pos_ == bytes_.size(); }

  Result<void> seek(std::uint64_t to);
  Result<void> skip(std::uint64_t n);
  Result<Bytes> bytes(std::uint64_t n);
  // Text up to a NUL within `max` bytes (the NUL is consumed); truncated when none is found.
  Result<std::string_view> c_string(std::uint64_t max);

  template <std::unsigned_integral T>
  Result<T> get(Endian order) {
    auto raw = bytes(sizeof(T));
    if (!raw) return tl::unexpected<Error>(std::move(raw).error());
    return load<T>(*raw, order);
  }
  template <std::unsigned_integral T>
  Result<T> le() {
    return get<T>(Endian::little);
  }
  template <std::unsigned_integral T>
  Result<T> be() {
    return get<T>(Endian::big);
  }

  // Precondition: raw.size() >= sizeof(T).
  template <std::unsigned_integral T>
  static T load(Bytes raw, Endian order) {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      const std::size_t at = order == Endian::big ? i : sizeof(T) - 1 - i;
      value = static_cast<T>((static_cast<std::uint64_t>(value) << 8U) | std::to_integer<std::uint64_t>(raw[at]));
    }
    return value;
  }

 private:
  Error truncated(std::uint64_t wanted) const;

  Bytes bytes_;
  std::uint64_t base_ = 0;
  std::uint64_t pos_ = 0;
};

// A part of `whole`, or truncated. Safe for any offset and size.
Result<Bytes> slice(Bytes whole, std::uint64_t offset, std::uint64_t size);

// Shannon entropy of the bytes, 0 to 8 bits a byte.
double entropy(Bytes bytes);

std::string to_hex(Bytes bytes);

// A read-only mapping of a regular file. The kernel pages it; memory does not grow with the file.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::string& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  Bytes bytes() const { return bytes_; }

 private:
  MappedFile() = default;
  Bytes bytes_;
};

}  // namespace assay
