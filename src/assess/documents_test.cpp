// SPDX-License-Identifier: Apache-2.0
// Gates, documented paths, prescribed information, linked trees, levels and whole schemes, on a scheme small enough to judge by head.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assess/entries.hpp"
#include "assess/judge.hpp"
#include "base/yaml.hpp"

namespace assay::assess {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kKinds = R"(kinds:
  component: {about: c, fields: {name: {type: text}, version: {type: text}}, identity: [name], exclusive: []}
  vulnerability: {about: v, fields: {advisory: {type: text}, component: {type: text}, version: {type: text}, status: {type: text}}, identity: [advisory], exclusive: []}
checks: {}
)";
constexpr std::string_view kSubjects = R"(subjects:
  product: {title: the product, single: true}
  Asset: {title: an asset, checks: []}
  ACM: {title: a mechanism, checks: []}
  Element:
    title: an element
    observed: [{kind: component, id: "component {name} {version}", keys: {component: name, version: version}, row: {Type: software}}]
    match: [component]
    checks: []
  Vulnerability:
    title: a vulnerability
    observed: [{kind: vulnerability, id: "{advisory}", keys: {advisory: advisory, component: component}}]
    match: [advisory]
    checks: []
)";

std::string question(std::string_view id, std::string_view subject, std::string_view rules = "[]") {
  return "  - {id: " + std::string(id) + ", ask: \"Is " + std::string(id) + " so?\", why: w, subject: " + std::string(subject) +
         ", state: any, interface: any, person: \"yes\", machine: [\"yes\", \"no\"], rules: " + std::string(rules) +
         ", settle: [{by: answer, cost: 5, what: Say so.}], remedy: \"Mend " + std::string(id) + ".\", source: s, confidence: confirmed}\n";
}

