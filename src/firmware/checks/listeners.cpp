// SPDX-License-Identifier: Apache-2.0
// What starts, and where the services among it listen: default port, moved by flags, by the service's configuration, or by inetd.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.hpp"
#include "firmware/check.hpp"
#include "firmware/knowledge.hpp"
#include "firmware/start/start_table.hpp"

namespace assay::firmware {
namespace {

constexpr std::string_view kId = "listeners";
constexpr int kRevision = 1;

std::string base_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

struct Endpoint {
  std::string service;
  std::int64_t port = 0;
  std::string transport;
  std::string address;
};

std::optional<std::int64_t> port_number(std::string_view text) {
  const auto port = to_integer(text);
  return port && *port > 0 && *port <= 65535 ? port : std::nullopt;
}

// "2222", "192.168.1.1:2222", "[::]:80"
std::optional<Endpoint> split_endpoint(std::string_view text) {
  Endpoint out;
  if (const auto colon = text.rfind(':'); colon != text.npos) {
    out.address = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  const auto port = port_number(text);
  if (!port) return std::nullopt;
  out.port = *port;
  return out;
}

std::vector<std::string> flag_values(const Started& s, const std::vector<std::string>& flags) {
  std::vector<std::string> out;
  for (std::size_t i = 1; i < s.words.size(); ++i) {
    for (const auto& flag : flags) {
      if (s.words[i] == flag && i + 1 < s.words.size()) {
        out.push_back(s.words[i + 1]);
      } else if (s.words[i].size() > flag.size() && s.words[i].starts_with(flag)) {
        const auto rest = s.words[i].substr(flag.size());
        out.push_back(rest.starts_with('=') ? rest.substr(1) : rest);
      }
    }
  }
  return out;
}

class Listeners final : public Check {
 public:
  explicit Listeners(const Knowledge& knowledge) : knowledge_(knowledge) {}

  void file(const File&, Context&) override {}

  void finish(const Image& image, const std::vector<std::string>& gaps, Context& context) override {
    const StartTable table = read_start_table(image, knowledge_, context.budget);
    std::vector<std::string> why = gaps;
    why.insert(why.end(), table.unread.begin(), table.unread.end());
    std::vector<std::string> doubts;
    for (const Started& s : table.started) {
      const RootView& root = table.roots[s.root];
      if (!s.inetd_service.empty()) {
        super_server(s);
        continue;
      }
      const auto known = knowledge_.by_program.find(base_name(s.program));
      if (known != knowledge_.by_program.end()) {
        for (const Endpoint& e : endpoints(knowledge_.programs[known->second], s, root)) add(s, e);
      } else {
        const Doubt doubt = doubt_about(s, root, knowledge_);
        if (!doubt.listens.empty()) doubts.push_back(doubt.listens);
        if (!doubt.starts.empty()) doubts.push_back(doubt.starts);
      }
    }
    for (const auto& [key, seen] : seen_) put(seen, context);
    std::ranges::sort(doubts);
    doubts.erase(std::unique(doubts.begin(), doubts.end()), doubts.end());
    why.insert(why.end(), doubts.begin(), doubts.end());
    put_coverage(context, kId, kRevision, image, why, table.started.size());
  }

 private:
  // The same service on the same port in the same file is one listener, however many lines start it or addresses it takes.
  struct Seen {
    Endpoint endpoint;
    std::string place;
    std::uint32_t line = 0;
    std::set<std::string> addresses;
  };

  void add(const Started& s, const Endpoint& e) {
    Seen& seen = seen_[{s.place, e.service, e.port, e.transport}];
    if (seen.line == 0 || s.line < seen.line) seen.line = s.line;
    seen.endpoint = e;
    seen.place = s.place;
    seen.addresses.insert(e.address);
  }

  static void put(const Seen& seen, Context& context) {
    Observation o;
    o.kind = "listener";
    o.evidence = context.evidence;
    o.at.path = seen.place;
    o.at.line = seen.line;
    o.by = "firmware/listeners";
    o.revision = kRevision;
    o.fields.set("service", valid_utf8(seen.endpoint.service));
    o.fields.set("port", seen.endpoint.port);
    o.fields.set("transport", seen.endpoint.transport);
    std::string addresses;
    for (const auto& address : seen.addresses) addresses += (addresses.empty() || address.empty() ? "" : ", ") + address;
    // One start without an address listens on all.
    if (!seen.addresses.contains("")) o.fields.set_if("address", valid_utf8(addresses));
    context.sink.put(std::move(o.seal()));
  }

  void super_server(const Started& s) {
    Endpoint e{.service = s.service, .port = 0, .transport = s.transport, .address = {}};
    if (const auto port = port_number(s.inetd_service)) {
      e.port = *port;
    } else if (const auto named = knowledge_.ports.find(s.inetd_service); named != knowledge_.ports.end()) {
      e.port = named->second.first;
      e.service = named->second.second;
    } else {
      return;
    }
    if (const auto known = knowledge_.by_program.find(base_name(s.program)); known != knowledge_.by_program.end()) {
      const auto& listens = knowledge_.programs[known->second].listens;
      if (!listens.empty()) e.service = listens[0].service;
    }
    add(s, e);
  }

  std::vector<Endpoint> endpoints(const ServiceProgram& p, const Started& s, const RootView& root) const {
    for (const auto& flag : p.off_flags) {
      if (std::ranges::find(s.words, flag) != s.words.end()) return {};
    }
    std::string address;
    if (const auto values = flag_values(s, p.address_flags); !values.empty() && values[0].find('$') == std::string::npos)
      address = values[0];
    std::vector<Endpoint> moved;
    for (const auto& value : flag_values(s, p.port_flags)) {
      if (auto e = split_endpoint(value)) moved.push_back(std::move(*e));
    }
    const std::vector<Endpoint> configured = moved.empty() ? from_settings(p, s, root) : std::vector<Endpoint>{};
    std::vector<Endpoint> out = configured;
    bool used = false;
    for (const Listen& l : p.listens) {
      if (l.movable && !moved.empty()) {
        // A flag moves the first service only; a second one that shares the flag has its own.
        if (used) continue;
        used = true;
        for (Endpoint e : moved) {
          e.service = l.service;
          e.transport = l.transport;
          if (e.address.empty()) e.address = address;
          out.push_back(std::move(e));
        }
        continue;
      }
      const bool set =
          std::ranges::any_of(configured, [&](const Endpoint& e) { return e.service == l.service && e.transport == l.transport; });
      if (!set) out.push_back({l.service, l.port, l.transport, address});
    }
    return out;
  }

  static std::vector<Endpoint> from_settings(const ServiceProgram& p, const Started& s, const RootView& root) {
    std::vector<Endpoint> out;
    std::vector<std::string> named;
    for (const auto& value : flag_values(s, p.file_flags)) {
      if (value.starts_with('/')) named.push_back(value);
    }
    for (const PortSetting& setting : p.settings) {
      if (!setting.needs_file.empty() && !root.exists(setting.needs_file)) continue;
      std::vector<std::string> files = named;
      files.push_back(setting.file);
      for (const auto& file : files) {
        const auto text = root.text(file);
        if (!text) continue;
        for (const auto line : split(*text, '\n')) {
          const auto content = trim(line);
          if (content.empty() || content[0] == '#' || content[0] == ';') continue;
          const auto& groups = setting.find->NamedCapturingGroups();
          re2::StringPiece found[4];
          if (setting.find->NumberOfCapturingGroups() > 3 ||
              !setting.find->Match(re2::StringPiece(content.data(), content.size()), 0, content.size(), RE2::UNANCHORED, found, 4)) {
            continue;
          }
          const auto port = port_number(found[groups.at("port")].as_string());
          if (!port) continue;
          Endpoint e{setting.service, *port, setting.transport, {}};
          if (const auto at = groups.find("address"); at != groups.end()) e.address = found[at->second].as_string();
          out.push_back(std::move(e));
        }
        break;
      }
    }
    return out;
  }

  const Knowledge& knowledge_;
  std::map<std::tuple<std::string, std::string, std::int64_t, std::string>, Seen> seen_;
};

}  // namespace

extern const CheckEntry listeners_check;
constinit const CheckEntry listeners_check{kId, kRevision,
                                           [](const Knowledge& k) -> std::unique_ptr<Check> { return std::make_unique<Listeners>(k); }};

}  // namespace assay::firmware
