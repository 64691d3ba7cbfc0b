// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::firmware {

struct Package {
  std::string name;
  std::string version;
  std::string arch;
  std::string license;
  std::uint32_t line = 0;  // of the name, from 1
};

enum class PackageFormat { none, opkg, dpkg, apk };
// By the path inside the root: /usr/lib/opkg/status, /usr/lib/opkg/info/*.control, /var/lib/dpkg/status and status.d, /lib/apk/db/installed
// …
PackageFormat package_format(std::string_view path);
std::string_view purl_type(PackageFormat format);  // "opkg", "deb", "apk"

// Installed packages of a database, bounded by the text. Packages that are only known, not installed, are left out.
std::vector<Package> parse_packages(std::string_view text, PackageFormat format);
// What the packager adds is taken away: "1:1.35.0-4+b3" -> "1.35.0", "2.78-1" -> "2.78".
std::string upstream_version(std::string_view version, PackageFormat format);

}  // namespace assay::firmware
