// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "firmware/formats/made_image.hpp"

namespace assay::firmware {
namespace {

using namespace testing;

// A tool that makes an image "out" of the folder "tree".
struct Recipe {
  std::string name;
  std::string format;
  std::string tool;
  std::string command;
  bool modes = true;
  std::string fact;  // name=value, or none

  friend void PrintTo(const Recipe& r, std::ostream* out) { *out << r.name; }
};

class FileSystem : public ::testing::TestWithParam<Recipe> {};

TEST_P(FileSystem, GivesBackItsFiles) {
  const Recipe& recipe = GetParam();
  if (!has_tool(recipe.tool)) GTEST_SKIP() << recipe.tool << " is not installed";
  const std::string folder = fresh_folder(recipe.name);
  MadeTree made = make_tree(folder);
  ASSERT_TRUE(run_in(folder, recipe.command));
  const Buffer image = read_bytes(folder + "/out");
  ASSERT_FALSE(image.empty());
  Budget budget{Budget::Limits{}};
  const Unpacked unpacked = take_apart(image, budget);
  expect_tiling(unpacked, image.size());
  EXPECT_TRUE(unpacked.image.gaps.empty()) << unpacked.image.gaps.front();
  const Layer* layer = layer_of(unpacked, recipe.format);
  ASSERT_NE(layer, nullptr);
  EXPECT_EQ(layer->offset, 0U);
  if (!recipe.modes) {
    for (auto& [path, file] : made) file.mode = 0;
  }
  const MadeTree found = files_of(*layer, budget, recipe.modes);
  for (const auto& [path, file] : made) {
    const auto at = found.find(path);
    ASSERT_NE(at, found.end()) << path;
    EXPECT_EQ(at->second.content, file.content) << path;
    if (file.content.starts_with("-> ")) continue;
    EXPECT_EQ(at->second.mode, file.mode) << path;
  }
  EXPECT_EQ(found.size(), made.size());
  if (recipe.fact.empty()) return;
  EXPECT_TRUE(std::ranges::any_of(layer->facts, [&](const Fact& f) { return f.name + "=" + f.value == recipe.fact; })) << recipe.fact;
}

TEST_P(FileSystem, SurvivesDamage) {
  const Recipe& recipe = GetParam();
  if (!has_tool(recipe.tool)) GTEST_SKIP() << recipe.tool << " is not installed";
  const std::string folder = fresh_folder(recipe.name + "_damaged");
  ASSERT_TRUE(run_in(folder, "mkdir -p tree/a && echo text > tree/a/b && ln -s a/b tree/c"));
  std::string command = recipe.command;
  if (const auto at = command.find(" 24M"); at != std::string::npos) command.replace(at, 4, " 256K");
  ASSERT_TRUE(run_in(folder, command));
  expect_sturdy(read_bytes(folder + "/out"));
}

std::string squash(const std::string& packing) {
  return "mksquashfs tree out -noappend -all-root -b 65536 -comp " + packing;
}

INSTANTIATE_TEST_SUITE_P(
    Made, FileSystem,
    ::testing::Values(Recipe{"squashfs_gzip", "squashfs", "mksquashfs", squash("gzip"), true, "version=4.0"},
                      Recipe{"squashfs_lzma", "squashfs", "mksquashfs", squash("lzma"), true, ""},
                      Recipe{"squashfs_lzo", "squashfs", "mksquashfs", squash("lzo"), true, ""},
                      Recipe{"squashfs_xz", "squashfs", "mksquashfs", squash("xz"), true, ""},
                      Recipe{"squashfs_lz4", "squashfs", "mksquashfs", squash("lz4"), true, ""},
                      Recipe{"squashfs_zstd", "squashfs", "mksquashfs", squash("zstd"), true, ""},
                      Recipe{"squashfs_stored", "squashfs", "mksquashfs", squash("gzip -noI -noD -noF"), true, ""},
                      Recipe{"squashfs_stored_inodes", "squashfs", "mksquashfs", squash("xz -noI"), true, ""},
                      Recipe{"ext2", "ext", "mke2fs", "mke2fs -q -t ext2 -b 1024 -d tree out 24M", true, "version=ext2"},
                      Recipe{"ext3", "ext", "mke2fs", "mke2fs -q -t ext3 -J size=1 -d tree out 24M || mke2fs -q -t ext2 -d tree out 256K",
                             true, ""},
                      Recipe{"ext4", "ext", "mke2fs", "mke2fs -q -t ext4 -O ^has_journal -d tree out 24M", true, "version=ext4"},
                      Recipe{"ext4_inline", "ext", "mke2fs",
                             "mke2fs -q -t ext4 -O inline_data,64bit,^has_journal -I 256 -L system -d tree out 24M", true, "name=system"},
                      Recipe{"jffs2_little", "jffs2", "mkfs.jffs2", "mkfs.jffs2 -l -d tree -o out -e 0x10000", true, "byte_order=little"},
                      Recipe{"jffs2_big", "jffs2", "mkfs.jffs2", "mkfs.jffs2 -b -d tree -o out -e 0x10000", true, "byte_order=big"},
                      Recipe{"cramfs_little", "cramfs", "mkfs.cramfs", "mkfs.cramfs -N little tree out", true, "byte_order=little"},
                      Recipe{"cramfs_big", "cramfs", "mkfs.cramfs", "mkfs.cramfs -N big tree out", true, "byte_order=big"},
                      Recipe{"romfs", "romfs", "genromfs", "genromfs -d tree -f out -V volume", false, "name=volume"},
                      Recipe{"cpio_newc", "cpio", "cpio", "cd tree && find . | LC_ALL=C sort | cpio -o -H newc > ../out", true, ""},
                      Recipe{"cpio_crc", "cpio", "cpio", "cd tree && find . | LC_ALL=C sort | cpio -o -H crc > ../out", true, ""},
                      Recipe{"cpio_odc", "cpio", "cpio", "cd tree && find . | LC_ALL=C sort | cpio -o -H odc > ../out", true, ""},
                      Recipe{"cpio_bin", "cpio", "cpio", "cd tree && find . | LC_ALL=C sort | cpio -o -H bin > ../out", true, ""},
                      Recipe{"tar_gnu", "tar", "tar", "tar -C tree --format=gnu -cf out .", true, ""},
                      Recipe{"tar_pax", "tar", "tar", "tar -C tree --format=pax -cf out .", true, ""},
                      Recipe{"zip", "zip", "zip", "cd tree && zip -qry ../out.zip . && mv ../out.zip ../out", true, ""}),
    [](const auto& made) { return made.param.name; });

TEST(Ext, DirectoryWithinItselfEnds) {
  if (!has_tool("mke2fs") || !has_tool("debugfs")) GTEST_SKIP() << "e2fsprogs is not installed";
  const std::string folder = fresh_folder("ext_cycle");
  ASSERT_TRUE(run_in(folder, "mkdir -p tree/a/b && mke2fs -q -t ext2 -d tree out 256K && debugfs -w -R 'link /a /a/b/again' out"));
  const Buffer image = read_bytes(folder + "/out");
  Budget budget{Budget::Limits{}};
  const Unpacked unpacked = take_apart(image, budget);
  ASSERT_FALSE(unpacked.image.gaps.empty());
  EXPECT_NE(unpacked.image.gaps.front().find("cycle"), std::string::npos) << unpacked.image.gaps.front();
}

}  // namespace
}  // namespace assay::firmware
