// SPDX-License-Identifier: Apache-2.0
#include "paper/report/tree_drawing.hpp"

#include <algorithm>
#include <array>

#include "paper/report/tree_layout.hpp"

namespace assay::paper {
namespace {

using Box = TreeLayout::Box;
using Branch = TreeLayout::Branch;

constexpr int kYesDown = 34;  // where a branch goes straight down, from the box's left
constexpr int kNoDown = 124;

std::string n(int number) {
  return std::to_string(number);
}

std::string_view way(const Traffic& traffic) {
  return traffic.sure != 0 ? "sure" : traffic.may != 0 ? "may" : "idle";
}

std::string_view end_class(std::string_view end) {
  if (end == "pass" || end == "fail") return end;
  return end == "not-applicable" ? "na" : "on";
}

std::string text_at(int x, int y, std::string_view css, std::string_view text, bool middle = false) {
  return "<text class=\"" + std::string(css) + "\" x=\"" + n(x) + "\" y=\"" + n(y) + "\"" + (middle ? " text-anchor=\"middle\">" : ">") +
         escaped(text) + "</text>";
}

class Picture {
 public:
  Picture(const TreeNodes& tree, const TreeWalks& walks) : tree_(tree), walks_(walks), layout_(lay_out(tree)) {}

  Html draw() {
    const std::string size = n(layout_.width) + " " + n(layout_.height);
    out_ = "<svg class=\"dt\" role=\"img\" viewBox=\"0 0 " + size + "\" width=\"" + n(layout_.width) + "\" height=\"" + n(layout_.height) +
           "\" aria-label=\"Decision tree " + escaped(cut(tree_.tree()["id"].text(), 80)) + "\"><desc>" +
           escaped(tree_words(tree_, walks_)) + "</desc>";
    // What was walked lies over what was not.
    for (const std::string_view wanted : {"idle", "may", "sure"}) {
      for (const Branch& branch : layout_.branches) {
        if (way(traffic(branch)) == wanted) line(branch);
      }
    }
    for (const Box& box : layout_.boxes) node(box);
    for (const Branch& branch : layout_.branches) {
      word(branch);
      if (!branch.end.empty()) end(branch);
    }
    return Html{out_ + "</svg>"};
  }

 private:
  std::string_view id_of(std::size_t box) const { return (*layout_.boxes[box].node)["id"].text(); }
  Traffic traffic(const Branch& branch) const { return walks_.at(id_of(branch.from), branch.answer); }
  static int down(const Branch& branch) { return branch.answer == "yes" ? kYesDown : kNoDown; }

  void line(const Branch& branch) {
    const int x = layout_.left;
    std::string path;
    if (!branch.end.empty()) {
      path = "M" + n(x + TreeLayout::kBox) + " " + n(branch.y) + "h" + n(TreeLayout::kReach - 2);
    } else if (branch.lane == 0) {
      path = "M" + n(x + down(branch)) + " " + n(branch.y) + "V" + n(layout_.boxes[branch.to].y - 2);
    } else {
      const int lane = x - 34 - branch.lane * 12;
      const Box& to = layout_.boxes[branch.to];
      path = "M" + n(x) + " " + n(branch.y) + "H" + n(lane) + "V" + n(to.y + 12) + "H" + n(x - 2);
    }
    out_ += "<path class=\"e " + std::string(way(traffic(branch))) + "\" d=\"" + path + "\"/>";
  }

  void node(const Box& box) {
    const std::string_view id = (*box.node)["id"].text();
    const int x = layout_.left;
    out_ += "<g class=\"bx " + std::string(way(walks_.at(id))) + "\"><rect x=\"" + n(x) + "\" y=\"" + n(box.y) + "\" width=\"" +
            n(TreeLayout::kBox) + "\" height=\"" + n(box.height) + "\" rx=\"4\"/>";
    out_ += text_at(x + 10, box.y + 16, "id", cut(id, 24));
    int y = box.y + 32;
    for (const std::string& one : box.lines) {
      out_ += text_at(x + 10, y, "q", one);
      y += TreeLayout::kLine;
    }
    out_ += "</g>";
    mark(box, id);
  }

