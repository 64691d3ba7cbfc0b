// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/text.hpp"
#include "firmware/check.hpp"
#include "firmware/elf/elf.hpp"

namespace assay::firmware {
namespace {

constexpr std::string_view kId = "binaries";
constexpr int kRevision = 1;

bool is_musl(const elf::File& file) {
  return file.interpreter.find("ld-musl") != std::string_view::npos || std::ranges::find(file.needed, "libc.so") != file.needed.end();
}

class Binaries final : public Check {
 public:
  void file(const File& file, Context& context) override {
    if (file.entry == nullptr || !elf::looks_like(file.content)) return;
    const auto elf = elf::read(file.content);
    if (!elf) {
      const std::lock_guard lock(mutex_);
      unread_.push_back(file.place + " is a broken ELF file: " + elf.error().what);
      return;
    }
    if (elf->type != elf::Type::executable && elf->type != elf::Type::shared_library) return;
    ++items_;
    Observation o = observed(context, "binary", kId, kRevision, file);
    Value& f = o.fields;
    f.set_if("arch", elf->arch);
    f.set("bits", static_cast<std::int64_t>(elf->bits));
    f.set("endian", elf->order == Endian::big ? "big" : "little");
    f.set("type", elf::to_text(elf->type));
    // Without PT_GNU_STACK the kernel of the device decides: not determined here.
    if (elf->executable_stack) f.set("nx", !*elf->executable_stack);
    if (elf->type == elf::Type::executable) f.set("pie", elf->pie);
    f.set("relro", !elf->relro ? "none" : elf->bind_now && elf->dynamic ? "full" : "partial");
    if (elf->symbols_known) hardening(*elf, f);
    f.set("stripped", elf->stripped);
    f.set_if("rpath", valid_utf8(elf->rpath));
    f.set_if("interpreter", valid_utf8(elf->interpreter));
    context.sink.put(std::move(o.seal()));
  }

  void finish(const Image& image, const std::vector<std::string>& gaps, Context& context) override {
    std::vector<std::string> why = gaps;
    std::ranges::sort(unread_);
    why.insert(why.end(), unread_.begin(), unread_.end());
    put_coverage(context, kId, kRevision, image, why, items_);
  }

 private:
  static void hardening(const elf::File& elf, Value& f) {
    bool canary = false;
    bool fortify = false;
    for (const auto name : elf.symbols) {
      if (name.starts_with("__stack_chk_")) {
        canary = true;
      } else if (name.starts_with("__") && name.ends_with("_chk")) {
        fortify = true;
      }
    }
    f.set("canary", canary);
    // The fortify headers used with musl leave no trace in the symbols, so their absence says nothing there.
    if (fortify || !is_musl(elf)) f.set("fortify", fortify);
  }

  std::atomic<std::uint64_t> items_{0};
  std::mutex mutex_;
  std::vector<std::string> unread_;
};

}  // namespace

extern const CheckEntry binaries_check;
constinit const CheckEntry binaries_check{kId, kRevision,
                                          [](const Knowledge&) -> std::unique_ptr<Check> { return std::make_unique<Binaries>(); }};

}  // namespace assay::firmware
