// SPDX-License-Identifier: Apache-2.0
// inittab(5) as sysvinit and BusyBox read it; rc links of SysV and OpenWrt; systemd.unit(5); inetd.conf(5), xinetd.conf(5), crontab(5).
#include "firmware/start/start_table.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "base/text.hpp"
#include "firmware/elf/elf.hpp"
#include "firmware/start/script_walker.hpp"

namespace assay::firmware {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::ranges::find(list, word) != list.end();
}

struct Line {
  std::string_view text;  // trimmed, never empty, no comment
  std::uint32_t number = 0;
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> out;
  std::uint32_t number = 0;
  for (const auto line : split(text, '\n')) {
    ++number;
    const auto content = trim(line);
    if (content.empty() || content[0] == '#' || content[0] == ';') continue;
    out.push_back({content.back() == '\r' ? content.substr(0, content.size() - 1) : content, number});
  }
  return out;
}

class RootReader {
 public:
  RootReader(StartTable& table, std::size_t root, const Knowledge& knowledge)
      : table_(table), root_(root), walker_(table, root, knowledge) {}

  void read() {
    const bool init = inittab();
    const bool units = systemd();
    const bool scripts = rc_scripts(init);
    rc_links();
    inetd();
    xinetd();
    cron();
    if (!init && !units && !scripts) {
      walker_.note("no start table was found below " + view().layer().place("/") + ": what starts first is not known");
    }
  }

 private:
  const RootView& view() const { return table_.roots[root_]; }

  bool inittab() {
    const auto text = view().text("/etc/inittab");
    if (!text) return false;
    ++table_.files;
    const std::string place = view().place("/etc/inittab");
    for (const Line& line : lines_of(*text)) {
      const auto f = split(line.text, ':');
      if (f.size() < 4) continue;
      if (!is_one_of(f[2], {"sysinit", "boot", "bootwait", "wait", "once", "respawn", "askfirst", "askconsole", "askconsolelate",
                            "initdefault", "ondemand"})) {
        continue;
      }
      auto process = line.text.substr(static_cast<std::size_t>(f[3].data() - line.text.data()));
      // A minus in front makes it a login shell.
      if (process.starts_with('-')) process.remove_prefix(1);
      if (process.empty()) continue;
      if (process.starts_with("/etc/init.d/rcS ") && !view().exists("/etc/init.d/rcS") && view().has_link("/sbin/procd")) {
        // procd answers for this script itself and starts the links of /etc/rc.d.
        continue;
      }
      walker_.command_line(process, place, line.number, {.started_by = "inittab", .service = {}, .runs_as = "root"});
    }
    return true;
  }

  bool rc_scripts(bool have_inittab) {
    bool any = false;
    const Origin origin{.started_by = "rc", .service = {}, .runs_as = "root"};
    // Without an inittab BusyBox init runs rcS by itself.
    if (!have_inittab) {
      for (const char* path : {"/etc/init.d/rcS", "/etc/rc.d/rcS", "/etc/rcS", "/etc/rc", "/etc/rc.sysinit"}) {
        if (view().exists(path)) any = walker_.script(path, "S", origin) || any;
      }
    }
    for (const char* path : {"/init", "/etc/preinit", "/etc/rc.local", "/etc/rc.d/rc.local", "/etc/init.d/rc.local", "/etc/rc.d/rc.sysinit",
                             "/bin/start", "/start"}) {
      if (view().exists(path)) any = walker_.script(path, "start", origin) || any;
    }
    return any;
  }

  void rc_links() {
    static constexpr std::array<std::string_view, 12> kFolders = {
        "/etc/rc.d",       "/etc/rcS.d",      "/etc/rc.d/rcS.d", "/etc/rc2.d",  "/etc/rc3.d",        "/etc/rc5.d",
        "/etc/rc.d/rc2.d", "/etc/rc.d/rc3.d", "/etc/rc.d/rc5.d", "/etc/init.d", "/etc/init.d/rcS.d", "/etc/init.d/rc3.d"};
    for (const auto folder : kFolders) {
      for (const std::string& name : view().list(folder)) {
        // S50dropbear: two digits and a name.
        if (name.size() < 4 || name[0] != 'S' || name[1] < '0' || name[1] > '9' || name[2] < '0' || name[2] > '9') continue;
        const std::string path = std::string(folder) + "/" + name;
        const Entry* entry = view().find(path);
        if (entry == nullptr) {
          walker_.note(view().layer().place(path) + " leads nowhere");
          continue;
        }
        walker_.script(path, "start", {.started_by = "rc", .service = service_name(name), .runs_as = "root"});
      }
    }
  }

