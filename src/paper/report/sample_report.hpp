// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "paper/report.hpp"

namespace assay::paper {

// A camera assessed against three schemes: one of each thing that a report can hold. For tests; made by hand, not by the judge.
// `attack` is put behind every text that comes from evidence, people or the declaration.
class SampleReport {
 public:
  explicit SampleReport(std::string attack = {}) : attack_(std::move(attack)) {
    evidence();
    observations();
    answers();
    frame();
    psti();
    etsi();
    jc_star();
    owed();
    trees();
  }
  ReportInput input;

 private:
  std::string said(std::string_view text) const { return std::string(text) + attack_; }

  void evidence() {
    Evidence firmware;
    firmware.id = "sha256:9ddc3f7dbd5d5f19e92b7368dadd4caae425e8fe3a44fad09b4ce82e589ffcb3";
    firmware.name = said("ipc200-1.0.0.bin");
    firmware.bytes = 16777216;
    firmware.type = said("firmware");
    firmware.sample = said("IPC-200 A2600004");
    firmware.version = said("1.0.0");
    firmware.date = said("2026-05-02T09:00:00Z");
    firmware.operator_name = said("K. Tanaka");
    firmware.tool = said("assay 0.1.0");
    Evidence policy;
    policy.id = "sha256:d16441812dc4d78f2684f72d1f9dae95659b85b8443af325f11a7218ae838d28";
    policy.name = said("vulnerability-policy.html");
    policy.bytes = 571;
    policy.type = said("document");
    policy.carried_by = said("M. Weber");
    policy.carried_note = said("The page did not change between 0.9 and 1.0.");
    input.evidence = {firmware, policy};
  }

  std::string observe(std::string_view kind, std::string_view path, std::uint32_t line, Value fields, std::string_view by) {
    Observation o;
    o.kind = kind;
    o.evidence = input.evidence[0].id;
    o.at.path = path.empty() ? std::string() : said(path);
    o.at.line = line;
    o.by = by;
    for (const auto& member : fields.members()) {
      o.fields.set(member.name, member.value.is_text() ? Value(said(member.value.text())) : member.value);
    }
    o.seal();
    input.observations.push_back(o);
    return o.id;
  }

  static Value fields(std::initializer_list<std::pair<std::string_view, Value>> list) {
    Value out = Value::object();
    for (const auto& [name, value] : list) out.set(name, value);
    return out;
  }

  void observations() {
    shadow_ = observe("account", "/etc/shadow", 1,
                      fields({{"user", "root"}, {"hash_scheme", "md5crypt"}, {"hash", "$1$i… (32)"}, {"password", "known"}, {"uid", 0}}),
                      "firmware/accounts");
    telnet_ = observe("listener", "/etc/init.d/rcS", 19, fields({{"service", "telnet"}, {"port", 23}, {"transport", "tcp"}}),
                      "firmware/listeners");
    ftp_ =
        observe("listener", "/etc/inetd.conf", 4, fields({{"service", "ftp"}, {"port", 21}, {"transport", "tcp"}}), "firmware/listeners");
    key_ = observe("key", "/etc/lighttpd/server.pem", 1, fields({{"type", "private-key"}, {"algorithm", "RSA"}, {"bits", 2048}}),
                   "firmware/keys");
    false_alarm_ =
        observe("secret", "/usr/share/doc/example.conf", 12, fields({{"type", "password"}, {"redacted", "exa… (11)"}}), "firmware/keys");
    observe("coverage", "", 0, fields({{"check", "firmware/accounts"}, {"scope", "root-filesystem"}, {"complete", true}}),
            "firmware/accounts");
    observe("coverage", "", 0,
            fields({{"check", "firmware/unpack"},
                    {"scope", "root-filesystem"},
                    {"complete", false},
                    {"unsandboxed", true},
                    {"reason", "byte 0x300000 to 0x310000: no known format"}}),
            "firmware/unpack");
    for (int i = 0; i < 40; ++i) {
      observe("component", "/usr/lib/lib" + std::to_string(i) + ".so", 0,
              fields({{"name", "lib" + std::to_string(i)}, {"version", "1." + std::to_string(i)}, {"how", "soname"}}),
              "firmware/components");
    }
    input.disposals.push_back(Disposal{false_alarm_, said("K. Tanaka"), said("An example in the documentation, not used by any program."),
                                       said("2026-05-03T10:00:00Z")});
  }

  void answers() {
    Answer a;
    a.question = "passwords.unique-per-product";
    a.value = said("yes");
    a.instance = said("AuthMech-1");
    a.by = said("M. Weber");
    a.at = said("2026-05-04T08:30:00Z");
    a.note = said("Read in the production procedure PR-12, page 4.\nSampled on three units.");
    a.evidence = {input.evidence[1].id};
    a.version = said("1.0.0");
    a.seal();
    answer_ = a.id;
    input.answers.push_back(a);
  }

