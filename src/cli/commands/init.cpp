// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "office/draft.hpp"

namespace assay::cli {

int run_init(const Common& common, const InitOptions& options) {
  Terminal& t = *common.terminal;
  const std::string directory = options.directory.empty() ? common.directory : options.directory;
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return complain(common, Error{Errc::io, error.message(), Where{.path = directory}});
  const std::string path = directory + "/product.yaml";
  const bool have_product = std::filesystem::exists(path, error);
  if (have_product && !options.from.empty() && !options.force) {
    return complain(common, Error{Errc::conflict, "is there already; --force drafts over it", Where{.path = path}});
  }
  bool wrote = false;
  if (!have_product || !options.from.empty()) {
    std::vector<Observation> seen;
    if (!options.from.empty()) {
      std::shared_ptr<const firmware::Knowledge> knowledge;
      if (const auto errors = office::load_knowledge(common.catalogue, knowledge); !errors.empty()) return complain(common, errors);
      const auto how = firmware_options(common);
      if (!how) return complain(common, how.error());
      auto examined = office::examine_path(options.from, "", *knowledge, *how, t.progress());
      if (!examined) return complain(common, examined.error(), ExitStatus::not_examined);
      seen = std::move(examined->observations);
    }
    const std::string source = options.from.empty() ? std::string{} : std::filesystem::path(options.from).filename().string();
    if (const auto written = office::write_text(path, office::draft_product(seen, source)); !written)
      return complain(common, written.error());
    wrote = true;
    if (!common.json)
      t.line("Wrote " + path + (options.from.empty() ? "" : ", drafted from " + printable(source, 80)) +
             ". Fill in what stands in <angle brackets>.");
  }
  if (!record::Workspace::exists(directory)) {
    if (const auto made = record::Workspace::create(directory); !made) return complain(common, made.error());
    if (!common.json) t.line("Made the workspace " + directory + "/.assay.");
  }
  if (common.json) {
    Value out = Value::object();
    out.set("product", path);
    out.set("wrote", wrote);
    out.set("workspace", directory + "/.assay");
    print_json(common, out);
    return 0;
  }
  t.line("Next: `assay add FIRMWARE`, then `assay status`.");
  return 0;
}

}  // namespace assay::cli
