// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>

#include "assess/made_cases.hpp"
#include "assess/small_scheme.hpp"
#include "assess/testing_catalogue.hpp"

namespace assay::assess {
namespace {

// Every requirement driven to each verdict that it allows by the answers that lead there, judged for real: what lint_reach says of the
// catalogue's form holds of its judging too.
class Driver {
 public:
  Driver(const Catalogue& catalogue, const Scheme& scheme, const Requirement& requirement, std::string_view route,
         bool with_document = true)
      : catalogue_(catalogue),
        scheme_(scheme),
        requirement_(requirement),
        all_(reads(catalogue, scheme, requirement)),
        maker_(catalogue, scheme, none_) {
    if (!with_document) {
      // What is declared shows that the thing is there.
      Value bare = Value::object();
      bare.set("product", maker_.document["product"]);
      maker_.document = std::move(bare);
    }
    if (!route.empty()) {
      Value routes = Value::object();
      routes.set(scheme.id + "/" + requirement.id, route);
      maker_.document.set("routes", std::move(routes));
    }
    for (const auto& [id, of] : catalogue.schemes) {
      for (const Question* q : all_.questions) confirm(of, q->id);
      for (const SchemeCondition& condition : of.conditions) confirm(of, condition.id);
      for (const Requirement& r : of.requirements) confirm(of, r.id);
    }
    for (const auto& [of, unit] : all_.units) {
      confirm(*of, unit->id);
      maker_.answer(of->id + "/" + unit->id, "yes");
      if (unit->subject.empty() || unit->subject == "product" || !with_document) continue;
      maker_.row(unit->subject);
      // The row has to be one of the unit's.
      Condition declared;
      declared.kind = Condition::Kind::declared;
      declared.name = unit->subject;
      declared.where = unit->where;
      Question about;
      about.subject = unit->subject;
      maker_.satisfy(declared, about);
    }
    for (const Question* q : all_.conditions) maker_.answer(q->id, "yes");
  }

  Verdict passing() {
    for (const auto& [of, unit] : all_.units) lead(*unit, "pass");
    return judged();
  }
  Verdict failing(const Unit& failing) {
    for (const auto& [of, unit] : all_.units) {
      if (unit != &failing) lead(*unit, "pass");
    }
    lead(failing, "fail");
    return judged();
  }
  // By its conditions where it has some, else by the ends of its trees.
  Verdict not_applicable() {
    for (const auto& [of, unit] : all_.units) lead(*unit, requirement_.conditions.empty() ? "not-applicable" : "pass");
    for (const std::string& id : requirement_.conditions) maker_.answer(scheme_.condition(id)->question_id, "no");
    maker_.answer(scheme_.id + "/" + requirement_.id, "not-applicable");
    return judged();
  }
  bool may_not_apply() const {
    bool all = true;
    for (const auto& [of, unit] : all_.units) all = all && (unit->trees.empty() || !way_to(*unit->trees.front(), "not-applicable").empty());
    return !requirement_.conditions.empty() || all;
  }
  const Reads& all() const { return all_; }
  const RequirementVerdict& shown() const { return shown_; }

 private:
  void confirm(const Scheme& of, const std::string& entry) {
    maker_.out.confirmations.push_back({of.id, of.edition, entry, "J. Tester", "the book", {}});
  }
  void lead(const Unit& unit, std::string_view end) {
    for (const Tree* tree : unit.trees) {
      for (const auto& [q, answer] : way_to(*tree, end)) maker_.answer(q->id, answer);
    }
  }
  Verdict judged() {
    const Assessment out = judge(catalogue_, maker_.made());
    for (const RequirementVerdict& row : out.schemes.front().requirements) {
      if (row.id == requirement_.id) shown_ = row;
    }
    return shown_.verdict;
  }

  const Catalogue& catalogue_;
  const Scheme& scheme_;
  const Requirement& requirement_;
  Reads all_;
  Choices none_{{}};
  Maker maker_;
  RequirementVerdict shown_;
};

std::string why(const RequirementVerdict& row) {
  std::string out;
  for (const Owed& owed : row.owed) out += "\n  owes " + owed.kind + " " + owed.question + " " + owed.instance + ": " + owed.what;
  for (const AssessmentVerdict& a : row.assessments) {
    for (const UnitVerdict& u : a.units) {
      out += "\n  " + u.id + " " + std::string(to_text(u.verdict));
      for (const InstanceVerdict& i : u.instances) {
        out += " " + i.id + " " + std::string(to_text(i.verdict));
        for (const Step& s : i.path) out += " [" + s.question + " " + s.answer + " " + s.because + "]";
      }
    }
  }
  return out;
}

void every_requirement_reaches_its_verdicts(const Catalogue& catalogue) {
  std::size_t driven = 0;
  for (const auto& [id, scheme] : catalogue.schemes) {
    for (const Requirement& requirement : scheme.requirements) {
      std::vector<std::string> routes;
      for (const Route& route : requirement.routes) routes.push_back(route.id);
      if (routes.empty()) routes.emplace_back();
      for (const std::string& route : routes) {
        const std::string name = id + "/" + requirement.id + (route.empty() ? "" : " by " + route);
        Driver good(catalogue, scheme, requirement, route);
        EXPECT_EQ(good.passing(), Verdict::pass) << name << why(good.shown());
        bool failed = false;
        for (const auto& [of, unit] : good.all().units) {
          if (failed || unit->trees.empty()) continue;
          Driver bad(catalogue, scheme, requirement, route);
          failed = bad.failing(*unit) == Verdict::fail;
        }
        EXPECT_TRUE(failed) << name << " fails by none of its units";
        Driver none(catalogue, scheme, requirement, route, requirement.conditions.empty());
        if (none.may_not_apply()) {
          EXPECT_EQ(none.not_applicable(), Verdict::not_applicable) << name << why(none.shown());
        }
        ++driven;
      }
    }
  }
  EXPECT_GT(driven, 20U);
}

TEST(Reach, EveryRequirementOfTheSmallScheme) {
  every_requirement_reaches_its_verdicts(*small_catalogue());
}

TEST(Reach, EveryRequirementShipped) {
  std::shared_ptr<const Catalogue> catalogue;
  load_catalogue(shipped_files(), catalogue);
  every_requirement_reaches_its_verdicts(*catalogue);
}

}  // namespace
}  // namespace assay::assess