  static SchemeVerdict scheme(std::string_view id, std::string_view base, std::string_view edition, std::string_view title,
                              std::string_view applies) {
    SchemeVerdict out;
    out.id = id;
    out.base = base;
    out.edition = edition;
    out.title = title;
    out.applies = applies;
    return out;
  }

  Value scoped(std::string_view id, std::string_view market, std::string_view result, std::string_view article,
               std::string_view why) const {
    return fields({{"scheme", id},
                   {"key", id},
                   {"edition", "1"},
                   {"title", "Scheme " + std::string(id)},
                   {"market", market},
                   {"result", result},
                   {"rule", "r1"},
                   {"article", article},
                   {"why", said(why)}});
  }

  void frame() {
    input.program = "assay 0.1.0";
    input.scope = {scoped("uk-psti", "uk", "applies", "PSTI Act 2022 s. 4", "It can use the internet protocol suite."),
                   scoped("en-303-645", "eu", "applies", "EN 303 645, 1", "It is consumer IoT."),
                   scoped("jc-star", "jp", "unknown", "JC-STAR, scope", "Whether users can add security measures is not stated."),
                   scoped("in-bis-cctv", "in", "does-not-apply", "CRO 2024, Sch.", "It is no CCTV camera for surveillance.")};
    Value ask = Value::object();
    ask.set("fact", "user-adds-measures");
    ask.set("ask", said("Can its users add security measures themselves?"));
    Value asks = Value::array();
    asks.push(ask);
    input.scope[2].set("asks", asks);
    Value shared = fields({{"question", "updates.signed"}});
    Value by = Value::array();
    for (const char* id : {"en-303-645", "uk-psti", "elsewhere"}) by.push(id);
    shared.set("schemes", by);
    Value sharing = Value::array();
    sharing.push(shared);
    Value sizes = Value::array();
    for (const char* id : {"en-303-645", "uk-psti"}) sizes.push(fields({{"scheme", id}, {"questions", 5}}));
    input.map = Value::object();
    input.map.set("sharing", sharing);
    input.map.set("schemes", sizes);
    Assessment& a = input.assessment;
    a.product = Value::object();
    a.product.set("name", said("Example IP camera"));
    a.product.set("model", said("IPC-200"));
    a.product.set("version", said("1.0.0"));
    a.product.set("digest", "e69a4595e95e6e42ca14953ca050bc29c48027cece6d8aac1c78c8c4937f25e8");
    a.date = "2026-05-05";
    a.catalogue = "5db01c11e0bc55dde7961348677689004b5bac20cc8b0bea2ce020777dbab5e5";
    Value stale = Value::object();
    stale.set("answer", "a:0123456789abcdef");
    stale.set("question", said("updates.signed"));
    stale.set("version", said("0.9"));
    stale.set("reason", said("the answer was given for version 0.9, not 1.0.0"));
    a.stale.push(stale);
    a.schemes.resize(3);
    a.schemes[0] = scheme("uk-psti", "uk-psti", "2023/1007", "Product security requirements for relevant connectable products", "applies");
    a.schemes[1] = scheme("en-303-645", "en-303-645", "2.1.1", "Cyber security for consumer IoT, baseline requirements", "applies");
    a.schemes[2] = scheme("jc-star", "jc-star", "2024R1", "Japan Cyber-Security Technical Assessment Requirements, STAR-1", "unknown");
    a.schemes[2].claim = "ready for the check list; only a label that IPA granted counts";
  }

  Step seen(std::string_view question, std::string_view answer, std::string_view because, std::vector<std::string> ids) const {
    Step step;
    step.node = question;
    step.question = question;
    step.answer = answer;
    step.basis = Basis::machine;
    step.because = said(because);
    step.observations = std::move(ids);
    step.declared = {said("ixit.AuthMech[AuthMech-1].Description:42")};
    return step;
  }

  Step unknown(std::string_view question) const {
    Step step;
    step.node = question;
    step.question = question;
    step.answer = "unknown";
    step.reasons = {said("no complete coverage of firmware/unpack: byte 0x300000 to 0x310000: no known format")};
    step.supports = {said("yes: Nothing speaks against it. " + key_)};
    return step;
  }

  InstanceVerdict instance(std::string_view id, std::string_view label, Verdict verdict, std::vector<Step> path) const {
    InstanceVerdict out;
    out.id = id == "product" ? std::string(id) : said(id);
    out.label = said(label);
    out.verdict = verdict;
    out.basis = verdict == Verdict::inconclusive ? Basis::none : Basis::machine;
    for (const Step& step : path) out.reasons.insert(out.reasons.end(), step.reasons.begin(), step.reasons.end());
    out.path = std::move(path);
    return out;
  }