  static std::string service_name(const std::string& link) {
    std::string out = link.substr(3);
    if (out.starts_with('-') || out.starts_with('_')) out.erase(0, 1);
    if (out.ends_with(".sh")) out.resize(out.size() - 3);
    return out;
  }

  bool systemd() {
    bool any = false;
    for (const char* base : {"/etc/systemd/system", "/lib/systemd/system", "/usr/lib/systemd/system"}) {
      for (const std::string& folder : view().list(base)) {
        if (!folder.ends_with(".wants") && !folder.ends_with(".requires")) continue;
        for (const std::string& unit : view().list(std::string(base) + "/" + folder)) any = systemd_unit(unit) || any;
      }
    }
    return any;
  }

  bool systemd_unit(const std::string& unit) {
    std::string file = unit;
    if (const auto at = unit.find('@'); at != unit.npos) file = unit.substr(0, at + 1) + unit.substr(unit.rfind('.'));
    for (const char* base : {"/etc/systemd/system/", "/lib/systemd/system/", "/usr/lib/systemd/system/"}) {
      const std::string path = base + file;
      const auto text = view().text(path);
      if (!text) continue;
      if (!units_.insert(unit).second) return true;
      ++table_.files;
      const std::string place = view().place(path);
      Origin origin{.started_by = "systemd", .service = unit.substr(0, unit.rfind('.')), .runs_as = "root"};
      const auto all = lines_of(*text);
      for (const Line& line : all) {
        if (line.text.starts_with("User=")) origin.runs_as = line.text.substr(5);
      }
      for (const Line& line : all) {
        if (line.text.starts_with("ExecStart=")) {
          auto command = line.text.substr(10);
          while (!command.empty() && is_one_of(command.substr(0, 1), {"-", "@", "+", "!", ":"})) command.remove_prefix(1);
          if (!command.empty()) walker_.command_line(command, place, line.number, origin);
        } else if (line.text.starts_with("ListenStream=") || line.text.starts_with("ListenDatagram=")) {
          const bool stream = line.text.starts_with("ListenStream=");
          auto port = line.text.substr(line.text.find('=') + 1);
          if (const auto colon = port.rfind(':'); colon != port.npos) port.remove_prefix(colon + 1);
          if (to_integer(port))
            super_server(origin.service, {origin.service}, "systemd", origin.runs_as, place, line.number, std::string(port),
                         stream ? "tcp" : "udp");
        }
      }
      return true;
    }
    return false;
  }

  void super_server(const std::string& service, std::vector<std::string> words, const std::string& by, const std::string& user,
                    const std::string& place, std::uint32_t line, const std::string& port, const std::string& transport) {
    Started s;
    s.root = root_;
    s.service = service;
    s.program = view().program(words[0]);
    if (const Entry* entry = s.program.empty() ? nullptr : view().find(s.program)) s.file = view().layer().place(entry->path);
    if (s.program.empty()) s.program = words[0];
    s.words = std::move(words);
    s.started_by = by;
    s.runs_as = user;
    s.place = place;
    s.line = line;
    s.inetd_service = port;
    s.transport = transport;
    table_.started.push_back(std::move(s));
  }

  // service type protocol wait user program arguments…
  void inetd() {
    for (const char* path : {"/etc/inetd.conf", "/etc/inet/inetd.conf"}) {
      const auto text = view().text(path);
      if (!text) continue;
      ++table_.files;
      for (const Line& line : lines_of(*text)) {
        const auto w = words(line.text);
        if (w.size() < 6 || !(w[2].starts_with("tcp") || w[2].starts_with("udp"))) continue;
        std::string name(w[0]);
        if (const auto colon = name.rfind(':'); colon != name.npos) name.erase(0, colon + 1);
        std::vector<std::string> command;
        if (w[5] == "internal") {
          command = {"inetd"};
        } else {
          command = {std::string(w[5])};
          // The next word is argv[0]; behind tcpd it names the real program.
          const bool wrapped = w[5].ends_with("tcpd") && w.size() > 6;
          if (wrapped) command = {std::string(w[6])};
          for (std::size_t i = 7; i < w.size(); ++i) command.emplace_back(w[i]);
        }
        std::string user(w[4].substr(0, w[4].find_first_of(".:")));
        super_server(name, std::move(command), "inetd", user, view().place(path), line.number, name, std::string(w[2].substr(0, 3)));
      }
    }
  }

