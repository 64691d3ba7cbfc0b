// SPDX-License-Identifier: Apache-2.0
#include "assess/small_scheme.hpp"

#include <gtest/gtest.h>

#include "base/yaml.hpp"

namespace assay::assess {
namespace {

constexpr std::string_view kKinds = R"(kinds:
  account:
    about: a login
    fields: {user: {type: text}, password: {type: text, one_of: [known, not-found]}, locked: {type: boolean}}
    identity: [user, at.path]
    exclusive: [password, locked]
  listener:
    about: a port
    fields: {service: {type: text}, port: {type: integer}, transport: {type: text}}
    identity: [port, transport]
    exclusive: []
  login:
    about: an attempt
    fields: {user: {type: text}, result: {type: text, one_of: [accepted, refused]}}
    identity: [user, at.request]
    exclusive: [result]
  document:
    about: a paper
    fields: {role: {type: text}, contains: {type: text}}
    identity: [role]
    exclusive: []
  certificate-of:
    about: a label
    fields: {standard: {type: text}, edition: {type: text}, level: {type: text}, scope: {type: text}, issued: {type: text}, expires: {type: text}, identifier: {type: text}}
    identity: [standard, identifier]
    exclusive: [issued, expires]
  coverage:
    about: what ran
    fields: {check: {type: text}, scope: {type: text}, complete: {type: boolean}, reason: {type: text}}
    identity: [check, scope]
    exclusive: []
checks:
  firmware/accounts: {evidence: firmware, scope: root, about: all accounts}
  firmware/listeners: {evidence: firmware, scope: root, about: all ports}
)";

constexpr std::string_view kSubjects = R"(subjects:
  product: {title: the product, single: true}
  AuthMech:
    title: a login
    observed:
      - {kind: account, where: {locked: {not: true}}, id: "account {user}", keys: {user: user}}
    match: [user]
    checks: [firmware/accounts]
  SoftServ:
    title: a service
    observed:
      - {kind: listener, id: "listener {service} {port}/{transport}", keys: {service: service, port: port, transport: transport}}
    match: [port, service]
    apart: [transport]
    checks: [firmware/listeners]
)";

