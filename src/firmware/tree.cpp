// SPDX-License-Identifier: Apache-2.0
#include "firmware/tree.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace assay::firmware {
namespace {

constexpr std::size_t kLongestPath = 4096;  // PATH_MAX
constexpr std::size_t kProblems = 100;

void escape(std::string& out, char c) {
  static constexpr std::string_view hex = "0123456789ABCDEF";
  const auto b = static_cast<unsigned char>(c);
  out += '%';
  out += hex[b >> 4U];
  out += hex[b & 15U];
}

}  // namespace

std::string safe_path(std::string_view name, bool& hostile) {
  std::string out;
  for (const std::string_view component : split(name, '/')) {
    if (component.empty() || component == ".") continue;
    out += '/';
    if (component == "..") {
      hostile = true;
      out += "%2E%2E";
      continue;
    }
    const bool utf8 = valid_utf8(component) == component;
    for (const char c : component) {
      const auto b = static_cast<unsigned char>(c);
      if (b < 0x20 || b == 0x7f) {
        hostile = hostile || b == 0;
        escape(out, c);
      } else if (b >= 0x80 && !utf8) {
        escape(out, c);
      } else {
        out += c;
      }
    }
  }
  return out.empty() ? "/" : out;
}

Result<void> EntryList::add(Entry entry) {
  TRY_VOID(budget_.count_entries(1));
  bool hostile = false;
  std::string path = safe_path(entry.path, hostile);
  if (hostile) problem("name leads outside its tree: " + printable(entry.path, 120));
  if (path.size() > kLongestPath) {
    problem("path longer than 4096 bytes: " + printable(path, 60));
    return {};
  }
  entry.path = std::move(path);
  entries_.push_back(std::move(entry));
  return {};
}

void EntryList::problem(std::string text) {
  if (problems_.size() < kProblems) {
    problems_.push_back(std::move(text));
  } else {
    ++more_problems_;
  }
}

const Entry* EntryList::find(std::string_view name) const {
  bool hostile = false;
  const std::string path = safe_path(name, hostile);
  const auto at = std::find_if(entries_.rbegin(), entries_.rend(), [&](const Entry& e) { return e.path == path; });
  return at == entries_.rend() ? nullptr : &*at;
}

Opened EntryList::finish() {
  Opened out;
  std::ranges::stable_sort(entries_, {}, &Entry::path);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (i + 1 < entries_.size() && entries_[i].path == entries_[i + 1].path) continue;
    out.entries.push_back(std::move(entries_[i]));
  }
  out.parts = std::move(parts_);
  out.problems = std::move(problems_);
  if (more_problems_ != 0) out.problems.push_back("and " + std::to_string(more_problems_) + " more problems");
  return out;
}

std::optional<FileType> file_type(std::uint32_t mode) {
  switch (mode & 0170000U) {
    case 0100000: return FileType::regular;
    case 0040000: return FileType::directory;
    case 0120000: return FileType::symlink;
    case 0020000: return FileType::character_device;
    case 0060000: return FileType::block_device;
    case 0010000: return FileType::fifo;
    case 0140000: return FileType::socket;
    default: return std::nullopt;
  }
}

}  // namespace assay::firmware
