// SPDX-License-Identifier: Apache-2.0
#include "office/draft.hpp"

#include <map>
#include <set>

#include "base/text.hpp"
#include "base/yaml.hpp"

namespace assay::office {
namespace {

std::string inner_path(const Observation& o) {
  const auto at = o.at.path.rfind("//");
  return at == std::string::npos ? o.at.path : o.at.path.substr(at + 1);
}

struct Row {
  std::string key;
  Value value;
};

void add_row(Value& table, std::set<std::string>& seen, std::string_view name, Row row) {
  if (!seen.insert(std::string(name) + "\n" + row.key).second) return;
  Value out = Value::object();
  out.set("ID", std::string(name) + "-" + std::to_string(table.items().size() + 1));
  for (const auto& m : row.value.members()) out.set(m.name, m.value);
  table.push(std::move(out));
}

}  // namespace

std::string draft_product(const std::vector<Observation>& observations, std::string_view source) {
  std::string out =
      "# What Assay must know about the product. Only `product` is required; everything else settles questions.\n"
      "# Every key is explained in the schema: `assay help product`. Values in <angle brackets> are yours to fill in.\n";
  if (!source.empty()) {
    out += "# Drafted from " + printable(source, 120) +
           ": the rows below are what the image shows. Describe each, or remove it and say why it is no part of the product;\n# a row "
           "without its Description, Justification and so on is still owed.\n";
  }
  Value product = Value::object();
  Value identity = Value::object();
  identity.set("name", "<trade name>");
  identity.set("model", "<model designation>");
  identity.set("version", "<software version>");
  Value manufacturer = Value::object();
  manufacturer.set("name", "<manufacturer>");
  manufacturer.set("address", "<postal address>");
  identity.set("manufacturer", std::move(manufacturer));
  product.set("product", std::move(identity));
  Value markets = Value::array();
  for (const char* m : {"eu", "uk", "jp"}) markets.push(m);
  product.set("markets", std::move(markets));

  Value tables = Value::object();
  std::set<std::string> seen;
  for (const char* name : {"AuthMech", "SoftComp", "SecParam", "SoftServ"}) tables.set(name, Value::array());
  for (const Observation& o : observations) {
    Value row = Value::object();
    if (o.kind == "account" && !o.fields["locked"].boolean()) {
      row.set("user", o.fields["user"]);
      row.set("path", inner_path(o));
      add_row(*tables.find("AuthMech"), seen, "AuthMech", {std::string(o.fields["user"].text()) + "@" + inner_path(o), std::move(row)});
    } else if (o.kind == "component") {
      row.set("component", o.fields["name"]);
      row.set_if("version", o.fields["version"]);
      add_row(*tables.find("SoftComp"), seen, "SoftComp",
              {std::string(o.fields["name"].text()) + " " + std::string(o.fields["version"].text()), std::move(row)});
    } else if (o.kind == "key" && o.fields["type"].text() != "certificate" && o.fields["type"].text() != "public-key") {
      row.set("Type", o.fields["type"]);
      row.set("path", inner_path(o));
      add_row(*tables.find("SecParam"), seen, "SecParam", {inner_path(o), std::move(row)});
    } else if (o.kind == "listener") {
      row.set("service", o.fields["service"]);
      if (o.fields.has("port")) row.set("port", o.fields["port"]);
      row.set_if("transport", o.fields["transport"]);
      add_row(*tables.find("SoftServ"), seen, "SoftServ",
              {std::string(o.fields["service"].text()) + ":" + o.fields["port"].scalar_text(), std::move(row)});
    }
  }
  Value ixit = Value::object();
  for (auto& m : tables.members()) ixit.set_if(m.name, std::move(m.value));
  product.set_if("ixit", std::move(ixit));
  return out + to_yaml(product);
}

}  // namespace assay::office
