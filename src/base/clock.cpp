// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

#include "base/text.hpp"

namespace assay {
namespace {

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t n) {
  if (at > text.size() || n > text.size() - at) return std::nullopt;
  const auto value = to_integer(text.substr(at, n));
  if (!value || text[at] == '-' || text[at] == '+') return std::nullopt;
  return static_cast<int>(*value);
}

}  // namespace

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() > 10) {
    const auto instant = parse_instant(text);
    if (!instant) return std::nullopt;
    return std::chrono::floor<std::chrono::days>(*instant);
  }
  const auto y = digits(text, 0, 4);
  const auto m = digits(text, 5, 2);
  const auto d = digits(text, 8, 2);
  if (text.size() != 10 || !y || !m || !d || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year{*y}, std::chrono::month{static_cast<unsigned>(*m)},
                                        std::chrono::day{static_cast<unsigned>(*d)}};
  if (!day.ok()) return std::nullopt;
  return Day{day};
}

std::optional<Instant> parse_instant(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't' && text[10] != ' ')) return std::nullopt;
  const auto day = parse_day(text.substr(0, 10));
  const auto h = digits(text, 11, 2);
  const auto m = digits(text, 14, 2);
  const auto s = digits(text, 17, 2);
  if (!day || !h || !m || !s || text[13] != ':' || text[16] != ':' || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
  Instant out = Instant{*day} + std::chrono::hours{*h} + std::chrono::minutes{*m} + std::chrono::seconds{*s};
  std::size_t at = 19;
  if (text[at] == '.') {
    ++at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  }
  if (at == text.size()) return std::nullopt;
  if ((text[at] == 'Z' || text[at] == 'z') && at + 1 == text.size()) return out;
  const auto oh = digits(text, at + 1, 2);
  const auto om = digits(text, at + 4, 2);
  if (!oh || !om || text.size() != at + 6 || text[at + 3] != ':' || (text[at] != '+' && text[at] != '-')) return std::nullopt;
  const auto offset = std::chrono::hours{*oh} + std::chrono::minutes{*om};
  return text[at] == '+' ? out - offset : out + offset;
}

std::string to_text(Day day) {
  const std::chrono::year_month_day ymd{day};
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                static_cast<unsigned>(ymd.day()));
  return out.data();
}

std::string to_text(Instant at) {
  const Day day = std::chrono::floor<std::chrono::days>(at);
  const auto s = (at - day).count();
  std::array<char, 24> out{};
  std::snprintf(out.data(), out.size(), "T%02d:%02d:%02dZ", static_cast<int>(s / 3600), static_cast<int>(s / 60 % 60),
                static_cast<int>(s % 60));
  return to_text(day) + out.data();
}

Instant now() {
  // getenv is not thread-safe against setenv; nothing here sets the environment.
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH")) {  // NOLINT(concurrency-mt-unsafe)
    if (const auto seconds = to_integer(epoch)) return Instant{std::chrono::seconds{*seconds}};
  }
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace assay
