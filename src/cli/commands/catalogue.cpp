// SPDX-License-Identifier: Apache-2.0
#include "assess/catalogue.hpp"

#include <iterator>

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "cli/command.hpp"
#include "office/importing.hpp"

namespace assay::cli {

int run_catalogue_check(const Common& common) {
  std::shared_ptr<const assess::Catalogue> catalogue;
  std::vector<Error> errors = office::load_catalogue(common.catalogue, catalogue);
  // What could be read is linted too, so that one visit shows everything.
  if (catalogue != nullptr) {
    auto more = assess::lint(*catalogue);
    errors.insert(errors.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  std::shared_ptr<const firmware::Knowledge> knowledge;
  const auto more = office::load_knowledge(common.catalogue, knowledge);
  errors.insert(errors.end(), more.begin(), more.end());
  intake::Mappings mappings;
  const auto imports = office::load_mappings(common.catalogue, mappings);
  errors.insert(errors.end(), imports.begin(), imports.end());
  if (common.json) {
    Value list = Value::array();
    for (const Error& e : errors) {
      Value v = Value::object();
      v.set("path", e.where.path);
      v.set("line", e.where.line);
      v.set("column", e.where.column);
      v.set("what", e.what);
      list.push(std::move(v));
    }
    Value out = Value::object();
    out.set("ok", errors.empty());
    out.set("errors", std::move(list));
    print_json(common, out);
    return errors.empty() ? 0 : static_cast<int>(ExitStatus::failed);
  }
  if (!errors.empty()) return complain(common, errors, ExitStatus::failed);
  common.terminal->line("The catalogue is in order: " + std::to_string(assess::scheme_ids(*catalogue).size()) + " schemes, digest " +
                        assess::digest(*catalogue).substr(0, 12) + ".");
  return 0;
}

int run_catalogue_list(const Common& common) {
  std::shared_ptr<const assess::Catalogue> catalogue;
  if (const auto errors = office::load_catalogue(common.catalogue, catalogue); !errors.empty()) return complain(common, errors);
  const Value list = assess::list(*catalogue);
  if (common.json) {
    print_json(common, list);
    return 0;
  }
  Terminal& t = *common.terminal;
  t.line(t.bold(padded("scheme", 16) + padded("edition", 38) + "requirements  units  trees  questions  confirmed/secondary/unverified"));
  for (const Value& s : list.items()) {
    const Value& c = s["confidence"];
    t.line(padded(s["id"].text(), 16) + padded(s["edition"].text(), 38) + padded(s["requirements"].scalar_text(), 14) +
           padded(s["units"].scalar_text(), 7) + padded(s["trees"].scalar_text(), 7) + padded(s["questions"].scalar_text(), 11) +
           c["confirmed"].scalar_text() + "/" + c["secondary"].scalar_text() + "/" + c["unverified"].scalar_text() +
           (s["complete"].boolean(true) ? "" : "  not complete"));
    for (const Value& gap : s["gaps"].items()) t.paragraph("gap: " + std::string(gap.text()), 4);
  }
  return 0;
}

int run_catalogue_show(const Common& common, const CatalogueOptions& options) {
  std::shared_ptr<const assess::Catalogue> catalogue;
  if (const auto errors = office::load_catalogue(common.catalogue, catalogue); !errors.empty()) return complain(common, errors);
  const Value shown = assess::show(*catalogue, options.id);
  if (shown.is_null())
    return complain(common, Error{Errc::not_found,
                                  "nothing in the catalogue is called " + printable(options.id, 80) +
                                      office::suggestion(options.id, assess::ids(*catalogue)),
                                  {}});
  if (common.json) {
    print_json(common, shown);
  } else {
    common.terminal->line(trim(to_yaml(shown)));
  }
  return 0;
}

int run_catalogue_confirm(const Common& common, const CatalogueOptions& options) {
  std::shared_ptr<const assess::Catalogue> catalogue;
  if (const auto errors = office::load_catalogue(common.catalogue, catalogue); !errors.empty()) return complain(common, errors);
  const auto slash = options.id.find('/');
  const std::string scheme = options.id.substr(0, slash);
  if (slash == std::string::npos || !assess::confirmable(*catalogue, scheme, options.id.substr(slash + 1)))
    return complain(common, Error{Errc::not_found,
                                  "expected SCHEME/ENTRY as `assay status` names it, found " + printable(options.id, 80) +
                                      office::suggestion(options.id, assess::ids(*catalogue)),
                                  {}});
  std::string edition;
  const Value schemes = assess::list(*catalogue);
  for (const Value& s : schemes.items()) {
    if (s["key"].text() == scheme) edition = s["edition"].text();
  }
  const Confirmation c{scheme, edition, options.id.substr(slash + 1), options.by, options.source, to_text(now())};
  const std::string path = office::confirmations_path();
  if (const auto saved = office::save_confirmation(path, c); !saved) return complain(common, saved.error());
  if (common.json) {
    print_json(common, assay::to_value(c));
    return 0;
  }
  common.terminal->line("Confirmed " + options.id + " of edition " + edition + " by " + printable(options.by, 60) +
                        ", for all products on this desk (" + path + ").");
  return 0;
}

}  // namespace assay::cli
