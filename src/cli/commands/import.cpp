// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <map>

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "cli/command.hpp"
#include "office/importing.hpp"

namespace assay::cli {
namespace {

// Values of one row on one line: "+ ixit.AuthMech[AuthMech-1]  Description, Default Status".
void show_added(Terminal& t, const std::vector<office::Change>& changes) {
  std::string row;
  std::string line;
  const auto flush = [&] {
    if (!line.empty()) t.paragraph(line, 2);
    line.clear();
  };
  for (const office::Change& c : changes) {
    if (c.kind != office::Change::Kind::added) continue;
    const auto dot = c.path.rfind('.');
    if (c.path.substr(0, dot) != row) {
      flush();
      row = c.path.substr(0, dot);
      line = "+ " + t.bold(printable(row, 120)) + "  ";
    } else {
      line += ", ";
    }
    const std::string field = c.path.substr(dot + 1);
    line += c.becomes.size() <= 12 && field != "ID" ? printable(field, 80) + " " + printable(c.becomes, 40) : printable(field, 80);
  }
  flush();
}

void show(Terminal& t, const office::Import& import) {
  for (const auto& k : import.known)
    t.line(printable(k.place, 200) + "  " + k.mapping + ": " + std::to_string(k.rows) + (k.rows == 1 ? " row" : " rows"));
  show_added(t, import.changes);
  for (const office::Change& c : import.changes) {
    const std::string what = printable(c.path, 120);
    if (c.kind == office::Change::Kind::changed) {
      t.paragraph("~ " + t.bold(what) + "  " + printable(c.was, 120) + " → " +
                      (c.becomes.empty() ? "(removed: it spoke of the support before)" : printable(c.becomes, 120)),
                  2);
    } else if (c.kind == office::Change::Kind::conflict) {
      t.paragraph(
          "! " + t.bold(what) + "  is " + printable(c.was, 120) + ", " + printable(c.place, 200) + " says " + printable(c.becomes, 120), 2);
    }
  }
}

std::size_t count(const office::Import& import, office::Change::Kind kind) {
  return static_cast<std::size_t>(std::ranges::count(import.changes, kind, &office::Change::kind));
}

std::string number(std::size_t n, std::string_view one) {
  return std::to_string(n) + " " + std::string(one) + (n == 1 ? "" : "s");
}

// The certificates' files as evidence; true when all were taken in.
bool take_papers(const Common& common, const std::string& directory, const std::vector<office::CertificatePaper>& papers) {
  office::Desk desk;
  if (const auto errors = office::Desk::open(directory, common.catalogue, desk); !errors.empty()) {
    complain(common, errors);
    return false;
  }
  std::map<std::string, std::vector<office::CertificatePaper>> by_file;
  for (const auto& p : papers) by_file[p.file].push_back(p);
  bool all = true;
  for (const auto& [file, of_it] : by_file) {
    const auto added = office::add_paper(desk, of_it);
    if (!added) {
      complain(common, Error{added.error().code, of_it.front().place + ": " + added.error().to_text(), {}});
      all = false;
    } else if (!common.json) {
      common.terminal->line("Added " + printable(added->name, 80) + " as evidence of " + number(of_it.size(), "certificate"));
    }
  }
  return all;
}

}  // namespace

int run_import(const Common& common, const ImportOptions& options) {
  Terminal& t = *common.terminal;
  const std::string path = options.into.empty() ? common.directory + "/product.yaml" : options.into;
  Product product;
  if (const auto errors = office::load_product(path, product); !errors.empty()) return complain(common, errors);
  std::shared_ptr<const assess::Catalogue> catalogue;
  auto errors = office::load_catalogue(common.catalogue, catalogue);
  intake::Mappings mappings;
  const auto more = office::load_mappings(common.catalogue, mappings);
  errors.insert(errors.end(), more.begin(), more.end());
  if (!errors.empty()) return complain(common, errors);
  if (!options.mapping.empty() && mappings.find(options.mapping) == nullptr) {
    std::string known;
    for (const std::string& id : mappings.ids()) known += (known.empty() ? "" : ", ") + id;
    return complain(common, Error{Errc::not_found, "no mapping " + printable(options.mapping, 60) + "; there are " + known, {}});
  }
  if (!options.scheme.empty() && !known_schemes(common, *catalogue, {options.scheme})) return static_cast<int>(ExitStatus::usage);
  auto tables = office::read_tables_of(options.files, mappings, options.mapping);
  if (!tables) return complain(common, tables.error(), ExitStatus::not_examined);
  const auto text = office::read_text(path, 16U << 20U);
  if (!text) return complain(common, text.error());
  const auto document = parse_yaml(*text, path);
  if (!document) return complain(common, document.error());
  const auto import = office::merged(*document, *std::move(tables), *catalogue, {options.replace, options.scheme, options.by});
  if (!common.json) show(t, import);
  for (const auto& n : import.notices) t.error(printable(n.place.empty() ? n.what : n.place + ": " + n.what, 2000));
  const std::size_t conflicts = count(import, office::Change::Kind::conflict);
  office::Written written;
  bool in_place = true;
  bool papers = true;
  if (!options.dry_run && import.differs()) {
    auto done = office::write_product(path, import.after);
    if (!done) return complain(common, done.error(), ExitStatus::not_examined);
    written = *std::move(done);
    in_place = written.path == path;
  }
  if (!options.dry_run && !import.papers.empty()) {
    const std::string directory = std::filesystem::path(path).parent_path().string();
    papers = take_papers(common, directory.empty() ? "." : directory, import.papers);
  }
  if (common.json) {
    Value out = office::to_value(import);
    out.set("dry_run", options.dry_run);
    out.set("wrote", written.path);
    print_json(common, out);
  } else {
    std::string line = number(count(import, office::Change::Kind::added), "value") + " added, " +
                       std::to_string(count(import, office::Change::Kind::changed)) + " changed, " + std::to_string(import.same) +
                       " the same";
    if (conflicts > 0)
      line += ", " + number(conflicts, "conflict") +
              (options.replace ? " where the files disagree with one another" : " (--replace takes the files' word)");
    t.line((options.dry_run        ? "Nothing is written (--dry-run): "
            : written.path.empty() ? "Nothing to write: "
                                   : "Wrote " + written.path + ": ") +
           line + ".");
  }
  if (!in_place) {
    t.error(path + " " + written.why + "; it stays as it is, and the whole is in " + written.path + " to be merged by hand");
    for (const Error& e : written.errors) t.error(printable(e.to_text(), 2000));
  }
  if (import.known.empty()) return static_cast<int>(ExitStatus::usage);
  return static_cast<int>(conflicts == 0 && in_place && papers ? ExitStatus::ok : ExitStatus::failed);
}

}  // namespace assay::cli
