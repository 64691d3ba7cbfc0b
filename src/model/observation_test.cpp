// SPDX-License-Identifier: Apache-2.0
#include "model/observation.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace assay {
namespace {

Observation telnet() {
  Observation o;
  o.kind = "autostart";
  o.evidence = "sha256:aa";
  o.at.path = "2e0000.squashfs//etc/init.d/rcS";
  o.at.line = 22;
  o.by = "firmware/autostart";
  o.fields.set("service", "telnetd").mark = {};
  o.fields.set("started_by", "rc");
  o.seal();
  return o;
}

TEST(Observation, IdFollowsFromContentOnly) {
  const Observation a = telnet();
  Observation b = telnet();
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.id.size(), 18U);
  b.at.line = 23;
  b.seal();
  EXPECT_NE(a.id, b.id);
}

TEST(Observation, SurvivesJson) {
  const Observation a = telnet();
  const auto b = observation_from(*parse_json(to_json(to_value(a))));
  ASSERT_TRUE(b);
  EXPECT_EQ(b->id, a.id);
  EXPECT_EQ(to_json(to_value(*b)), to_json(to_value(a)));
  EXPECT_EQ(b->at.to_text(), "2e0000.squashfs//etc/init.d/rcS:22");
}

TEST(Observation, AForgedIdIsNotBelieved) {
  Value v = to_value(telnet());
  v.set("id", "o:0000000000000000");
  EXPECT_EQ(observation_from(v)->id, telnet().id);
}

TEST(Observation, SortedAndWithoutDoubles) {
  Observation later = telnet();
  later.at.line = 30;
  later.seal();
  std::vector<Observation> all = {later, telnet(), telnet()};
  sort_unique(all);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].at.line, 22U);
}

TEST(Observation, NeedsAKind) {
  EXPECT_FALSE(observation_from(*parse_json("{\"evidence\":\"x\"}")));
}

}  // namespace
}  // namespace assay