  static UnitVerdict unit(std::string_view id, std::string_view title, std::vector<InstanceVerdict> instances) {
    UnitVerdict out;
    out.id = id;
    out.title = title;
    out.verdict = instances.empty() ? Verdict::inconclusive : instances.front().verdict;
    out.basis = instances.empty() ? Basis::none : instances.front().basis;
    out.instances = std::move(instances);
    return out;
  }

  static RequirementVerdict requirement(std::string_view id, std::string_view title, std::string_view status,
                                        std::vector<UnitVerdict> units) {
    RequirementVerdict out;
    out.id = id;
    out.title = title;
    out.status = status;
    out.verdict = units.front().verdict;
    out.basis = units.front().basis;
    AssessmentVerdict assessment;
    assessment.id = std::string(id) + "-1";
    assessment.kind = "functional-completeness";
    assessment.verdict = out.verdict;
    assessment.units = std::move(units);
    out.assessments.push_back(std::move(assessment));
    return out;
  }

  Contradiction telnet_contradiction() const {
    return {"services.no-undeclared",
            said("listener telnet 23/tcp"),
            said("The declaration calls SoftServ complete; listener telnet 23/tcp was seen and no row names it."),
            {telnet_},
            {answer_},
            {said("complete:7")}};
  }

  void psti() {
    RequirementVerdict passwords =
        requirement("sch1-1", "Passwords", "mandatory",
                    {unit("sch1-1 origin", "Unique per product or defined by the user",
                          {instance("AuthMech-1", "Login over HTTPS", Verdict::fail,
                                    {seen("passwords.defined-by-user", "no", "The image carries a password for root.", {shadow_}),
                                     seen("passwords.unique-per-product", "no", "A dictionary opens root.", {shadow_, telnet_})})})});
    passwords.route = "schedule-1";
    passwords.remedies = {said("Remove the account, or set its password per unit at production.")};
    passwords.contradictions.push_back(telnet_contradiction());
    RequirementVerdict support = requirement("sch1-3", "Minimum security update period", "mandatory",
                                             {unit("sch1-3 all", "Published", {instance("product", "", Verdict::pass, {})})});
    support.recognition = said("jc-star-label-deems-psti");
    Step by_person;
    by_person.node = by_person.question = "support.period-published";
    by_person.answer = "yes";
    by_person.basis = Basis::document;
    by_person.because = said("Read on the page.");
    by_person.answers = {answer_};
    support.assessments[0].units[0].instances[0].path = {by_person};
    input.assessment.schemes[0].requirements = {passwords, support};
  }

  void etsi() {
    auto& out = input.assessment.schemes[1].requirements;
    constexpr std::array<std::string_view, 18> titles = {"Unique or user-chosen passwords",
                                                         "Generator of pre-installed passwords",
                                                         "Best-practice cryptography for user authentication",
                                                         "Simple change of the authentication value",
                                                         "Brute force over the network is impracticable",
                                                         "Public vulnerability disclosure policy",
                                                         "All software updateable",
                                                         "Secure installation of updates",
                                                         "Updates simple to apply",
                                                         "Automatic updates",
                                                         "Looking for updates",
                                                         "Secure storage of sensitive security parameters",
                                                         "Tamper-resistant hard-coded identity",
                                                         "No hard-coded critical security parameters",
                                                         "Unused network and logical interfaces disabled",
                                                         "Only needed software services",
                                                         "Memory access control in hardware",
                                                         "Removal of personal data from associated services"};
    for (std::size_t i = 0; i < titles.size(); ++i) {
      const std::string id = "5." + std::to_string(1 + i / 5) + "-" + std::to_string(1 + i % 5);
      const std::string_view status = i % 3 == 2 ? "recommended" : "mandatory";
      std::vector<InstanceVerdict> walked;
      if (i % 5 == 0) {
        walked.push_back(
            instance("listener telnet 23/tcp", "", Verdict::fail, {seen("services.no-undeclared", "no", "Telnet starts.", {telnet_})}));
        walked.back().declared = false;
        walked.push_back(instance("SoftServ-1", "Web pages", Verdict::inconclusive, {unknown("services.no-undeclared")}));
        walked.push_back(instance("SoftServ-2", "Maintenance", Verdict::inconclusive, {unknown("services.no-undeclared")}));
      } else if (i % 5 == 3) {
        walked.push_back(instance("product", "", Verdict::pass, {seen("updates.signed", "yes", "The image is signed.", {key_, ftp_})}));
      } else {
        walked.push_back(instance("product", "", Verdict::inconclusive, {unknown("updates.signed")}));
      }
      RequirementVerdict r = requirement(id, titles.at(i), status, {unit(id + "-1 a", titles.at(i), std::move(walked))});
      r.printed = status == "mandatory" ? "M C(1)" : "R";
      if (i % 5 == 0) r.contradictions.push_back(telnet_contradiction());
      if (r.verdict == Verdict::inconclusive) r.owed.push_back(owing("updates.signed", "", 5, {"en-303-645/" + id + "-1 a"}));
      out.push_back(std::move(r));
    }
    RequirementVerdict& justified = out[16];
    justified.verdict = Verdict::not_applicable;
    justified.justified = true;
    justified.justification = said("The processor has no memory management unit.");
    justified.confidence = Confidence::secondary;
    UnitVerdict inherited = unit("5.9-9 b", "Rolls up", {});
    inherited.inherits = {"en-303-645/5.1-1", "en-303-645/5.1-1-1 a", "en-303-645/gone"};
    out[2].assessments[0].units.push_back(inherited);
  }

