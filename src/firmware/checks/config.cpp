// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>

#include "base/text.hpp"
#include "firmware/check.hpp"
#include "firmware/knowledge.hpp"
#include "firmware/start/start_table.hpp"

namespace assay::firmware {
namespace {

constexpr std::string_view kId = "config";
constexpr int kRevision = 1;
constexpr std::size_t kMaxText = 4U << 20U;
constexpr std::size_t kMaxEach = 200;

std::string base_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

bool is_shell_path(std::string_view text) {
  const std::string name = base_name(text);
  return name == "sh" || name == "ash" || name == "bash" || name == "dash" || name == "hush";
}

struct InetdService {
  std::string_view name;
  std::string_view meaning;
};
constexpr std::array<InetdService, 14> kInetd{{
    {"telnet", "login and commands pass in clear"},
    {"ftp", "login and files pass in clear"},
    {"tftp", "files are served without any login"},
    {"shell", "rsh trusts the caller's address"},
    {"login", "rlogin trusts the caller's address"},
    {"exec", "rexec sends the password in clear"},
    {"finger", "tells who is logged in"},
    {"echo", "answers anything: used to amplify attacks"},
    {"chargen", "answers anything: used to amplify attacks"},
    {"discard", "serves no purpose on a device"},
    {"daytime", "serves no purpose on a device"},
    {"time", "serves no purpose on a device"},
    {"systat", "tells which processes run"},
    {"netstat", "tells which connections are open"},
}};

class Config final : public Check {
 public:
  explicit Config(const Knowledge& knowledge) : knowledge_(knowledge) {}

  void file(const File& file, Context& context) override {
    if (file.entry == nullptr) return;
    for (const SettingRule& rule : knowledge_.settings) {
      const auto& path = file.entry->path;
      if (!RE2::PartialMatch(re2::StringPiece(path.data(), path.size()), *rule.path)) continue;
      if (file.content.size() > kMaxText) {
        const std::lock_guard lock(mutex_);
        gaps_.push_back(file.place + " is larger than " + bytes_text(kMaxText) + " and was not read");
        return;
      }
      ++items_;
      apply(rule, file, context);
    }
  }

  void finish(const Image& image, const std::vector<std::string>& gaps, Context& context) override {
    const StartTable table = read_start_table(image, knowledge_, context.budget);
    for (const Started& s : table.started) from_start(s, context);
    std::vector<std::string> why = gaps;
    std::ranges::sort(gaps_);
    why.insert(why.end(), gaps_.begin(), gaps_.end());
    why.insert(why.end(), table.unread.begin(), table.unread.end());
    put_coverage(context, kId, kRevision, image, why, items_ + table.started.size());
  }

 private:
  static void apply(const SettingRule& rule, const File& file, Context& context) {
    std::uint32_t number = 0;
    std::size_t count = 0;
    bool seen = false;
    for (const auto line : split(text_of(file.content), '\n')) {
      ++number;
      const auto content = trim(line);
      if (content.empty() || content[0] == '#' || content[0] == ';') continue;
      std::string value;
      if (!RE2::PartialMatch(re2::StringPiece(content.data(), content.size()), *rule.find, &value)) continue;
      seen = true;
      for (const auto& [pattern, meaning] : rule.meanings) {
        if (!RE2::FullMatch(value, *pattern)) continue;
        if (++count > kMaxEach) return;
        put(rule, value, meaning, number, file, context);
        break;
      }
    }
    if (!seen && !rule.absent_value.empty()) put(rule, rule.absent_value, rule.absent_meaning, 0, file, context);
  }

  static void put(const SettingRule& rule, std::string_view value, std::string_view meaning, std::uint32_t line, const File& file,
                  Context& context) {
    Observation o = observed(context, "config", kId, kRevision, file);
    o.at.line = line;
    o.fields.set("service", rule.service);
    o.fields.set("setting", rule.setting);
    o.fields.set_if("value", valid_utf8(value));
    o.fields.set("meaning", meaning);
    context.sink.put(std::move(o.seal()));
  }

  static void put(const Started& s, std::string_view service, std::string_view setting, std::string_view value, std::string_view meaning,
                  Context& context) {
    Observation o;
    o.kind = "config";
    o.evidence = context.evidence;
    o.at.path = s.place;
    o.at.line = s.line;
    o.by = "firmware/config";
    o.revision = kRevision;
    o.fields.set("service", service);
    o.fields.set("setting", setting);
    o.fields.set("value", valid_utf8(value));
    o.fields.set("meaning", meaning);
    context.sink.put(std::move(o.seal()));
  }

  // Settings that stand in the command line itself.
  static void from_start(const Started& s, Context& context) {
    const std::string name = base_name(s.program);
    if (s.started_by == "inetd" || s.started_by == "xinetd") {
      std::string service = s.service;
      if (name.find("tftpd") != name.npos) service = "tftp";
      for (const auto& known : kInetd) {
        if (known.name == service) put(s, service, "super-server", "enabled", known.meaning, context);
      }
      return;
    }
    if (name == "telnetd" || name == "utelnetd" || name == "in.telnetd") {
      for (std::size_t i = 1; i + 1 < s.words.size(); ++i) {
        if (s.words[i] == "-l" && is_shell_path(s.words[i + 1]))
          put(s, "telnet", "login", s.words[i + 1], "whoever connects gets a shell without login", context);
      }
    }
    if (name == "dropbear" && std::ranges::find(s.words, "-B") != s.words.end()) {
      put(s, "ssh", "blank-passwords", "on", "accounts with an empty password may log in", context);
    }
    if (s.started_by == "inittab" && is_shell_path(name)) {
      put(s, "console", "login", s.program, "the console gives a root shell without login", context);
    }
    if (name == "nc" || name == "ncat" || name == "netcat" || name == "socat") {
      for (const auto& word : s.words) {
        if (is_shell_path(word) || word.find("EXEC:") != word.npos || word == "-e") {
          put(s, "shell", "network-shell", name, "a shell is bound to the network", context);
          break;
        }
      }
    }
    static const RE2 kShellName(
        R"((?i)(shell_?back|back_?shell|back_?door|reverse_?shell|rev_?shell|connect_?back|bind_?shell|shellback))");
    if (RE2::PartialMatch(name, kShellName))
      put(s, "shell", "network-shell", name, "by its name this program gives a shell to somebody else", context);
  }

  const Knowledge& knowledge_;
  std::atomic<std::uint64_t> items_{0};
  std::mutex mutex_;
  std::vector<std::string> gaps_;
};

}  // namespace

extern const CheckEntry config_check;
constinit const CheckEntry config_check{kId, kRevision,
                                        [](const Knowledge& k) -> std::unique_ptr<Check> { return std::make_unique<Config>(k); }};

}  // namespace assay::firmware
