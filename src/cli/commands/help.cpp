// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/embedded.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "model/schema.hpp"

namespace assay::cli {
namespace {

constexpr std::string_view kFolder = "src/cli/help/";

// Every key of product.yaml with its meaning, from the schema, so that the help cannot disagree with the checker.
void show_properties(Terminal& t, const Value& schema, std::size_t depth) {
  for (const auto& m : schema["properties"].members()) {
    if (m.value["deprecated"].boolean()) continue;
    const std::string indent(depth * 2, ' ');
    std::string type(m.value["type"].text());
    t.line("  " + indent + t.bold(m.name) + (type.empty() || type == "object" ? "" : t.dim("  " + type)));
    if (const auto about = m.value["description"].text(); !about.empty()) t.paragraph(about, 6 + depth * 2);
    if (m.value.has("enum")) {
      std::string list;
      for (const Value& v : m.value["enum"].items()) list += (list.empty() ? "one of " : ", ") + v.scalar_text();
      t.paragraph(list, 6 + depth * 2);
    }
    if (depth < 3) {
      if (m.value.has("properties")) show_properties(t, m.value, depth + 1);
      if (m.value["items"].has("properties")) show_properties(t, m.value["items"], depth + 1);
    }
  }
}

}  // namespace

int run_help(const Common& common, const std::string& topic) {
  Terminal& t = *common.terminal;
  if (topic == "product") {
    const auto schema = shipped_schema("product");
    if (!schema) return complain(common, schema.error());
    if (common.json) {
      print_json(common, schema->json());
      return 0;
    }
    t.paragraph(schema->json()["description"].text());
    t.line();
    show_properties(t, schema->json(), 0);
    return 0;
  }
  const std::string_view text = embedded_file(std::string(kFolder) + topic + ".md");
  if (!topic.empty() && !text.empty()) {
    if (common.json) {
      Value out = Value::object();
      out.set("topic", topic);
      out.set("text", text);
      print_json(common, out);
      return 0;
    }
    for (const std::string_view line : split(text, '\n')) {
      if (line.starts_with("# ")) {
        t.line(t.bold(line.substr(2)));
      } else if (line.starts_with("    ")) {
        t.line(line);
      } else {
        t.paragraph(line);
      }
    }
    return 0;
  }
  std::vector<std::string_view> topics = {"product"};
  for (const EmbeddedFile& f : embedded_files()) {
    if (f.path.starts_with(kFolder)) topics.push_back(f.path.substr(kFolder.size(), f.path.size() - kFolder.size() - 3));
  }
  std::ranges::sort(topics);
  if (!topic.empty()) {
    const std::string_view meant = nearest(topic, topics);
    return complain(common,
                    Error{Errc::not_found,
                          "no help on " + printable(topic, 60) + (meant.empty() ? "" : "; did you mean " + std::string(meant) + "?"),
                          {}});
  }
  if (common.json) {
    Value out = Value::array();
    for (const std::string_view name : topics) out.push(name);
    print_json(common, out);
    return 0;
  }
  t.line("assay help TOPIC, for");
  for (const std::string_view name : topics) t.line("  " + std::string(name));
  t.line("and `assay COMMAND --help` for each command.");
  return 0;
}

int run_completion(const Common& common, const std::string& shell, const std::vector<std::string>& commands) {
  std::string list;
  for (const std::string& c : commands) list += (list.empty() ? "" : " ") + c;
  std::string script;
  if (shell == "bash") {
    script =
        "_assay() {\n  local cur=${COMP_WORDS[COMP_CWORD]} i command=\n  for ((i = 1; i < COMP_CWORD; i++)); do case ${COMP_WORDS[i]} in "
        "-C|--directory|--catalogue|--date|--memory|--threads|--password-time) ((i++)) ;; -*) ;; *) command=${COMP_WORDS[i]}; break ;; "
        "esac; done\n"
        "  if [ -z \"$command\" ]; then COMPREPLY=($(compgen -W \"" +
        list +
        "\" -- \"$cur\"))\n"
        "  elif [ \"$command\" = catalogue ]; then COMPREPLY=($(compgen -W \"check list show confirm\" -- \"$cur\"))\n"
        "  else COMPREPLY=($(compgen -f -- \"$cur\")); fi\n}\ncomplete -o filenames -F _assay assay";
  } else if (shell == "zsh") {
    script = "#compdef assay\n_arguments '1:command:(" + list + ")' '*:file:_files'";
  } else if (shell == "fish") {
    script = "complete -c assay -n '__fish_use_subcommand' -f -a '" + list + "'";
  } else {
    return complain(common, Error{Errc::malformed, "found " + printable(shell, 40) + ", expected bash, zsh or fish", {}});
  }
  if (common.json) {
    Value out = Value::object();
    out.set("shell", shell);
    out.set("script", script);
    print_json(common, out);
  } else {
    common.terminal->line(script);
  }
  return 0;
}

}  // namespace assay::cli
