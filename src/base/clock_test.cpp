// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Clock, ReadsDaysAndRefusesThoseThatAreNone) {
  EXPECT_EQ(to_text(parse_day("2028-02-29").value()), "2028-02-29");
  for (const char* bad : {"2027-02-29", "2026-13-01", "2026-1-1", "26-01-01", "2026/01/01", "", "2026-01-01x"})
    EXPECT_FALSE(parse_day(bad)) << bad;
}

TEST(Clock, ReadsRfc3339WithOffsets) {
  EXPECT_EQ(to_text(parse_instant("2026-11-23T01:30:00+09:00").value()), "2026-11-22T16:30:00Z");
  EXPECT_EQ(to_text(parse_instant("2026-11-23T01:30:00.25Z").value()), "2026-11-23T01:30:00Z");
  for (const char* bad : {"2026-11-23", "2026-11-23T25:00:00Z", "2026-11-23T01:30:00", "2026-11-23T01:30:00+0900"})
    EXPECT_FALSE(parse_instant(bad)) << bad;
}

}  // namespace
}  // namespace assay
