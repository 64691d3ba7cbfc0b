// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"

namespace assay::cli {

int complain(const Common& common, const Error& error, ExitStatus status) {
  common.terminal->error(printable(error.to_text(), 2000));
  return static_cast<int>(status);
}

int complain(const Common& common, const std::vector<Error>& errors, ExitStatus status) {
  for (const Error& e : errors) common.terminal->error(printable(e.to_text(), 2000));
  return static_cast<int>(status);
}

ExitStatus status_of(const Error& error) {
  switch (error.code) {
    case Errc::truncated:
    case Errc::malformed:
    case Errc::unsupported:
    case Errc::limit:
    case Errc::io:
    case Errc::timeout:
    case Errc::not_found:
    case Errc::denied: return ExitStatus::not_examined;
    case Errc::cancelled:
    case Errc::conflict: break;
  }
  return ExitStatus::usage;
}

bool known_schemes(const Common& common, const assess::Catalogue& catalogue, const std::vector<std::string>& schemes) {
  const auto ids = assess::scheme_ids(catalogue);
  for (const std::string& s : schemes) {
    if (std::ranges::find(ids, s) != ids.end()) continue;
    complain(common, Error{Errc::not_found, "no scheme " + printable(s, 60) + " in the catalogue" + office::suggestion(s, ids), {}});
    return false;
  }
  return true;
}

void print_json(const Common& common, const Value& value) {
  common.terminal->settle();
  const std::string text = to_json(value, JsonStyle::pretty) + "\n";
  std::fwrite(text.data(), 1, text.size(), stdout);
}

Result<office::Question> question_of(const Common& common, const std::vector<std::string>& schemes) {
  office::Question out;
  if (common.date.empty()) {
    out.date = std::chrono::floor<std::chrono::days>(now());
  } else {
    const auto day = parse_day(common.date);
    if (!day) return fail(Errc::malformed, "--date: found " + printable(common.date, 40) + ", expected a day like 2026-11-23");
    out.date = *day;
  }
  out.closing = common.closing;
  out.schemes = schemes;
  return out;
}

Result<firmware::Options> firmware_options(const Common& common) {
  firmware::Options out;
  std::string_view text = common.memory;
  std::uint64_t unit = 1;
  if (!text.empty()) {
    switch (text.back()) {
      case 'K':
      case 'k': unit = 1ULL << 10U; break;
      case 'M':
      case 'm': unit = 1ULL << 20U; break;
      case 'G':
      case 'g': unit = 1ULL << 30U; break;
      default: break;
    }
    if (unit != 1) text.remove_suffix(1);
  }
  const auto n = to_integer(text);
  // Below 64 MiB not even one large dictionary fits; above 1 TiB somebody mistyped.
  if (!n || *n <= 0 || static_cast<std::uint64_t>(*n) > (1ULL << 40U) / unit || static_cast<std::uint64_t>(*n) * unit < (64ULL << 20U)) {
    return fail(Errc::malformed, "--memory: found " + printable(common.memory, 40) + ", expected a size like 512M or 2G, at least 64M");
  }
  out.limits.memory = static_cast<std::uint64_t>(*n) * unit;
  out.threads = common.threads;
  out.password_time = std::chrono::seconds(common.password_seconds);
  out.sandbox = common.sandbox;
  return out;
}

}  // namespace assay::cli
