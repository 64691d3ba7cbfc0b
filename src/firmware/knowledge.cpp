// SPDX-License-Identifier: Apache-2.0
#include "firmware/knowledge.hpp"

#include <algorithm>
#include <initializer_list>
#include <unordered_set>
#include <utility>

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "firmware/examine.hpp"

namespace assay::firmware {
namespace {

constexpr std::string_view kComponents = "knowledge/components/";
constexpr std::string_view kCredentials = "knowledge/credentials/";
constexpr std::string_view kServices = "knowledge/services/";

class Loader {
 public:
  explicit Loader(Knowledge& out) : out_(out) {}

  void components(const Value& document);
  void services(const Value& document);
  void passwords(std::string_view text);
  void public_keys(std::string_view text);
  void finish();

  std::string file;
  std::vector<Error> errors;

 private:
  void error(Mark mark, std::string what) {
    errors.push_back({Errc::malformed, std::move(what), Where{.path = file, .offset = 0, .line = mark.line, .column = mark.column}});
  }
  // Reports members that nobody reads: a misspelt key would silently do nothing.
  void only(const Value& object, std::initializer_list<std::string_view> names);
  std::string required(const Value& object, std::string_view name);
  static std::vector<std::string> texts(const Value& value);
  std::unique_ptr<RE2> regex(const Value& value, int groups);
  std::vector<SignatureSample> samples(const Value& list, bool with_version);
  void program(const Value& item);
  void setting(const Value& item);

