// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "intake/table.hpp"

namespace assay::intake {

// The parts of a zip package (ECMA-376 part 2) that `wanted` names, unpacked in memory within the limits.
Result<std::map<std::string, Buffer, std::less<>>> read_parts(Bytes zip, std::string_view name, const Limits& limits,
                                                              const std::function<bool(std::string_view)>& wanted);

}  // namespace assay::intake
