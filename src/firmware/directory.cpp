// SPDX-License-Identifier: Apache-2.0
// A directory as a root file system. Every open stays beneath it and follows no symlink (openat2), so a hostile tree cannot lead out.
#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "firmware/examination.hpp"
#include "firmware/tree.hpp"

namespace assay::firmware {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxFiles = 2'000'000;

// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

int open_beneath(int root, const std::string& relative, int flags) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC | O_NONBLOCK);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(::syscall(SYS_openat2, root, relative.c_str(), &how, sizeof(how)));
}

struct Found {
  std::string relative;
  struct stat info{};
  std::string target;
};

class DiskContent final : public Content {
 public:
  DiskContent(std::shared_ptr<const Descriptor> root, std::string relative, std::uint64_t size)
      : root_(std::move(root)), relative_(std::move(relative)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<Blob> read(Budget& budget) const override {
    const Descriptor file(open_beneath(root_->get(), relative_, O_RDONLY));
    struct stat info{};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0) return fail(Errc::io, "cannot read: " + errno_text(errno));
    if (!S_ISREG(info.st_mode)) return fail(Errc::conflict, "changed while it was examined");
    const auto size = static_cast<std::uint64_t>(info.st_size);
    TRY_VOID(budget.expand(size, size));
    Buffer out(size);
    std::uint64_t at = 0;
    while (at < size) {
      const ssize_t n = ::read(file.get(), out.data() + at, size - at);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return fail(Errc::io, n < 0 ? "cannot read: " + errno_text(errno) : "changed while it was examined");
      at += static_cast<std::uint64_t>(n);
    }
    return Blob::own(std::move(out));
  }

 private:
  std::shared_ptr<const Descriptor> root_;
  std::string relative_;
  std::uint64_t size_;
};

Result<void> walk(int root, const std::string& folder, std::size_t depth, std::vector<Found>& out) {
  if (depth > kMaxDepth) return fail(Errc::limit, "folders nested deeper than 64", Where{.path = folder});
  Descriptor fd(folder.empty() ? ::dup(root) : open_beneath(root, folder, O_RDONLY | O_DIRECTORY));
  if (fd.get() < 0) return fail(Errc::denied, "cannot list: " + errno_text(errno), Where{.path = folder});
  DIR* dir = ::fdopendir(fd.get());
  if (dir == nullptr) return fail(Errc::io, "cannot list: " + errno_text(errno), Where{.path = folder});
  const int dir_fd = fd.release();
  const std::unique_ptr<DIR, int (*)(DIR*)> closing(dir, ::closedir);
  ::rewinddir(dir);
  std::vector<std::string> folders;
  while (const dirent* entry = ::readdir(dir)) {  // NOLINT(concurrency-mt-unsafe): one DIR, one thread
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    Found found;
    found.relative = folder.empty() ? name : folder + "/" + name;
    if (::fstatat(dir_fd, name.c_str(), &found.info, AT_SYMLINK_NOFOLLOW) != 0)
      return fail(Errc::io, "cannot stat: " + errno_text(errno), Where{.path = found.relative});
    if (S_ISLNK(found.info.st_mode)) {
      std::array<char, 4096> target{};
      const ssize_t n = ::readlinkat(dir_fd, name.c_str(), target.data(), target.size());
      if (n > 0) found.target.assign(target.data(), static_cast<std::size_t>(n));
    }
    if (S_ISDIR(found.info.st_mode)) folders.push_back(found.relative);
    out.push_back(std::move(found));
    if (out.size() > kMaxFiles) return fail(Errc::limit, "more than " + std::to_string(kMaxFiles) + " files", Where{.path = folder});
  }
  std::ranges::sort(folders);
  for (const std::string& f : folders) TRY_VOID(walk(root, f, depth + 1, out));
  return {};
}

struct Tree {
  std::shared_ptr<const Descriptor> root;
  std::vector<Found> files;
};

Result<Tree> list(const std::string& path) {
  auto root = std::make_shared<const Descriptor>(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root->get() < 0)
    return fail(errno == ENOENT ? Errc::not_found : Errc::denied, "cannot open: " + errno_text(errno), Where{.path = path});
  Tree out{root, {}};
  TRY_VOID(walk(root->get(), "", 0, out.files));
  std::ranges::sort(out.files, {}, &Found::relative);
  return out;
}

}  // namespace

Result<std::string> directory_manifest(const std::string& path) {
  TRY(const Tree tree, list(path));
  std::string out = "assay directory manifest 1\n";
  Budget budget{Budget::Limits{}};
  for (const Found& f : tree.files) {
    std::array<char, 64> head{};
    std::snprintf(head.data(), head.size(), "%06o %u %u ", f.info.st_mode, f.info.st_uid, f.info.st_gid);
    out += head.data();
    if (S_ISREG(f.info.st_mode)) {
      const DiskContent content(tree.root, f.relative, static_cast<std::uint64_t>(f.info.st_size));
      auto bytes = content.read(budget);
      if (!bytes) return fail(bytes.error().code, bytes.error().what, Where{.path = path + "/" + f.relative});
      out += sha256_hex(bytes->bytes);
    } else {
      out += S_ISLNK(f.info.st_mode) ? "-> " + printable(f.target, 4096) : "-";
    }
    out += " /" + printable(f.relative, 4096) + "\n";
  }
  return out;
}

Result<void> examine_directory(const std::string& path, std::string_view evidence, const Knowledge& knowledge, const Options& options,
                               Sink& sink, Progress& progress, std::vector<Timing>& timings) {
  const auto start = std::chrono::steady_clock::now();
  TRY(const Tree tree, list(path));
  Budget budget(options.limits);
  EntryList entries(budget);
  std::uint64_t bytes = 0;
  for (const Found& f : tree.files) {
    Entry entry;
    entry.path = f.relative;
    entry.type = file_type(f.info.st_mode).value_or(FileType::regular);
    entry.mode = f.info.st_mode & 07777U;
    entry.uid = f.info.st_uid;
    entry.gid = f.info.st_gid;
    entry.target = f.target;
    if (S_ISREG(f.info.st_mode)) {
      entry.content = std::make_shared<DiskContent>(tree.root, f.relative, static_cast<std::uint64_t>(f.info.st_size));
      bytes += static_cast<std::uint64_t>(f.info.st_size);
    }
    TRY_VOID(entries.add(std::move(entry)));
  }
  Opened opened = entries.finish();
  auto layer = std::make_shared<Layer>();
  layer->format = "directory";
  layer->size = bytes;
  layer->entries = std::move(opened.entries);
  layer->problems = std::move(opened.problems);
  layer->is_root = looks_like_root(*layer);
  Unpacked unpacked;
  for (const std::string& p : layer->problems) unpacked.image.gaps.push_back("directory: " + p);
  unpacked.image.layers.push_back(std::move(layer));
  timings.push_back({"list", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()});
  // The worker process may open no file, so a directory is read in this one; the result says so.
  look_at(std::move(unpacked), knowledge, options, true, evidence, budget, sink, progress, timings);
  timings.push_back({"total", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()});
  return {};
}

}  // namespace assay::firmware
