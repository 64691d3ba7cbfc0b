// SPDX-License-Identifier: Apache-2.0
#include "assess/plan.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <tuple>

#include "assess/entries.hpp"
#include "assess/grounds.hpp"

namespace assay::assess {
namespace {

// More combinations than any product meets; beyond it the plan says that not all were looked at.
constexpr std::size_t kMaxConsidered = 200000;

struct Option {
  const Application* application = nullptr;
  const Recognition* recognition = nullptr;  // instead of an application
};

struct Need {
  const Scheme* scheme = nullptr;
  std::string result;
  bool wanted = true;  // false: only for what its label is worth elsewhere
  std::vector<Option> options;
  std::vector<const Recognition*> recognitions;             // into the scheme, that count on the day
  std::vector<std::pair<std::string, const Owed*>> owed{};  // with the requirement that owes it
};

// What fees are compared by beside the currencies: how many are not known.
constexpr const char* kNotKnown = "?";

struct Score {
  std::size_t labs = 0;
  std::size_t elsewhere = 0;           // applications of markets where the product is not sold
  std::map<std::string, double> fees;  // by currency; those with a rate together under ""
  int minutes = 0;
  double days = 0;
  std::size_t applications = 0;
  auto rest() const { return std::tie(minutes, days, applications); }
  bool operator<(const Score& other) const {
    if (labs != other.labs) return labs < other.labs;
    if (elsewhere != other.elsewhere) return elsewhere < other.elsewhere;
    const bool less = cheaper(other);
    return less != other.cheaper(*this) ? less : rest() < other.rest();
  }
  // Less in one currency and more in none: what needs no rate to be told.
  bool cheaper(const Score& other) const {
    const auto within = [](const Score& a, const Score& b) {
      return std::ranges::all_of(a.fees, [&](const auto& fee) {
        const auto at = b.fees.find(fee.first);
        return at != b.fees.end() && fee.second <= at->second;
      });
    };
    return within(*this, other) && !within(other, *this);
  }
};

bool grants(const Scheme& scheme, const Application& application, const Recognition& recognition) {
  if (application.grants.empty() || application.grants != recognition.standard) return false;
  if (!recognition.edition.empty() && recognition.edition != scheme.edition) return false;
  return recognition.level.empty() || recognition.level == application.grants_level || recognition.level == application.level;
}

bool grants_requirement(const Recognition& recognition, const std::string& requirement) {
  return recognition.requirements.empty() || std::ranges::find(recognition.requirements, requirement) != recognition.requirements.end();
}

bool covers_all(const Scheme& scheme, const Recognition& recognition) {
  if (recognition.requirements.empty()) return true;
  return std::ranges::all_of(scheme.requirements, [&](const Requirement& r) {
    return r.status != "mandatory" || std::ranges::find(recognition.requirements, r.id) != recognition.requirements.end();
  });
}

// Whether nothing has to be applied for beside it.
bool stands_for(const Scheme& scheme, const Recognition& recognition) {
  return recognition.suffices || covers_all(scheme, recognition);
}

class Planning {
 public:
  Planning(const Catalogue& catalogue, const Product& product, const Assessment& assessment, Day date,
           const std::map<std::string, double>& rates)
      : catalogue_(catalogue), product_(product), assessment_(assessment), date_(date), rates_(rates) {
    input_.product = product;
    input_.date = date;
    examined_.emplace(catalogue, input_);
    inventories_.emplace(catalogue, product, *examined_);
    evaluation_.emplace(catalogue, product, *examined_, *inventories_, date);
  }

  Plan run() {
    gather();
    chosen_.resize(needs_.size());
    choose(0);
    return told();
  }

 private:
  void gather() {
    const auto scopes = scope(catalogue_, product_, date_);
    for (const ScopeAnswer& answer : scopes) {
      const Scheme& scheme = *catalogue_.scheme(answer.scheme);
      const bool wanted = answer.result != "does-not-apply";
      // A label of another market may still be worth something here.
      const bool useful =
          answer.rule == "market" && std::ranges::any_of(scheme.applications, [&](const Application& a) {
            return std::ranges::any_of(catalogue_.recognitions, [&](const Recognition& r) { return counts(r) && grants(scheme, a, r); });
          });
      if (!wanted && !useful) continue;
      Need need{&scheme, answer.result, wanted, {}, {}};
      for (const Recognition& recognition : catalogue_.recognitions) {
        if (recognition.scheme == scheme.id && counts(recognition)) need.recognitions.push_back(&recognition);
      }
      if (!wanted) need.options.push_back({});
      for (const Application& application : scheme.applications) {
        if (open(scheme, application)) need.options.push_back({&application, nullptr});
      }
      if (wanted) {
        for (const Recognition* recognition : need.recognitions) {
          if (stands_for(scheme, *recognition)) need.options.push_back({nullptr, recognition});
        }
        if (need.options.empty()) need.options.push_back({});
        for (const SchemeVerdict& verdict : assessment_.schemes) {
          if (verdict.id != scheme.id) continue;
          for (const RequirementVerdict& requirement : verdict.requirements) {
            for (const Owed& owed : requirement.owed) need.owed.emplace_back(requirement.id, &owed);
          }
        }
      }
      needs_.push_back(std::move(need));
    }
  }

