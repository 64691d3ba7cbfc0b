// SPDX-License-Identifier: Apache-2.0
#include "firmware/start/script_walker.hpp"

#include <fnmatch.h>

#include <algorithm>

#include "base/text.hpp"

namespace assay::firmware {
namespace {

constexpr unsigned kMaxDepth = 12;
constexpr std::size_t kMaxStarted = 2000;
constexpr std::size_t kMaxNotes = 100;
constexpr std::size_t kMaxValues = 64;
constexpr std::size_t kMaxScripts = 2000;

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::ranges::find(list, word) != list.end();
}

std::string base_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

bool is_name(std::string_view text) {
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string literal(std::string text) {
  std::ranges::replace(text, kLiteralDollar, '$');
  return text;
}

bool is_shell(std::string_view name) {
  return is_one_of(name, {"sh", "ash", "bash", "dash", "hush", "msh"});
}

// Folders that are filled at run time or are other partitions: what is not in the image there is not strange.
bool is_mounted_later(std::string_view path) {
  for (const std::string_view start : {"/proc/", "/sys/", "/dev/", "/tmp/", "/var/", "/run/"}) {
    if (path.starts_with(start)) return true;
  }
  return false;
}

}  // namespace

void ScriptWalker::note(std::string text) {
  if (noted_.size() < kMaxNotes && noted_.insert(text).second) table_.unread.push_back(std::move(text));
}

std::vector<std::string> ScriptWalker::expand_glob(const std::string& pattern) const {
  if (pattern.find_first_of("*?[") == pattern.npos || !pattern.starts_with('/')) return {pattern};
  const auto slash = pattern.rfind('/');
  const std::string folder = pattern.substr(0, slash);
  const std::string last = pattern.substr(slash + 1);
  std::vector<std::string> out;
  for (const std::string& name : view().list(folder)) {
    if (fnmatch(last.c_str(), name.c_str(), FNM_PERIOD) == 0) out.push_back(folder + "/" + name);
  }
  return out;
}

// All values the word may have: one, unless a loop variable stands in it. Unknown variables stay as they are written.
std::vector<std::string> ScriptWalker::expand(const Run& run, const std::string& word) const {
  std::vector<std::string> out{""};
  const auto append = [&](const std::vector<std::string>& values) {
    std::vector<std::string> next;
    for (const auto& so_far : out) {
      for (const auto& value : values) {
        if (next.size() < kMaxValues && so_far.size() + value.size() < 4096) next.push_back(so_far + value);
      }
    }
    out = std::move(next);
  };
  for (std::size_t i = 0; i < word.size();) {
    if (word[i] != '$') {
      const auto end = std::min(word.find('$', i), word.size());
      append({word.substr(i, end - i)});
      i = end;
      continue;
    }
    std::string name;
    std::string otherwise;
    bool only_if_set = false;
    std::size_t next = i + 1;
    if (next < word.size() && word[next] == '{') {
      const auto end = std::min(word.find('}', next), word.size());
      const std::string inside = word.substr(next + 1, end - next - 1);
      const auto cut = inside.find_first_of(":-+%#/=?");
      name = inside.substr(0, cut);
      if (cut != inside.npos) {
        const auto dash = inside.find('-', cut);
        if (dash == cut || dash == cut + 1) otherwise = inside.substr(dash + 1);
        const auto plus = inside.find('+', cut);
        only_if_set = plus == cut || plus == cut + 1;
      }
      next = std::min(end + 1, word.size());
    } else {
      while (next < word.size() && (is_name(word.substr(i + 1, next - i)) || (next == i + 1 && word[next] >= '0' && word[next] <= '9')))
        ++next;
      name = word.substr(i + 1, next - i - 1);
    }
    if (only_if_set) {
      // ${name:+text}: options added when something is set; without them the command is the same.
    } else if (name == "1" && !run.argument.empty()) {
      append({run.argument});
    } else if (const auto known = run.variables.find(name); known != run.variables.end()) {
      append(known->second);
    } else if (!otherwise.empty() && otherwise.find('$') == otherwise.npos) {
      append({otherwise});
    } else {
      append({word.substr(i, std::max<std::size_t>(next - i, 1))});
      next = std::max(next, i + 1);
    }
    i = next;
  }
  return out;
}

void ScriptWalker::start(std::vector<std::string> words, const std::string& place, std::uint32_t line, const Origin& origin,
                         unsigned depth) {
  if (words.empty() || words[0].empty()) return;
  for (auto& w : words) w = literal(std::move(w));
  const std::string& name = words[0];
  if (name.find_first_of("$`*?=[]{}()") != name.npos) {
    if (name.find('=') == name.npos && name[0] != '[') {
      note(place + ":" + std::to_string(line) + " runs " + printable(name, 60) + ", which is only known at run time");
    }
    return;
  }
  const std::string short_name = base_name(name);
  if (std::ranges::binary_search(knowledge_.quiet, short_name)) return;
  Started s;
  s.root = root_;
  s.program = view().program(name);
  if (s.program.empty() && is_library_function(name)) return;
  if (s.program.empty() && name.starts_with('/') && !view().list(name.substr(0, name.rfind('/'))).empty()) {
    // The folder is part of this file system and the program is not in it: nothing starts here.
    return;
  }
  if (const Entry* entry = s.program.empty() ? nullptr : view().find(s.program)) s.file = view().layer().place(entry->path);
  const bool found = !s.program.empty();
  if (!found) s.program = name;
  const bool is_script = !s.file.empty() && view().text(s.program).has_value();
  if (s.file.empty() && name.find('/') != name.npos) {
    note(place + ":" + std::to_string(line) + " starts " + printable(name, 80) + ", which is not in this file system");
  }
  s.service = origin.service.empty() ? short_name : origin.service;
  s.words = words;
  s.started_by = origin.started_by;
  s.runs_as = origin.runs_as;
  s.place = place;
  s.line = line;
  if (table_.started.size() < kMaxStarted) {
    table_.started.push_back(s);
  } else {
    note("more than " + std::to_string(kMaxStarted) + " programs start; the rest was left out");
  }
  if (is_script) {
    Origin inner = origin;
    if (inner.started_by == "inittab") inner.started_by = "rc";
    script(s.program, words.size() > 1 ? words[1] : "", inner, depth + 1);
  }
  if (!knowledge_.by_program.contains(short_name)) wrapped(s, origin, depth);
}

void ScriptWalker::wrapped(const Started& wrapper, const Origin& origin, unsigned depth) {
  constexpr std::uint32_t kExecutable = 00111;
  if (depth > kMaxDepth) return;
  for (std::size_t i = 1; i < wrapper.words.size(); ++i) {
    const std::string& word = wrapper.words[i];
    if (!word.starts_with('/') || is_shell(base_name(word))) continue;
    const Entry* entry = view().find(word);
    if (entry == nullptr || entry->type != FileType::regular || (entry->mode_known && (entry->mode & kExecutable) == 0)) continue;
    if (word.find("bin/") == word.npos && !view().text(word).value_or("").starts_with("#!")) continue;
    start({wrapper.words.begin() + static_cast<std::ptrdiff_t>(i), wrapper.words.end()}, wrapper.place, wrapper.line, origin, depth + 1);
    return;
  }
}

bool ScriptWalker::is_library_function(const std::string& name) {
  if (!library_read_) {
    library_read_ = true;
    std::vector<std::string> files{"/etc/rc.common", "/etc/functions.sh", "/etc/init.d/functions", "/etc/rc.d/init.d/functions"};
    for (const char* folder : {"/lib", "/lib/functions", "/lib/network", "/lib/netifd", "/lib/config", "/lib/lsb", "/usr/share/libubox"}) {
      for (const auto& file : view().list(folder)) {
        if (file.ends_with(".sh") || std::string_view(folder) == "/lib/lsb") files.push_back(std::string(folder) + "/" + file);
      }
    }
    for (std::size_t i = 0; i < files.size() && i < 300; ++i) {
      const auto text = view().text(files[i]);
      if (!text) continue;
      for (const auto& function : parse_shell(*text).functions) library_.insert(function);
    }
  }
  return library_.contains(name);
}

void ScriptWalker::command_line(std::string_view text, const std::string& place, std::uint32_t line, const Origin& origin) {
  const ShellScript parsed = parse_shell(text, line);
  Run r{.script = &parsed, .place = place, .argument = {}, .origin = origin, .depth = 1, .variables = {}};
  run(r);
}

bool ScriptWalker::script(const std::string& path, const std::string& argument, const Origin& origin, unsigned depth) {
  if (depth > kMaxDepth || seen_.size() > kMaxScripts) {
    note(printable(path, 80) + " was not followed: scripts nest too deeply");
    return false;
  }
  const auto text = view().text(path);
  if (!text) return false;
  const std::string place = view().place(path);
  if (!seen_.insert(place + "\n" + argument).second) return true;
  // An interpreter other than a shell is beyond this reading.
  if (text->starts_with("#!")) {
    const std::string_view first = std::string_view(*text).substr(2, text->find('\n') - 2);
    if (first.find("lua") != first.npos || first.find("python") != first.npos || first.find("perl") != first.npos ||
        first.find("php") != first.npos) {
      note(place + " is a script in " + printable(trim(first), 40) + " and was not followed");
      return true;
    }
  }
  const ShellScript parsed = parse_shell(*text);
  library_.insert(parsed.functions.begin(), parsed.functions.end());
  ++table_.files;
  if (!parsed.complete) note(place + " is too long to be read to its end");
  Run r{.script = &parsed, .place = place, .argument = argument, .origin = origin, .depth = depth, .variables = {}};
  const bool rc_common = text->substr(0, text->find('\n')).find("rc.common") != text->npos;
  if (rc_common) {
    if (r.origin.service.empty()) r.origin.service = base_name(path);
    if (text->find("USE_PROCD=1") != text->npos) r.origin.started_by = "procd";
    if (const auto user = text->find("procd_set_param user "); user != text->npos) {
      r.origin.runs_as = std::string(words(std::string_view(*text).substr(user + 21, text->find('\n', user) - user - 21)).front());
      if (r.origin.runs_as.find('$') != std::string::npos) r.origin.runs_as.clear();
    }
    r.argument = "rc.common";
  }
  // Set only while an image is being built (OpenWrt); on the device it is empty.
  r.variables["IPKG_INSTROOT"] = {""};
  run(r);
  return true;
}

void ScriptWalker::run(Run& r) {
  // A function counts when something that runs names it, as its own command or as an argument (config_foreach start_instance).
  std::set<std::string, std::less<>> reached{""};
  if (r.argument == "rc.common") reached.insert({"start", "start_service", "boot", "init_service", "service_started"});
  for (bool more = true; more;) {
    more = false;
    for (const ShellCommand& c : r.script->commands) {
      if (c.stops || !reached.contains(c.function)) continue;
      for (const auto& word : c.words) {
        const std::string name = word == "$1" ? r.argument : word;
        if (r.script->functions.contains(name) && reached.insert(name).second) more = true;
      }
    }
  }
  for (const ShellCommand& c : r.script->commands) {
    if (!c.stops && reached.contains(c.function)) command(r, c);
  }
}

void ScriptWalker::command(Run& r, const ShellCommand& c) {
  std::vector<std::string> raw = c.words;
  // "A=1 B=2 program": assignments in front; alone they set the variable.
  std::size_t first = 0;
  for (; first < raw.size(); ++first) {
    const auto equals = raw[first].find('=');
    if (equals == raw[first].npos || !is_name(raw[first].substr(0, equals))) break;
  }
  const bool exported = !raw.empty() && is_one_of(raw[0], {"export", "local", "readonly"});
  if (first == raw.size() || exported) {
    for (std::size_t i = exported ? 1 : 0; i < raw.size(); ++i) {
      const auto equals = raw[i].find('=');
      if (equals == raw[i].npos) continue;
      const std::string value = raw[i].substr(equals + 1);
      if (value.find('`') != value.npos || value.find("$(") != value.npos) {
        r.variables.erase(raw[i].substr(0, equals));
      } else if (r.variables.size() < 1000) {
        r.variables[raw[i].substr(0, equals)] = expand(r, value);
      }
    }
    return;
  }
  raw.erase(raw.begin(), raw.begin() + static_cast<std::ptrdiff_t>(first));
  if (raw[0] == "for" && raw.size() >= 3) {
    std::vector<std::string> values;
    for (std::size_t i = 3; i < raw.size(); ++i) {
      for (const auto& value : expand(r, raw[i])) {
        for (auto& match : expand_glob(value)) {
          if (values.size() < kMaxValues * 4) values.push_back(std::move(match));
        }
      }
    }
    r.variables[raw[1]] = values;
    return;
  }
  if (raw[0] == "trap") return;
  if (raw[0] == "cd") {
    const auto to = raw.size() > 1 ? expand(r, raw[1]) : std::vector<std::string>{};
    r.folder = to.size() == 1 && to[0].starts_with('/') && to[0].find('$') == to[0].npos ? to[0] : "";
    return;
  }
  // A loop variable as the program makes several commands of one.
  for (const std::string& program : expand(r, raw[0])) {
    std::vector<std::string> all;
    if (raw[0].find('$') != raw[0].npos) {
      for (const auto w : words(program)) all.emplace_back(w);
    } else {
      all.push_back(program);
    }
    for (std::size_t i = 1; i < raw.size(); ++i) {
      const auto values = expand(r, raw[i]);
      // Unquoted lists fall apart into words; a path with blanks is not worth the difference here.
      for (std::size_t k = 0; k < values.size() && k < kMaxValues; ++k) all.push_back(values[k]);
    }
    if (all.empty() || r.script->functions.contains(all[0])) continue;
    Origin origin = r.origin;
    if (special(r, all, c.line, origin)) continue;
    if (!r.folder.empty() && all[0].starts_with("./")) all[0] = normal_path(r.folder + "/" + all[0]);
    start(std::move(all), r.place, c.line, origin, r.depth);
  }
}

void ScriptWalker::procd(Run& r, const std::vector<std::string>& words, std::uint32_t line) {
  if (words.size() < 2) return;
  if (words[1] == "command" && words.size() > 2) {
    const std::size_t before = table_.started.size();
    std::vector<std::string> command(words.begin() + 2, words.end());
    start(std::move(command), r.place, line, r.origin, r.depth);
    r.procd = table_.started.size() > before ? before : SIZE_MAX;
  }
}

// Commands that start others. True when the words were dealt with; otherwise they are what is left to start, with the rights of `origin`.
bool ScriptWalker::special(Run& r, std::vector<std::string>& w, std::uint32_t line, Origin& origin) {
  for (unsigned turns = 0; turns < 16 && !w.empty(); ++turns) {
    const std::string name = base_name(w[0]);
    const auto drop = [&](std::size_t n) { w.erase(w.begin(), w.begin() + static_cast<std::ptrdiff_t>(std::min(n, w.size()))); };
    if (is_one_of(name, {"exec", "nohup", "setsid", "time", "command", "builtin", "sudo", "busybox", "daemon", "service_start", "loginfo",
                         "chrt", "ionice", "stdbuf", "softlimit", "env", "nice", "start"})) {
      if (name == "start" && w.size() == 1) return false;
      drop(1);
      while (!w.empty() && (w[0].starts_with('-') || w[0].find('=') != w[0].npos)) {
        const bool takes_value = w[0] == "-n" || w[0] == "-u";
        drop(takes_value ? 2 : 1);
      }
      continue;
    }
    if (name == "start-stop-daemon") {
      std::vector<std::string> out;
      std::vector<std::string> rest;
      bool stops = false;
      for (std::size_t i = 1; i < w.size(); ++i) {
        if (w[i] == "--") {
          rest.assign(w.begin() + static_cast<std::ptrdiff_t>(i) + 1, w.end());
          break;
        }
        if (w[i] == "--stop" || w[i] == "-K" || (w[i].starts_with('-') && !w[i].starts_with("--") && w[i].find('K') != w[i].npos))
          stops = true;
        if (is_one_of(w[i], {"-x", "--exec", "-a", "--startas"}) && i + 1 < w.size()) out = {w[i + 1]};
        if (w[i].starts_with("--exec=")) out = {w[i].substr(7)};
        std::string user;
        if (is_one_of(w[i], {"-c", "--chuid"}) && i + 1 < w.size()) user = w[i + 1];
        if (w[i].starts_with("--chuid=")) user = w[i].substr(8);
        if (!user.empty()) {
          user.resize(std::min(user.find(':'), user.size()));
          origin.runs_as = user.find('$') != user.npos ? "" : user == "0" ? "root" : user;
        }
      }
      if (stops || out.empty()) return true;
      out.insert(out.end(), rest.begin(), rest.end());
      w = std::move(out);
      continue;
    }
    if (name == "procd_set_param") {
      procd(r, w, line);
      return true;
    }
    if (name == "procd_append_param") {
      if (w.size() > 2 && w[1] == "command" && r.procd < table_.started.size()) {
        auto& words_of = table_.started[r.procd].words;
        for (std::size_t i = 2; i < w.size() && words_of.size() < 200; ++i) words_of.push_back(literal(w[i]));
      }
      return true;
    }
    if ((name == "." || name == "source") && w.size() > 1) {
      if (w[1].find('$') != w[1].npos) {
        note(r.place + ":" + std::to_string(line) + " reads " + printable(w[1], 60) + ", which is only known at run time");
        return true;
      }
      if (!script(w[1], w.size() > 2 ? w[2] : r.argument, r.origin, r.depth + 1) && w[1].starts_with('/') && !is_mounted_later(w[1])) {
        note(r.place + ":" + std::to_string(line) + " reads " + printable(w[1], 80) + ", which is not in this file system");
      }
      return true;
    }
    if (is_shell(name)) {
      std::size_t i = 1;
      bool text = false;
      for (; i < w.size() && w[i].starts_with('-'); ++i) text = text || w[i].find('c') != w[i].npos;
      if (i >= w.size()) return w.size() > 1 && text;  // a bare shell is a program that starts
      if (text) {
        command_line(literal(w[i]), r.place, line, r.origin);
        return true;
      }
      if (w[i] == "/etc/rc.common") ++i;
      if (i >= w.size()) return true;
      drop(i);
      if (w[0].find('/') == w[0].npos && view().program(w[0]).empty()) {
        note(r.place + ":" + std::to_string(line) + " runs the script " + printable(w[0], 80) + " from its working directory");
        return true;
      }
      return false;
    }
    if (is_one_of(name, {"service", "invoke-rc.d", "rc-service"}) && w.size() > 1) {
      w[0] = "/etc/init.d/" + w[1];
      w.erase(w.begin() + 1);
      if (w.size() > 1 && is_one_of(w[1], {"stop", "disable", "restart", "reload"})) return true;
      continue;
    }
    if (w[0].starts_with("/etc/init.d/") || w[0].starts_with("/etc/rc.d/")) {
      if (w.size() > 1 && is_one_of(w[1], {"stop", "disable", "enable", "enabled"})) return true;
    }
    return false;
  }
  return w.empty();
}

}  // namespace assay::firmware