  Knowledge& out_;
};

void Loader::only(const Value& object, std::initializer_list<std::string_view> names) {
  for (const auto& member : object.members()) {
    if (std::ranges::find(names, member.name) == names.end()) error(member.mark, "unknown key '" + member.name + "'");
  }
}

std::string Loader::required(const Value& object, std::string_view name) {
  const Value* value = object.find(name);
  if (value == nullptr || value->scalar_text().empty()) {
    error(object.mark, "'" + std::string(name) + "' is missing");
    return {};
  }
  return value->scalar_text();
}

std::vector<std::string> Loader::texts(const Value& value) {
  std::vector<std::string> out;
  if (!value.is_array() && !value.scalar_text().empty()) out.push_back(value.scalar_text());
  for (const Value& item : value.items()) out.push_back(item.scalar_text());
  return out;
}

std::unique_ptr<RE2> Loader::regex(const Value& value, int groups) {
  if (value.is_null()) return nullptr;
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_dot_nl(true);
  options.set_log_errors(false);
  auto out = std::make_unique<RE2>(value.scalar_text(), options);
  if (!out->ok()) {
    error(value.mark, "regular expression: " + out->error());
    return nullptr;
  }
  if (out->NumberOfCapturingGroups() < groups) error(value.mark, "the expression needs a group");
  return out;
}

std::vector<SignatureSample> Loader::samples(const Value& list, bool with_version) {
  std::vector<SignatureSample> out;
  for (const Value& item : list.items()) {
    SignatureSample s;
    if (item.is_object()) {
      only(item, {"text", "file", "version"});
      s = {item["text"].scalar_text(), item["file"].scalar_text(), item["version"].scalar_text()};
    } else {
      s.text = item.scalar_text();
    }
    if (with_version && s.version.empty()) error(item.mark, "a match sample names the version");
    out.push_back(std::move(s));
  }
  return out;
}

void Loader::components(const Value& document) {
  only(document, {"components"});
  for (const Value& item : document["components"].items()) {
    only(item, {"id", "name", "supplier", "license", "cpe", "purl", "how", "packages", "patterns", "needs", "path", "soname", "refine",
                "library", "elf", "match", "no_match"});
    Signature s;
    s.id = required(item, "id");
    s.name = item.has("name") ? item["name"].scalar_text() : s.id;
    s.supplier = item["supplier"].scalar_text();
    s.license = item["license"].scalar_text();
    s.cpe = item["cpe"].scalar_text();
    s.purl = item.has("purl") ? item["purl"].scalar_text() : "pkg:generic/" + s.name + "@{version}";
    s.how = item.has("how") ? item["how"].scalar_text() : "version-string";
    s.packages = texts(item["packages"]);
    s.needs = texts(item["needs"]);
    s.path = regex(item["path"], 0);
    s.soname = regex(item["soname"], 1);
    s.refine = regex(item["refine"], 1);
    s.library = regex(item["library"], 0);
    s.elf_only = item["elf"].scalar_text() == "true";
    for (const Value& pattern : item["patterns"].items()) {
      if (auto compiled = regex(pattern, 1)) {
        s.patterns.push_back(std::move(compiled));
        s.pattern_texts.push_back(pattern.scalar_text());
      }
    }
    s.match = samples(item["match"], true);
    s.no_match = samples(item["no_match"], false);
    if (s.patterns.empty() && !s.soname) error(item.mark, "component '" + s.id + "' has neither patterns nor soname");
    if (s.match.empty()) error(item.mark, "component '" + s.id + "' has no match sample");
    for (const Signature& other : out_.signatures) {
      if (other.id == s.id) error(item.mark, "component '" + s.id + "' stands twice");
    }
    out_.signatures.push_back(std::move(s));
  }
}

void Loader::program(const Value& item) {
  only(item, {"names", "listens", "port_flags", "address_flags", "file_flags", "off_flags", "settings"});
  ServiceProgram p;
  p.names = texts(item["names"]);
  if (p.names.empty()) error(item.mark, "'names' is missing");
  for (const Value& l : item["listens"].items()) {
    only(l, {"service", "port", "transport", "movable"});
    Listen listen;
    listen.service = required(l, "service");
    listen.transport = l.has("transport") ? l["transport"].scalar_text() : "tcp";
    listen.movable = l["movable"].scalar_text() != "false";
    if (const auto port = to_integer(required(l, "port")); port && *port >= 0 && *port <= 65535) {
      listen.port = *port;
    } else {
      error(l.mark, "port must be 0 to 65535");
    }
    p.listens.push_back(std::move(listen));
  }
  p.port_flags = texts(item["port_flags"]);
  p.address_flags = texts(item["address_flags"]);
  p.file_flags = texts(item["file_flags"]);
  p.off_flags = texts(item["off_flags"]);
  for (const Value& s : item["settings"].items()) {
    only(s, {"file", "needs_file", "service", "transport", "find"});
    PortSetting setting;
    setting.file = required(s, "file");
    setting.needs_file = s["needs_file"].scalar_text();
    setting.service = required(s, "service");
    setting.transport = s.has("transport") ? s["transport"].scalar_text() : "tcp";
    setting.find = regex(s["find"], 1);
    if (setting.find == nullptr || !setting.find->NamedCapturingGroups().contains("port")) {
      error(s.mark, "'find' needs a group named port");
      continue;
    }
    p.settings.push_back(std::move(setting));
  }
  out_.programs.push_back(std::move(p));
}

void Loader::setting(const Value& item) {
  only(item, {"service", "setting", "path", "find", "meanings", "absent"});
  SettingRule rule;
  rule.service = required(item, "service");
  rule.setting = required(item, "setting");
  rule.path = regex(item["path"], 0);
  rule.find = regex(item["find"], 1);
  for (const Value& m : item["meanings"].items()) {
    only(m, {"value", "meaning"});
    if (auto value = regex(m["value"], 0)) rule.meanings.emplace_back(std::move(value), required(m, "meaning"));
  }
  if (item.has("absent")) {
    only(item["absent"], {"value", "meaning"});
    rule.absent_value = required(item["absent"], "value");
    rule.absent_meaning = required(item["absent"], "meaning");
  }
  if (!rule.path || !rule.find || rule.meanings.empty()) {
    error(item.mark, "a setting needs path, find and meanings");
    return;
  }
  out_.settings.push_back(std::move(rule));
}

void Loader::services(const Value& document) {
  only(document, {"programs", "quiet", "ports", "settings"});
  for (const Value& item : document["programs"].items()) program(item);
  for (auto& name : texts(document["quiet"])) out_.quiet.push_back(std::move(name));
  for (const Value& item : document["ports"].items()) {
    only(item, {"name", "port", "service"});
    const auto port = to_integer(item["port"].scalar_text());
    if (!port || *port < 1 || *port > 65535) {
      error(item.mark, "port must be 1 to 65535");
      continue;
    }
    const std::string name = required(item, "name");
    out_.ports[name] = {*port, item.has("service") ? item["service"].scalar_text() : name};
  }
  for (const Value& item : document["settings"].items()) setting(item);
}

void Loader::passwords(std::string_view text) {
  std::unordered_set<std::string_view> seen(out_.passwords.begin(), out_.passwords.end());
  std::vector<std::string> fresh;
  for (std::string_view line : split(text, '\n')) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || line.starts_with("# ") || line == "#") continue;
    if (seen.insert(line).second) fresh.emplace_back(line);
  }
  std::ranges::move(fresh, std::back_inserter(out_.passwords));
}