  bool open(const Scheme& scheme, const Application& application) const {
    if (const auto from = parse_day(application.from); from && date_ < *from) return false;
    const Value& aim = product_.document()["levels"][scheme.base];
    if (!aim.is_null() && !application.level.empty() && application.level != aim.scalar_text()) return false;
    return application.when.empty() ||
           evaluation_->evaluate(application.when.front(), inventories_->product(), &scheme, kFace).truth != Truth::no;
  }

  bool counts(const Recognition& recognition) const {
    if (recognition.confidence == Confidence::unverified) return false;
    const auto from = parse_day(recognition.in_force);
    return !from || *from <= date_;
  }

  const Option& taken(std::size_t need) const { return needs_[need].options[chosen_[need]]; }

  // The chosen application that grants the standard (or what the recognition wants) and that can be had before `need`, as
  // "<scheme>/<application>"; empty where none does.
  std::string granted_before(std::size_t need, std::string_view standard, const Recognition* recognition) const {
    for (std::size_t i = 0; i < needs_.size(); ++i) {
      const Application* a = taken(i).application;
      if (a == nullptr || turns_[i] >= turns_[need]) continue;
      if (recognition != nullptr ? grants(*needs_[i].scheme, *a, *recognition) : a->grants == standard)
        return needs_[i].scheme->id + "/" + a->id;
    }
    return {};
  }

  // Gives each step its turn: what rests on a label comes after it. False where two wait for each other, or where what is rested on is
  // never granted. A label lends nothing to what had to be done before it: else two could waive each other, and nobody had looked.
  bool holds() {
    constexpr std::size_t never = SIZE_MAX;
    turns_.assign(needs_.size(), never);
    std::size_t turn = 0;
    for (bool moved = true; moved;) {
      moved = false;
      for (std::size_t i = 0; i < needs_.size(); ++i) {
        if (turns_[i] != never) continue;
        const Option& option = taken(i);
        if (option.recognition != nullptr && granted_before(i, {}, option.recognition).empty()) continue;
        if (option.application != nullptr && !option.application->needs.empty() &&
            granted_before(i, option.application->needs, nullptr).empty())
          continue;
        turns_[i] = turn++;
        moved = true;
      }
    }
    return turn == needs_.size();
  }

  // The recognitions that other steps bring to a need. One that stands for the whole scheme lends nothing to an application of the
  // scheme's own: who draws up the paper after all answers for what is in it.
  std::vector<const Recognition*> granting(std::size_t need) const {
    std::vector<const Recognition*> out;
    for (const Recognition* recognition : needs_[need].recognitions) {
      if (stands_for(*needs_[need].scheme, *recognition) && taken(need).recognition != recognition) continue;
      if (!granted_before(need, {}, recognition).empty()) out.push_back(recognition);
    }
    return out;
  }

  // Minutes still owed under a need; work that was counted before is not counted again.
  using Counted = std::set<std::pair<std::string_view, std::string_view>>;
  int minutes(std::size_t need, Counted& counted) const {
    const auto by = granting(need);
    int out = 0;
    for (const auto& [requirement, owed] : needs_[need].owed) {
      if (std::ranges::any_of(by, [&](const Recognition* r) { return grants_requirement(*r, requirement); })) continue;
      if (counted.emplace(owed->question, owed->instance).second) out += owed->cost;
    }
    return out;
  }

  Score score() const {
    Score out;
    Counted counted;
    for (std::size_t i = 0; i < needs_.size(); ++i) {
      if (const Application* a = taken(i).application) {
        ++out.applications;
        out.labs += a->lab ? 1 : 0;
        out.elsewhere += needs_[i].wanted ? 0 : 1;
        out.days += std::max(0.0, a->days);
        if (a->fee < 0) out.fees[kNotKnown] += 1;
        if (a->fee > 0) {
          const auto rate = rates_.find(a->currency);
          out.fees[rate == rates_.end() ? a->currency : std::string{}] += rate == rates_.end() ? a->fee : a->fee * rate->second;
        }
      }
      out.minutes += minutes(i, counted);
    }
    return out;
  }

  void choose(std::size_t index) {
    if (considered_ >= kMaxConsidered) return;
    if (index == needs_.size()) {
      ++considered_;
      if (!holds()) return;
      const Score found = score();
      if (best_.empty() || found < best_score_) {
        best_ = chosen_;
        best_score_ = found;
      }
      return;
    }
    for (std::size_t option = 0; option < needs_[index].options.size(); ++option) {
      chosen_[index] = option;
      choose(index + 1);
    }
  }

