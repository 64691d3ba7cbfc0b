// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace assay {

// Where long work says what it does. Called from any thread; implementations are thread-safe and cheap.
class Progress {
 public:
  virtual ~Progress() = default;
  // `what` is a short phrase ("reading files"); total 0 means not known.
  virtual void step(std::string_view what, std::uint64_t done, std::uint64_t total) = 0;
};

class NoProgress final : public Progress {
 public:
  void step(std::string_view, std::uint64_t, std::uint64_t) override {}
};

}  // namespace assay
