// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "paper/report/tree_walks.hpp"

namespace assay::paper {

// A decision tree on paper: one node below the other, by the longest path that leads there, ends at the right of the node that has them,
// and in the gutter at the left the branches that skip a node. Narrow enough for a phone and for two beside each other on a sheet.
// Lengths are pixels at full size.
struct TreeLayout {
  struct Box {
    const Value* node = nullptr;
    std::vector<std::string> lines;  // of the question
    int y = 0, height = 0;
  };
  struct Branch {
    std::size_t from = 0;  // index of boxes
    std::string_view answer;
    std::string_view end;  // or empty
    std::size_t to = 0;
    int y = 0;     // where it leaves its box; of one that goes straight down: the lower edge
    int lane = 0;  // 1 is the innermost of the gutter; 0: straight down
  };
  std::vector<Box> boxes;
  std::vector<Branch> branches;
  std::size_t left_out = 0;  // nodes beyond kMostNodes
  int left = 0;              // of the boxes
  int width = 0, height = 0;

  static constexpr std::size_t kMostNodes = 60;
  static constexpr int kBox = 232;
  static constexpr int kReach = 46;  // from a box to its ends
  static constexpr int kEnd = 126;
  static constexpr int kEndHeight = 24;
  static constexpr int kLine = 15;
};

TreeLayout lay_out(const TreeNodes& tree);

// Lines of at most `width` pixels, by what the usual sans-serif faces need at 12 pixels; a word that is too long is broken.
std::vector<std::string> wrapped(std::string_view text, int width);
int text_width(std::string_view text);

}  // namespace assay::paper