constexpr std::string_view kQuestions = R"(questions:
  - id: t.no-known
    ask: Is every account closed to the dictionary?
    why: w
    subject: product
    state: any
    interface: any
    machine: ["yes", "no"]
    person: with-evidence
    rules:
      - {answer: "no", because: "Account {user} opens.", when: {seen: account, where: {password: known}}}
      - {answer: "yes", because: None opened., when: {none: account, where: {password: known}, covered: [firmware/accounts]}}
    settle: [{by: observation, kind: account, cost: 5, what: Add the image.}, {by: answer, cost: 60, what: Cite a report.}]
    remedy: Remove the account.
    source: s
    confidence: confirmed
  - id: t.refute
    ask: Is this login proof against guessing?
    why: w
    subject: AuthMech
    state: any
    interface: any
    person: with-evidence
    rules:
      - {answer: "no", because: "{user} is known.", when: {seen: account, where: {user: $user, password: known}}}
      - {answer: "yes", because: A login was refused., when: {seen: login, where: {user: $user, result: refused}}}
    settle: [{by: answer, cost: 10, what: Cite the test.}]
    remedy: Set another password.
    source: s
    confidence: confirmed
  - id: t.person
    ask: Is there a policy?
    why: w
    subject: product
    state: any
    interface: any
    person: "yes"
    settle: [{by: answer, cost: 20, what: Say so.}]
    remedy: Write a policy.
    source: s
    confidence: confirmed
  - id: t.premise
    ask: Are passwords used?
    why: w
    subject: product
    state: any
    interface: any
    machine: ["yes", "no"]
    person: "yes"
    rules:
      - {answer: "yes", because: "{user} is there.", when: {seen: account}}
      - {answer: "no", because: The declaration says so., when: {fact: passwords, is: false}}
    settle: [{by: answer, cost: 5, what: Say it.}]
    remedy: Declare the passwords.
    source: s
    confidence: confirmed
  - id: t.premise-too
    ask: Is there telemetry?
    why: w
    subject: product
    state: any
    interface: any
    machine: ["yes", "no"]
    person: "yes"
    rules:
      - {answer: "yes", because: Declared., when: {fact: telemetry, is: true}}
      - {answer: "no", because: Declared not., when: {fact: telemetry, is: false}}
    settle: [{by: answer, cost: 5, what: Say whether.}]
    remedy: Declare the telemetry.
    source: s
    confidence: confirmed
  - id: t.login
    ask: Does the device refuse a wrong login?
    why: w
    subject: product
    state: any
    interface: any
    machine: ["yes", "no"]
    person: "yes"
    rules:
      - {answer: "no", because: "{user} got in.", when: {seen: login, where: {result: accepted}}}
      - {answer: "yes", because: "{user} was refused.", when: {seen: login, where: {result: refused}}}
    settle: [{by: observation, kind: login, cost: 15, what: Try it.}]
    remedy: Refuse it.
    source: s
    confidence: confirmed
  - id: t.paper
    ask: Does the manual name a contact?
    why: w
    subject: product
    state: any
    interface: any
    machine: ["yes", "no"]
    person: with-evidence
    rules:
      - {answer: "yes", because: It does., when: {seen: document, where: {role: manual, contains: contact}}}
      - {answer: "no", because: It does not., when: {seen: document, where: {role: manual, contains: {not: contact}}}}
    settle: [{by: observation, kind: document, cost: 5, what: Add the manual.}]
    remedy: Print the contact.
    source: s
    confidence: confirmed
  - id: t.extra
    ask: Is every service declared?
    why: w
    subject: product
    state: any
    interface: any
    machine: ["yes", "no"]
    person: with-evidence
    rules:
      - {answer: "no", because: "{service} on {port} is not declared.", when: {undeclared: SoftServ}}
      - {answer: "yes", because: All are., when: {not: {undeclared: SoftServ}}}
    settle: [{by: observation, kind: listener, cost: 5, what: Add an image.}]
    remedy: Declare or remove it.
    source: s
    confidence: confirmed
  - id: t.service
    ask: Is this service needed?
    why: w
    subject: SoftServ
    state: any
    interface: any
    machine: ["yes", "no"]
    person: "yes"
    rules:
      - {answer: "no", because: "{service} is for debugging.", when: {declared: SoftServ, where: {Justification: {matches: (?i)debug}}}}
      - {answer: "yes", because: Its row says why., when: {declared: SoftServ, where: {Justification: {matches: (?i)needed}}}}
    settle: [{by: answer, cost: 10, what: Say what for.}]
    remedy: Remove the service.
    source: s
    confidence: confirmed
  - id: t.unsure
    ask: Is the label printed?
    why: w
    subject: product
    state: any
    interface: any
    person: "yes"
    settle: [{by: answer, cost: 5, what: Look.}]
    remedy: Print the label.
    source: s
    confidence: unverified
)";

constexpr std::string_view kScheme = R"(id: small
edition: "1"
title: Small scheme
publisher: us
markets: [eu]
combine: roll-up
counts: {requirements: 20, units: 21, mandatory: 19, recommended: 1, trees: 5}
complete: true
conditions:
  - {id: passwords, title: passwords are used, question: t.premise, confidence: confirmed, source: s}
  - {id: telemetry, title: there is telemetry, question: t.premise-too, confidence: unverified, source: s}
)";

constexpr std::string_view kFacts = R"(facts:
  consumer: {ask: Is it for consumers?, why: The law speaks of consumers., type: boolean}
  medical: {ask: Is it a medical device?, why: Those have a law of their own., type: boolean}
  passwords: {ask: Are passwords used?, why: The premise reads it., type: boolean}
  telemetry: {ask: Is there telemetry?, why: The other premise reads it., type: boolean}
)";

constexpr std::string_view kScope = R"(include:
  - {id: in-1, article: art. 1, why: For consumers., when: {fact: consumer, is: true}}
