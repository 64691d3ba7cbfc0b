// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

// A calendar day, as laws and certificates use it.
using Day = std::chrono::sys_days;
using Instant = std::chrono::sys_seconds;

std::optional<Day> parse_day(std::string_view text);          // "2026-11-23"; also takes the day of an RFC 3339 time
std::optional<Instant> parse_instant(std::string_view text);  // RFC 3339, any offset
std::string to_text(Day day);
std::string to_text(Instant at);  // RFC 3339, UTC, "2026-11-23T09:30:00Z"

// The one place that asks for the time. SOURCE_DATE_EPOCH, where set, is the time (reproducible runs).
Instant now();

}  // namespace assay
