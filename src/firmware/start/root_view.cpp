// SPDX-License-Identifier: Apache-2.0
#include "firmware/start/root_view.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"

namespace assay::firmware {
namespace {

constexpr unsigned kMaxLinks = 16;
constexpr std::uint64_t kMaxText = 4U << 20U;
constexpr std::size_t kMaxRoots = 32;

constexpr std::array<std::string_view, 8> kPath = {"/sbin/",           "/usr/sbin/",      "/bin/",        "/usr/bin/",
                                                   "/usr/local/sbin/", "/usr/local/bin/", "/system/bin/", "/usr/libexec/"};

// What tells that the folder above /etc is a root.
constexpr std::array<std::string_view, 14> kMarks = {"/etc/inittab",    "/etc/init.d/rcS", "/etc/rc.d/rcS",    "/etc/rc.local",
                                                     "/etc/rc",         "/etc/rcS",        "/etc/passwd",      "/etc/shadow",
                                                     "/etc/inetd.conf", "/etc/fstab",      "/etc/xinetd.conf", "/etc/init.d/rc.local",
                                                     "/etc/os-release", "/etc/rc.sysinit"};

}  // namespace

std::string normal_path(std::string_view path) {
  std::vector<std::string_view> parts;
  for (const auto part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
      continue;
    }
    parts.push_back(part);
  }
  std::string out;
  for (const auto part : parts) (out += '/') += part;
  return out.empty() ? "/" : out;
}

const Entry* RootView::raw(std::string_view path) const {
  return layer_.find(base_ + std::string(path));
}

std::string RootView::resolve(std::string_view path, unsigned depth) const {
  if (depth > kMaxLinks) return {};
  const std::string whole = normal_path(path);
  std::string so_far;
  const auto parts = split(std::string_view(whole).substr(1), '/');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string next = so_far + "/" + std::string(parts[i]);
    const Entry* entry = raw(next);
    if (entry != nullptr && entry->type == FileType::symlink) {
      std::string rest;
      for (std::size_t k = i + 1; k < parts.size(); ++k) (rest += '/') += parts[k];
      const std::string target = entry->target.starts_with('/') ? entry->target : so_far + "/" + entry->target;
      return resolve(target + rest, depth + 1);
    }
    so_far = next;
  }
  return so_far;
}

const Entry* RootView::find(std::string_view path) const {
  const std::string at = resolve(path, 0);
  const Entry* entry = at.empty() ? nullptr : raw(at);
  return entry != nullptr && entry->type != FileType::symlink ? entry : nullptr;
}

bool RootView::has_link(std::string_view path) const {
  return raw(normal_path(path)) != nullptr || find(path) != nullptr;
}

Result<Blob> RootView::content(const Entry& entry) const {
  if (entry.type != FileType::regular || !entry.content) return fail(Errc::unsupported, "not a regular file", Where{.path = entry.path});
  return entry.content->read(budget_);
}

std::optional<std::string> RootView::text(std::string_view path) const {
  const Entry* entry = find(path);
  if (entry == nullptr || entry->type != FileType::regular || !entry->content || entry->content->size() > kMaxText) return std::nullopt;
  const auto blob = content(*entry);
  if (!blob) return std::nullopt;
  const auto text = text_of(blob->bytes);
  if (text.find('\0') != text.npos) return std::nullopt;
  return std::string(text);
}

std::vector<std::string> RootView::list(std::string_view folder) const {
  std::vector<std::string> out;
  const std::string at = resolve(folder, 0);
  if (at.empty()) return out;
  const std::string prefix = base_ + (at == "/" ? "" : at) + "/";
  const auto less = [](const Entry& e, const std::string& p) { return e.path < p; };
  for (auto it = std::lower_bound(layer_.entries.begin(), layer_.entries.end(), prefix, less); it != layer_.entries.end(); ++it) {
    if (!it->path.starts_with(prefix)) break;
    const auto name = std::string_view(it->path).substr(prefix.size());
    // Some archives list files only: a folder shows by what is in it.
    const auto first = name.substr(0, name.find('/'));
    if (!first.empty() && (out.empty() || out.back() != first)) out.emplace_back(first);
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::string RootView::place(std::string_view path) const {
  const Entry* entry = find(path);
  return layer_.place(entry != nullptr ? entry->path : base_ + normal_path(path));
}

std::string RootView::program(std::string_view name) const {
  if (name.find('/') != name.npos) return has_link(name) ? normal_path(name) : std::string{};
  for (const auto folder : kPath) {
    const std::string path = std::string(folder) + std::string(name);
    if (has_link(path)) return path;
  }
  return {};
}

std::vector<RootView> find_roots(const Image& image, Budget& budget) {
  std::vector<RootView> out;
  for (const auto& layer : image.layers) {
    std::set<std::string> bases;
    for (const Entry& entry : layer->entries) {
      for (const auto mark : kMarks) {
        if (entry.path.ends_with(mark)) bases.insert(entry.path.substr(0, entry.path.size() - mark.size()));
      }
    }
    for (const auto& base : bases) {
      // /usr/share/doc/etc/passwd is no root of its own when the layer already has one.
      if (!base.empty() && bases.contains("")) continue;
      if (out.size() < kMaxRoots) out.emplace_back(*layer, base, budget);
    }
  }
  return out;
}

}  // namespace assay::firmware
