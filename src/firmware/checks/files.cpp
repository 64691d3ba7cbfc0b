// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <mutex>
#include <set>

#include "base/text.hpp"
#include "firmware/check.hpp"
#include "firmware/elf/elf.hpp"

namespace assay::firmware {
namespace {

constexpr std::string_view kId = "files";
constexpr int kRevision = 1;
// Some images are world-writable throughout; one line for each of ten thousand files helps nobody.
constexpr std::size_t kMaxEach = 200;

constexpr std::uint32_t kSetuid = 04000;
constexpr std::uint32_t kSetgid = 02000;
constexpr std::uint32_t kWorldWritable = 00002;
constexpr std::uint32_t kExecutable = 00111;

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

// Editors' copies and what people type before they change a file: foo~, foo.bak, .foo.swp, #foo#.
bool is_backup(std::string_view name) {
  if (name.size() > 1 && name.ends_with('~')) return true;
  if (name.size() > 2 && name.starts_with('#') && name.ends_with('#')) return true;
  for (const std::string_view tail :
       {".bak", ".BAK", ".old", ".orig", ".save", ".backup", ".rpmsave", ".rpmnew", ".dpkg-old", ".dpkg-dist"}) {
    if (name.size() > tail.size() && name.ends_with(tail)) return true;
  }
  return name.size() > 5 && name.starts_with('.') && name[name.size() - 4] == '.' && name.substr(name.size() - 3, 2) == "sw" &&
         name.back() >= 'a' && name.back() <= 'p';
}

bool is_debug_artifact(const Entry& entry) {
  static constexpr std::array<std::string_view, 17> kPrograms = {"gdb",      "gdbserver", "strace", "ltrace",    "tcpdump",   "utcpdump",
                                                                 "perf",     "valgrind",  "kgdb",   "adbd",      "oprofiled", "lttng",
                                                                 "bpftrace", "trace-cmd", "tshark", "wireshark", "radare2"};
  const auto name = base_name(entry.path);
  if (name.ends_with(".debug") || name == ".gdbinit" || name == "System.map" || name.starts_with("System.map-")) return true;
  if (std::ranges::find(kPrograms, name) == kPrograms.end()) return false;
  return entry.path.find("bin/") != std::string::npos || (entry.mode & kExecutable) != 0;
}

std::string vcs_folder(std::string_view path) {
  for (const std::string_view name : {"/.git/", "/.svn/", "/.hg/", "/.bzr/", "/CVS/"}) {
    if (const auto at = path.find(name); at != path.npos) return std::string(path.substr(0, at + name.size() - 1));
  }
  for (const std::string_view name : {"/.git", "/.svn", "/.hg", "/.bzr", "/.gitignore", "/.gitmodules"}) {
    if (path.ends_with(name)) return std::string(path);
  }
  return {};
}

std::string mode_text(std::uint32_t mode) {
  std::array<char, 8> out{};
  std::snprintf(out.data(), out.size(), "%04o", mode & 07777U);
  return out.data();
}

class Files final : public Check {
 public:
  void file(const File& file, Context&) override {
    if (file.entry == nullptr || !elf::looks_like(file.content)) return;
    const auto elf = elf::read(file.content);
    if (!elf || elf->type != elf::Type::core) return;
    const std::lock_guard lock(mutex_);
    cores_.insert(file.place);
  }

  void finish(const Image& image, const std::vector<std::string>& gaps, Context& context) override {
    std::uint64_t items = 0;
    std::vector<std::string> why = gaps;
    for (const auto& layer : image.layers) {
      std::uint64_t unknown = 0;
      std::map<std::string_view, std::size_t> count;
      std::set<std::string> folders;
      for (const Entry& entry : layer->entries) {
        ++items;
        if (!entry.mode_known && entry.type == FileType::regular) ++unknown;
        look(*layer, entry, count, folders, context);
      }
      for (const auto& [issue, n] : count) {
        if (n > kMaxEach) put_rest(*layer, issue, n - kMaxEach, context);
      }
      if (unknown != 0) why.push_back("the modes of " + std::to_string(unknown) + " files in " + layer->format + " are not recorded");
    }
    put_coverage(context, kId, kRevision, image, why, items);
  }

 private:
  void look(const Layer& layer, const Entry& entry, std::map<std::string_view, std::size_t>& count, std::set<std::string>& folders,
            Context& context) const {
    const auto put = [&](std::string_view issue) {
      if (++count[issue] > kMaxEach) return;
      Observation o = start(layer, entry.path, issue, context);
      if (entry.mode_known) {
        o.fields.set("mode", mode_text(entry.mode));
        o.fields.set("owner", std::to_string(entry.uid) + ":" + std::to_string(entry.gid));
      }
      context.sink.put(std::move(o.seal()));
    };
    if (const std::string folder = vcs_folder(entry.path); !folder.empty() && folders.insert(folder).second && ++count["vcs"] <= kMaxEach) {
      context.sink.put(std::move(start(layer, folder, "vcs", context).seal()));
    }
    const auto name = base_name(entry.path);
    if (entry.type != FileType::regular) return;
    if (entry.mode_known) {
      if ((entry.mode & kSetuid) != 0) put("setuid");
      if ((entry.mode & kSetgid) != 0) put("setgid");
      if ((entry.mode & kWorldWritable) != 0) put("world-writable");
    }
    if (is_backup(name)) put("backup");
    if (is_debug_artifact(entry)) put("debug-artifact");
    if (cores_.contains(layer.place(entry.path))) put("core");
  }

  static Observation start(const Layer& layer, std::string_view path, std::string_view issue, const Context& context) {
    Observation o;
    o.kind = "file";
    o.evidence = context.evidence;
    o.at.path = layer.place(path);
    o.by = "firmware/files";
    o.revision = kRevision;
    o.fields.set("issue", issue);
    return o;
  }

  static void put_rest(const Layer& layer, std::string_view issue, std::size_t rest, Context& context) {
    Observation o = start(layer, "/", issue, context);
    o.fields.set("count", static_cast<std::uint64_t>(rest));
    context.sink.put(std::move(o.seal()));
  }

  std::mutex mutex_;
  std::set<std::string> cores_;
};

}  // namespace

extern const CheckEntry files_check;
constinit const CheckEntry files_check{kId, kRevision,
                                       [](const Knowledge&) -> std::unique_ptr<Check> { return std::make_unique<Files>(); }};

}  // namespace assay::firmware
