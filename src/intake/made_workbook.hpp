// SPDX-License-Identifier: Apache-2.0
// For tests: packages of parts that the tests write themselves, so that every byte of a workbook can be wrong.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace assay::intake {

using Parts = std::vector<std::pair<std::string, std::string>>;

inline std::string zip_of(const Parts& parts) {
  archive* a = archive_write_new();
  archive_write_set_format_zip(a);
  std::string out(8U << 20U, '\0');
  std::size_t used = 0;
  archive_write_open_memory(a, out.data(), out.size(), &used);
  for (const auto& [name, text] : parts) {
    archive_entry* e = archive_entry_new();
    archive_entry_set_pathname(e, name.c_str());
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_size(e, static_cast<la_int64_t>(text.size()));
    archive_write_header(a, e);
    archive_write_data(a, text.data(), text.size());
    archive_entry_free(e);
  }
  archive_write_close(a);
  archive_write_free(a);
  out.resize(used);
  return out;
}

inline constexpr const char* kRelations =
    R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>)";
inline constexpr const char* kBook =
    R"(<workbook xmlns="x" xmlns:r="y"><workbookPr/><sheets><sheet name="ICS" sheetId="7" r:id="rId1"/></sheets></workbook>)";

// One sheet called ICS; `more` are further parts or other versions of the fixed ones (which come first otherwise).
inline std::string workbook_of(const std::string& sheet, const Parts& more = {}) {
  Parts parts = more;
  const auto add = [&](const char* name, std::string text) {
    for (const auto& p : more) {
      if (p.first == name) return;
    }
    parts.emplace_back(name, std::move(text));
  };
  add("xl/workbook.xml", kBook);
  add("xl/_rels/workbook.xml.rels", kRelations);
  add("xl/worksheets/sheet1.xml", "<worksheet>" + sheet + "</worksheet>");
  return zip_of(parts);
}

}  // namespace assay::intake
