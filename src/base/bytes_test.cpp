// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace assay {
namespace {

TEST(Reader, ReadsEveryWidthInBothOrders) {
  const Bytes raw = bytes_of(std::string_view("\x01\x02\x03\x04\x05\x06\x07\x08", 8));
  EXPECT_EQ(Reader(raw).le<std::uint8_t>().value(), 0x01);
  EXPECT_EQ(Reader(raw).le<std::uint16_t>().value(), 0x0201);
  EXPECT_EQ(Reader(raw).be<std::uint16_t>().value(), 0x0102);
  EXPECT_EQ(Reader(raw).le<std::uint32_t>().value(), 0x04030201U);
  EXPECT_EQ(Reader(raw).be<std::uint32_t>().value(), 0x01020304U);
  EXPECT_EQ(Reader(raw).le<std::uint64_t>().value(), 0x0807060504030201ULL);
  EXPECT_EQ(Reader(raw).be<std::uint64_t>().value(), 0x0102030405060708ULL);
}

TEST(Reader, EveryReadBeyondTheEndIsTruncatedAndSaysWhere) {
  Reader r(bytes_of("abc"), 100);
  ASSERT_TRUE(r.skip(2));
  const auto four = r.le<std::uint32_t>();
  ASSERT_FALSE(four);
  EXPECT_EQ(four.error().code, Errc::truncated);
  EXPECT_EQ(four.error().where.offset, 102U);
  EXPECT_EQ(r.position(), 2U) << "a failed read moves nothing";
  EXPECT_FALSE(r.skip(~0ULL));
  EXPECT_FALSE(r.seek(4));
}

TEST(Reader, CStringNeedsItsNulWithinTheBound) {
  Reader r(bytes_of(std::string_view("ab\0cd", 5)));
  EXPECT_EQ(r.c_string(10).value(), "ab");
  EXPECT_FALSE(r.c_string(10));
  EXPECT_FALSE(Reader(bytes_of(std::string_view("abc\0", 4))).c_string(3));
}

TEST(Slice, RefusesRangesThatOverflow) {
  const Bytes raw = bytes_of("0123456789");
  EXPECT_EQ(text_of(slice(raw, 2, 3).value()), "234");
  EXPECT_FALSE(slice(raw, 8, 3));
  EXPECT_FALSE(slice(raw, ~0ULL, 2));
  EXPECT_FALSE(slice(raw, 2, ~0ULL));
}

TEST(Entropy, IsZeroForPaddingAndEightForAllBytes) {
  EXPECT_EQ(entropy(bytes_of(std::string(4096, '\xff'))), 0);
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_DOUBLE_EQ(entropy(bytes_of(all)), 8);
}

TEST(MappedFile, MapsBytesAndRefusesWhatIsNoFile) {
  const std::string path = ::testing::TempDir() + "/mapped";
  std::ofstream(path) << "hello";
  const auto file = MappedFile::open(path);
  ASSERT_TRUE(file);
  EXPECT_EQ(text_of(file->bytes()), "hello");
  EXPECT_EQ(MappedFile::open(path + ".none").error().code, Errc::not_found);
  EXPECT_EQ(MappedFile::open(::testing::TempDir()).error().code, Errc::unsupported);
  EXPECT_EQ(MappedFile::open("/dev/zero").error().code, Errc::unsupported);
}

}  // namespace
}  // namespace assay
