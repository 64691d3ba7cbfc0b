// SPDX-License-Identifier: Apache-2.0
#include "paper/report/escape.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstdio>
#include <set>

namespace assay::paper {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Escape, MarkupBecomesText) {
  EXPECT_EQ(escaped(R"(<a href="x" on='y'>&)"), "&lt;a href=&quot;x&quot; on=&#39;y&#39;&gt;&amp;");
}

TEST(Escape, OrdinaryTextOfAnyLanguageStays) {
  EXPECT_EQ(escaped("/etc/shadow – 日本語 – עברית – é"), "/etc/shadow – 日本語 – עברית – é");
}

TEST(Escape, BidirectionalControlsAreSeen) {
  for (const unsigned c : {0x202AU, 0x202BU, 0x202CU, 0x202DU, 0x202EU, 0x2066U, 0x2067U, 0x2068U, 0x2069U}) {
    const std::string utf8 = {static_cast<char>(0xE2), static_cast<char>(0x80 | ((c >> 6) & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
    std::array<char, 8> expected{};
    std::snprintf(expected.data(), expected.size(), "\\u%04X", c);
    EXPECT_EQ(escaped("a" + utf8 + "b"), "a" + std::string(expected.data()) + "b");
  }
  EXPECT_EQ(escaped("photo_\xE2\x80\xAEgpj.exe"), "photo_\\u202Egpj.exe");
}

TEST(Escape, InvisibleCharactersAreSeen) {
  EXPECT_EQ(escaped("a\xE2\x80\x8B"
                    "b"),
            "a\\u200Bb");
  EXPECT_EQ(escaped("\xEF\xBB\xBFx"), "\\uFEFFx");
  EXPECT_EQ(escaped("\xF3\xA0\x81\xA1"), "\\U000E0061");
}

TEST(Escape, ControlCharactersAndNulAreSeen) {
  EXPECT_EQ(escaped(std::string_view("a\0b\x1b[31m\n\t\x7f", 11)), "a\\u0000b\\u001B[31m\\u000A\\u0009\\u007F");
  EXPECT_EQ(escaped("\xC2\x85"), "\\u0085");
}

TEST(Escape, BytesThatAreNoUtf8AreSeen) {
  EXPECT_EQ(escaped("a\xFF\xC0\xAF"), "a\\xFF\\xC0\\xAF");
  EXPECT_EQ(escaped("\xED\xA0\x80"), "\\xED\\xA0\\x80");
  EXPECT_EQ(escaped("\xE2\x80"), "\\xE2\\x80");
}

TEST(Prose, KeepsLinesOnly) {
  EXPECT_EQ(prose("one\r\ntwo <b>").text, "one<br>two &lt;b&gt;");
}

TEST(Clipped, ShortTextIsWhole) {
  EXPECT_EQ(clipped("short").text, "short");
}

TEST(Clipped, LongTextIsBehindADisclosureAndBounded) {
  const std::string text(100'000, 'x');
  const Html out = clipped(text, 100);
  EXPECT_THAT(out.text, StartsWith("<details class=\"long\"><summary>"));
  EXPECT_THAT(out.text, HasSubstr("all 100,000 bytes"));
  EXPECT_LT(out.text.size(), kWholeText + 1000);
  EXPECT_THAT(clipped(std::string(2000, 'y'), 100).text, HasSubstr(std::string(2000, 'y')));
}

TEST(Cut, NeverSplitsACharacter) {
  for (std::size_t n = 1; n < 12; ++n) EXPECT_THAT(escaped(cut("日本語日本語", n)), Not(HasSubstr("\\x"))) << n;
}

TEST(Anchor, DifferentPartsNeverMeet) {
  const std::set<std::string> ids = {anchor("u", {"s", "a b"}), anchor("u", {"s", "a_b"}), anchor("u", {"s", "a_20b"}),
                                     anchor("u", {"s:a", "b"}), anchor("u", {"s", "a:b"})};
  EXPECT_EQ(ids.size(), 5U);
  EXPECT_EQ(anchor("r", {"en-303-645", "5.1-1"}), "r:en-303-645:5.1-1");
  EXPECT_EQ(anchor("u", {"\" onclick=\""}), "u:_22_20onclick_3d_22");
}

TEST(Words, NumbersForPeople) {
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(counted(1, "row"), "1 row");
  EXPECT_EQ(counted(2000, "entry"), "2,000 entries");
  EXPECT_EQ(duration_text(5), "5 min");
  EXPECT_EQ(duration_text(150), "2 h 30 min");
  EXPECT_EQ(duration_text(-3), "0 min");
}

}  // namespace
}  // namespace assay::paper
