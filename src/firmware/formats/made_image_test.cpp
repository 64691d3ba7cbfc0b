// SPDX-License-Identifier: Apache-2.0
#include "firmware/formats/made_image.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/hash.hpp"

namespace assay::firmware::testing {
namespace fs = std::filesystem;

std::string fresh_folder(const std::string& name) {
  const fs::path folder = fs::path(ASSAY_BINARY_DIR) / "formats_test" / name;
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder.string();
}

bool has_tool(const std::string& tool) {
  return std::system(("PATH=$PATH:/usr/sbin:/sbin; command -v " + tool + " >/dev/null 2>&1").c_str()) == 0;
}

bool run_in(const std::string& folder, const std::string& command) {
  return std::system(("PATH=$PATH:/usr/sbin:/sbin; cd '" + folder + "' && { " + command + "; } >/dev/null 2>&1").c_str()) == 0;
}

Buffer read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const Bytes bytes = bytes_of(text);
  return {bytes.begin(), bytes.end()};
}

void write_bytes(const std::string& path, Bytes bytes) {
  std::ofstream(path, std::ios::binary) << text_of(bytes);
}

MadeTree make_tree(const std::string& folder) {
  const fs::path root = fs::path(folder) / "tree";
  fs::create_directories(root / "etc/init.d");
  fs::create_directories(root / "usr/share/many");
  fs::create_directories(root / "empty");
  MadeTree out;
  const auto file = [&](const std::string& path, const std::string& text, unsigned mode) {
    std::ofstream(root / path, std::ios::binary) << text;
    ::chmod((root / path).c_str(), mode);
    out["/" + path] = {mode, sha256_hex(text)};
  };
  std::string noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 300'000; ++i) {
    state = state * 1664525U + 1013904223U;
    noise += static_cast<char>(state >> 24U);
  }
  file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n", 0644);
  file("etc/shadow", "root::19000:0:99999:7:::\n", 0600);
  file("etc/init.d/rcS", "#!/bin/sh\ntelnetd &\n", 0755);
  file("usr/noise", noise, 0644);
  file("usr/zeroes", std::string(200'000, '\0'), 0644);
  file("usr/setuid", "program", 04755);
  file("usr/nothing", "", 0644);
  file("usr/share/" + std::string(200, 'n'), "long name", 0644);
  for (int i = 0; i < 150; ++i) file("usr/share/many/entry_with_some_name_" + std::to_string(i), "number " + std::to_string(i), 0640);
  const auto link = [&](const std::string& path, const std::string& target) {
    fs::create_symlink(target, root / path);
    out["/" + path] = {0777, "-> " + target};
  };
  link("etc/short", "passwd");
  link("etc/long", "../" + std::string(90, 'x'));
  fs::create_hard_link(root / "etc/passwd", root / "etc/passwd.hard");
  out["/etc/passwd.hard"] = out["/etc/passwd"];
  return out;
}

Unpacked take_apart(Bytes bytes, Budget& budget) {
  return unpack(Blob{bytes, nullptr}, Standing{}, budget);
}

MadeTree files_of(const Layer& layer, Budget& budget, bool with_modes) {
  MadeTree out;
  for (const Entry& entry : layer.entries) {
    Made made{.mode = with_modes ? entry.mode : 0, .content = {}};
    if (entry.type == FileType::symlink) {
      made.content = "-> " + entry.target;
    } else if (entry.type == FileType::regular && entry.content != nullptr) {
      const auto content = entry.content->read(budget);
      made.content = content ? sha256_hex(content->bytes) : "unread: " + content.error().what;
    } else {
      continue;
    }
    out[entry.path] = made;
  }
  return out;
}

const Layer* layer_of(const Unpacked& unpacked, std::string_view format) {
  for (const auto& layer : unpacked.image.layers) {
    if (layer->format == format) return layer.get();
  }
  return nullptr;
}

void expect_tiling(const Unpacked& unpacked, std::uint64_t size) {
  std::uint64_t at = 0;
  for (const auto& layer : unpacked.image.layers) {
    if (layer->depth != 0) continue;
    EXPECT_EQ(layer->offset, at) << layer->format;
    EXPECT_GT(layer->size, 0U) << layer->format;
    at = layer->offset + layer->size;
  }
  EXPECT_EQ(at, size);
}

void expect_sturdy(Bytes image) {
  const auto start = std::chrono::steady_clock::now();
  const auto look = [&](Bytes bytes) {
    Budget budget(Budget::Limits{.memory = 64U << 20U, .produced = 256U << 20U, .ratio = 2000, .depth = 6, .entries = 20'000});
    const Unpacked unpacked = take_apart(bytes, budget);
    expect_tiling(unpacked, bytes.size());
    for (const auto& layer : unpacked.image.layers) files_of(*layer, budget);
  };
  // All lengths of what matters most, the header; a sample of the rest.
  for (std::size_t n = 0; n < image.size(); n += n < 300 ? 1 : image.size() / 40 + 1) look(image.first(n));
  Buffer damaged(image.begin(), image.end());
  for (std::size_t i = 0; i < image.size(); i += i < 200 ? 1 : image.size() / 100 + 1) {
    for (const auto bits : {0xffU, 0x80U, 0x01U}) {
      const std::byte whole = damaged[i];
      damaged[i] ^= std::byte{static_cast<unsigned char>(bits)};
      look(damaged);
      damaged[i] = whole;
    }
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

}  // namespace assay::firmware::testing
