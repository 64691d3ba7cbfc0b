// SPDX-License-Identifier: Apache-2.0
// kernel/configs.c: "IKCFG_ST", the gzip-compressed .config, "IKCFG_ED".
#include "firmware/components/kernel_config.hpp"

#include <libdeflate.h>

#include <array>
#include <memory>
#include <string_view>

#include "base/text.hpp"

namespace assay::firmware {
namespace {

constexpr std::string_view kStart = "IKCFG_ST";
constexpr std::string_view kEnd = "IKCFG_ED";
// A .config of today's kernel has about 300 KiB.
constexpr std::size_t kMaxConfig = 4U << 20U;

constexpr std::array<std::string_view, 24> kOptions = {"MMU",
                                                       "STACKPROTECTOR",
                                                       "CC_STACKPROTECTOR",
                                                       "STRICT_KERNEL_RWX",
                                                       "STRICT_MODULE_RWX",
                                                       "RANDOMIZE_BASE",
                                                       "FORTIFY_SOURCE",
                                                       "HARDENED_USERCOPY",
                                                       "SECCOMP",
                                                       "SECURITY",
                                                       "SECURITY_SELINUX",
                                                       "MODULE_SIG",
                                                       "MODULES",
                                                       "DEVMEM",
                                                       "STRICT_DEVMEM",
                                                       "DEVKMEM",
                                                       "KEXEC",
                                                       "DEBUG_FS",
                                                       "KGDB",
                                                       "MAGIC_SYSRQ",
                                                       "DM_VERITY",
                                                       "SYN_COOKIES",
                                                       "SLAB_FREELIST_RANDOM",
                                                       "DEBUG_KERNEL"};

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
};

}  // namespace

std::string kernel_options(Bytes kernel) {
  const auto text = text_of(kernel);
  const auto start = text.find(kStart);
  if (start == text.npos) return {};
  const auto from = start + kStart.size();
  const auto end = text.find(kEnd, from);
  if (end == text.npos) return {};
  const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> inflate(libdeflate_alloc_decompressor());
  if (!inflate) return {};
  std::string config(kMaxConfig, '\0');
  std::size_t size = 0;
  const Bytes packed = kernel.subspan(from, end - from);
  if (libdeflate_gzip_decompress(inflate.get(), packed.data(), packed.size(), config.data(), config.size(), &size) != LIBDEFLATE_SUCCESS) {
    return {};
  }
  config.resize(size);
  std::string out;
  for (const auto option : kOptions) {
    const std::string set = "\nCONFIG_" + std::string(option) + "=";
    const std::string unset = "\n# CONFIG_" + std::string(option) + " is not set";
    std::string_view value;
    if (const auto at = config.find(set); at != config.npos) {
      value = std::string_view(config).substr(at + set.size(), 1);
    } else if (config.find(unset) != config.npos) {
      value = "n";
    } else {
      continue;
    }
    if (!out.empty()) out += ' ';
    out += "CONFIG_" + std::string(option) + "=" + std::string(value);
  }
  return out;
}

}  // namespace assay::firmware
