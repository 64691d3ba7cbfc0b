// SPDX-License-Identifier: Apache-2.0
#include "firmware/check.hpp"

namespace assay::firmware {

#define CHECK(name) extern const CheckEntry name##_check;
#include "firmware/checks/list.inc"
#undef CHECK

const std::vector<CheckEntry>& checks() {
#define CHECK(name) name##_check,
  static const std::vector<CheckEntry> all{
#include "firmware/checks/list.inc"
  };
#undef CHECK
  return all;
}

Observation observed(const Context& context, std::string_view kind, std::string_view check, int revision, const File& file) {
  Observation out;
  out.kind = kind;
  out.evidence = context.evidence;
  out.at.path = file.place;
  if (file.entry == nullptr) {
    out.at.has_offset = true;
    out.at.offset = file.offset;
  }
  out.by = "firmware/" + std::string(check);
  out.revision = revision;
  return out;
}

void put_coverage(Context& context, std::string_view check, int revision, const Image& image, const std::vector<std::string>& gaps,
                  std::uint64_t items) {
  // A reason is read by people: the first few say enough.
  constexpr std::size_t kMaxReasons = 8;
  Observation out;
  out.kind = "coverage";
  out.evidence = context.evidence;
  out.by = "firmware/" + std::string(check);
  out.revision = revision;
  out.fields.set("check", out.by);
  out.fields.set("scope", image.has_root() ? "root-filesystem" : "image");
  out.fields.set("complete", gaps.empty());
  std::string reason;
  for (std::size_t i = 0; i < gaps.size() && i < kMaxReasons; ++i) reason += (i == 0 ? "" : "; ") + gaps[i];
  if (gaps.size() > kMaxReasons) reason += "; and " + std::to_string(gaps.size() - kMaxReasons) + " more";
  out.fields.set_if("reason", reason);
  out.fields.set("items", items);
  if (context.unsandboxed) out.fields.set("unsandboxed", true);
  context.sink.put(std::move(out.seal()));
}

}  // namespace assay::firmware
