// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.hpp"
#include "model/verdict.hpp"

namespace assay::cli {

// Where output goes. Colours only on a terminal that wants them (NO_COLOR, TERM=dumb respected); plain when piped.
// Everything that comes from evidence must have passed printable() before it gets here.
class Terminal {
 public:
  Terminal(bool colour_allowed, bool quiet);

  void line(std::string_view text = {});  // to standard output
  void error(std::string_view text);      // to standard error, "assay: " in front
  void warning(std::string_view text);
  // Wrapped to the width, continuation lines indented.
  void paragraph(std::string_view text, std::size_t indent = 0);
  std::string bold(std::string_view text) const;
  std::string dim(std::string_view text) const;
  // Icon and word, never colour alone: "✔ PASS".
  std::string verdict(Verdict verdict) const;
  // Bar of `width` cells, one colour and letter a verdict, in proportion to the counts.
  std::string bar(const std::vector<std::pair<Verdict, std::size_t>>& counts, std::size_t width) const;
  std::size_t width() const { return width_; }
  Progress& progress() { return meter_; }
  // Ends the progress line so that output starts on a clean one.
  void settle() { meter_.clear(); }

 private:
  std::string paint(std::string_view code, std::string_view text) const;

  // One line on standard error, redrawn a few times a second: what, how far, how long.
  class Meter final : public Progress {
   public:
    void step(std::string_view what, std::uint64_t done, std::uint64_t total) override;
    void clear();
    bool on = false;

   private:
    std::mutex mutex_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point drawn_{};
    bool visible_ = false;
  };

  bool colour_ = false;
  std::size_t width_ = 100;
  Meter meter_;
};

// Columns of text, the last one wrapped.
std::string padded(std::string_view text, std::size_t width);
// Number of terminal cells (UTF-8; wide East Asian characters count two).
std::size_t cells(std::string_view text);

}  // namespace assay::cli
