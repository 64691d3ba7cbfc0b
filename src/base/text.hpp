// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

std::string_view trim(std::string_view text);
std::string to_lower(std::string_view text);  // ASCII only
// Nothing but blanks, dashes and the like, or a word that only fills a field ("n/a", "tbd").
bool says_nothing(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
// Non-empty words between blanks and tabs.
std::vector<std::string_view> words(std::string_view text);
bool starts_with_icase(std::string_view text, std::string_view prefix);

// Decimal digits only, the whole text; nothing else is a number.
std::optional<std::int64_t> to_integer(std::string_view text);
std::optional<double> to_number(std::string_view text);

// Number of single-character edits, for "did you mean".
std::size_t edit_distance(std::string_view a, std::string_view b);
// The candidate nearest to `word` when near enough to be a slip, else empty.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

// Hostile text made safe to print: control characters and broken UTF-8 become \xNN, and at most `max` bytes.
std::string printable(std::string_view text, std::size_t max = 512);
// Broken UTF-8 replaced by U+FFFD, NUL dropped: what JSON and HTML may carry.
std::string valid_utf8(std::string_view text);

std::string errno_text(int number);
// 1536 -> "1.5 KiB".
std::string bytes_text(std::uint64_t bytes);

// Version order for "lt/ge" matchers and display: runs of digits by value, the rest by characters; 1.10 > 1.9, 0.9.8zh > 0.9.8g.
int compare_versions(std::string_view a, std::string_view b);

}  // namespace assay