exclude:
  - {id: out-1, article: art. 2, why: Medical devices., when: {fact: medical, is: true}}
in_force: "2024-01-01"
)";

constexpr std::string_view kTrees = R"(trees:
  - id: gate
    title: N/A gate
    subject: product
    start: premise
    nodes:
      premise: {question: t.premise, "yes": policy, "no": not-applicable}
      policy: {question: t.person, "yes": pass, "no": fail}
  - id: either-way
    title: The first answer does not matter unless the second is no
    subject: product
    start: paper
    nodes:
      paper: {question: t.paper, "yes": policy, "no": policy-too}
      policy: {question: t.person, "yes": pass, "no": fail}
      policy-too: {question: t.person, "yes": pass, "no": fail}
  - id: turned
    title: A refusal leads on
    subject: product
    start: login
    nodes:
      login: {question: t.login, "yes": not-applicable, "no": policy}
      policy: {question: t.person, "yes": pass, "no": fail}
  - id: strict
    title: Strict reading
    subject: product
    start: paper
    nodes:
      paper: {question: t.paper, "yes": policy, "no": fail}
      policy: {question: t.person, "yes": pass, "no": fail}
  - id: lenient
    title: Lenient reading
    subject: product
    start: policy
    nodes:
      policy: {question: t.person, "yes": pass, "no": fail}
)";

std::string requirement(std::string_view id, std::string_view more, std::string_view kind, std::string_view unit) {
  return "  - id: " + std::string(id) + "\n    title: t\n    text: t\n    source: s\n" +
         (more.find("status") == std::string_view::npos ? "    status: mandatory\n" : "") +
         (more.find("confidence") == std::string_view::npos ? "    confidence: confirmed\n" : "") +
         (more.empty() ? "" : "    " + std::string(more) + "\n") + "    assessments: [{id: " + std::string(id) +
         "-1, kind: " + std::string(kind) + ", units: [{id: " + std::string(id) + " a, title: u, confidence: confirmed, " +
         std::string(unit) + "}]}]\n";
}

std::string requirements() {
  std::string out = "requirements:\n";
  out += requirement("known", "", "functional", "question: t.no-known");
  out += requirement("refute", "", "functional", "question: t.refute, on_none: not-applicable");
  out += requirement("paper", "", "conceptual", "question: t.paper");
  out += requirement("concept", "", "conceptual", "question: t.no-known");
  out += requirement("login", "", "functional", "question: t.login");
  out += requirement("conditional", "conditions: [passwords]", "functional", "question: t.person");
  out += requirement("doubtful", "conditions: [telemetry]", "functional", "question: t.person");
  out += requirement("recommended", "status: recommended", "functional", "question: t.person");
  out += requirement("gated", "", "functional", "tree: gate");
  out += requirement("same", "", "functional", "tree: either-way");
  out += requirement("turned", "", "functional", "tree: turned");
  out += requirement("disputed", "", "functional", "variants: [strict, lenient]");
  out += requirement("narrow", "", "functional", "question: t.person, relation: narrower");
  out += requirement("services", "", "functional", "question: t.service, on_none: fail");
  out += requirement("complete", "", "functional-completeness", "question: t.extra");
  out += requirement("unverified", "confidence: unverified", "functional", "question: t.person");
  out += requirement("inherits", "", "functional", "inherits: [\"known-1\", \"paper a\"]");
  out += requirement("unsure", "", "functional", "question: t.unsure");
  out += R"(  - id: labelled
    title: t
    text: t
    source: s
    status: mandatory
    confidence: confirmed
    assessments: [{id: labelled-1, kind: functional, units: [{id: labelled a, title: u, confidence: unverified, question: t.no-known}]}]
  - id: routed
    title: t
    text: t
    source: s
    status: mandatory
    confidence: confirmed
    routes: [{id: own, title: own, source: s}, {id: other, title: other, source: s}]
    assessments:
      - {id: routed-1, kind: checklist, route: own, units: [{id: routed a, title: u, confidence: confirmed, question: t.person}]}
      - {id: routed-2, kind: checklist, route: other, units: [{id: routed b, title: u, confidence: confirmed, question: t.paper}]}
)";
  return out;
}