  void jc_star() {
    RequirementVerdict r = requirement("S1.1-09", "Policy for security updates", "mandatory",
                                       {unit("S1.1-09", "Documented policy on priority and timing", {})});
    r.confidence = Confidence::unverified;
    r.would_be = "pass";
    r.assessments[0].units[0].would_be = "pass";
    r.assessments[0].units[0].confidence = Confidence::unverified;
    r.assessments[0].units[0].variants = {{"jc.policy-strict", Verdict::fail}, {"jc.policy-wide", Verdict::pass}};
    input.assessment.schemes[2].requirements = {r};
  }

  Owed owing(std::string_view question, std::string_view instance, int cost, std::vector<std::string> settles) const {
    Owed out;
    out.question = question;
    out.instance = instance.empty() ? std::string() : said(instance);
    out.kind = "observation";
    out.ask = said("Is every update signed?");
    out.what = said("Add the update package.");
    out.cost = cost;
    out.settles = std::move(settles);
    Value way = Value::object();
    way.set("by", "observation");
    way.set("kind", "update");
    way.set("cost", cost);
    way.set("what", said("Add the update package."));
    Value other = Value::object();
    other.set("by", "answer");
    other.set("cost", 150);
    other.set("what", said("Name the report in which signatures were checked, and cite it."));
    out.settle = Ways({way, other});
    return out;
  }

  void owed() {
    input.assessment.owed = {owing("updates.signed", "", 5, {"en-303-645/5.1-2-1 a", "en-303-645/5.1-3-1 a", "uk-psti/gone"}),
                             owing("updates.host", "UpdMech-1", 15, {"jc-star/S1.1-09"}),
                             owing("updates.host", "UpdMech-2", 15, {"jc-star/S1.1-09"})};
    Owed confirm;
    confirm.question = "jc-star/S1.1-09";
    confirm.kind = "confirmation";
    confirm.ask = "Does S1.1-09 stand in the source as the catalogue has it?";
    confirm.what = "Check it and confirm it, once for this edition.";
    confirm.cost = 10;
    confirm.settles = {"jc-star/S1.1-09"};
    input.assessment.owed.push_back(confirm);
  }

  Value node(std::string_view id, std::string_view yes, std::string_view no) const {
    return fields({{"id", id}, {"question", id}, {"ask", said("Is it so that " + std::string(id) + " holds?")}, {"yes", yes}, {"no", no}});
  }

  Value walked(std::string_view unit, std::string_view id, std::string_view start, std::vector<Value> nodes) const {
    Value tree = fields({{"id", id}, {"title", said("A tree")}, {"subject", "AuthMech"}, {"start", start}});
    tree.set("nodes", Value(std::move(nodes)));
    Value out = fields({{"unit", unit}});
    out.set("tree", std::move(tree));
    return out;
  }

  void trees() {
    Value psti = Value::array();
    psti.push(walked(
        "sch1-1 origin", "psti.passwords", "passwords.defined-by-user",
        {node("passwords.defined-by-user", "pass", "passwords.unique-per-product"), node("passwords.unique-per-product", "pass", "fail")}));
    input.trees["uk-psti/sch1-1"] = psti;
    input.path_reasons.push_back({"uk-psti", "sch1-1", said("AuthMech-1"), said("Nobody else gets in."), "en18031.DT[0]:7"});
    input.assessment.schemes[0].requirements[0].assessments[0].kind = "conceptual";
    Value jc = Value::array();
    jc.push(walked("S1.1-09", "jc.policy-strict", "a", {node("a", "fail", "pass")}));
    jc.push(walked("S1.1-09", "jc.policy-wide", "a", {node("a", "pass", "not-applicable")}));
    input.trees["jc-star/S1.1-09"] = jc;
  }

  std::string attack_, shadow_, telnet_, ftp_, key_, false_alarm_, answer_;
};

}  // namespace assay::paper
