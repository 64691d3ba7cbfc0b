// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace assay::firmware {

// Bytes with whatever keeps them alive (a mapping, an unpacked buffer). Cheap to copy.
struct Blob {
  Bytes bytes;
  std::shared_ptr<const void> owner;

  static Blob own(Buffer buffer);
  // Part of this blob; clipped to what is there.
  Blob part(std::uint64_t offset, std::uint64_t size) const;
};

// What all expansions of one image share: bytes held at a time, bytes produced in all, nesting, entries. Thread-safe.
// Every decoder asks before it allocates, so a 1 KB file that claims 100 GB costs nothing.
class Budget {
 public:
  struct Limits {
    std::uint64_t memory = 1ULL << 30U;     // unpacked bytes held at one time
    std::uint64_t produced = 64ULL << 30U;  // unpacked bytes over the whole run
    std::uint64_t ratio = 2000;             // output to input of one stream; LZMA of zeroes stays below it
    std::uint32_t depth = 12;               // layers within layers
    std::uint64_t entries = 2'000'000;      // files and directories over the whole run
  };
  explicit Budget(Limits limits) : limits_(limits) {}

  const Limits& limits() const { return limits_; }
  // A branch of `whole`: the same counters, a smaller bound on what one expansion may hold.
  Budget(Budget& whole, std::uint64_t memory);
  // May `size` bytes be produced from `from` bytes of input? Counts them when it says yes.
  Result<void> expand(std::uint64_t size, std::uint64_t from) { return expand_more(0, size, from); }
  // The same for an output that grows: `already` bytes were granted before, `more` are wanted.
  Result<void> expand_more(std::uint64_t already, std::uint64_t more, std::uint64_t from);
  Result<void> count_entries(std::uint64_t n);

 private:
  Limits limits_;
  Budget* whole_ = nullptr;
  std::atomic<std::uint64_t> produced_{0};
  std::atomic<std::uint64_t> entries_{0};
};

enum class FileType : std::uint8_t { regular, directory, symlink, character_device, block_device, fifo, socket };

// A file's bytes, unpacked when asked for. Thread-safe; two calls unpack twice.
class Content {
 public:
  virtual ~Content() = default;
  virtual std::uint64_t size() const = 0;
  virtual Result<Blob> read(Budget& budget) const = 0;
};

// One file of a file system or archive. The path is absolute and normalised ("/etc/shadow"); a hostile name ("..", NUL,
// not UTF-8) has been made safe and reported as a problem. Nothing here touches the host's file system.
struct Entry {
  std::string path;
  FileType type = FileType::regular;
  std::uint32_t mode = 0;  // permission bits with setuid, setgid, sticky
  bool mode_known = true;  // false where the archive does not carry modes
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string target;                      // symlinks
  std::shared_ptr<const Content> content;  // regular files
};

// What a container's header states about its content ("name" "Linux-3.10.14"; "signature" "sha256,rsa2048"; "hash" "none").
struct Fact {
  std::string name;
  std::string value;
};

// A layer met on the way down, with its files where it is a file system or archive.
struct Layer {
  std::string format;  // registry id: "squashfs", "uimage" …; "padding", "unknown" for what is between
  std::string
      prefix;  // place of its files: "" for the outermost file system given alone, else "2e0000.squashfs//" (joined, outermost first)
  std::uint64_t offset = 0;  // in its parent's bytes
  std::uint64_t size = 0;
  bool outermost_offset = true;  // offset counts from the start of the evidence
  std::string compression;
  bool encrypted = false;
  double entropy = -1;  // bits a byte; below 0: not measured
  std::vector<Entry> entries;
  bool is_root = false;               // looks like the root of a system: /etc with passwd or an init, and /bin or /sbin
  std::vector<std::string> problems;  // what was wrong or not understood; makes coverage of the layer incomplete

  std::uint32_t depth = 0;  // 0: a layer of the evidence itself
  std::vector<Fact> facts;

  const Entry* find(std::string_view path) const;  // entries are sorted by path
  // "/etc/shadow" as observations write it: "2e0000.squashfs//etc/shadow".
  std::string place(std::string_view path) const;
};

// An image taken apart. Layers in the order of their places.
struct Image {
  std::vector<std::shared_ptr<const Layer>> layers;
  std::vector<std::string> gaps;  // why not every byte is accounted for; empty: complete
  bool has_root() const;
};

}  // namespace assay::firmware
