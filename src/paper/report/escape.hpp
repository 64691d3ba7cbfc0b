// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace assay::paper {

// Markup that is safe to put on the page as it stands. Texts from evidence and people become Html only through the functions below.
struct Html {
  std::string text;
  Html& operator+=(const Html& more) {
    text += more.text;
    return *this;
  }
  bool empty() const { return text.empty(); }
};

// `text` as HTML text or attribute value. Control, bidirectional, zero-width and other invisible characters are shown as \u escapes
// (Unicode TR 36, 3.2; CVE-2021-42574), bytes that are no UTF-8 as \x escapes.
std::string escaped(std::string_view text);
inline Html plain(std::string_view text) {
  return Html{escaped(text)};
}
// People's notes: line breaks kept.
Html prose(std::string_view text);
// At most about `shown` bytes, the rest behind a disclosure, and no more than kWholeText of it: the JSON report has all.
// Holds a <details>: only for places that take flow content.
inline constexpr std::size_t kWholeText = 8192;
Html clipped(std::string_view text, std::size_t shown = 240);
// The same as plain text for places that take no disclosure (titles, attributes): cut with an ellipsis. Not escaped.
std::string cut(std::string_view text, std::size_t shown = 160);

// An element id: "r:en-303-645:5.1-1". Characters other than letters, digits, '.' and '-' become _hex, so different parts never meet.
std::string anchor(std::string_view kind, std::initializer_list<std::string_view> parts);

std::string grouped(std::uint64_t number);                         // 12,345
std::string counted(std::uint64_t number, std::string_view noun);  // "1 row", "2 rows"
std::string duration_text(int minutes);                            // "5 min", "2 h 30 min"

}  // namespace assay::paper
