// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "base/text.hpp"
#include "firmware/check.hpp"
#include "firmware/components/kernel_config.hpp"
#include "firmware/components/package_database.hpp"
#include "firmware/components/signatures.hpp"
#include "firmware/knowledge.hpp"

namespace assay::firmware {
namespace {

constexpr std::string_view kId = "components";
constexpr int kRevision = 1;
constexpr std::size_t kMaxDatabase = 64U << 20U;

// "vermagic=2.6.36 mod_unload MIPS32_R2" stands in every kernel module (.modinfo).
std::string_view vermagic(Bytes content) {
  constexpr std::string_view kMark = "vermagic=";
  const auto text = text_of(content);
  const auto at = text.find(kMark);
  if (at == text.npos) return {};
  const auto rest = text.substr(at + kMark.size(), 64);
  const auto end = rest.find_first_not_of("0123456789.");
  const auto version = rest.substr(0, end);
  // Debian and its kin write an ABI number as the release ("6.1.0-50-marvell"): that is not the kernel's version.
  if (version.ends_with(".0") && end != rest.npos && rest.size() > end + 1 && rest[end] == '-' && rest[end + 1] >= '0' &&
      rest[end + 1] <= '9')
    return {};
  return std::ranges::count(version, '.') >= 1 && !version.ends_with('.') ? version : std::string_view{};
}

class Components final : public Check {
 public:
  explicit Components(const Knowledge& knowledge) : knowledge_(knowledge) {}

  void file(const File& file, Context& context) override {
    ++items_;
    const PackageFormat format = file.entry == nullptr ? PackageFormat::none : package_format(file.entry->path);
    if (format != PackageFormat::none) {
      database(file, format, context);
      return;
    }
    const std::string_view place = file.entry == nullptr ? std::string_view{} : std::string_view(file.place);
    for (const SignatureHit& hit : find_signatures(knowledge_, file.content, place)) {
      const Signature& s = *hit.signature;
      Observation o = observed(context, "component", kId, kRevision, file);
      o.fields.set("name", s.name);
      o.fields.set("version", hit.version);
      o.fields.set_if("cpe", cpe_of(s, hit.version));
      o.fields.set_if("purl", purl_of(s, hit.version));
      o.fields.set_if("supplier", s.supplier);
      o.fields.set_if("license", s.license);
      o.fields.set("how", hit.how);
      context.sink.put(std::move(o.seal()));
      if (s.how == "kernel-banner") kernel(file, hit.version, context);
    }
    if (file.place.ends_with(".ko")) module(file);
  }

  void finish(const Image& image, const std::vector<std::string>& gaps, Context& context) override {
    for (auto& [name, observation] : single_) {
      if (!listed_.contains(name)) context.sink.put(std::move(observation));
    }
    for (const auto& [version, place] : modules_) {
      Observation o;
      o.kind = "component";
      o.evidence = context.evidence;
      o.by = "firmware/components";
      o.revision = kRevision;
      o.at.path = place;
      o.fields.set("name", "linux_kernel");
      o.fields.set("version", version);
      const auto found = std::ranges::find(knowledge_.signatures, "linux_kernel", &Signature::id);
      if (found != knowledge_.signatures.end()) {
        o.fields.set_if("cpe", cpe_of(*found, version));
        o.fields.set_if("purl", purl_of(*found, version));
        o.fields.set_if("supplier", found->supplier);
        o.fields.set_if("license", found->license);
      }
      o.fields.set("how", "kernel-banner");
      context.sink.put(std::move(o.seal()));
    }
    std::vector<std::string> why = gaps;
    if (!knowledge_.patterns) why.emplace_back("no component signatures are loaded");
    std::ranges::sort(skipped_);
    why.insert(why.end(), skipped_.begin(), skipped_.end());
    put_coverage(context, kId, kRevision, image, why, items_);
  }

 private:
  void database(const File& file, PackageFormat format, Context& context) {
    if (file.content.size() > kMaxDatabase) {
      const std::lock_guard lock(mutex_);
      skipped_.push_back(file.place + " is larger than " + bytes_text(kMaxDatabase) + " and was not read");
      return;
    }
    // opkg keeps each package's own file beside the list of all: they count only where that list is not there.
    const bool single = file.place.ends_with(".control");
    for (const Package& p : parse_packages(text_of(file.content), format)) {
      Observation o = observed(context, "component", kId, kRevision, file);
      o.at.line = p.line;
      o.fields.set("name", valid_utf8(p.name));
      o.fields.set("version", valid_utf8(p.version));
      if (const Signature* s = knowledge_.of_package(p.name)) {
        o.fields.set_if("cpe", cpe_of(*s, upstream_version(p.version, format)));
        o.fields.set_if("supplier", s->supplier);
      }
      o.fields.set("purl", purl(p, format));
      o.fields.set_if("license", valid_utf8(p.license));
      o.fields.set("how", "package-database");
      o.seal();
      if (format == PackageFormat::opkg) {
        const std::lock_guard lock(mutex_);
        if (single) {
          single_.push_back({p.name, std::move(o)});
          continue;
        }
        listed_.insert(p.name);
      }
      context.sink.put(std::move(o));
    }
  }

  // A purl (package-url specification): '+' and ':' of a version are percent-encoded.
  static std::string purl(const Package& p, PackageFormat format) {
    std::string version;
    for (const char c : valid_utf8(p.version)) {
      if (c == '+') {
        version += "%2B";
      } else if (c == ':') {
        version += "%3A";
      } else {
        version += c;
      }
    }
    const std::string_view space = format == PackageFormat::dpkg ? "debian/" : format == PackageFormat::apk ? "alpine/" : "";
    std::string out = "pkg:" + std::string(purl_type(format)) + "/" + std::string(space) + valid_utf8(p.name) + "@" + version;
    if (!p.arch.empty()) out += "?arch=" + valid_utf8(p.arch);
    return out;
  }

  void kernel(const File& file, const std::string& version, Context& context) {
    Observation o = observed(context, "kernel", kId, kRevision, file);
    o.fields.set("version", version);
    o.fields.set_if("options", kernel_options(file.content));
    context.sink.put(std::move(o.seal()));
  }

  void module(const File& file) {
    const auto version = vermagic(file.content);
    if (version.empty()) return;
    const std::lock_guard lock(mutex_);
    const auto [at, fresh] = modules_.try_emplace(std::string(version), file.place);
    if (!fresh && file.place < at->second) at->second = file.place;
  }

  const Knowledge& knowledge_;
  std::atomic<std::uint64_t> items_{0};
  std::mutex mutex_;
  std::map<std::string, std::string> modules_;  // version -> first module that shows it
  std::set<std::string> listed_;
  std::vector<std::pair<std::string, Observation>> single_;
  std::vector<std::string> skipped_;
};

}  // namespace

extern const CheckEntry components_check;
constinit const CheckEntry components_check{kId, kRevision,
                                            [](const Knowledge& k) -> std::unique_ptr<Check> { return std::make_unique<Components>(k); }};

}  // namespace assay::firmware
