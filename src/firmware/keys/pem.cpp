// SPDX-License-Identifier: Apache-2.0
#include "firmware/keys/pem.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace assay::firmware {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kDashes = "-----";
constexpr std::size_t kMaxBlock = 64U << 10U;
constexpr std::size_t kMaxBlocks = 500;

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

// Blanks, line ends and the "\n" of a C or JSON string between the characters are passed over.
std::optional<Buffer> decode(std::string_view text) {
  Buffer out;
  std::uint32_t bits = 0;
  unsigned have = 0;
  bool padding = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    if (c == '\\' && i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == 'r')) {
      ++i;
      continue;
    }
    if (c == '=') {
      padding = true;
      continue;
    }
    const int value = base64_value(c);
    if (value < 0 || padding) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    have += 6;
    if (have >= 8) {
      have -= 8;
      out.push_back(static_cast<std::byte>((bits >> have) & 0xffU));
    }
  }
  if (out.size() < 16) return std::nullopt;
  return out;
}

}  // namespace

std::vector<PemBlock> find_pem_blocks(Bytes content, bool& truncated) {
  std::vector<PemBlock> out;
  const auto text = text_of(content);
  std::size_t counted = 0;
  std::uint32_t line = 1;
  for (std::size_t at = text.find(kBegin); at != text.npos; at = text.find(kBegin, at + kBegin.size())) {
    const auto rest = text.substr(at + kBegin.size(), kMaxBlock);
    const auto label_end = rest.find(kDashes);
    if (label_end == rest.npos || label_end > 64) continue;
    const auto label = rest.substr(0, label_end);
    const std::string end_mark = "-----END " + std::string(label) + "-----";
    auto body = rest.substr(label_end + kDashes.size());
    const auto end = body.find(end_mark);
    if (end == body.npos) continue;
    body = body.substr(0, end);
    if (out.size() >= kMaxBlocks) {
      truncated = true;
      break;
    }
    PemBlock block;
    block.label = label;
    if (const auto colon = body.find(':'); colon != body.npos) {
      block.encrypted = body.find("ENCRYPTED") != body.npos;
      // Headers end at the first empty line.
      auto blank = body.find("\n\n");
      if (blank == body.npos) blank = body.find("\n\r\n");
      if (blank == body.npos) continue;
      body = body.substr(blank);
    }
    auto decoded = decode(body);
    if (!decoded) continue;
    block.body = std::move(*decoded);
    block.offset = at;
    line += static_cast<std::uint32_t>(
        std::count(text.begin() + static_cast<std::ptrdiff_t>(counted), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    counted = at;
    block.line = line;
    out.push_back(std::move(block));
  }
  return out;
}

}  // namespace assay::firmware