  void xinetd() {
    std::vector<std::string> files{"/etc/xinetd.conf"};
    for (const auto& name : view().list("/etc/xinetd.d")) files.push_back("/etc/xinetd.d/" + name);
    for (const auto& path : files) {
      const auto text = view().text(path);
      if (!text) continue;
      ++table_.files;
      std::string service;
      std::string server;
      std::string user;
      std::string port;
      std::string transport = "tcp";
      std::uint32_t at = 0;
      bool disabled = false;
      for (const Line& line : lines_of(*text)) {
        const auto w = words(line.text);
        if (w[0] == "service" && w.size() > 1) {
          service = w[1];
          server.clear();
          user.clear();
          port.clear();
          transport = "tcp";
          at = line.number;
          disabled = false;
        } else if (w.size() >= 3 && w[1] == "=") {
          if (w[0] == "disable") disabled = w[2] == "yes";
          if (w[0] == "server") server = w[2];
          if (w[0] == "user") user = w[2];
          if (w[0] == "port") port = w[2];
          if (w[0] == "socket_type" && w[2] == "dgram") transport = "udp";
        } else if (w[0] == "}" && !service.empty()) {
          if (!disabled)
            super_server(service, {server.empty() ? "xinetd" : server}, "xinetd", user, view().place(path), at,
                         port.empty() ? service : port, transport);
          service.clear();
        }
      }
    }
  }

  void cron() {
    std::vector<std::pair<std::string, bool>> files{{"/etc/crontab", true}};
    for (const auto& name : view().list("/etc/cron.d")) files.emplace_back("/etc/cron.d/" + name, true);
    for (const char* folder : {"/etc/crontabs/", "/var/spool/cron/crontabs/", "/var/spool/cron/"}) {
      for (const auto& name : view().list(folder)) files.emplace_back(folder + name, false);
    }
    for (const auto& [path, has_user] : files) {
      const auto text = view().text(path);
      if (!text) continue;
      ++table_.files;
      for (const Line& line : lines_of(*text)) {
        const auto w = words(line.text);
        const std::size_t times = w[0].starts_with('@') ? 1 : 5;
        const std::size_t skip = times + (has_user ? 1 : 0);
        if (w.size() <= skip || (times == 5 && w[0].find_first_not_of("0123456789*/,-") != w[0].npos)) continue;
        const auto command = line.text.substr(static_cast<std::size_t>(w[skip].data() - line.text.data()));
        const std::string user = has_user ? std::string(w[times]) : path.substr(path.rfind('/') + 1);
        walker_.command_line(command, view().place(path), line.number, {.started_by = "cron", .service = {}, .runs_as = user});
      }
    }
  }

  StartTable& table_;
  std::size_t root_;
  ScriptWalker walker_;
  std::set<std::string> units_;
};

}  // namespace

Doubt doubt_about(const Started& started, const RootView& root, const Knowledge& knowledge) {
  const std::string short_name = started.program.substr(started.program.rfind('/') + 1);
  if (knowledge.by_program.contains(short_name) || !started.inetd_service.empty()) return {};
  const std::string name = printable(started.program, 80);
  const auto both = [&](const std::string& why) { return Doubt{name + " starts " + why, name + " starts " + why}; };
  const Entry* entry = root.find(started.program);
  if (entry == nullptr) return both("but is not in this file system");
  if (entry->type != FileType::regular || root.text(started.program)) return {};
  const auto blob = root.content(*entry);
  if (!blob) return both("and cannot be read");
  if (!elf::looks_like(blob->bytes)) return both("and is no ELF program");
  const auto file = elf::read(blob->bytes);
  if (!file || !file->symbols_known) return both("and does not show which functions it uses");
  Doubt out;
  for (const auto symbol : file->symbols) {
    if (is_one_of(symbol, {"bind", "listen", "accept", "accept4"})) out.listens = name + " starts, is not known, and can open ports";
    if (is_one_of(symbol, {"system", "popen"}) || symbol.starts_with("exec") || symbol.starts_with("posix_spawn")) {
      out.starts = name + " starts, is not known, and can start other programs";
    }
  }
  return out;
}

StartTable read_start_table(const Image& image, const Knowledge& knowledge, Budget& budget) {
  StartTable out;
  out.roots = find_roots(image, budget);
  for (std::size_t i = 0; i < out.roots.size(); ++i) RootReader(out, i, knowledge).read();
  if (out.roots.empty()) out.unread.emplace_back("no root file system was found in which something could start");
  const auto key = [](const Started& s) { return std::tie(s.place, s.line, s.program, s.words); };
  std::ranges::stable_sort(out.started, [&](const Started& a, const Started& b) { return key(a) < key(b); });
  const auto dead = std::ranges::unique(out.started, [&](const Started& a, const Started& b) { return key(a) == key(b); });
  out.started.erase(dead.begin(), dead.end());
  std::ranges::sort(out.unread);
  return out;
}

}  // namespace assay::firmware
