// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(CompareVersions, OrdersAsReleasesCame) {
  const std::vector<std::string> in_order = {"0.9.8b", "0.9.8g", "0.9.8zc", "0.9.8zh", "1.0.2f", "1.9", "1.10", "1.10.1", "2017.75"};
  for (std::size_t i = 0; i < in_order.size(); ++i) {
    for (std::size_t j = 0; j < in_order.size(); ++j) {
      const int c = compare_versions(in_order[i], in_order[j]);
      EXPECT_EQ(c < 0, i < j) << in_order[i] << " " << in_order[j];
      EXPECT_EQ(c == 0, i == j);
    }
  }
  EXPECT_EQ(compare_versions("1.02", "1.2"), 0);
}

TEST(Nearest, FindsASlipAndNothingFarAway) {
  EXPECT_EQ(nearest("manufaturer", {"name", "manufacturer", "markets"}), "manufacturer");
  EXPECT_EQ(nearest("Model", {"model"}), "model");
  EXPECT_EQ(nearest("xyz", {"manufacturer", "markets"}), "");
}

TEST(Printable, MakesTerminalAttacksHarmless) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a\\x1b[31mb");
  EXPECT_EQ(printable("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(printable("ラベル"), "ラベル");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\xc2\\x9b31m")
      << "C1 control, a terminal's CSI";
  EXPECT_LE(printable(std::string(5000, 'x'), 100).size(), 104U);
}

TEST(ValidUtf8, ReplacesBrokenSequencesAndOverlongs) {
  EXPECT_EQ(valid_utf8("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(valid_utf8("\xed\xa0\x80").find("\xed"), std::string::npos);
  EXPECT_EQ(valid_utf8("é"), "é");
}

TEST(ToInteger, TakesWholeDecimalTextsOnly) {
  EXPECT_EQ(to_integer("42"), 42);
  EXPECT_EQ(to_integer("-7"), -7);
  for (const char* bad : {"", "4 ", " 4", "0x10", "4.0", "99999999999999999999"}) EXPECT_FALSE(to_integer(bad)) << bad;
}

TEST(SaysNothing, IsWhatOnlyFillsAField) {
  for (const char* filler : {"", "  ", "-", "\xe2\x80\x93", "...", "N/A", "n.a.", "TBD", "?", "not applicable"})
    EXPECT_TRUE(says_nothing(filler)) << filler;
  for (const char* text : {"none", "x", "DN-1", "\xe3\x81\xaa\xe3\x81\x97", "no log"}) EXPECT_FALSE(says_nothing(text)) << text;
}

TEST(BytesText, UsesBinaryUnits) {
  EXPECT_EQ(bytes_text(512), "512 bytes");
  EXPECT_EQ(bytes_text(1536), "1.5 KiB");
}

}  // namespace
}  // namespace assay
