// SPDX-License-Identifier: Apache-2.0
#include "paper/report/tree_layout.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "paper/report/escape.hpp"

namespace assay::paper {
namespace {

constexpr std::array<std::string_view, 2> kAnswers = {"yes", "no"};
constexpr int kGap = 34;   // between boxes: room for the branch's word
constexpr int kHead = 20;  // the node's id
constexpr int kPadding = 8;
constexpr int kLaneStep = 12;
constexpr int kGutterWord = 40;

bool starts_char(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

// Tenths of a pixel at 12 pixels, on the wide side of what common faces need.
int char_width(std::string_view at) {
  const char c = at.front();
  if (static_cast<unsigned char>(c) >= 0xE0) return 122;
  if (static_cast<unsigned char>(c) >= 0x80) return 78;
  constexpr std::string_view narrow = "iljtfrI .,:;'|()[]!-/";
  if (narrow.find(c) != std::string_view::npos) return 45;
  constexpr std::string_view wide = "mwMW@%";
  if (wide.find(c) != std::string_view::npos) return 117;
  return c >= 'A' && c <= 'Z' ? 90 : 74;
}

int tenths(std::string_view text) {
  int out = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (starts_char(text[i])) out += char_width(text.substr(i));
  }
  return out;
}

class Layering {
 public:
  explicit Layering(const TreeNodes& tree) : tree_(tree) {
    visit(tree.start());
    // Reverse post-order is topological: what leads to a node stands before it.
    std::ranges::reverse(order_);
    std::map<std::string_view, int> depth;
    for (const std::string_view id : order_) {
      for (const std::string_view answer : kAnswers) {
        const std::string_view to = (*tree_.node(id))[answer].text();
        if (tree_.node(to) != nullptr) depth[to] = std::max(depth[to], depth[id] + 1);
      }
    }
    std::ranges::stable_sort(order_, {}, [&](std::string_view id) { return depth[id]; });
  }
  const std::vector<std::string_view>& order() const { return order_; }

 private:
  void visit(std::string_view id) {
    const Value* node = tree_.node(id);
    if (node == nullptr || seen_.size() > 1000 || !seen_.insert(id).second) return;
    visit((*node)["no"].text());
    visit((*node)["yes"].text());
    order_.push_back(id);
  }

  const TreeNodes& tree_;
  std::set<std::string_view> seen_;
  std::vector<std::string_view> order_;
};

// Branches that overlap get lanes of their own, short ones next to the boxes.
int give_lanes(std::vector<TreeLayout::Branch>& branches) {
  std::vector<TreeLayout::Branch*> skipping;
  for (TreeLayout::Branch& branch : branches) {
    if (branch.end.empty() && branch.to != branch.from + 1) skipping.push_back(&branch);
  }
  const auto span = [](const TreeLayout::Branch* b) { return std::minmax(b->from, b->to); };
  std::ranges::stable_sort(skipping, {}, [&](const TreeLayout::Branch* b) { return span(b).second - span(b).first; });
  int lanes = 0;
  for (std::size_t i = 0; i < skipping.size(); ++i) {
    std::set<int> taken;
    for (std::size_t k = 0; k < i; ++k) {
      if (span(skipping[k]).first <= span(skipping[i]).second && span(skipping[i]).first <= span(skipping[k]).second)
        taken.insert(skipping[k]->lane);
    }
    int lane = 1;
    while (taken.contains(lane)) ++lane;
    skipping[i]->lane = lane;
    lanes = std::max(lanes, lane);
  }
  return lanes;
}

}  // namespace

int text_width(std::string_view text) {
  return (tenths(text) + 9) / 10;
}

std::vector<std::string> wrapped(std::string_view text, int width) {
  std::vector<std::string> out;
  std::string line;
  const auto put = [&](std::string_view word) {
    const std::string longer = line.empty() ? std::string(word) : line + " " + std::string(word);
    if (tenths(longer) <= width * 10 || line.empty()) {
      line = longer;
    } else {
      out.push_back(std::move(line));
      line = word;
    }
  };
  while (!text.empty()) {
    const auto end = text.find(' ');
    std::string_view word = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    while (tenths(word) > width * 10) {
      std::size_t fits = 1;
      while (fits < word.size() && (!starts_char(word[fits]) || tenths(word.substr(0, fits)) + char_width(word.substr(fits)) <= width * 10))
        ++fits;
      put(word.substr(0, fits));
      word.remove_prefix(fits);
    }
    if (!word.empty()) put(word);
  }
  if (!line.empty()) out.push_back(std::move(line));
  return out;
}

TreeLayout lay_out(const TreeNodes& tree) {
  TreeLayout out;
  const Layering layering(tree);
  std::map<std::string_view, std::size_t> rows;
  for (const std::string_view id : layering.order()) {
    if (rows.size() == TreeLayout::kMostNodes) {
      ++out.left_out;
      continue;
    }
    rows.emplace(id, rows.size());
    TreeLayout::Box box;
    box.node = tree.node(id);
    box.lines = wrapped(cut((*box.node)["ask"].text(), 400), TreeLayout::kBox - 20);
    if (box.lines.empty()) box.lines = wrapped(cut((*box.node)["question"].text(), 200), TreeLayout::kBox - 20);
    out.boxes.push_back(std::move(box));
  }
  int y = 2;
  for (std::size_t i = 0; i < out.boxes.size(); ++i) {
    TreeLayout::Box& box = out.boxes[i];
    std::vector<TreeLayout::Branch> ends;
    std::vector<TreeLayout::Branch> onward;
    for (const std::string_view answer : kAnswers) {
      const std::string_view to = (*box.node)[answer].text();
      const auto row = rows.find(to);
      if (row != rows.end()) {
        onward.push_back({i, answer, {}, row->second, 0, 0});
      } else {
        ends.push_back({i, answer, tree.node(to) == nullptr ? to : std::string_view("…"), 0, 0, 0});
      }
    }
    const int text = kHead + static_cast<int>(box.lines.size()) * TreeLayout::kLine + kPadding;
    box.y = y;
    box.height = std::max({text, ends.size() == 2 ? 66 : 0, 40});
    for (std::size_t k = 0; k < ends.size(); ++k) {
      ends[k].y = ends.size() == 1 ? box.y + box.height / 2 : box.y + (k == 0 ? 16 : box.height - 16);
    }
    for (std::size_t k = 0; k < onward.size(); ++k) {
      const bool straight = onward[k].to == i + 1;
      onward[k].y = straight ? box.y + box.height : box.y + box.height / 2 + (k == 0 ? -8 : 8);
    }
    y += box.height + (i + 1 < out.boxes.size() ? kGap : 2);
    std::ranges::copy(onward, std::back_inserter(out.branches));
    std::ranges::copy(ends, std::back_inserter(out.branches));
  }
  const int lanes = give_lanes(out.branches);
  out.left = lanes == 0 ? 2 : kGutterWord + lanes * kLaneStep;
  out.width = out.left + TreeLayout::kBox + TreeLayout::kReach + TreeLayout::kEnd + 2;
  out.height = std::max(y, 10);
  return out;
}

}  // namespace assay::paper
