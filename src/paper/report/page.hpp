// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "paper/report/escape.hpp"

namespace assay::paper {

// What one template is filled with. `text` is escaped when it is written; only `html`, whose names end in "_html", goes out as it stands.
class Fields {
 public:
  struct Field;
  Fields& text(std::string_view name, std::string_view value);
  Fields& html(std::string_view name, Html value);
  Fields& flag(std::string_view name, bool value);
  Fields& list(std::string_view name, std::vector<Fields> items);
  const std::vector<Field>& all() const { return fields_; }

 private:
  std::vector<Field> fields_;
};

struct Fields::Field {
  std::string name;
  std::variant<bool, std::string, Html, std::vector<Fields>> value;
};

// The page's parts, src/paper/report/<part>.mustache. Each part sees its own fields only, so that a missing one is never taken from an
// outer part. The first trouble (no such part, a name in a template that nobody filled) is kept and spoils the whole page.
class Page {
 public:
  Page();
  ~Page();
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  Html fill(std::string_view part, const Fields& fields);
  const std::optional<Error>& trouble() const { return trouble_; }

 private:
  struct Part;
  Part* part(std::string_view name);
  std::map<std::string, std::unique_ptr<Part>, std::less<>> parts_;
  std::optional<Error> trouble_;
};

}  // namespace assay::paper