  Plan told() {
    Plan out;
    out.date = to_text(date_);
    out.considered = considered_;
    out.all_considered = considered_ < kMaxConsidered;
    if (best_.empty()) return out;
    chosen_ = best_;
    holds();
    Counted counted;
    for (std::size_t i = 0; i < needs_.size(); ++i) {
      const Need& need = needs_[i];
      const Option& option = need.options[chosen_[i]];
      if (!need.wanted && option.application == nullptr) continue;
      PlanStep step;
      step.scheme = need.scheme->id;
      step.edition = need.scheme->edition;
      step.result = need.result;
      if (const Application* a = option.application) {
        step.application = a->id;
        step.title = a->title;
        step.level = a->level;
        step.valid = a->valid;
        step.from = a->from;
        step.note = a->note;
        step.source = a->origin;
        step.fee = a->fee;
        step.currency = a->currency;
        step.days = a->days;
        step.lab = a->lab;
        step.mandatory = a->mandatory;
        if (!a->needs.empty()) step.through = granted_before(i, a->needs, nullptr);
        if (a->fee >= 0) out.fees[a->currency] += a->fee;
        out.fees_complete = out.fees_complete && a->fee >= 0;
      }
      if (const Recognition* r = option.recognition) {
        step.deemed_by = r->id;
        step.through = granted_before(i, {}, r);
        step.note = r->note;
        step.source = r->origin;
        step.from = r->in_force;
        for (const Requirement& requirement : need.scheme->requirements) {
          if (requirement.status == "mandatory" && !grants_requirement(*r, requirement.id)) step.stays.push_back(requirement.id);
        }
      } else {
        waivers(i, step);
      }
      step.open_minutes = minutes(i, counted);
      out.open_minutes += step.open_minutes;
      out.steps.push_back(std::move(step));
    }
    return out;
  }

  void waivers(std::size_t need, PlanStep& step) const {
    const auto by = granting(need);
    for (const Requirement& requirement : needs_[need].scheme->requirements) {
      const auto r = std::ranges::find_if(by, [&](const Recognition* one) { return grants_requirement(*one, requirement.id); });
      if (r != by.end()) step.waives.push_back(requirement.id + " (" + (*r)->id + ")");
    }
  }

  const Catalogue& catalogue_;
  const Product& product_;
  const Assessment& assessment_;
  Day date_;
  const std::map<std::string, double>& rates_;
  Case input_;
  std::optional<Examined> examined_;
  std::optional<Inventories> inventories_;
  std::optional<Evaluation> evaluation_;
  std::vector<Need> needs_;
  std::vector<std::size_t> chosen_, best_, turns_;
  Score best_score_;
  std::size_t considered_ = 0;
};

}  // namespace

Plan plan(const Catalogue& catalogue, const Product& product, const Assessment& assessment, Day date,
          const std::map<std::string, double>& rates) {
  return Planning(catalogue, product, assessment, date, rates).run();
}

Value to_value(const Plan& plan) {
  Value out = Value::object();
  out.set("date", plan.date);
  Value steps = Value::array();
  for (const PlanStep& step : plan.steps) {
    Value row = Value::object();
    row.set("scheme", step.scheme);
    row.set("edition", step.edition);
    row.set("scope", step.result);
    row.set_if("application", step.application);
    row.set_if("title", step.title);
    row.set_if("level", step.level);
    row.set_if("deemed_by", step.deemed_by);
    row.set_if("through", step.through);
    if (step.fee >= 0) {
      Value fee = Value::object();
      fee.set("amount", step.fee);
      fee.set("currency", step.currency);
      row.set("fee", std::move(fee));
    }
    if (step.days >= 0) row.set("days", step.days);
    row.set("lab", step.lab);
    row.set("mandatory", step.mandatory);
    row.set_if("valid", step.valid);
    row.set_if("from", step.from);
    row.set_if("note", step.note);
    row.set_if("source", step.source);
    Value waives = Value::array();
    for (const std::string& id : step.waives) waives.push(id);
    row.set_if("waives", std::move(waives));
    Value stays = Value::array();
    for (const std::string& id : step.stays) stays.push(id);
    row.set_if("stays", std::move(stays));
    row.set("open_minutes", step.open_minutes);
    steps.push(std::move(row));
  }
  out.set("steps", std::move(steps));
  Value fees = Value::object();
  for (const auto& [currency, amount] : plan.fees) fees.set(currency, amount);
  out.set("fees", std::move(fees));
  out.set("fees_complete", plan.fees_complete);
  out.set("open_minutes", plan.open_minutes);
  out.set("combinations", static_cast<std::int64_t>(plan.considered));
  out.set("all_combinations", plan.all_considered);
  return out;
}

}  // namespace assay::assess
