// SPDX-License-Identifier: Apache-2.0
// What no format claims: it may be called code only where nothing unread can hide under that name.
#include "firmware/identify.hpp"

#include <gtest/gtest.h>

#include <string>

namespace assay::firmware {
namespace {

constexpr std::string_view kBanner = "Linux version 3.10.14 (maker@host) (gcc) #1";
constexpr std::size_t kSector = 4096;

// Bytes of the entropy and look of machine code; no two calls with different seeds alike.
std::string code_bytes(std::size_t n, std::uint32_t seed) {
  std::string out(n, '\0');
  for (char& c : out) {
    seed = seed * 1664525U + 1013904223U;
    c = static_cast<char>((seed >> 24U) & 0x5bU);
  }
  return out;
}

// A FAT boot sector and what looks like its files.
std::string fat_volume(std::size_t n) {
  std::string out = code_bytes(n, 7);
  out.replace(54, 8, "FAT16   ");
  return out;
}

std::uint64_t unknown_bytes(const std::string& image, bool code = false) {
  Budget budget{Budget::Limits{}};
  std::uint64_t at = 0;
  std::uint64_t unknown = 0;
  for (const Region& region : identify(Blob{bytes_of(image), nullptr}, code, budget).regions) {
    EXPECT_EQ(region.offset, at);
    at += region.extent.size;
    if (region.id == "unknown") unknown += region.extent.size;
  }
  EXPECT_EQ(at, image.size());
  return unknown;
}

std::string kernel(std::size_t n) {
  std::string out = code_bytes(n, 1);
  out.replace(n / 2, kBanner.size(), kBanner);
  return out;
}

TEST(Identify, KernelOwnsWhatStandsAroundIt) {
  const std::string zeroes(2 * kSector, '\0');
  EXPECT_EQ(unknown_bytes(code_bytes(50'000, 2) + zeroes + kernel(512 * 1024) + zeroes + code_bytes(100'000, 3)), 0U);
}

TEST(Identify, LineOfALogIsNoKernel) {
  const std::string unread = code_bytes(1 << 20U, 4);
  const std::string log = "dmesg: " + std::string(kBanner) + "\n";
  EXPECT_GE(unknown_bytes(unread + std::string(2 * kSector, '\0') + log), unread.size());
  // Not even when it stands in the middle of unread bytes that are too few to be a kernel.
  const std::string settings = code_bytes(60'000, 5) + log + code_bytes(60'000, 6);
  EXPECT_EQ(unknown_bytes(settings), settings.size());
}

TEST(Identify, UnreadFileSystemBehindAKernelStaysUnknown) {
  const std::string volume = fat_volume(300'000);
  EXPECT_GE(unknown_bytes(kernel(1 << 20U) + std::string(2 * kSector, '\0') + volume), volume.size());
}

TEST(Identify, UnreadFileSystemStuckToABannerStaysUnknown) {
  EXPECT_GE(unknown_bytes(kernel(1 << 20U) + fat_volume(300'032)), 300'032U);
  std::string loader = code_bytes(64 * 1024, 8);
  loader.replace(100, 11, "U-Boot 2013");
  EXPECT_EQ(unknown_bytes(loader), 0U);
  EXPECT_GE(unknown_bytes(loader + fat_volume(300'032)), 300'032U);
}

TEST(Identify, UnreadFileSystemInAProgramIsNotItsCode) {
  const std::string volume = fat_volume(300'032);
  EXPECT_EQ(unknown_bytes(volume, true), volume.size());
  EXPECT_EQ(unknown_bytes(code_bytes(300'032, 9), true), 0U);
}

TEST(Identify, MoreThanAKernelIsNotItsOwn) {
  // Ten times as many bytes behind the kernel as it has itself are a flash, whatever is in it.
  const std::string zeroes(2 * kSector, '\0');
  EXPECT_GE(unknown_bytes(kernel(300 * 1024) + zeroes + code_bytes(3 << 20U, 10)), std::uint64_t{3} << 20U);
}

TEST(Identify, LoaderLargerThanAnyLoaderIsUnknown) {
  std::string loader = code_bytes(5 << 20U, 11);
  loader.replace(100, 11, "U-Boot 2013");
  EXPECT_EQ(unknown_bytes(loader), loader.size());
}

}  // namespace
}  // namespace assay::firmware
