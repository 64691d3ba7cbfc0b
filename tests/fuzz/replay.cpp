// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target over the files and folders named, once each: the seeds as a regression test, without libFuzzer.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  for (int i = 1; i < argc; ++i) {
    if (!fs::is_directory(argv[i])) {
      files.emplace_back(argv[i]);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(argv[i])) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    const assay::Bytes bytes = assay::bytes_of(text);
    LLVMFuzzerTestOneInput(assay::octets(bytes), bytes.size());
    // Beginnings too: most mistakes are made at an end that comes early.
    for (std::size_t n = 0; n < bytes.size(); n += bytes.size() / 16 + 1) LLVMFuzzerTestOneInput(assay::octets(bytes), n);
  }
  std::printf("%zu inputs\n", files.size());
  return files.empty() ? 1 : 0;
}
