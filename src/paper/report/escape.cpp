// SPDX-License-Identifier: Apache-2.0
#include "paper/report/escape.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace assay::paper {
namespace {

struct Char {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0: no UTF-8
};

Char first_char(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = at(0);
  if (first < 0x80) return {first, 1};
  if (first < 0xC2 || first > 0xF4) return {};
  const std::size_t n = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (text.size() < n) return {};
  char32_t code = first & (0xFFU >> (n + 1));
  for (std::size_t i = 1; i < n; ++i) {
    if ((at(i) & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (at(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  if (code < smallest.at(n) || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, n};
}

// Characters that a reader cannot see but that change what is seen.
bool is_invisible(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0x115F || c == 0x1160 || (c >= 0x17B4 && c <= 0x17B5) ||
         c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0x3164 ||
         c == 0xFEFF || c == 0xFFA0 || (c >= 0xFFF9 && c <= 0xFFFB) || (c & 0xFFFEU) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF) ||
         (c >= 0xE0000 && c <= 0xE0FFF);
}

// Where to cut so that no character is split.
std::size_t whole_chars(std::string_view text, std::size_t bytes) {
  if (bytes >= text.size()) return text.size();
  for (std::size_t back = 0; back < 4 && back <= bytes; ++back) {
    if ((static_cast<unsigned char>(text[bytes - back]) & 0xC0U) != 0x80U) return bytes - back;
  }
  return bytes;
}

void append_hex(std::string& out, const char* format, unsigned value) {
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, value);
  out += buffer.data();
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t i = 0; i < text.size();) {
    const Char c = first_char(text.substr(i));
    if (c.bytes == 0) {
      append_hex(out, "\\x%02X", static_cast<unsigned char>(text[i]));
      ++i;
      continue;
    }
    switch (c.code) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default:
        if (is_invisible(c.code)) {
          append_hex(out, c.code > 0xFFFF ? "\\U%08X" : "\\u%04X", static_cast<unsigned>(c.code));
        } else {
          out += text.substr(i, c.bytes);
        }
    }
    i += c.bytes;
  }
  return out;
}

Html prose(std::string_view text) {
  Html out;
  const bool cut_off = text.size() > kWholeText;
  if (cut_off) text = text.substr(0, whole_chars(text, kWholeText));
  while (true) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out.text += escaped(line);
    if (end == std::string_view::npos) break;
    out.text += "<br>";
    text.remove_prefix(end + 1);
  }
  if (cut_off) out.text += "… <i>(cut here; the JSON report has all)</i>";
  return out;
}

Html clipped(std::string_view text, std::size_t shown) {
  if (text.size() <= shown + shown / 4) return prose(text);
  Html out{"<details class=\"long\"><summary><span class=\"head\">"};
  out.text += escaped(text.substr(0, whole_chars(text, shown)));
  out.text += "…</span> <span class=\"more\">all " + grouped(text.size()) + " bytes</span></summary><div class=\"whole\">";
  out += prose(text);
  out.text += "</div></details>";
  return out;
}

std::string cut(std::string_view text, std::size_t shown) {
  if (text.size() <= shown) return std::string(text);
  return std::string(text.substr(0, whole_chars(text, shown))) + "…";
}

std::string anchor(std::string_view kind, std::initializer_list<std::string_view> parts) {
  std::string out(kind);
  for (const std::string_view part : parts) {
    out += ':';
    for (const char c : part.substr(0, 512)) {
      const bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
      if (safe) {
        out += c;
      } else {
        append_hex(out, "_%02x", static_cast<unsigned char>(c));
      }
    }
  }
  return out;
}

std::string grouped(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ",");
  return out;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  std::string out = grouped(number) + " ";
  if (number != 1 && noun.ends_with('y')) return out + std::string(noun.substr(0, noun.size() - 1)) + "ies";
  return out + std::string(noun) + (number == 1 ? "" : "s");
}

std::string duration_text(int minutes) {
  if (minutes < 60) return std::to_string(std::max(0, minutes)) + " min";
  std::string out = grouped(static_cast<std::uint64_t>(minutes / 60)) + " h";
  if (minutes % 60 != 0) out += " " + std::to_string(minutes % 60) + " min";
  return out;
}

}  // namespace assay::paper
