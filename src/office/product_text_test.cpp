// SPDX-License-Identifier: Apache-2.0
#include "office/product_text.hpp"

#include <gmock/gmock.h>

#include "base/yaml.hpp"

namespace assay::office {
namespace {

constexpr std::string_view kText = R"(# The gateway.
product: {name: Gateway, model: GW-1, version: "1.0", manufacturer: {name: Works}}   # flow
properties:
  # decides the regime
  consumer: true
  # of the section above

# sold in
markets: [eu]
ixit:
  AuthMech:
    - ID: AuthMech-1   # the web login
      Description: |-
        # not a comment
        two lines
      service: http
    # the API
    - {ID: AuthMech-2, Description: tokens}
  UserInfo:
    Support Period: five years
)";

std::string changed(std::string_view text, const std::function<void(Value&)>& change) {
  Value document = *parse_yaml(text);
  change(document);
  const auto out = rewritten(text, document);
  return out ? *out : "refused: " + out.error().what;
}

TEST(ProductText, UnchangedStaysByteForByte) {
  EXPECT_EQ(changed(kText, [](Value&) {}), kText);
}

TEST(ProductText, AddsWithoutTouchingTheRest) {
  const std::string out = changed(kText, [](Value& d) {
    d.find("properties")->set("radio", true);
    Value row = Value::object();
    row.set("ID", "AuthMech-3");
    row.set("Description", "first line\nsecond: line");
    d.find("ixit")->find("AuthMech")->push(std::move(row));
    d.find("ixit")->find("UserInfo")->set("Model Designation", "GW-1");
    Value ics = Value::object();
    Value entry = Value::object();
    entry.set("support", "N/A");
    entry.set("detail", "no: password");
    ics.set("5.1-1", std::move(entry));
    d.set("ics", std::move(ics));
  });
  EXPECT_EQ(out, R"(# The gateway.
product: {name: Gateway, model: GW-1, version: "1.0", manufacturer: {name: Works}}   # flow
properties:
  # decides the regime
  consumer: true
  # of the section above
  radio: true

# sold in
markets: [eu]
ixit:
  AuthMech:
    - ID: AuthMech-1   # the web login
      Description: |-
        # not a comment
        two lines
      service: http
    # the API
    - {ID: AuthMech-2, Description: tokens}
    - ID: AuthMech-3
      Description: |-
        first line
        second: line
  UserInfo:
    Support Period: five years
    Model Designation: GW-1
ics:
  5.1-1:
    support: N/A
    detail: "no: password"
)");
}

TEST(ProductText, ChangesOnlyTheLinesOfWhatChanges) {
  const std::string out = changed(kText, [](Value& d) {
    auto& rows = d.find("ixit")->find("AuthMech")->items();
    rows[0].set("Description", "one line");
    rows[0].set("port", 80);
    rows[1].set("Description", "bearer tokens");
    d.find("product")->set("hardware", "rev B");
  });
  EXPECT_EQ(out, R"(# The gateway.
product:
  name: Gateway
  model: GW-1
  version: "1.0"
  manufacturer:
    name: Works
  hardware: rev B
properties:
  # decides the regime
  consumer: true
  # of the section above

# sold in
markets: [eu]
ixit:
  AuthMech:
    - ID: AuthMech-1   # the web login
      Description: one line
      service: http
      port: 80
    # the API
    - ID: AuthMech-2
      Description: bearer tokens
  UserInfo:
    Support Period: five years
)");
}

TEST(ProductText, OddFormsAreKeptOrRefusedNeverBroken) {
  const auto add_fact = [](Value& d) {
    Value p = Value::object();
    p.set("consumer", true);
    d.set("properties", std::move(p));
  };
  EXPECT_EQ(changed("product: {name: a, model: b, version: c, manufacturer: {name: d}}", add_fact),
            "product: {name: a, model: b, version: c, manufacturer: {name: d}}\nproperties:\n  consumer: true\n");
  EXPECT_EQ(changed("product: {name: a, model: b, version: '1', manufacturer: {name: d}}\nproperties: {radio: true, rooms: 3, note: 'no'}",
                    [](Value& d) { d.find("properties")->set("consumer", false); }),
            "product: {name: a, model: b, version: '1', manufacturer: {name: d}}\nproperties:\n  radio: true\n  rooms: 3\n  note: \"no\"\n"
            "  consumer: false\n");
  EXPECT_THAT(changed("{product: {name: a, model: b, version: c, manufacturer: {name: d}}}", add_fact), ::testing::HasSubstr("refused"));
  EXPECT_THAT(changed("product: {name: a, model: b, version: c, manufacturer: {name: d}}\n...\n", add_fact),
              ::testing::HasSubstr("refused"));
  EXPECT_EQ(changed("properties:\n  {}\nproduct:\n  name: a\n  model: b\n  version: c\n  manufacturer: {name: d}\n", add_fact),
            "properties:\n  consumer: true\nproduct:\n  name: a\n  model: b\n  version: c\n  manufacturer: {name: d}\n");
}

}  // namespace
}  // namespace assay::office