constexpr std::string_view kOther = R"(id: other
edition: "2"
title: Other scheme
publisher: us
markets: [uk]
combine: en-18031
counts: {requirements: 3, units: 5}
complete: true
)";

constexpr std::string_view kOtherRequirements = R"(requirements:
  - id: both
    title: t
    text: t
    source: s
    status: mandatory
    confidence: confirmed
    assessments:
      - {id: both-c, kind: conceptual, units: [{id: both c, title: u, confidence: confirmed, question: t.person}]}
      - {id: both-f, kind: functional-completeness, units: [{id: both f, title: u, confidence: confirmed, question: t.no-known}]}
  - id: mixed
    title: t
    text: t
    source: s
    status: mandatory
    confidence: confirmed
    assessments:
      - {id: mixed-c, kind: conceptual, units: [{id: mixed c, title: u, confidence: confirmed, question: t.person}]}
      - {id: mixed-f, kind: functional-sufficiency, units: [{id: mixed f, title: u, confidence: confirmed, question: t.refute, on_none: not-applicable}]}
  - id: across
    title: t
    text: t
    source: s
    status: mandatory
    confidence: confirmed
    assessments:
      - {id: across-1, kind: checklist, units: [{id: across a, title: u, confidence: confirmed, inherits: [small/known]}]}
)";

constexpr std::string_view kRecognitions = R"(recognitions:
  - id: label-for-small
    from: {standard: Star label, edition: "1"}
    to: {scheme: small, requirements: [known, paper, labelled, turned]}
    in_force: "2025-01-01"
    source: s
    confidence: confirmed
  - id: statement-for-small
    from: {standard: Statement}
    to: {scheme: small, requirements: [login]}
    undated: true
    source: s
    confidence: confirmed
)";

constexpr std::string_view kProduct = R"(product: {name: Case Camera, model: CC-1, version: "1.0", manufacturer: {name: M}}
markets: [eu]
properties: {consumer: true, medical: false}
)";

}  // namespace

std::vector<CatalogueFile> small_files() {
  return {{"knowledge/kinds.yaml", std::string(kKinds)},
          {"knowledge/subjects.yaml", std::string(kSubjects)},
          {"knowledge/facts/t.yaml", std::string(kFacts)},
          {"knowledge/questions/t.yaml", std::string(kQuestions)},
          {"knowledge/recognitions.yaml", std::string(kRecognitions)},
          {"schemes/small/scheme.yaml", std::string(kScheme)},
          {"schemes/small/scope.yaml", std::string(kScope)},
          {"schemes/small/trees/t.yaml", std::string(kTrees)},
          {"schemes/small/requirements/r.yaml", requirements()},
          {"schemes/small/cases/product.yaml", std::string(kProduct)},
          {"schemes/other/scheme.yaml", std::string(kOther)},
          {"schemes/other/scope.yaml", std::string(kScope)},
          {"schemes/other/requirements/r.yaml", std::string(kOtherRequirements)}};
}

std::shared_ptr<const Catalogue> small_catalogue() {
  static const std::shared_ptr<const Catalogue> shared = [] {
    std::shared_ptr<const Catalogue> out;
    for (const Error& error : load_catalogue(small_files(), out)) ADD_FAILURE() << error.to_text();
    return out;
  }();
  return shared;
}

std::vector<Error> complaints_with(std::string_view path, std::string_view from, std::string_view to) {
  auto files = small_files();
  bool replaced = false;
  for (CatalogueFile& file : files) {
    if (file.path != path) continue;
    const auto at = from.empty() ? file.text.size() : file.text.find(from);
    if (at == std::string::npos) continue;
    file.text.replace(at, from.size(), to);
    replaced = true;
  }
  if (!replaced && from.empty()) {
    files.push_back({std::string(path), std::string(to)});
    replaced = true;
  }
  EXPECT_TRUE(replaced) << path << " has no " << from;
  std::shared_ptr<const Catalogue> out;
  auto errors = load_catalogue(files, out);
  for (Error& error : lint(*out)) errors.push_back(std::move(error));
  return errors;
}

