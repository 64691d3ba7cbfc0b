// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace assay {

// What kind of trouble; the only part of an Error that callers branch on.
enum class Errc {
  truncated,    // input ends before the structure does
  malformed,    // input breaks its own rules
  unsupported,  // understood, but not handled
  limit,        // a bound of ours was reached
  not_found,
  denied,
  io,
  timeout,
  cancelled,
  conflict,
};

std::string_view to_text(Errc code);

// Where in the input: a byte offset, a line and column (from 1), or a path. Zero or empty means not known.
struct Where {
  std::string path;
  std::uint64_t offset = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct Error {
  Errc code = Errc::malformed;
  std::string what;  // for people: what was found, what was expected
  Where where = {};

  // "path:line:column: what", as compilers write it.
  std::string to_text() const;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Errc code, std::string what, Where where = {}) {
  return tl::unexpected<Error>(Error{code, std::move(what), std::move(where)});
}

// The numbers are a contract: scripts read them (`assay help ci`).
enum class ExitStatus : int { ok = 0, failed = 1, usage = 2, not_examined = 3, inconclusive = 4 };

}  // namespace assay

#define ASSAY_JOIN_(a, b) a##b
#define ASSAY_JOIN(a, b) ASSAY_JOIN_(a, b)
#define ASSAY_TRY_(tmp, decl, expr)                                        \
  auto tmp = (expr);                                                       \
  if (!tmp) return tl::unexpected<::assay::Error>(std::move(tmp).error()); \
  decl = *std::move(tmp)
// TRY(auto x, f()): x is the value, or the enclosing function returns f's error.
#define TRY(decl, expr) ASSAY_TRY_(ASSAY_JOIN(try_, __LINE__), decl, expr)
// TRY_VOID(f()): the same for Result<void>.
#define TRY_VOID(expr)                                                       \
  if (auto ASSAY_JOIN(try_, __LINE__) = (expr); !ASSAY_JOIN(try_, __LINE__)) \
  return tl::unexpected<::assay::Error>(std::move(ASSAY_JOIN(try_, __LINE__)).error())
