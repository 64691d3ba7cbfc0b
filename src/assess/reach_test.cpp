// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
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
      // The row has to be one of the unit's; another unit may want another kind of row.
      if (unit->where.empty()) {
        maker_.row(unit->subject);
      } else {
        maker_.another_row(unit->subject);
      }
      Condition declared;
      declared.kind = Condition::Kind::declared;
      declared.name = unit->subject;
      declared.where = unit->where;
      Question about;
      about.subject = unit->subject;
      maker_.satisfy(declared, about);
    }
    for (const Question* q : all_.conditions) {
      if (with_document) {
        hold(*q, "yes");
      } else {
        maker_.answer(q->id, "yes");
      }
    }
    // Its own last: facts of one premise may be in the way of another.
    for (const std::string& id : requirement.conditions) {
      if (with_document) hold(*scheme.condition(id)->question, "yes");
    }
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
    for (const std::string& id : requirement_.conditions) hold(*scheme_.condition(id)->question, "no");
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
  // By a person, and by the declaration where a rule reads it: a fact or a date decides over what a person says.
  void hold(const Question& q, std::string_view answer) {
    maker_.answer(q.id, answer);
    for (const Rule& rule : q.rules) {
      bool declared = true;
      for_each(rule.when, [&](const Condition& c, bool) {
        using Form = Condition::Kind;
        declared = declared && (c.kind == Form::fact || c.kind == Form::placed || c.kind == Form::value || c.kind == Form::negated ||
                                c.kind == Form::all || c.kind == Form::any);
      });
      if (rule.answer == answer && declared && q.may_give(answer)) {
        maker_.satisfy(rule.when, q);
        return;
      }
    }
  }
  void confirm(const Scheme& of, const std::string& entry) {
    maker_.out.confirmations.push_back({of.id, of.edition, entry, "J. Tester", "the book", {}});
  }
  void lead(const Unit& unit, std::string_view end) {
    for (const Tree* tree : unit.trees) {
      auto way = way_to(*tree, end);
      // A linked tree may have no PASS of its own.
      if (way.empty() && end == "pass") way = way_to(*tree, "not-applicable");
      for (const auto& [q, answer] : way) {
        if (q->person == "no") {
          hold(*q, answer);
        } else {
          maker_.answer(q->id, answer);
        }
      }
    }
  }
  // Once with the answers alone, then with what the declaration still owes filled in, one thing leading to the next.
  Verdict judged() {
    for (int round = 0; round < 6; ++round) {
      const Assessment out = judge(catalogue_, maker_.made());
      for (const RequirementVerdict& row : out.schemes.front().requirements) {
        if (row.id == requirement_.id) shown_ = row;
      }
      if (shown_.verdict != Verdict::inconclusive) break;
      bool given = false;
      for (const Owed& owed : shown_.owed) {
        if (owed.kind == "justification") {
          maker_.answer(owed.question, "not-applicable", owed.instance);
          given = true;
        }
        if (owed.kind == "acceptance") maker_.answer(owed.question, "accepted", owed.instance);
        if (const auto [of, entry] = catalogue_.find(scheme_, owed.question);
            owed.kind == "choice" && entry != nullptr && entry->unit != nullptr) {
          maker_.answer(owed.question, entry->unit->trees.back()->id, owed.instance);
          given = true;
        }
        given = maker_.fill(owed) || owed.kind == "acceptance" || given;
      }
      if (!given) break;
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
        // What inherits a whole scheme takes more rows of one table than a driver makes; the scheme's own requirements are driven.
        const bool whole = std::ranges::any_of(requirement.assessments, [&](const AssessmentEntry& a) {
          return a.route == route && std::ranges::any_of(a.units, [&](const Unit& u) {
                   return std::ranges::any_of(u.inherits, [&](const std::string& r) { return catalogue.whole(r) != nullptr; });
                 });
        });
        if (whole) continue;
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