  void mark(const Box& box, std::string_view id) {
    const auto count = [&](const auto& of) {
      const auto at = of.find(id);
      return at == of.end() ? std::size_t{0} : at->second;
    };
    const std::size_t open = count(walks_.open);
    const std::size_t contested = count(walks_.contested);
    if (open + contested == 0) return;
    const std::string says = contested != 0 ? "! " + grouped(contested) + " in conflict" : "? " + grouped(open) + " not known";
    const int width = text_width(says) + 10;
    const int x = layout_.left + TreeLayout::kBox - width - 6;
    out_ += "<g class=\"mk" + std::string(contested != 0 ? " bad" : "") + "\"><rect x=\"" + n(x) + "\" y=\"" + n(box.y + 4) +
            "\" width=\"" + n(width) + "\" height=\"16\" rx=\"3\"/>" + text_at(x + width / 2, box.y + 16, "m", says, true) + "</g>";
  }

  // "yes" with, in a lozenge, how many went there.
  void word(const Branch& branch) {
    const Traffic t = traffic(branch);
    const std::string css = "w " + std::string(way(t));
    const bool straight = branch.end.empty() && branch.lane == 0;
    int x = 0;
    int y = 0;
    if (straight) {
      x = layout_.left + down(branch) + 8;
      y = branch.y + 20;
      out_ += text_at(x, y, css, branch.answer);
      x += branch.answer == "yes" ? 38 : 34;
    } else {
      x = branch.end.empty() ? layout_.left - 18 : layout_.left + TreeLayout::kBox + TreeLayout::kReach / 2 - 4;
      out_ += text_at(x, branch.y - 4, css, branch.answer, true);
      y = branch.y + 15;
    }
    if (t.sure + t.may == 0) return;
    const std::string count = t.sure != 0 ? grouped(t.sure) : grouped(t.may) + "?";
    const int width = std::max(18, text_width(count) + 8);
    out_ += "<g class=\"c " + std::string(way(t)) + "\"><rect x=\"" + n(x - width / 2) + "\" y=\"" + n(y - 11) + "\" width=\"" + n(width) +
            "\" height=\"14\" rx=\"7\"/>" + text_at(x, y, "k", count, true) + "</g>";
  }

  void end(const Branch& branch) {
    const int x = layout_.left + TreeLayout::kBox + TreeLayout::kReach;
    const int y = branch.y - TreeLayout::kEndHeight / 2;
    const std::string css(end_class(branch.end));
    out_ += "<g class=\"end v-" + css + " " + std::string(way(traffic(branch))) + "\"><rect x=\"" + n(x) + "\" y=\"" + n(y) +
            "\" width=\"" + n(TreeLayout::kEnd) + "\" height=\"" + n(TreeLayout::kEndHeight) + "\" rx=\"12\"/>";
    if (css != "on") out_ += "<use href=\"#i-" + css + "\" x=\"" + n(x + 7) + "\" y=\"" + n(y + 6) + "\" width=\"12\" height=\"12\"/>";
    out_ += text_at(x + (css == "on" ? 10 : 23), y + 16, "x", cut(end_words(branch.end), 24)) + "</g>";
  }

  const TreeNodes& tree_;
  const TreeWalks& walks_;
  const TreeLayout layout_;
  std::string out_;
};

}  // namespace

Html tree_picture(const TreeNodes& tree, const TreeWalks& walks) {
  return Picture(tree, walks).draw();
}

std::string tree_words(const TreeNodes& tree, const TreeWalks& walks) {
  const TreeLayout layout = lay_out(tree);
  std::string out;
  for (const Box& box : layout.boxes) {
    const std::string_view id = (*box.node)["id"].text();
    out += (out.empty() ? "" : " ") + cut(id, 40) + ": " + cut((*box.node)["ask"].text(), 400);
    if (const auto open = walks.open.find(id); open != walks.open.end()) out += " Not known for " + grouped(open->second) + ".";
    if (const auto bad = walks.contested.find(id); bad != walks.contested.end()) out += " In conflict for " + grouped(bad->second) + ".";
    for (const std::string_view answer : {"yes", "no"}) {
      const Traffic t = walks.at(id, answer);
      const std::string_view to = (*box.node)[answer].text();
      out += answer == "yes" ? " Yes" : " No";
      if (t.sure != 0) out += " (" + grouped(t.sure) + " went here)";
      if (t.may != 0) out += " (" + grouped(t.may) + " may go here)";
      out += ": " + (tree.node(to) == nullptr ? std::string(end_words(to)) : cut(to, 40)) + ".";
    }
  }
  if (layout.left_out != 0) out += " And " + counted(layout.left_out, "node") + " more, in the JSON report.";
  return out;
}

}  // namespace assay::paper
