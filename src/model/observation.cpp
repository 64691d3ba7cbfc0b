// SPDX-License-Identifier: Apache-2.0
#include "model/observation.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <tuple>

#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace assay {
namespace {

Value to_value(const Place& at) {
  Value out = Value::object();
  out.set_if("path", at.path);
  if (at.line != 0) out.set("line", at.line);
  if (at.has_offset) out.set("offset", at.offset);
  if (at.frame != 0) out.set("frame", at.frame);
  out.set_if("request", at.request);
  if (at.page != 0) out.set("page", at.page);
  out.set_if("selector", at.selector);
  return out;
}

auto order(const Observation& o) {
  return std::tie(o.kind, o.evidence, o.at.path, o.at.line, o.at.offset, o.at.frame, o.by, o.id);
}

bool is_common(std::string_view name) {
  static constexpr std::array<std::string_view, 6> names = {"id", "kind", "evidence", "at", "by", "revision"};
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

std::string Place::to_text() const {
  std::string out = path;
  if (line != 0) out += ":" + std::to_string(line);
  const auto more = [&](const std::string& text) { out += (out.empty() ? "" : " ") + text; };
  if (has_offset) {
    std::array<char, 32> hex{};
    std::snprintf(hex.data(), hex.size(), "byte 0x%llx", static_cast<unsigned long long>(offset));
    more(hex.data());
  }
  if (frame != 0) more("frame " + std::to_string(frame));
  if (!request.empty()) more("request " + request);
  if (page != 0) more("page " + std::to_string(page));
  if (!selector.empty()) more(selector);
  return out;
}

Observation& Observation::seal() {
  id.clear();
  id = "o:" + sha256_hex(to_canonical_json(assay::to_value(*this))).substr(0, 16);
  return *this;
}

Value to_value(const Observation& o) {
  Value out = Value::object();
  out.set_if("id", o.id);
  out.set("kind", o.kind);
  out.set("evidence", o.evidence);
  Value at = to_value(o.at);
  if (!at.empty()) out.set("at", std::move(at));
  out.set("by", o.by);
  out.set("revision", o.revision);
  for (const auto& m : o.fields.members()) out.set(m.name, m.value);
  return out;
}

Result<Observation> observation_from(const Value& value) {
  if (!value.is_object())
    return fail(Errc::malformed, "an observation must be an object",
                Where{.path = {}, .offset = 0, .line = value.mark.line, .column = value.mark.column});
  Observation o;
  o.kind = value["kind"].text();
  if (o.kind.empty())
    return fail(Errc::malformed, "an observation needs a kind",
                Where{.path = {}, .offset = 0, .line = value.mark.line, .column = value.mark.column});
  o.evidence = value["evidence"].text();
  o.by = value["by"].text();
  o.revision = static_cast<int>(value["revision"].integer(1));
  const Value& at = value["at"];
  o.at.path = at["path"].text();
  o.at.line = static_cast<std::uint32_t>(at["line"].integer());
  if (const Value* offset = at.find("offset")) {
    o.at.has_offset = true;
    o.at.offset = static_cast<std::uint64_t>(offset->integer());
  }
  o.at.frame = static_cast<std::uint64_t>(at["frame"].integer());
  o.at.request = at["request"].text();
  o.at.page = static_cast<std::uint32_t>(at["page"].integer());
  o.at.selector = at["selector"].text();
  for (const auto& m : value.members()) {
    if (!is_common(m.name)) o.fields.set(m.name, m.value);
  }
  o.seal();
  return o;
}

void sort_unique(std::vector<Observation>& observations) {
  std::ranges::sort(observations, [](const Observation& a, const Observation& b) { return order(a) < order(b); });
  const auto [from, to] = std::ranges::unique(observations, {}, &Observation::id);
  observations.erase(from, to);
}

}  // namespace assay