void Loader::public_keys(std::string_view text) {
  std::uint32_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    const auto parts = words(line);
    if (parts.empty() || parts[0].starts_with('#')) continue;
    if (parts[0].size() != 64 || parts[0].find_first_not_of("0123456789abcdef") != std::string_view::npos) {
      error({.line = number, .column = 1}, "a fingerprint is 64 hex digits");
      continue;
    }
    out_.public_keys.emplace_back(parts[0]);
  }
}

void Loader::finish() {
  std::ranges::sort(out_.public_keys);
  std::vector<Pattern> patterns;
  for (std::size_t i = 0; i < out_.signatures.size(); ++i) {
    const Signature& s = out_.signatures[i];
    for (std::size_t k = 0; k < s.pattern_texts.size(); ++k) {
      patterns.push_back({.text = s.pattern_texts[k]});
      out_.pattern_owner.emplace_back(i, k);
    }
    for (const auto& package : s.packages) {
      if (package.ends_with('*')) {
        out_.by_package_start.emplace_back(package.substr(0, package.size() - 1), i);
      } else {
        out_.by_package.emplace(package, i);
      }
    }
  }
  if (!patterns.empty()) {
    auto built = PatternSet::build(patterns);
    if (built) {
      out_.patterns.emplace(*std::move(built));
    } else {
      errors.push_back(std::move(built).error());
    }
  }
  for (std::size_t i = 0; i < out_.programs.size(); ++i) {
    for (const auto& name : out_.programs[i].names) out_.by_program.emplace(name, i);
  }
  std::ranges::sort(out_.quiet);
}

}  // namespace

const Signature* Knowledge::of_package(std::string_view name) const {
  if (const auto exact = by_package.find(name); exact != by_package.end()) return &signatures[exact->second];
  for (const auto& [start, index] : by_package_start) {
    if (name.starts_with(start)) return &signatures[index];
  }
  return nullptr;
}

std::vector<Error> load_knowledge(const std::vector<EmbeddedFile>& files, std::shared_ptr<const Knowledge>& out) {
  auto knowledge = std::make_shared<Knowledge>();
  Loader loader(*knowledge);
  for (const EmbeddedFile& f : files) {
    loader.file = f.path;
    if (f.path.starts_with(kCredentials) && f.path.ends_with(".txt")) {
      if (f.path.ends_with("/public-keys.txt")) {
        loader.public_keys(f.text);
      } else {
        loader.passwords(f.text);
      }
      continue;
    }
    const bool components = f.path.starts_with(kComponents);
    if ((!components && !f.path.starts_with(kServices)) || !f.path.ends_with(".yaml")) continue;
    auto document = parse_yaml(f.text, f.path);
    if (!document) {
      loader.errors.push_back(std::move(document).error());
    } else if (components) {
      loader.components(*document);
    } else {
      loader.services(*document);
    }
  }
  loader.finish();
  if (loader.errors.empty()) out = std::move(knowledge);
  return std::move(loader.errors);
}

}  // namespace assay::firmware
