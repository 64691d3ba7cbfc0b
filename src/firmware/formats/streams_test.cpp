// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>

#include "base/hash.hpp"
#include "firmware/formats/made_image.hpp"

namespace assay::firmware {
namespace {

using namespace testing;

struct Packer {
  std::string format;
  std::string command;  // "in" to "out"

  friend void PrintTo(const Packer& p, std::ostream* out) { *out << p.format; }
};

class Stream : public ::testing::TestWithParam<Packer> {};

TEST_P(Stream, HoldsTheFileSystemThatWasPacked) {
  const std::string folder = fresh_folder("stream_" + GetParam().format);
  const MadeTree made = make_tree(folder);
  ASSERT_TRUE(run_in(folder, "cd tree && find . | cpio -o -H newc > ../in"));
  if (!run_in(folder, GetParam().command)) GTEST_SKIP() << "no tool to pack it";
  const Buffer image = read_bytes(folder + "/out");
  Budget budget{Budget::Limits{}};
  const Unpacked unpacked = take_apart(image, budget);
  expect_tiling(unpacked, image.size());
  EXPECT_TRUE(unpacked.image.gaps.empty()) << unpacked.image.gaps.front();
  ASSERT_EQ(unpacked.image.layers.front()->format, GetParam().format);
  EXPECT_EQ(unpacked.image.layers.front()->compression, GetParam().format);
  const Layer* inner = layer_of(unpacked, "cpio");
  ASSERT_NE(inner, nullptr);
  EXPECT_EQ(files_of(*inner, budget).size(), made.size());
  EXPECT_EQ(files_of(*inner, budget).at("/usr/noise").content, made.at("/usr/noise").content);
}

TEST_P(Stream, SurvivesDamage) {
  const std::string folder = fresh_folder("stream_damaged_" + GetParam().format);
  ASSERT_TRUE(run_in(folder, "seq 1 2000 > in"));
  if (!run_in(folder, GetParam().command)) GTEST_SKIP() << "no tool to pack it";
  expect_sturdy(read_bytes(folder + "/out"));
}

// Five times what may be held: the refusal is said.
TEST_P(Stream, BombIsRefused) {
  const std::string folder = fresh_folder("stream_bomb_" + GetParam().format);
  ASSERT_TRUE(run_in(folder, "truncate -s 40M in"));
  if (!run_in(folder, GetParam().command)) GTEST_SKIP() << "no tool to pack it";
  const Buffer image = read_bytes(folder + "/out");
  Budget budget(Budget::Limits{.memory = 8U << 20U, .produced = 16U << 20U, .ratio = 2000, .depth = 6, .entries = 1000});
  const auto start = std::chrono::steady_clock::now();
  const Unpacked unpacked = take_apart(image, budget);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_FALSE(unpacked.image.gaps.empty());
  expect_tiling(unpacked, image.size());
}

INSTANTIATE_TEST_SUITE_P(Made, Stream,
                         ::testing::Values(Packer{"gzip", "gzip -c in > out"}, Packer{"xz", "xz -c in > out"},
                                           Packer{"lzma", "xz -c --format=lzma in > out"}, Packer{"bzip2", "bzip2 -c in > out"},
                                           Packer{"zstd", "zstd -qc in > out"}, Packer{"lz4", "lz4 -qc in > out"}),
                         [](const auto& made) { return made.param.format; });

TEST(Zip, CutShortNamesTheMemberItLost) {
  const std::string folder = fresh_folder("zip_cut");
  make_tree(folder);
  if (!run_in(folder, "cd tree/usr && zip -q ../../out.zip noise")) GTEST_SKIP() << "zip is not installed";
  const Buffer image = read_bytes(folder + "/out.zip");
  Budget budget{Budget::Limits{}};
  const Unpacked unpacked = take_apart(Bytes(image).first(image.size() / 2), budget);
  ASSERT_EQ(unpacked.image.layers.front()->format, "zip");
  EXPECT_FALSE(unpacked.image.gaps.empty());
}

TEST(Zip, NameThatLeavesItsTreeIsMadeSafe) {
  const std::string folder = fresh_folder("tar_hostile");
  ASSERT_TRUE(run_in(folder, "echo text > file && tar -P --transform 's|file|../../etc/shadow|' -cf out file"));
  const Buffer image = read_bytes(folder + "/out");
  Budget budget{Budget::Limits{}};
  const Unpacked unpacked = take_apart(image, budget);
  const Layer* layer = layer_of(unpacked, "tar");
  ASSERT_NE(layer, nullptr);
  EXPECT_NE(layer->find("/%2E%2E/%2E%2E/etc/shadow"), nullptr);
  EXPECT_FALSE(layer->problems.empty());
}

}  // namespace
}  // namespace assay::firmware
