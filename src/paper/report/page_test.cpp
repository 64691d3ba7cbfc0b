// SPDX-License-Identifier: Apache-2.0
#include "paper/report/page.hpp"

#include <gmock/gmock.h>

#include "base/embedded.hpp"
#include "paper/report/sections.hpp"

namespace assay::paper {
namespace {

using ::testing::HasSubstr;

TEST(Page, EveryUnescapedNameSaysThatItIsMarkup) {
  std::size_t parts = 0;
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.path.starts_with("src/paper/report/") || !file.path.ends_with(".mustache")) continue;
    ++parts;
    for (std::size_t at = 0; (at = file.text.find("{{{", at)) != std::string_view::npos; at += 3) {
      const std::string_view name = file.text.substr(at + 3, file.text.find("}}}", at) - at - 3);
      EXPECT_TRUE(name.ends_with("_html")) << file.path << ": " << name;
    }
    EXPECT_EQ(file.text.find("{{&"), std::string_view::npos) << file.path;
    EXPECT_EQ(file.text.find(" style="), std::string_view::npos) << file.path << ": the page's policy forbids it";
  }
  EXPECT_GE(parts, 15U);
}

TEST(Page, AMissingFieldSpoilsThePage) {
  Page page;
  Fields fields;
  fields.text("kind", "x").html("rows_html", {}).text("more", "");
  page.fill("uncited", fields);
  ASSERT_TRUE(page.trouble());
  EXPECT_THAT(page.trouble()->what, HasSubstr("uncited asks for count"));
}

TEST(Page, AnUnknownPartSpoilsThePage) {
  Page page;
  page.fill("nowhere", {});
  ASSERT_TRUE(page.trouble());
  EXPECT_EQ(page.trouble()->code, Errc::not_found);
}

TEST(Page, TextIsEscapedEvenUnderANameForMarkup) {
  Page page;
  Fields fields;
  fields.text("kind", "<i>").text("count", "1").text("rows_html", "<b>").text("more", "");
  const Html out = page.fill("uncited", fields);
  EXPECT_FALSE(page.trouble());
  EXPECT_THAT(out.text, HasSubstr("&lt;i&gt;"));
  EXPECT_THAT(out.text, HasSubstr("&lt;b&gt;"));
}

TEST(OwedGroups, SameAskForSeveralInstancesIsOneRow) {
  Owed one;
  one.kind = "answer";
  one.question = "q";
  one.ask = "ask";
  one.instance = "A";
  Owed two = one;
  two.instance = "B";
  Owed other = one;
  other.cost = 7;
  const std::vector<Owed> owed = {one, other, two};
  const auto groups = owed_groups(owed);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].items.size(), 2U);
  EXPECT_EQ(groups[1].items.front(), &owed[1]);
}

}  // namespace
}  // namespace assay::paper
