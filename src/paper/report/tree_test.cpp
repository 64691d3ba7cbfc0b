// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/json.hpp"
#include "paper/report/tree_drawing.hpp"
#include "paper/report/tree_layout.hpp"

namespace assay::paper {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Value tree(std::string_view json) {
  auto out = parse_json(json);
  EXPECT_TRUE(out);
  return out ? *std::move(out) : Value();
}

// DN-1 either way to a second question; DN-3 is reached from both.
Value acm() {
  return tree(R"({"id": "ACM-9", "start": "DN-1", "nodes": [
    {"id": "DN-4", "question": "q4", "ask": "Does it hold when it is tried?", "yes": "pass", "no": "fail"},
    {"id": "DN-1", "question": "q1", "ask": "Is everybody meant to have it?", "yes": "not-applicable", "no": "DN-2"},
    {"id": "DN-2", "question": "q2", "ask": "Does the place where it stands keep others out?", "yes": "DN-4", "no": "DN-3"},
    {"id": "DN-3", "question": "q3", "ask": "Does a law forbid it?", "yes": "not-applicable", "no": "DN-4"}]})");
}

InstanceVerdict walked(std::string_view id, const std::vector<std::pair<std::string, std::string>>& answers) {
  InstanceVerdict out;
  out.id = id;
  for (const auto& [node, answer] : answers) {
    Step step;
    step.node = "DN-" + node;
    step.question = "q" + node;
    step.answer = answer;
    out.path.push_back(step);
  }
  return out;
}

TEST(TreeWalks, FollowsWhatWasAnsweredAndBothWaysBehindAnOpenNode) {
  const Value value = acm();
  const TreeNodes nodes(value);
  const TreeWalks walks = walks_of(nodes, {walked("a", {{"1", "no"}, {"2", "yes"}, {"4", "yes"}}),
                                           walked("b", {{"1", "no"}, {"2", "unknown"}, {"4", "yes"}, {"3", "yes"}}), walked("c", {})});
  ASSERT_EQ(walks.walks.size(), 2U);
  EXPECT_EQ(path_text(walks.walks[0]), "DN-1=N DN-2=Y DN-4=Y → PASS");
  EXPECT_EQ(path_text(walks.walks[1]), "DN-1=N DN-2=? DN-4=Y DN-3=Y → PASS or NOT APPLICABLE");
  EXPECT_EQ(walks.at("DN-1", "no").sure, 2U);
  EXPECT_EQ(walks.at("DN-1", "yes").sure + walks.at("DN-1", "yes").may, 0U);
  EXPECT_EQ(walks.at("DN-2", "yes").sure, 1U);
  EXPECT_EQ(walks.at("DN-2", "yes").may, 1U);
  EXPECT_EQ(walks.at("DN-3", "yes").may, 1U);
  EXPECT_EQ(walks.open.at("DN-2"), 1U);
}

TEST(TreeWalks, AStepOfAnotherTreeOfTheUnitIsNotTaken) {
  const Value value = acm();
  const TreeNodes nodes(value);
  InstanceVerdict other = walked("a", {{"1", "no"}});
  other.path[0].question = "asked-elsewhere";
  EXPECT_TRUE(walks_of(nodes, {other}).walks.empty());
}

TEST(TreeWalks, AStepThatIsMissingLeavesTheWayOpen) {
  const Value value = acm();
  const TreeNodes nodes(value);
  const TreeWalks walks = walks_of(nodes, {walked("a", {{"1", "no"}})});
  EXPECT_EQ(path_text(walks.walks.at(0)), "DN-1=N → open");
}

TEST(TreeLayout, NodesStandBelowAllThatLeadToThem) {
  const Value value = acm();
  const TreeLayout layout = lay_out(TreeNodes(value));
  std::vector<std::string_view> order;
  int below = 0;
  for (const auto& box : layout.boxes) {
    order.push_back((*box.node)["id"].text());
    EXPECT_GE(box.y, below);
    below = box.y + box.height;
  }
  EXPECT_THAT(order, ElementsAre("DN-1", "DN-2", "DN-3", "DN-4"));
  EXPECT_LE(below, layout.height);
  // DN-2's yes passes DN-3 by, in the gutter.
  for (const auto& branch : layout.branches) EXPECT_EQ(branch.lane, branch.from == 1 && branch.answer == "yes" ? 1 : 0);
}

TEST(TreeLayout, ALoopAndATreeWithoutEndStillLayOut) {
  const Value loop = tree(R"({"id": "x", "start": "a", "nodes": [
    {"id": "a", "question": "q", "ask": "", "yes": "b", "no": "b"}, {"id": "b", "question": "q", "ask": "?", "yes": "a", "no": "fail"}]})");
  EXPECT_EQ(lay_out(TreeNodes(loop)).boxes.size(), 2U);
  EXPECT_TRUE(lay_out(TreeNodes(Value())).boxes.empty());
  std::string nodes;
  for (int i = 0; i < 200; ++i)
    nodes += std::string(i == 0 ? "" : ",") + R"({"id": "n)" + std::to_string(i) + R"(", "question": "q", "ask": "?", "yes": "n)" +
             std::to_string(i + 1) + R"(", "no": "pass"})";
  const Value huge = tree(R"({"id": "x", "start": "n0", "nodes": [)" + nodes + "]}");
  EXPECT_EQ(lay_out(TreeNodes(huge)).left_out, 200 - TreeLayout::kMostNodes);
}

TEST(TreeLayout, LinesFitAndLongWordsBreakBetweenCharacters) {
  for (const std::string& text : {std::string("Does the place where it stands keep others out?"), std::string(300, 'W'),
                                  std::string("\xE5\x88\xA9\xE7\x94\xA8\xE8\x80\x85\xE3\x81\x8C\xE8\xAA\x8D\xE8\xA8\xBC") + " a"}) {
    std::string joined;
    for (const std::string& line : wrapped(text, 80)) {
      EXPECT_LE(text_width(line), 80) << line;
      EXPECT_NE(static_cast<unsigned char>(line.front()) & 0xC0U, 0x80U);
      joined += line;
    }
    std::string plain = text;
    std::erase(plain, ' ');
    std::erase(joined, ' ');
    EXPECT_EQ(joined, plain);
  }
}

TEST(TreePicture, TellsWhatWasWalkedByWordsAndNumbersToo) {
  const Value value = acm();
  const TreeNodes nodes(value);
  const TreeWalks walks = walks_of(nodes, {walked("a", {{"1", "yes"}}), walked("b", {{"1", "yes"}}), walked("c", {{"1", "conflict"}})});
  const std::string picture = tree_picture(nodes, walks).text;
  EXPECT_THAT(picture, HasSubstr("role=\"img\""));
  EXPECT_THAT(
      picture,
      HasSubstr("<desc>DN-1: Is everybody meant to have it? In conflict for 1. Yes (2 went here) (1 may go here): NOT APPLICABLE."));
  EXPECT_THAT(picture, HasSubstr("end v-na sure"));
  EXPECT_THAT(picture, HasSubstr(">NOT APPLICABLE</text>"));
  EXPECT_THAT(picture, HasSubstr(">2</text>"));
  EXPECT_THAT(picture, HasSubstr("! 1 in conflict"));
  EXPECT_THAT(picture, Not(HasSubstr("style=")));
  EXPECT_EQ(picture, tree_picture(nodes, walks).text);
}

}  // namespace
}  // namespace assay::paper
