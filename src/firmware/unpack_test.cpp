// SPDX-License-Identifier: Apache-2.0
#include "firmware/unpack.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "base/hash.hpp"
#include "firmware/formats/made_image.hpp"

namespace assay::firmware {
namespace {

using namespace testing;
namespace fs = std::filesystem;

const fs::path kShared = fs::path(ASSAY_SOURCE_DIR) / ".." / "shared" / "data";

// Everything that was found, in one text.
std::string described(const Unpacked& unpacked, Budget& budget) {
  std::string out;
  for (const auto& layer : unpacked.image.layers) {
    out += layer->prefix + " " + layer->format + " " + std::to_string(layer->offset) + "+" + std::to_string(layer->size) + "\n";
    for (const auto& [path, file] : files_of(*layer, budget)) out += path + " " + file.content + "\n";
  }
  for (const std::string& gap : unpacked.image.gaps) out += gap + "\n";
  return out;
}

TEST(Unpack, ConcatenatedPartsTileAndKeepTheirOffsets) {
  const std::string folder = fresh_folder("concatenated");
  make_tree(folder);
  ASSERT_TRUE(
      run_in(folder,
             "mksquashfs tree fs -noappend -all-root -comp xz && (printf 'U-Boot 2013.07 (made)'; head -c 8000 /dev/zero; gzip -c fs; "
             "head -c 20000 /dev/zero | tr '\\0' '\\377'; cat fs) > out"));
  const Buffer image = read_bytes(folder + "/out");
  Budget budget{Budget::Limits{}};
  const Unpacked unpacked = take_apart(image, budget);
  expect_tiling(unpacked, image.size());
  EXPECT_TRUE(unpacked.image.gaps.empty()) << unpacked.image.gaps.front();
  std::set<std::string> formats;
  for (const auto& layer : unpacked.image.layers) formats.insert(layer->format);
  EXPECT_EQ(formats, (std::set<std::string>{"gzip", "padding", "squashfs", "uboot"}));
}

TEST(Unpack, EmptyAndSmallestInputs) {
  for (const std::size_t n : {0U, 1U, 2U, 15U, 16U, 17U, 4096U}) {
    for (const auto fill : {0x00U, 0xffU, 0x41U}) {
      const Buffer image(n, std::byte(fill));
      Budget budget{Budget::Limits{}};
      expect_tiling(take_apart(image, budget), n);
    }
  }
}

TEST(Unpack, UnknownBytesAreAGap) {
  Buffer image(100'000);
  std::uint32_t state = 7;
  for (std::byte& b : image) {
    state = state * 1664525U + 1013904223U;
    b = static_cast<std::byte>(state >> 24U);
  }
  Budget budget{Budget::Limits{}};
  const Unpacked unpacked = take_apart(image, budget);
  ASSERT_EQ(unpacked.image.gaps.size(), 1U);
  EXPECT_NE(unpacked.image.gaps.front().find("unknown region at offset 0x0"), std::string::npos);
}

TEST(Unpack, NestingIsBounded) {
  const std::string folder = fresh_folder("nested");
  ASSERT_TRUE(run_in(folder, "seq 1 100 > out; for i in $(seq 1 20); do gzip -c out > next && mv next out; done"));
  const Buffer image = read_bytes(folder + "/out");
  Budget budget{Budget::Limits{}};
  const Unpacked unpacked = take_apart(image, budget);
  ASSERT_FALSE(unpacked.image.gaps.empty());
  EXPECT_NE(unpacked.image.gaps.back().find("nested deeper"), std::string::npos);
}

TEST(Unpack, SameInOneThreadAndInFour) {
  const std::string folder = fresh_folder("threads");
  make_tree(folder);
  ASSERT_TRUE(run_in(folder, "mksquashfs tree out -noappend -all-root -comp zstd"));
  const Buffer image = read_bytes(folder + "/out");
  Budget budget{Budget::Limits{}};
  const Unpacked unpacked = take_apart(image, budget);
  const std::string once = described(unpacked, budget);
  // Contents of one layer are read by several threads at a time.
  std::vector<std::string> all(4);
  std::vector<std::thread> threads;
  for (std::string& mine : all) threads.emplace_back([&] { mine = described(unpacked, budget); });
  for (std::thread& t : threads) t.join();
  for (const std::string& mine : all) EXPECT_EQ(mine, once);
  EXPECT_EQ(described(take_apart(image, budget), budget), once);
}

// Truth made by another reader; device nodes, which it saw as empty files, have no content in ours.
TEST(SharedDataUnpack, FilesEqualTheirTruth) {
  if (!fs::exists(kShared / "firmware" / "truth")) GTEST_SKIP() << "shared data absent";
  std::size_t images = 0;
  for (const auto& truth : fs::directory_iterator(kShared / "firmware" / "truth")) {
    const std::string name = truth.path().filename().string();
    const auto ends = name.find(".files.tsv");
    if (ends == std::string::npos) continue;
    fs::path image = kShared / "firmware" / name.substr(0, ends);
    if (!fs::exists(image)) image = kShared / "firmware" / "dafang_5.5.1.391" / "rootfs.bin";
    SCOPED_TRACE(name);
    const Buffer bytes = read_bytes(image.string());
    Budget budget{Budget::Limits{}};
    const Unpacked unpacked = take_apart(bytes, budget);
    expect_tiling(unpacked, bytes.size());
    std::map<std::string, std::string> found;
    std::set<std::string> devices;
    for (const auto& layer : unpacked.image.layers) {
      for (const auto& [path, file] : files_of(*layer, budget)) {
        if (!file.content.starts_with("-> ")) found[path] = file.content;
      }
      for (const Entry& e : layer->entries) {
        if (e.type != FileType::regular && e.type != FileType::directory && e.type != FileType::symlink) devices.insert(e.path);
      }
    }
    std::ifstream in(truth.path());
    std::size_t files = 0;
    for (std::string line; std::getline(in, line);) {
      const auto first = line.find('\t');
      if (first == std::string::npos || line.substr(first, 3) != "\tf\t") continue;
      const std::string path = line.substr(0, first);
      const std::string digest = line.substr(first + 3);
      if (digest.empty() && devices.contains(path)) continue;
      ++files;
      const auto at = found.find(path);
      if (at == found.end()) {
        ADD_FAILURE() << "not found: " << path;
        continue;
      }
      EXPECT_EQ(at->second, digest) << path;
      found.erase(at);
    }
    EXPECT_GT(files, 0U);
    EXPECT_TRUE(found.empty()) << found.size() << " files more than in the truth, as " << found.begin()->first;
    ++images;
  }
  EXPECT_GE(images, 10U);
}

TEST(SharedDataUnpack, FormatSamplesAreNamedAsWhatTheyAre) {
  if (!fs::exists(kShared / "formats")) GTEST_SKIP() << "shared data absent";
  // A part of the sample's name, and the format that it is.
  const std::vector<std::pair<std::string, std::string>> named = {
      {"squashfs", "squashfs"},   {"squashFS_avm", "squashfs"}, {"squashFS_g", "squashfs"}, {"squashFS_l", "squashfs"},
      {"squashFS_x", "squashfs"}, {"squashFS_z", "squashfs"},   {"romfs", "romfs"},         {"cramfs", "cramfs"},
      {"jffs2", "jffs2"},         {"trx.img", "trx"},           {"uboot.dtb", "dtb"},       {"test.cpio", "cpio"},
      {"test.tar", "tar"},        {"sevenz_test.gz", "gzip"},   {"sevenz_test.xz", "xz"},   {"test.bz2", "bzip2"},
      {"test.zst", "zstd"},       {"test.lz4", "lz4"},          {"ext2.img", "ext"},        {"ext3.img", "ext"},
      {"ext4.img", "ext"},        {"zip_truncated", "zip"},     {"binwalk_gzip", "gzip"},   {"binwalk_bzip2", "bzip2"}};
  for (const auto& sample : fs::directory_iterator(kShared / "formats")) {
    const std::string name = sample.path().filename().string();
    SCOPED_TRACE(name);
    const Buffer bytes = read_bytes(sample.path().string());
    Budget budget{Budget::Limits{}};
    const auto start = std::chrono::steady_clock::now();
    const Unpacked unpacked = take_apart(bytes, budget);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
    expect_tiling(unpacked, bytes.size());
    for (const auto& [part, format] : named) {
      if (name.ends_with(part + ".xz") || name.find(part) == std::string::npos) {
        if (!name.ends_with(part + ".xz")) continue;
      }
      if (part == "test.tar" && !name.ends_with(".tar")) continue;
      EXPECT_NE(layer_of(unpacked, format), nullptr) << "no " << format;
    }
  }
}

}  // namespace
}  // namespace assay::firmware
