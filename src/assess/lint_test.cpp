// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/small_scheme.hpp"

namespace assay::assess {
namespace {

constexpr std::string_view kKindsFile = "knowledge/kinds.yaml";
constexpr std::string_view kSubjectsFile = "knowledge/subjects.yaml";
constexpr std::string_view kQuestionsFile = "knowledge/questions/t.yaml";
constexpr std::string_view kRecognitionsFile = "knowledge/recognitions.yaml";
constexpr std::string_view kSchemeFile = "schemes/small/scheme.yaml";
constexpr std::string_view kScopeFile = "schemes/small/scope.yaml";
constexpr std::string_view kTreesFile = "schemes/small/trees/t.yaml";
constexpr std::string_view kRequirementsFile = "schemes/small/requirements/r.yaml";

struct Broken {
  const char* name;
  std::string_view file, from, to, says;
};

// One thing broken at a time; the complaint has to name the file and a line.
const Broken kBroken[] = {
    {"DuplicateKey", kSchemeFile, "edition: \"1\"", "edition: \"1\"\nedition: \"2\"", "edition"},
    {"UnknownKey", kSchemeFile, "publisher: us", "publishr: us", "publisher"},
    {"FolderAndId", kSchemeFile, "id: small", "id: tiny", "folder"},
    {"Counts", kSchemeFile, "mandatory: 19", "mandatory: 18", "says 18 mandatory"},
    {"GapsMissing", kSchemeFile, "complete: true", "complete: false", "gaps"},
    {"ConditionsQuestion", kSchemeFile, "question: t.premise,", "question: t.premis,", "did you mean"},
    {"ConditionTwice", kSchemeFile, "id: telemetry", "id: passwords", "there twice"},
    {"IdentityField", kKindsFile, "identity: [user, at.path]", "identity: [usr, at.path]", "account has no field"},
    {"NamesAndDiffers", kKindsFile, "exclusive: [password, locked]", "exclusive: [user]", "cannot both name and differ"},
    {"SubjectNoTable", kSubjectsFile, "AuthMech:", "AuthMec:", "IXIT table"},
    {"SubjectsCheck", kSubjectsFile, "checks: [firmware/accounts]", "checks: [firmware/acounts]", "which is none"},
    {"SightingsKind", kSubjectsFile, "kind: listener", "kind: listner", "observation kind"},
    {"SightingsField", kSubjectsFile, "{user: user}", "{user: usr}", "has no field"},
    {"QuestionTwice", kQuestionsFile, "id: t.refute", "id: t.no-known", "already in"},
    {"SameAsk", kQuestionsFile, "ask: Is there a policy?", "ask: Is the label printed?", "same `ask`"},
    {"SameRemedy", kQuestionsFile, "remedy: Write a policy.", "remedy: Print the label.", "same `remedy`"},
    {"QuestionsSubject", kQuestionsFile, "subject: SoftServ", "subject: SoftSrv", "SoftServ"},
    {"RulesKind", kQuestionsFile, "{seen: account, where: {password: known}}", "{seen: acount, where: {password: known}}", "account"},
    {"RulesField", kQuestionsFile, "{seen: login, where: {result: accepted}}", "{seen: login, where: {reslt: accepted}}", "result"},
    {"RulesWord", kQuestionsFile, "{seen: login, where: {result: accepted}}", "{seen: login, where: {result: acepted}}", "accepted"},
    {"RulesKey", kQuestionsFile, "user: $user, password: known", "user: $usr, password: known", "user"},
    {"RulesExpression", kQuestionsFile, "{matches: (?i)debug}", "{matches: \"(debug\"}", "bad expression"},
    {"MatcherUnknown", kQuestionsFile, "{matches: (?i)debug}", "{matchs: debug}", "matches"},
    {"ConditionUnknown", kQuestionsFile, "{seen: login, where: {result: accepted}}", "{sen: login}", "a condition has one of"},
    {"EmptyList", kQuestionsFile, "{seen: login, where: {result: accepted}}", "{all: []}", "never holds"},
    {"AbsenceWithoutCoverage", kQuestionsFile, ", covered: [firmware/accounts]}}", "}}", "`none` must name in `covered`"},
    {"UnknownCheck", kQuestionsFile, "covered: [firmware/accounts]", "covered: [firmware/acounts]", "firmware/accounts"},
    {"NotSeenWithoutCoverage", kQuestionsFile, "{none: account, where: {password: known}, covered: [firmware/accounts]}",
     "{not: {seen: account, where: {password: known}}}", "never holds without `covered`"},
    {"RefutesByAbsence", kQuestionsFile, "{answer: \"no\", because: \"{user} got in.\", when: {seen: login, where: {result: accepted}}}",
     "{answer: \"no\", because: Nothing., when: {none: login, covered: [firmware/accounts]}}", "rest on something seen"},
    {"RefutesByNotSeen", kQuestionsFile, "{answer: \"no\", because: \"{user} got in.\", when: {seen: login, where: {result: accepted}}}",
     "{answer: \"no\", because: Nothing., when: {not: {seen: login, covered: [firmware/accounts]}}}", "rest on something seen"},
    {"BecauseField", kQuestionsFile, "because: \"Account {user} opens.\"", "because: \"Account {usr} opens.\"", "has the field {usr}"},
    {"SettleKind", kQuestionsFile, "{by: observation, kind: login, cost: 15", "{by: observation, kind: logn, cost: 15", "observation kind"},
    {"UndeclaredNothing", kQuestionsFile, "when: {undeclared: SoftServ}", "when: {undeclared: UpdMech}", "nothing is ever undeclared"},
    {"DeclaredField", kQuestionsFile, "{Justification: {matches: (?i)needed}}", "{Justificaton: {matches: (?i)needed}}", "Justification"},
    {"RecognisedScheme", kRecognitionsFile, "scheme: small, requirements: [login]", "scheme: smal, requirements: [login]", "no scheme"},
    {"RecognisedRequirement", kRecognitionsFile, "requirements: [login]", "requirements: [logn]", "no requirement"},
    {"RecognitionTwice", kRecognitionsFile, "id: statement-for-small", "id: label-for-small", "there twice"},
    {"ScopesFact", kScopeFile, "when: {fact: consumer, is: true}", "when: {fact: consumr, is: true}", "there is no fact"},
    {"ScopeByObservation", kScopeFile, "when: {fact: consumer, is: true}", "when: {seen: account}", "not by observations"},
    {"ScopeTwice", kScopeFile, "id: out-1", "id: in-1", "there twice"},
    {"TreesQuestion", kTreesFile, "premise: {question: t.premise,", "premise: {question: t.premis,", "did you mean"},
    {"TreesEnd", kTreesFile, "\"no\": not-applicable}", "\"no\": nowhere}", "has no node"},
    {"TreesLoop", kTreesFile, "policy: {question: t.person, \"yes\": pass, \"no\": fail}",
     "policy: {question: t.person, \"yes\": premise, \"no\": fail}", "loop"},
    {"TreesOrphan", kTreesFile, "premise: {question: t.premise, \"yes\": policy,", "premise: {question: t.premise, \"yes\": pass,",
     "no path of tree"},
    {"TreesSameWay", kTreesFile, "policy: {question: t.person, \"yes\": pass, \"no\": fail}",
     "policy: {question: t.person, \"yes\": fail, \"no\": fail}", "lead to the same place"},
    {"TreesSubject", kTreesFile, "policy: {question: t.person,", "policy: {question: t.service,", "the tree about product"},
    {"TreeUnused", kTreesFile, "- id: turned", "- id: turned-too", "no unit uses tree turned-too"},
    {"UnitsTree", kRequirementsFile, "tree: gate", "tree: gat", "there is no tree"},
    {"UnitsQuestion", kRequirementsFile, "question: t.refute", "question: t.refut", "did you mean"},
    {"UnitSaysTwo", kRequirementsFile, "tree: gate", "tree: gate, question: t.person", "exactly one"},
    {"UnitsOnNone", kRequirementsFile, "question: t.login", "question: t.login, on_none: fail", "`on_none` says nothing"},
    {"UnitsWhere", kRequirementsFile, "question: t.refute", "question: t.refute, where: {Descripton: x}", "Description"},
    {"UnitsSufficient", kRequirementsFile, "relation: narrower", "relation: narrower, sufficient: because", "belongs to a wider question"},
    {"RequirementsCondition", kRequirementsFile, "conditions: [passwords]", "conditions: [pasword]", "there is no condition"},
    {"RequirementTwice", kRequirementsFile, "- id: paper", "- id: known", "used twice"},
    {"AssessmentsRoute", kRequirementsFile, "route: other, units", "route: othr, units", "has no route"},
    {"InheritsNothing", kRequirementsFile, "[\"known-1\", \"paper a\"]", "[\"known-9\"]", "requirement, assessment or unit"},
    {"InheritsItself", kRequirementsFile, "[\"known-1\", \"paper a\"]", "[\"inherits\"]", "inherits from itself"},
};

class Lint : public testing::TestWithParam<Broken> {};

TEST_P(Lint, NamesFileAndLine) {
  const Broken& broken = GetParam();
  std::string all;
  bool found = false;
  for (const Error& error : complaints_with(broken.file, broken.from, broken.to)) {
    all += error.to_text() + "\n";
    found = found || (error.what.find(broken.says) != std::string::npos && error.where.path == broken.file && error.where.line > 0);
  }
  EXPECT_TRUE(found) << "no complaint of " << broken.file << " says: " << broken.says << "\n" << all;
}

INSTANTIATE_TEST_SUITE_P(Rules, Lint, testing::ValuesIn(kBroken), [](const auto& one) { return std::string(one.param.name); });

constexpr std::string_view kOneQuestion = R"(questions:
  - id: t.alone
    ask: Can anybody answer this?
    why: w
    subject: product
    state: any
    interface: any
    machine: ["yes"]
    person: "no"
    rules:
      - {answer: "yes", because: There is one., when: {seen: account}}
    settle: [{by: observation, kind: account, cost: 5, what: Add the image.}]
    remedy: Nothing helps.
    source: s
    confidence: confirmed
)";

std::string complaints(std::vector<CatalogueFile> files, std::string_view file) {
  std::shared_ptr<const Catalogue> out;
  std::string all;
  auto errors = load_catalogue(files, out);
  for (Error& error : lint(*out)) errors.push_back(std::move(error));
  for (const Error& error : errors) {
    if (error.where.path == file && error.where.line > 0) all += error.what + "\n";
  }
  return all;
}

std::vector<CatalogueFile> with_question(std::string_view trees, std::string_view unit) {
  auto files = small_files();
  files.push_back({"knowledge/questions/alone.yaml", std::string(kOneQuestion)});
  if (!trees.empty()) files.push_back({"schemes/small/trees/more.yaml", std::string(trees)});
  for (CatalogueFile& file : files) {
    if (file.path != kRequirementsFile) continue;
    const std::string_view from = "question: t.unsure";
    file.text.replace(file.text.find(from), from.size(), unit);
  }
  return files;
}

TEST(LintReach, SaysWhatCanNeverFailOrPass) {
  EXPECT_NE(complaints(with_question("", "question: t.alone"), kRequirementsFile).find("unsure can never FAIL"), std::string::npos);
  EXPECT_NE(complaints(with_question("", "question: t.alone, pass_on: \"no\""), kRequirementsFile).find("unsure can never PASS"),
            std::string::npos);
}

TEST(LintReach, AnswersAlongAWayAgree) {
  constexpr std::string_view kTwice = R"(trees:
  - id: twice
    title: Passes only where the same question is answered both ways
    subject: product
    start: first
    nodes:
      first: {question: t.person, "yes": second, "no": fail}
      second: {question: t.person, "yes": fail, "no": pass}
)";
  const std::string all = complaints(with_question(kTwice, "tree: twice"), kRequirementsFile);
  EXPECT_NE(all.find("unsure can never PASS"), std::string::npos) << all;
}

