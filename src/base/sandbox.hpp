// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace assay {

struct SandboxLimits {
  std::uint64_t memory = 2ULL << 30U;  // address space growth allowed to the worker, bytes
  std::chrono::seconds time{600};      // wall time; the worker is killed after it
  std::uint64_t output = 1ULL << 30U;  // bytes it may send back
};

struct SandboxOutcome {
  enum class End { finished, crashed, timed_out, too_much_output };
  End end = End::finished;
  std::string why;          // for people, where it did not finish
  bool sandboxed = false;   // Landlock and seccomp both in force
  std::string unsandboxed;  // what the kernel did not offer, else empty
};

// Runs `work` in a forked child that can open no file (Landlock), make no network or exec call (seccomp) and use no more than
// the limits (rlimits, wall clock). What the child sends with `send` arrives in order, in whole records, at `receive` in the
// caller. A crash, a kill or a time-out is an outcome, not an error. Call while the process has a single thread.
using SandboxSend = std::function<void(std::string_view record)>;
Result<SandboxOutcome> run_sandboxed(const SandboxLimits& limits, const std::function<void(const SandboxSend&)>& work,
                                     const std::function<void(std::string_view)>& receive);

}  // namespace assay
