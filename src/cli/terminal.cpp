// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "base/text.hpp"

namespace assay::cli {
namespace {

struct Look {
  std::string_view icon, word, colour;
};

// Blue, orange, grey: told apart by colour-blind readers too; the icon and word say it without colour.
Look look(Verdict v) {
  switch (v) {
    case Verdict::pass: return {"✔", "PASS", "34"};
    case Verdict::fail: return {"✘", "FAIL", "1;31"};
    case Verdict::inconclusive: return {"?", "INCONCLUSIVE", "33"};
    case Verdict::not_applicable: return {"–", "NOT APPLICABLE", "2"};
  }
  return {};
}

bool environment_is(const char* name, std::string_view value) {
  const char* v = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read once at start
  return v != nullptr && (value.empty() || value == v);
}

}  // namespace

Terminal::Terminal(bool colour_allowed, bool quiet) {
  colour_ = colour_allowed && ::isatty(STDOUT_FILENO) == 1 && !environment_is("NO_COLOR", "") && !environment_is("TERM", "dumb");
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) width_ = std::min<std::size_t>(size.ws_col, 120);
  meter_.on = !quiet && ::isatty(STDERR_FILENO) == 1;
}

void Terminal::line(std::string_view text) {
  meter_.clear();
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
}

void Terminal::error(std::string_view text) {
  meter_.clear();
  std::fprintf(stderr, "assay: %.*s\n", static_cast<int>(text.size()), text.data());
}

void Terminal::warning(std::string_view text) {
  meter_.clear();
  std::fprintf(stderr, "assay: note: %.*s\n", static_cast<int>(text.size()), text.data());
}

void Terminal::paragraph(std::string_view text, std::size_t indent) {
  const std::string pad(indent, ' ');
  for (const std::string_view given : split(text, '\n')) {
    std::string out = pad;
    std::size_t used = indent;
    bool first = true;
    for (const std::string_view word : words(given)) {
      const std::size_t n = cells(word);
      if (!first && used + 1 + n > width_) {
        line(out);
        out = pad;
        used = indent;
        first = true;
      }
      if (!first) {
        out += ' ';
        ++used;
      }
      out += word;
      used += n;
      first = false;
    }
    line(out);
  }
}

std::string Terminal::paint(std::string_view code, std::string_view text) const {
  if (!colour_) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string Terminal::bold(std::string_view text) const {
  return paint("1", text);
}
std::string Terminal::dim(std::string_view text) const {
  return paint("2", text);
}

std::string Terminal::verdict(Verdict v) const {
  const Look l = look(v);
  return paint(l.colour, std::string(l.icon) + " " + std::string(l.word));
}

std::string Terminal::bar(const std::vector<std::pair<Verdict, std::size_t>>& counts, std::size_t width) const {
  std::size_t total = 0;
  for (const auto& [v, n] : counts) total += n;
  std::string out;
  if (total == 0) return out;
  for (const auto& [v, n] : counts) {
    if (n == 0) continue;
    // Every verdict that occurs is seen, however rare.
    const std::size_t share = std::max<std::size_t>(1, n * width / total);
    static constexpr std::array<std::string_view, 4> fill = {"█", "▓", "░", "·"};
    std::string cell;
    for (std::size_t i = 0; i < share; ++i) cell += fill.at(static_cast<std::size_t>(v));
    out += paint(look(v).colour, cell);
  }
  return out;
}

void Terminal::Meter::step(std::string_view what, std::uint64_t done, std::uint64_t total) {
  if (!on) return;
  const std::lock_guard lock(mutex_);
  const auto at = std::chrono::steady_clock::now();
  if (visible_ && at - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = at;
  const double seconds = std::chrono::duration<double>(at - started_).count();
  std::array<char, 64> figures{};
  if (total != 0) {
    std::snprintf(figures.data(), figures.size(), " %3.0f %%  %.1f s", 100.0 * static_cast<double>(done) / static_cast<double>(total),
                  seconds);
  } else {
    std::snprintf(figures.data(), figures.size(), "  %.1f s", seconds);
  }
  const std::string text = printable(what, 60);
  std::fprintf(stderr, "\r\x1b[K%s%s", text.c_str(), figures.data());
  std::fflush(stderr);
  visible_ = true;
}

void Terminal::Meter::clear() {
  if (!on) return;
  const std::lock_guard lock(mutex_);
  if (visible_) std::fputs("\r\x1b[K", stderr);
  visible_ = false;
}

std::size_t cells(std::string_view text) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == 0x1b) {
      while (i < text.size() && text[i] != 'm') ++i;
      continue;
    }
    if ((c & 0xC0U) == 0x80U) continue;
    // CJK, kana and full-width forms all start with bytes 0xE3 to 0xE9, 0xEF BC/BD in UTF-8.
    n += c >= 0xE3 && c <= 0xE9 ? 2 : 1;
  }
  return n;
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t used = cells(text);
  return std::string(text) + std::string(used < width ? width - used : 0, ' ');
}

}  // namespace assay::cli
