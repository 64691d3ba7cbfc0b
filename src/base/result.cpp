// SPDX-License-Identifier: Apache-2.0
#include "base/result.hpp"

namespace assay {

std::string_view to_text(Errc code) {
  switch (code) {
    case Errc::truncated: return "truncated";
    case Errc::malformed: return "malformed";
    case Errc::unsupported: return "unsupported";
    case Errc::limit: return "limit";
    case Errc::not_found: return "not-found";
    case Errc::denied: return "denied";
    case Errc::io: return "io";
    case Errc::timeout: return "timeout";
    case Errc::cancelled: return "cancelled";
    case Errc::conflict: return "conflict";
  }
  return "unknown";
}

std::string Error::to_text() const {
  std::string out;
  if (!where.path.empty()) out += where.path + ":";
  if (where.line != 0) {
    out += std::to_string(where.line) + ":";
    if (where.column != 0) out += std::to_string(where.column) + ":";
  } else if (where.offset != 0) {
    out += "byte " + std::to_string(where.offset) + ":";
  }
  if (!out.empty()) out += " ";
  return out + what;
}

}  // namespace assay