Trial::Trial(std::string_view product_yaml) {
  for (const Error& error : Product::parse(std::string(kProduct) + std::string(product_yaml), "product.yaml", input.product)) {
    ADD_FAILURE() << error.to_text();
  }
  input.date = *parse_day("2026-06-01");
  input.schemes = {"other", "small"};
  add_evidence("sha256:firmware", "firmware");
}

Trial& Trial::add_evidence(std::string_view id, std::string_view type, std::string_view version) {
  Evidence evidence;
  evidence.id = id;
  evidence.name = id;
  evidence.type = type;
  evidence.version = version;
  input.evidence.push_back(std::move(evidence));
  done_ = false;
  return *this;
}

Trial& Trial::observe(std::string_view yaml, std::string_view evidence) {
  auto value = parse_yaml(yaml);
  EXPECT_TRUE(value) << yaml;
  for (auto& member : value->members()) {
    if (member.value.plain && (member.value.text() == "true" || member.value.text() == "false"))
      member.value = Value(member.value.text() == "true");
    if (member.name == "port") member.value = Value(std::stoi(member.value.scalar_text()));
  }
  value->set("evidence", evidence);
  auto observation = observation_from(*value);
  EXPECT_TRUE(observation);
  input.observations.push_back(*observation);
  done_ = false;
  return *this;
}

Trial& Trial::cover(std::string_view check, bool complete, std::string_view evidence) {
  return observe("{kind: coverage, check: " + std::string(check) +
                     ", scope: root, complete: " + (complete ? "true" : "false, reason: time is up") + "}",
                 evidence);
}

Trial& Trial::answer(std::string_view question, std::string_view value, std::string_view instance, std::vector<std::string> evidence,
                     std::string_view note) {
  Answer answer;
  answer.question = question;
  answer.value = value;
  answer.instance = instance;
  answer.by = "J. Tester";
  answer.note = note;
  answer.evidence = std::move(evidence);
  answer.version = "1.0";
  answer.seal();
  input.answers.push_back(std::move(answer));
  done_ = false;
  return *this;
}

Trial& Trial::confirm(std::string_view entry, std::string_view scheme) {
  input.confirmations.push_back({std::string(scheme), scheme == "small" ? "1" : "2", std::string(entry), "J. Tester", "the book", {}});
  done_ = false;
  return *this;
}

const Assessment& Trial::judged() {
  if (!done_) result_ = judge(*small_catalogue(), input);
  done_ = true;
  return result_;
}

const RequirementVerdict& Trial::requirement(std::string_view id) {
  static const RequirementVerdict none;
  for (const SchemeVerdict& scheme : judged().schemes) {
    for (const RequirementVerdict& r : scheme.requirements) {
      if (r.id == id) return r;
    }
  }
  ADD_FAILURE() << "no requirement " << id;
  return none;
}

const UnitVerdict& Trial::unit(std::string_view id) {
  static const UnitVerdict none;
  for (const SchemeVerdict& scheme : judged().schemes) {
    for (const RequirementVerdict& r : scheme.requirements) {
      for (const AssessmentVerdict& a : r.assessments) {
        for (const UnitVerdict& u : a.units) {
          if (u.id == id) return u;
        }
      }
    }
  }
  ADD_FAILURE() << "no unit " << id;
  return none;
}

std::string Trial::verdict(std::string_view id) {
  return std::string(to_text(requirement(id).verdict));
}

std::vector<std::string> Trial::owed(std::string_view requirement_id) {
  std::vector<std::string> out;
  for (const Owed& owed : requirement(requirement_id).owed) out.push_back(owed.kind + " " + owed.question);
  return out;
}

TEST(SmallScheme, LoadsAndLints) {
  std::shared_ptr<const Catalogue> out;
  for (const Error& error : load_catalogue(small_files(), out)) ADD_FAILURE() << error.to_text();
  for (const Error& error : lint(*out)) ADD_FAILURE() << error.to_text();
}

}  // namespace assay::assess
