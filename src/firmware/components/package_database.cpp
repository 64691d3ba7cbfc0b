// SPDX-License-Identifier: Apache-2.0
// dpkg's status file is RFC 822 stanzas (deb-control(5)); opkg took it over. apk's database has one-letter keys (apk-package format, v2).
#include "firmware/components/package_database.hpp"

#include "base/text.hpp"

namespace assay::firmware {
namespace {

constexpr std::size_t kMaxPackages = 100'000;
constexpr std::size_t kMaxField = 256;

std::string field(std::string_view text) {
  return std::string(trim(text).substr(0, kMaxField));
}

struct Stanza {
  Package package;
  bool installed = true;
};

void put(Stanza& stanza, std::vector<Package>& out) {
  if (stanza.installed && !stanza.package.name.empty() && !stanza.package.version.empty() && out.size() < kMaxPackages) {
    out.push_back(std::move(stanza.package));
  }
  stanza = Stanza{};
}

}  // namespace

PackageFormat package_format(std::string_view path) {
  if (path.ends_with("/opkg/status") || path.ends_with("/ipkg/status")) return PackageFormat::opkg;
  if (path.ends_with(".control") && (path.find("/opkg/info/") != path.npos || path.find("/ipkg/info/") != path.npos)) {
    return PackageFormat::opkg;
  }
  if (path.ends_with("/dpkg/status") || (path.find("/dpkg/status.d/") != path.npos && !path.ends_with(".md5sums"))) {
    return PackageFormat::dpkg;
  }
  if (path.ends_with("/lib/apk/db/installed")) return PackageFormat::apk;
  return PackageFormat::none;
}

std::string_view purl_type(PackageFormat format) {
  switch (format) {
    case PackageFormat::opkg: return "opkg";
    case PackageFormat::dpkg: return "deb";
    case PackageFormat::apk: return "apk";
    case PackageFormat::none: break;
  }
  return "generic";
}

std::vector<Package> parse_packages(std::string_view text, PackageFormat format) {
  std::vector<Package> out;
  Stanza stanza;
  std::uint32_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) {
      put(stanza, out);
      continue;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || line[0] == ' ' || line[0] == '\t') continue;
    const auto key = line.substr(0, colon);
    const auto value = line.substr(colon + 1);
    Package& p = stanza.package;
    if (format == PackageFormat::apk) {
      if (key == "P") {
        p.name = field(value);
        p.line = number;
      } else if (key == "V") {
        p.version = field(value);
      } else if (key == "A") {
        p.arch = field(value);
      } else if (key == "L") {
        p.license = field(value);
      }
    } else if (key == "Package") {
      p.name = field(value);
      p.line = number;
    } else if (key == "Version") {
      p.version = field(value);
    } else if (key == "Architecture") {
      p.arch = field(value);
    } else if (key == "License") {
      p.license = field(value);
    } else if (key == "Status") {
      // "install ok installed"; "deinstall ok config-files" has left the machine. The Debian installer writes "unpacked".
      const auto state = words(value);
      stanza.installed = !state.empty() && (state.back() == "installed" || state.back() == "unpacked" || state.back() == "half-configured");
    }
  }
  put(stanza, out);
  return out;
}

std::string upstream_version(std::string_view version, PackageFormat format) {
  if (format == PackageFormat::dpkg) {
    if (const auto colon = version.find(':'); colon != version.npos && colon < 4) version.remove_prefix(colon + 1);
  }
  if (const auto dash = version.rfind('-'); dash != version.npos && dash != 0) version = version.substr(0, dash);
  for (const std::string_view mark : {"+dfsg", "~dfsg", ".dfsg", "+ds", "+really"}) {
    if (const auto at = version.find(mark); at != version.npos) version = version.substr(0, at);
  }
  return std::string(version);
}

}  // namespace assay::firmware
