// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <libdeflate.h>

#include <algorithm>

#include "firmware/formats/made_image.hpp"

namespace assay::firmware {
namespace {

using namespace testing;

std::string fact(const Layer& layer, std::string_view name) {
  const auto at = std::ranges::find(layer.facts, name, &Fact::name);
  return at == layer.facts.end() ? "" : at->value;
}

void put(Buffer& out, std::uint32_t value, Endian order) {
  for (unsigned i = 0; i < 4; ++i) out.push_back(static_cast<std::byte>(value >> (order == Endian::little ? i * 8 : 24 - i * 8)));
}
void put(Buffer& out, std::string_view text) {
  const Bytes bytes = bytes_of(text);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

Buffer trx(Bytes first, Bytes second) {
  Buffer covered;
  put(covered, 1U << 16U, Endian::little);
  put(covered, 28, Endian::little);
  put(covered, static_cast<std::uint32_t>(28 + first.size()), Endian::little);
  put(covered, 0, Endian::little);
  covered.insert(covered.end(), first.begin(), first.end());
  covered.insert(covered.end(), second.begin(), second.end());
  Buffer out;
  put(out, "HDR0");
  put(out, static_cast<std::uint32_t>(12 + covered.size()), Endian::little);
  put(out, ~libdeflate_crc32(0, covered.data(), covered.size()), Endian::little);
  out.insert(out.end(), covered.begin(), covered.end());
  return out;
}

TEST(Trx, PartsArePlacedInTheEvidence) {
  const std::string folder = fresh_folder("trx");
  ASSERT_TRUE(run_in(folder, "mkdir tree && echo text > tree/file && cd tree && find . | cpio -o -H newc > ../fs"));
  const Buffer fs = read_bytes(folder + "/fs");
  const Buffer kernel(512, std::byte{0x5a});
  const Buffer image = trx(kernel, fs);
  Budget budget{Budget::Limits{}};
  const Unpacked unpacked = take_apart(image, budget);
  const Layer* layer = layer_of(unpacked, "trx");
  ASSERT_NE(layer, nullptr);
  EXPECT_EQ(fact(*layer, "data_crc"), "right");
  const Layer* inner = layer_of(unpacked, "cpio");
  ASSERT_NE(inner, nullptr);
  EXPECT_EQ(inner->offset, 28U + 512U);
  EXPECT_EQ(inner->prefix, "0.trx//21c.cpio//");
  EXPECT_NE(inner->find("/file"), nullptr);
  expect_sturdy(image);
}

TEST(Trx, WrongCheckSumIsSaid) {
  Buffer image = trx(Buffer(64, std::byte{1}), Buffer(64, std::byte{2}));
  image.back() ^= std::byte{1};
  Budget budget{Budget::Limits{}};
  const Unpacked unpacked = take_apart(image, budget);
  ASSERT_NE(layer_of(unpacked, "trx"), nullptr);
  EXPECT_EQ(fact(*layer_of(unpacked, "trx"), "data_crc"), "wrong");
}

TEST(Trx, LyingOffsetsAreNoTrx) {
  Buffer image = trx(Buffer(64, std::byte{1}), Buffer(64, std::byte{2}));
  image[19] = std::byte{0xff};
  Budget budget{Budget::Limits{}};
  EXPECT_EQ(layer_of(take_apart(image, budget), "trx"), nullptr);
}

constexpr std::string_view kImageTree = R"(/dts-v1/;
/ { description = "release"; #address-cells = <1>;
  images {
    kernel { description = "k"; data = /incbin/("kernel"); type = "kernel"; arch = "arm"; os = "linux"; compression = "gzip";
      load = <0x8000>; entry = <0x8000>; hash-1 { algo = "sha256"; }; };
    rootfs { description = "r"; data = /incbin/("fs"); type = "ramdisk"; arch = "arm"; os = "linux"; compression = "none";
      hash-1 { algo = "crc32"; }; };
  };
  configurations { default = "one"; one { kernel = "kernel"; ramdisk = "rootfs"; }; };
};)";

std::string image_tree_folder(const std::string& name) {
  std::string folder = fresh_folder(name);
  write_bytes(folder + "/tree.its", bytes_of(kImageTree));
  run_in(folder, "mkdir tree && echo text > tree/file && (cd tree && find . | cpio -o -H newc > ../fs) && seq 1 999 | gzip > kernel");
  return folder;
}

TEST(Fit, PartsHaveTheirNamesAndHashesAreFacts) {
  if (!has_tool("mkimage") || !has_tool("dtc")) GTEST_SKIP() << "mkimage is not installed";
  for (const bool external : {false, true}) {
    const std::string folder = image_tree_folder(external ? "fit_external" : "fit");
    ASSERT_TRUE(run_in(folder, external ? "mkimage -E -f tree.its out" : "mkimage -f tree.its out"));
    const Buffer image = read_bytes(folder + "/out");
    Budget budget{Budget::Limits{}};
    const Unpacked unpacked = take_apart(image, budget);
    expect_tiling(unpacked, image.size());
    const Layer* fit = layer_of(unpacked, "fit");
    ASSERT_NE(fit, nullptr);
    EXPECT_EQ(fit->size, image.size());
    EXPECT_EQ(fact(*fit, "hash"), "crc32 sha256");
    EXPECT_EQ(fact(*fit, "signature"), "none");
    const Layer* fs = layer_of(unpacked, "cpio");
    ASSERT_NE(fs, nullptr);
    EXPECT_EQ(fs->prefix, "0.fit//rootfs//");
    EXPECT_NE(fs->find("/file"), nullptr);
    ASSERT_NE(layer_of(unpacked, "gzip"), nullptr);
    EXPECT_TRUE(unpacked.image.gaps.empty()) << unpacked.image.gaps.front();
    if (external) expect_sturdy(image);
  }
}

TEST(Fit, SignedConfigurationIsAFact) {
  if (!has_tool("mkimage") || !has_tool("dtc") || !has_tool("openssl")) GTEST_SKIP() << "mkimage is not installed";
  const std::string folder = image_tree_folder("fit_signed");
  ASSERT_TRUE(
      run_in(folder,
             "mkdir keys && openssl genpkey -algorithm RSA -out keys/dev.key -pkeyopt rsa_keygen_bits:2048 && "
             "openssl req -batch -new -x509 -key keys/dev.key -out keys/dev.crt && "
             "sed -i 's|ramdisk = \"rootfs\";|ramdisk = \"rootfs\"; signature-1 { algo = \"sha256,rsa2048\"; key-name-hint = \"dev\"; "
             "sign-images = \"kernel\", \"ramdisk\"; };|' tree.its && mkimage -f tree.its -k keys -r out"));
  const Buffer image = read_bytes(folder + "/out");
  Budget budget{Budget::Limits{}};
  const Unpacked unpacked = take_apart(image, budget);
  ASSERT_NE(layer_of(unpacked, "fit"), nullptr);
  EXPECT_EQ(fact(*layer_of(unpacked, "fit"), "signature"), "sha256,rsa2048");
}

TEST(Dtb, IsNamedAndNoGap) {
  if (!has_tool("dtc")) GTEST_SKIP() << "dtc is not installed";
  const std::string folder = fresh_folder("dtb");
  ASSERT_TRUE(run_in(folder, "echo '/dts-v1/; / { model = \"Camera One\"; compatible = \"maker,camera\"; };' | dtc -O dtb -o out"));
  const Buffer image = read_bytes(folder + "/out");
  Budget budget{Budget::Limits{}};
  const Unpacked unpacked = take_apart(image, budget);
  ASSERT_EQ(unpacked.image.layers.size(), 1U);
  EXPECT_EQ(unpacked.image.layers.front()->format, "dtb");
  EXPECT_EQ(fact(*unpacked.image.layers.front(), "name"), "Camera One");
  EXPECT_TRUE(unpacked.image.gaps.empty());
  expect_sturdy(image);
}

TEST(Uimage, PartAndCheckSums) {
  if (!has_tool("mkimage")) GTEST_SKIP() << "mkimage is not installed";
  const std::string folder = fresh_folder("uimage");
  ASSERT_TRUE(run_in(folder, "seq 1 5000 | gzip > data && mkimage -A arm -O linux -T ramdisk -C gzip -n 'Release 1' -d data out"));
  const Buffer image = read_bytes(folder + "/out");
  Budget budget{Budget::Limits{}};
  const Unpacked unpacked = take_apart(image, budget);
  const Layer* layer = layer_of(unpacked, "uimage");
  ASSERT_NE(layer, nullptr);
  EXPECT_EQ(fact(*layer, "name"), "Release 1");
  EXPECT_EQ(fact(*layer, "data_crc"), "right");
  ASSERT_NE(layer_of(unpacked, "gzip"), nullptr);
  EXPECT_EQ(layer_of(unpacked, "gzip")->offset, 64U);
  expect_sturdy(image);
}

Buffer esp8266(std::string_view code) {
  Buffer out;
  put(out, std::string_view("\xe9\x01\x02\x40", 4));
  put(out, 0x40100004, Endian::little);
  put(out, 0x40100000, Endian::little);
  put(out, static_cast<std::uint32_t>(code.size()), Endian::little);
  put(out, code);
  std::byte sum{0xef};
  for (const std::byte b : bytes_of(code)) sum ^= b;
  while (out.size() % 16 != 15) out.push_back(std::byte{0});
  out.push_back(sum);
  return out;
}

TEST(Esp8266, SegmentsAreCode) {
  std::string code;
  for (int i = 0; i < 3000; ++i) code += static_cast<char>(i * 7 % 64);
  const Buffer image = esp8266(code);
  Budget budget{Budget::Limits{}};
  const Unpacked unpacked = take_apart(image, budget);
  ASSERT_NE(layer_of(unpacked, "esp8266"), nullptr);
  EXPECT_EQ(layer_of(unpacked, "esp8266")->size, image.size());
  ASSERT_NE(layer_of(unpacked, "code"), nullptr);
  EXPECT_EQ(layer_of(unpacked, "code")->offset, 16U);
  expect_sturdy(image);
}

TEST(Esp8266, WrongCheckSumIsNoImage) {
  Buffer image = esp8266(std::string(3000, 'x'));
  image.back() ^= std::byte{1};
  Budget budget{Budget::Limits{}};
  EXPECT_EQ(layer_of(take_apart(image, budget), "esp8266"), nullptr);
}

}  // namespace
}  // namespace assay::firmware