std::vector<CatalogueFile> files() {
  return {
      {"knowledge/kinds.yaml", std::string(kKinds)},
      {"knowledge/subjects.yaml", std::string(kSubjects)},
      {"knowledge/facts/f.yaml", "facts: {radio: {ask: Is it radio equipment?, why: w, type: boolean}}\n"},
      {"knowledge/questions/q.yaml",
       "questions:\n" + question("q.public", "Asset") + question("q.managed", "Asset") + question("q.only", "Asset") +
           question("q.auth", "ACM") + question("q.policy", "product") +
           question("q.vulnerable", "Element",
                    R"([{answer: "yes", because: It has one., when: {seen: vulnerability, where: {component: $component}}},
                            {answer: "no", because: Declared free., when: {declared: Element, where: {AltMeasures: none needed}}}])") +
           question("q.mitigated", "Vulnerability")},
      {"schemes/p-1/scheme.yaml",
       "{id: p-1, edition: \"1\", title: Part 1, publisher: P, markets: [eu], combine: en-18031, counts: {trees: 4}, complete: true}\n"},
      {"schemes/p-1/scope.yaml", "include: [{id: i, article: a, why: w, when: {fact: radio, is: true}}]\nuntil: \"2027-12-10\"\n"},
      {"schemes/p-1/trees/t.yaml", R"(trees:
  - id: ACM-1
    title: access
    subject: Asset
    start: DN-1
    nodes:
      DN-1: {question: q.public, "yes": not-applicable, "no": DN-2}
      DN-2: {question: q.managed, "yes": pass, "no": fail}
  - id: GEC-1
    title: elements
    subject: Element
    start: DN-1
    continues: {unit: "GEC-1 C vulnerabilities", through: Element}
    nodes:
      DN-1: {question: q.vulnerable, "yes": continued, "no": pass}
  - id: GEC-1 vulnerabilities
    title: vulnerabilities
    subject: Vulnerability
    part_of: GEC-1
    start: DN-4
    nodes:
      DN-4: {question: q.mitigated, "yes": not-applicable, "no": fail}
  - {id: ACM-2, title: only authorised, subject: Asset, start: DN-1, nodes: {DN-1: {question: q.only, "yes": pass, "no": fail}}}
  - {id: AUM-1, title: authentication, subject: ACM, start: DN-1, nodes: {DN-1: {question: q.auth, "yes": pass, "no": fail}}}
)"},
      {"schemes/p-1/requirements/r.yaml", R"(requirements:
  - id: ACM-1
    title: access
    text: t
    status: mandatory
    source: s
    confidence: confirmed
    information: [{id: E.Info.ACM-1.Access, table: Asset, field: Access, if: {node: DN-2, answer: "yes"}}]
    assessments:
      - {id: ACM-1 conceptual, kind: conceptual, units: [{id: ACM-1 C, title: t, tree: ACM-1, on_none: not-applicable, confidence: confirmed}]}
  - id: ACM-2
    title: only
    text: t
    status: mandatory
    source: s
    confidence: confirmed
    assessments:
      - id: ACM-2 conceptual
        kind: conceptual
        units: [{id: ACM-2 C, title: t, tree: ACM-2, gates: [{after: ACM-1 C}], confidence: confirmed}]
  - id: AUM-1
    title: authentication
    text: t
    status: mandatory
    source: s
    confidence: confirmed
    assessments:
      - id: AUM-1 conceptual
        kind: conceptual
        units: [{id: AUM-1 C, title: t, tree: AUM-1, gates: [{after: ACM-1 C, through: Assets}], confidence: confirmed}]
  - id: GEC-1
    title: vulnerabilities
    text: t
    status: mandatory
    source: s
    confidence: confirmed
    assessments:
      - id: GEC-1 conceptual
        kind: conceptual
        units:
          - {id: GEC-1 C, title: t, tree: GEC-1, confidence: confirmed}
          - {id: GEC-1 C vulnerabilities, title: t, tree: GEC-1 vulnerabilities, on_none: not-applicable, confidence: confirmed}
)"},
      {"schemes/law/scheme.yaml", R"(id: law
edition: "2"
title: A law
publisher: P
markets: [eu]
combine: roll-up
counts: {}
complete: true
levels:
  - {id: "1", title: basic, state: open, source: s, confidence: confirmed}
  - {id: "2", title: more, state: open, source: s, confidence: confirmed}
)"},
      {"schemes/law/scope.yaml", "include: [{id: i, article: a, why: w, when: {placed: {ge: \"2026-01-01\"}}}]\n"},
      {"schemes/law/requirements/r.yaml", R"(requirements:
  - id: art-1
    title: the standard
    text: t
    status: mandatory
    source: s
    confidence: confirmed
    assessments: [{id: art-1 a, kind: checklist, units: [{id: art-1 u, title: t, inherits: [p-1/*], confidence: confirmed}]}]
  - id: art-2
    title: a policy
    text: t
    status: mandatory
    level: "2"
    source: s
    confidence: confirmed
    assessments: [{id: art-2 a, kind: checklist, units: [{id: art-2 u, title: t, question: q.policy, confidence: confirmed}]}]
)"}};
}

std::shared_ptr<const Catalogue> catalogue() {
  static const std::shared_ptr<const Catalogue> shared = [] {
    std::shared_ptr<const Catalogue> out;
    for (const Error& error : load_catalogue(files(), out)) ADD_FAILURE() << error.to_text();
    return out;
  }();
  return shared;
}

constexpr std::string_view kHead = R"(product: {name: N, model: M, version: "1", manufacturer: {name: X}}
markets: [eu]
properties: {radio: true}
)";

class Documents : public testing::Test {
 protected:
  void declare(std::string_view more) {
    for (const Error& error : Product::parse(std::string(kHead) + std::string(more), "product.yaml", input.product))
      ADD_FAILURE() << error.to_text();
    input.date = *parse_day("2026-06-01");
  }
  void answer(std::string_view question, std::string_view value, std::string_view instance = {}, std::string_view note = "because") {
    Answer a;
    a.question = question;
    a.value = value;
    a.instance = instance;
    a.by = "A. Person";
    a.note = note;
    a.at = "2026-05-01T00:00:00Z";
    a.version = "1";
    a.seal();
    input.answers.push_back(std::move(a));
  }
  const RequirementVerdict& requirement(std::string_view scheme, std::string_view id) {
    result = judge(*catalogue(), input);
    for (const SchemeVerdict& s : result.schemes) {
      if (s.id != scheme) continue;
      for (const RequirementVerdict& r : s.requirements) {
        if (r.id == id) return r;
      }
    }
    static const RequirementVerdict none{};
    ADD_FAILURE() << "no " << scheme << "/" << id;
    return none;
  }
  std::string verdict(std::string_view id, std::string_view scheme = "p-1") {
    return std::string(to_text(requirement(scheme, id).verdict));
  }
  Case input;
  Assessment result;
};

constexpr std::string_view kPaths = R"(en18031:
  Asset: [{ID: key, Class: security, Access: by the owner}, {ID: clock, Class: security}]
  ACM: [{ID: web, Assets: [key]}, {ID: guest, Assets: [clock]}]
  DT:
    - {Requirement: ACM-1, For: [key], Path: "DN-1=N DN-2=Y", Justification: The web server asks for a password.}
    - {Requirement: ACM-1, For: [clock], Path: "DN-1=Y", Justification: Everybody may see the time.}
    - {Requirement: ACM-2, For: [key], Path: "DN-1=Y", Justification: One role.}
    - {Requirement: AUM-1, Path: "DN-1=Y", Justification: A password.}
)";

TEST_F(Documents, ADocumentedPathWaitsForAnAcceptingPerson) {
  declare(kPaths);
  EXPECT_EQ(verdict("ACM-1"), "inconclusive");
  ASSERT_FALSE(requirement("p-1", "ACM-1").owed.empty());
  EXPECT_EQ(requirement("p-1", "ACM-1").owed.front().kind, "acceptance");
  answer("p-1/ACM-1", "accepted");
  EXPECT_EQ(verdict("ACM-1"), "pass");
  EXPECT_EQ(requirement("p-1", "ACM-1").basis, Basis::attested);
}

TEST_F(Documents, AnAcceptanceAndAReasonStandSideBySide) {
  declare("en18031: {Asset: [{ID: clock, Class: security}], DT: [{Requirement: ACM-1, For: [clock], Path: \"DN-1=Y\"}]}\n");
  answer("p-1/ACM-1", "not-applicable", "clock", "Everybody may see the time.");
  answer("p-1/ACM-1", "accepted");
  EXPECT_EQ(verdict("ACM-1"), "not-applicable");
}

TEST_F(Documents, WithoutItsJustificationAPathGrantsNothing) {
  declare("en18031: {Asset: [{ID: key, Class: security, Access: x}], DT: [{Requirement: ACM-1, For: [key], Path: \"DN-1=N DN-2=Y\"}]}\n");
  answer("p-1/ACM-1", "accepted");
  EXPECT_EQ(verdict("ACM-1"), "inconclusive");
  EXPECT_EQ(requirement("p-1", "ACM-1").owed.front().kind, "justification");
  input.closing = true;
  EXPECT_EQ(verdict("ACM-1"), "fail");
}

TEST_F(Documents, PrescribedInformationThatIsMissingIsOwed) {
  declare(
      "en18031: {Asset: [{ID: key, Class: security}], DT: [{Requirement: ACM-1, For: [key], Path: \"DN-1=N DN-2=Y\", Justification: "
      "j}]}\n");
  answer("p-1/ACM-1", "accepted");
  EXPECT_EQ(verdict("ACM-1"), "inconclusive");
  EXPECT_EQ(requirement("p-1", "ACM-1").owed.front().question, "p-1/E.Info.ACM-1.Access");
}

TEST_F(Documents, APathThatFailsNeedsNobody) {
  declare("en18031: {Asset: [{ID: key, Class: security}], DT: [{Requirement: ACM-1, For: [key], Path: \"DN-1=N DN-2=N\"}]}\n");
  EXPECT_EQ(verdict("ACM-1"), "fail");
}

TEST_F(Documents, ThePathOfAnotherPartSaysNothing) {
  declare("en18031: {Asset: [{ID: key, Class: security}], DT: [{Requirement: ACM-1, Part: \"2\", For: [key], Path: \"DN-1=N DN-2=N\"}]}\n");
  EXPECT_EQ(verdict("ACM-1"), "inconclusive");
}

TEST_F(Documents, AnAnswerAgainstTheDocumentedPathIsAContradiction) {
  declare(kPaths);
  answer("q.managed", "no", "key");
  EXPECT_EQ(verdict("ACM-1"), "fail");
  const auto& contradictions = requirement("p-1", "ACM-1").contradictions;
  ASSERT_FALSE(contradictions.empty());
  EXPECT_THAT(contradictions.front().says, HasSubstr("documented path"));
}

TEST_F(Documents, OnlyWhatPassedTheGateEnters) {
  declare(kPaths);
  answer("p-1/ACM-1", "accepted");
  answer("p-1/ACM-2", "accepted");
  EXPECT_EQ(verdict("ACM-2"), "pass");
  const auto& instances = requirement("p-1", "ACM-2").assessments.front().units.front().instances;
  ASSERT_EQ(instances.size(), 2U);
  EXPECT_EQ(instances[1].id, "clock");
  EXPECT_EQ(instances[1].verdict, Verdict::not_applicable);
  EXPECT_THAT(instances[1].reasons, Contains(HasSubstr("did not pass ACM-1")));
}

TEST_F(Documents, WhileTheGateIsOpenNothingCounts) {
  declare(kPaths);
  answer("p-1/ACM-2", "accepted");
  EXPECT_EQ(verdict("ACM-2"), "inconclusive");
  EXPECT_THAT(requirement("p-1", "ACM-2").assessments.front().units.front().instances.front().would_be, "pass");
}

TEST_F(Documents, AFailBehindAnOpenGateDoesNotCountYet) {
  declare(kPaths);
  answer("q.only", "no", "key");
  EXPECT_EQ(verdict("ACM-2"), "inconclusive");
  answer("p-1/ACM-1", "accepted");
  EXPECT_EQ(verdict("ACM-2"), "fail");
}

TEST_F(Documents, AGateLeadsThroughACell) {
  declare(kPaths);
  answer("p-1/ACM-1", "accepted");
  answer("p-1/AUM-1", "accepted");
  EXPECT_EQ(verdict("AUM-1"), "pass");
  const auto& instances = requirement("p-1", "AUM-1").assessments.front().units.front().instances;
  ASSERT_EQ(instances.size(), 2U);
  EXPECT_EQ(instances[0].verdict, Verdict::pass);
  EXPECT_EQ(instances[1].verdict, Verdict::not_applicable);
}

TEST_F(Documents, WhereNothingEntersTheRequirementIsNotApplicable) {
  declare(
      "en18031: {Asset: [{ID: clock, Class: security}], DT: [{Requirement: ACM-1, For: [clock], Path: \"DN-1=Y\", Justification: j}]}\n");
  answer("p-1/ACM-1", "accepted");
  EXPECT_EQ(verdict("ACM-1"), "not-applicable");
  EXPECT_EQ(verdict("ACM-2"), "not-applicable");
}

TEST_F(Documents, AnElementWithVulnerabilitiesIsJudgedByThem) {
  constexpr std::string_view declared = R"(en18031:
  Element: [{ID: tls, Type: software, component: mbedtls}, {ID: kernel, AltMeasures: none needed}]
  Vulnerability: [{ID: CVE-1, Element: [tls]}]
  DT:
    - {Requirement: GEC-1, For: [kernel], Justification: No match.}
    - {Requirement: GEC-1, For: [tls], Path: "DN-1=Y"}
)";
  declare(declared);
  answer("p-1/GEC-1", "accepted");
  EXPECT_EQ(verdict("GEC-1"), "inconclusive");
  answer("q.mitigated", "no", "CVE-1");
  EXPECT_EQ(verdict("GEC-1"), "fail");
  answer("q.mitigated", "yes", "CVE-1", "The port is closed.");
  answer("p-1/GEC-1", "not-applicable", "CVE-1", "The port is closed.");
  EXPECT_EQ(verdict("GEC-1"), "pass");
}

TEST_F(Documents, AVulnerableElementWithoutItsVulnerabilitiesOwesThem) {
  declare("en18031: {Element: [{ID: tls, Type: software}], DT: [{Requirement: GEC-1, For: [tls], Path: \"DN-1=Y\"}]}\n");
  EXPECT_EQ(verdict("GEC-1"), "inconclusive");
  bool asked = false;
  for (const Owed& owed : requirement("p-1", "GEC-1").owed) asked = asked || owed.question == "en18031.Vulnerability";
  EXPECT_TRUE(asked);
}

TEST_F(Documents, AWholeSchemeIsInherited) {
  declare(kPaths);
  EXPECT_EQ(verdict("art-1", "law"), "inconclusive");
  answer("q.managed", "no", "key");
  EXPECT_EQ(verdict("art-1", "law"), "fail");
}

TEST_F(Documents, TheLevelAimedAtDecidesWhatIsAsked) {
  declare("levels: {law: \"1\"}\n");
  result = judge(*catalogue(), input);
  ASSERT_EQ(result.schemes.front().id, "law");
  EXPECT_EQ(result.schemes.front().requirements.size(), 1U);
  declare("levels: {law: \"2\"}\n");
  result = judge(*catalogue(), input);
  EXPECT_EQ(result.schemes.front().requirements.size(), 2U);
}

TEST_F(Documents, TheDayOfPlacingDecides) {
  declare("dates: {placed_on_market: \"2025-12-31\"}\n");
  const auto results = [&] {
    std::map<std::string, std::string> out;
    for (const ScopeAnswer& a : scope(*catalogue(), input.product, input.date)) out[a.scheme] = a.result + " " + a.rule;
    return out;
  };
  EXPECT_EQ(results().at("law"), "does-not-apply i");
  declare("dates: {placed_on_market: \"2026-01-01\"}\n");
  EXPECT_EQ(results().at("law"), "applies i");
  declare("dates: {placed_on_market: \"2027-12-11\"}\n");
  EXPECT_EQ(results().at("p-1"), "does-not-apply until");
  declare("");
  EXPECT_EQ(results().at("p-1"), "applies i");
  input.date = *parse_day("2028-01-01");
  EXPECT_EQ(results().at("p-1"), "does-not-apply until");
}

TEST_F(Documents, ScopeTellsEveryRulesTruth) {
  declare("");
  for (const ScopeAnswer& a : scope(*catalogue(), input.product, input.date)) {
    ASSERT_EQ(a.rules.size(), 1U);
    EXPECT_EQ(a.rules.front()["truth"].text(), "yes");
  }
}

TEST_F(Documents, WordsThatOnlyFillACellDocumentNothing) {
  for (const char* filler : {"-", "n/a", "TBD"}) {
    declare("en18031: {Asset: [{ID: key, Class: security, Access: \"" + std::string(filler) +
            "\"}], DT: [{Requirement: ACM-1, For: [key], Path: \"DN-1=N DN-2=Y\", Justification: A password.}]}\n");
    input.answers.clear();
    answer("p-1/ACM-1", "accepted");
    EXPECT_EQ(verdict("ACM-1"), "inconclusive") << filler;
    declare("en18031: {Asset: [{ID: clock}], DT: [{Requirement: ACM-1, For: [clock], Path: \"DN-1=Y\", Justification: \"" +
            std::string(filler) + "\"}]}\n");
    EXPECT_EQ(verdict("ACM-1"), "inconclusive") << filler;
  }
}

TEST_F(Documents, AnAcceptedPathIsTheOneThatIsWalked) {
  declare(kPaths);
  answer("p-1/ACM-1", "accepted");
  answer("q.public", "yes", "key", "");
  EXPECT_EQ(verdict("ACM-1"), "inconclusive") << "its justification speaks of a password, and the end is now another one";
  EXPECT_EQ(requirement("p-1", "ACM-1").owed.front().question, "en18031.DT");
}

TEST_F(Documents, APathThatGoesOnBehindItsEndIsNone) {
  declare("en18031: {Asset: [{ID: clock}], DT: [{Requirement: ACM-1, For: [clock], Path: \"DN-1=Y DN-2=N\", Justification: j}]}\n");
  answer("p-1/ACM-1", "accepted");
  EXPECT_EQ(verdict("ACM-1"), "inconclusive");
}

TEST_F(Documents, AnAnswerWithoutItsReasonStandsInForNoJustification) {
  declare("en18031: {Asset: [{ID: clock}]}\n");
  answer("q.public", "yes", "clock", "-");
  EXPECT_EQ(verdict("ACM-1"), "inconclusive");
  answer("q.public", "yes", "clock", "Everybody may see the time.");
  EXPECT_EQ(verdict("ACM-1"), "not-applicable");
}

TEST_F(Documents, ARowThatDeniesWhatWasSeenDoesNotNameIt) {
  Observation seen;
  seen.kind = "component";
  seen.evidence = "sha256:aa";
  seen.fields.set("name", "openssl");
  seen.fields.set("version", "3.0.1");
  seen.seal();
  Evidence image;
  image.id = "sha256:aa";
  image.type = "firmware";
  image.version = "1";
  input.evidence.push_back(image);
  input.observations.push_back(seen);
  const auto instances = [&](std::string_view type) {
    declare("en18031: {Element: [{ID: tls, component: openssl, Type: " + std::string(type) + "}]}\n");
    return requirement("p-1", "GEC-1").assessments.front().units.front().instances.size();
  };
  EXPECT_EQ(instances("software"), 1U);
  EXPECT_EQ(instances("hardware"), 2U);
}

TEST_F(Documents, ThePathOfAllSpeaksOfWhatIsDeclared) {
  Observation seen;
  seen.kind = "component";
  seen.evidence = "sha256:aa";
  seen.fields.set("name", "openssl");
  seen.seal();
  Evidence image;
  image.id = "sha256:aa";
  image.type = "firmware";
  image.version = "1";
  input.evidence.push_back(image);
  input.observations.push_back(seen);
  declare(
      "en18031: {Element: [{ID: kernel, Type: software}], DT: [{Requirement: GEC-1, Path: \"DN-1=N\", Justification: No "
      "match.}]}\n");
  answer("p-1/GEC-1", "accepted");
  const auto& units = requirement("p-1", "GEC-1").assessments.front().units;
  ASSERT_EQ(units.front().instances.size(), 2U);
  EXPECT_EQ(units.front().instances[0].verdict, Verdict::pass);
  EXPECT_EQ(units.front().instances[1].verdict, Verdict::inconclusive);
}

TEST_F(Documents, AFactOfAnotherTypeIsAskedFor) {
  Product product;
  ASSERT_TRUE(Product::parse("product: {name: N, model: M, version: \"1\", manufacturer: {name: X}}\nmarkets: [eu]\n"
                             "properties: {radio: \"yes\"}\n",
                             "p.yaml", product)
                  .empty());
  for (const ScopeAnswer& a : scope(*catalogue(), product, *parse_day("2026-06-01"))) {
    if (a.scheme != "p-1") continue;
    EXPECT_EQ(a.result, "unknown");
  }
}

TEST_F(Documents, APathIsWrittenDownOnce) {
  const auto complaint = [](std::string_view rows) {
    Product product;
    const auto errors = Product::parse(std::string(kHead) + "en18031: {DT: [" + std::string(rows) + "]}\n", "p.yaml", product);
    return errors.empty() ? std::string{} : errors.front().what;
  };
  EXPECT_THAT(complaint("{Requirement: R, For: [a], Path: DN-1=Y}, {Requirement: R, For: [b, a], Path: DN-1=N}"), HasSubstr("twice"));
  EXPECT_THAT(complaint("{Requirement: R, Path: DN-1=Y}, {Requirement: R, Path: DN-1=N}"), HasSubstr("for all instances twice"));
  EXPECT_THAT(complaint("{Requirement: R, Path: DN-1=Y DN-1=N}"), HasSubstr("answers DN-1 twice"));
  EXPECT_THAT(complaint("{Requirement: R, For: [], Path: DN-1=Y}"), HasSubstr("at least 1"));
  EXPECT_EQ(complaint("{Requirement: R, Part: \"1\", Path: DN-1=Y}, {Requirement: R, Path: DN-1=N}, {Requirement: R, For: [a]}"), "");
}

TEST_F(Documents, RowsNamedByCellsExist) {
  Product product;
  const auto errors =
      Product::parse(std::string(kHead) + "en18031: {ACM: [{ID: web, Assets: [kye]}], Asset: [{ID: key}]}\n", "p.yaml", product);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_THAT(errors.front().what, HasSubstr("did you mean \"key\""));
}

}  // namespace
}  // namespace assay::assess
