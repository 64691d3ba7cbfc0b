// SPDX-License-Identifier: Apache-2.0
#include "firmware/image.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace assay::firmware {

Blob Blob::own(Buffer buffer) {
  auto owner = std::make_shared<const Buffer>(std::move(buffer));
  const Bytes bytes(*owner);
  return Blob{bytes, std::move(owner)};
}

Blob Blob::part(std::uint64_t offset, std::uint64_t size) const {
  const std::uint64_t from = std::min<std::uint64_t>(offset, bytes.size());
  return Blob{bytes.subspan(from, std::min<std::uint64_t>(size, bytes.size() - from)), owner};
}

Budget::Budget(Budget& whole, std::uint64_t memory) : limits_(whole.limits_), whole_(&whole) {
  limits_.memory = std::min(limits_.memory, memory);
}

Result<void> Budget::expand_more(std::uint64_t already, std::uint64_t more, std::uint64_t from) {
  // Below this size no ratio is looked at: a block of zeroes packs far better than any bound that is of use.
  constexpr std::uint64_t kSmall = 16ULL << 20U;
  if (more > limits_.memory || already > limits_.memory - more) {
    return fail(Errc::limit, "unpacks to more than " + bytes_text(limits_.memory) + " (memory limit)");
  }
  const std::uint64_t total = already + more;
  if (total > kSmall && total / limits_.ratio > from) {
    return fail(Errc::limit, "unpacks to " + bytes_text(total) + " from " + bytes_text(from) + " (ratio limit)");
  }
  if (whole_ != nullptr) return whole_->expand_more(already, more, from);
  if (produced_.fetch_add(more) > limits_.produced - std::min(more, limits_.produced)) {
    produced_.fetch_sub(more);
    return fail(Errc::limit, "unpacks to more than " + bytes_text(limits_.produced) + " in all");
  }
  return {};
}

Result<void> Budget::count_entries(std::uint64_t n) {
  if (whole_ != nullptr) return whole_->count_entries(n);
  if (entries_.fetch_add(n) > limits_.entries - std::min(n, limits_.entries)) {
    return fail(Errc::limit, "more than " + std::to_string(limits_.entries) + " files and directories");
  }
  return {};
}

const Entry* Layer::find(std::string_view path) const {
  const auto at = std::ranges::lower_bound(entries, path, {}, [](const Entry& e) { return std::string_view(e.path); });
  return at != entries.end() && at->path == path ? &*at : nullptr;
}

std::string Layer::place(std::string_view path) const {
  if (prefix.empty()) return std::string(path);
  if (path.starts_with('/')) path.remove_prefix(1);
  return prefix + std::string(path);
}

bool Image::has_root() const {
  return std::ranges::any_of(layers, [](const auto& layer) { return layer->is_root; });
}

}  // namespace assay::firmware