TEST(LintReach, EndsThatNothingLeadsTo) {
  constexpr std::string_view kDeadEnd = R"(trees:
  - id: dead
    title: An end behind an answer that nobody can give
    subject: product
    start: first
    nodes:
      first: {question: t.alone, "yes": second, "no": not-applicable}
      second: {question: t.person, "yes": pass, "no": fail}
)";
  const std::string all = complaints(with_question(kDeadEnd, "tree: dead"), "schemes/small/trees/more.yaml");
  EXPECT_NE(all.find("nothing leads along \"no\" of node \"first\""), std::string::npos) << all;
}

constexpr std::string_view kCasesFile = "schemes/small/cases/c.yaml";

std::string complaints_of_case(std::string_view body) {
  auto files = small_files();
  files.push_back({std::string(kCasesFile), "cases:\n" + std::string(body)});
  return complaints(files, kCasesFile);
}

TEST(LintCases, SaysWhatIsJudgedOtherwise) {
  const std::string head = "  - id: one\n    origin: made\n";
  EXPECT_EQ(complaints_of_case(head + "    answers: [{question: t.person, value: \"yes\", by: J, note: n}]\n    expect: {same: pass}\n"),
            "");
  EXPECT_NE(complaints_of_case(head + "    expect: {same: pass}\n").find("same is inconclusive, expected pass"), std::string::npos);
  EXPECT_NE(complaints_of_case(head + "    expect: {nothing: pass}\n").find("no requirement, assessment or unit"), std::string::npos);
  EXPECT_NE(complaints_of_case(head + "    observations: [{kind: acount}]\n    expect: {same: inconclusive}\n").find("observation kind"),
            std::string::npos);
  EXPECT_NE(
      complaints_of_case(head + "    observations: [{kind: account, usr: root}]\n    expect: {same: inconclusive}\n").find("has no field"),
      std::string::npos);
  EXPECT_NE(
      complaints_of_case(head + "    answers: [{question: t.nobody, value: \"yes\", by: J, note: n}]\n    expect: {same: inconclusive}\n")
          .find("there is no question"),
      std::string::npos);
}

}  // namespace
}  // namespace assay::assess
