// SPDX-License-Identifier: Apache-2.0
#include "paper/report/trees.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/text.hpp"
#include "paper/report/tree_drawing.hpp"
#include "paper/report/words.hpp"

namespace assay::paper {
namespace {

constexpr std::size_t kMostWalks = 60;  // rows of one table
constexpr std::size_t kMostReasons = 5;
constexpr std::size_t kMostNames = 100;  // instances of one row

Html names(const std::vector<const InstanceVerdict*>& group) {
  Html out{"<ul class=\"names\">"};
  for (std::size_t i = 0; i < std::min(group.size(), kMostNames); ++i) {
    const InstanceVerdict& one = *group[i];
    const bool product = one.id.empty() || one.id == "product";
    out.text += "<li><span class=\"name\">" + (product ? "The product" : escaped(cut(one.id, 120))) + "</span>";
    if (!one.declared) out.text += " <span class=\"mark\">observed, not declared</span>";
    out.text += "</li>";
  }
  if (group.size() > kMostNames) out.text += "<li>and " + grouped(group.size() - kMostNames) + " more, in the JSON report</li>";
  out.text += "</ul>";
  return out;
}

}  // namespace

Trees::Trees(Page& page, const ReportInput& input, const Citations& citations) : page_(page), input_(input), citations_(citations) {
  for (const PathReason& one : input.path_reasons) reasons_.try_emplace({one.scheme, one.requirement, one.instance}, &one);
  std::set<std::string_view> stale;
  for (const Value& one : input.assessment.stale.items()) stale.insert(one["answer"].text());
  for (const Answer& answer : input.answers) {
    if (stale.contains(answer.id)) continue;
    answers_[answer.id] = &answer;
    if (answer.question.find('/') == std::string::npos) continue;
    const Answer*& held = said_[{answer.question, answer.instance, answer.value}];
    if (held == nullptr || held->at <= answer.at) held = &answer;
  }
}

const Answer* Trees::said(const std::string& row, std::string_view instance, std::string_view value) const {
  for (const std::string_view of : {instance, std::string_view{}}) {
    if (const auto at = said_.find({row, of, value}); at != said_.end()) return at->second;
  }
  return nullptr;
}

Trees::Reason Trees::reason(const std::string& row, std::string_view instance, bool conceptual) const {
  const std::string_view whole = row;
  const auto slash = whole.find('/');
  const auto held = reasons_.find({whole.substr(0, slash), whole.substr(slash + 1), instance});
  if (conceptual && held != reasons_.end()) return {held->second->text, held->second->place, nullptr};
  for (const std::string_view value : {"not-applicable", "deviation"}) {
    if (const Answer* answer = said(row, instance, value)) return {answer->note, {}, answer};
  }
  return {};
}

Html Trees::why(const std::string& row, const InstanceVerdict& instance, bool conceptual) const {
  const Reason reason = this->reason(row, instance.id, conceptual);
  if (reason.text.empty()) return {};
  Html out = clipped(reason.text, 400);
  if (!reason.place.empty()) out.text += " " + code(cut(reason.place, 80)).text;
  if (reason.answer != nullptr) out.text += " " + citations_.answer(reason.answer->id).text;
  return out;
}

// Only what the judge counted: an acceptance that it did not use is none.
Html Trees::who(const std::string& row, const InstanceVerdict& instance) const {
  if (const Answer* accepted = said(row, instance.id, "accepted")) {
    const std::string counted = "accepted by " + printable(accepted->by, 80);
    if (std::ranges::find(instance.reasons, counted) != instance.reasons.end()) {
      return Html{"accepted " + escaped(accepted->at.substr(0, 10)) + ", " + citations_.answer(accepted->id).text};
    }
  }
  if (std::ranges::find(instance.owed, "acceptance", &Owed::kind) != instance.owed.end()) return Html{"<strong>nobody yet</strong>"};
  std::set<std::string_view> people;
  for (const Step& step : instance.path) {
    for (const std::string& id : step.answers) {
      if (const auto at = answers_.find(id); at != answers_.end()) people.insert(at->second->by);
    }
  }
  Html out;
  for (const std::string_view by : people) out.text += (out.empty() ? "answered by <bdi>" : ", <bdi>") + escaped(cut(by, 80)) + "</bdi>";
  return out;
}

// Why an instance whose way is settled does not count as its end says.
Html Trees::held_up(const InstanceVerdict& instance) const {
  Html out;
  if (instance.verdict != Verdict::inconclusive) return out;
  std::size_t shown = 0;
  for (const std::string& reason : instance.reasons) {
    const auto says = [&](const Step& step) { return std::ranges::find(step.reasons, reason) != step.reasons.end(); };
    if (std::ranges::any_of(instance.path, says) || ++shown > kMostReasons) continue;
    out.text += "<div class=\"muted\">" + citations_.linked(reason, 300).text + "</div>";
  }
  return out;
}

Html Trees::figure(const Drawn& drawn, const UnitVerdict& unit, bool several) {
  const std::string id(drawn.tree.tree()["id"].text());
  const std::size_t walked = drawn.walks.walks.size();
  Fields fields;
  fields.text("id", cut(id, 80)).text("title", cut(drawn.tree.tree()["title"].text(), 200)).flag("small", walked == 0);
  fields.text("walked", walked == 0 ? "nothing has walked it" : counted(walked, "instance") + " walked it");
  const auto variant = unit.variants.find(id);
  fields.html("badge_html", several && variant != unit.variants.end() ? badge(variant->second) : Html{});
  const std::string_view next = drawn.tree.tree()["continues"].text();
  fields.text("continues", cut(next, 120)).html("picture_html", tree_picture(drawn.tree, drawn.walks));
  return page_.fill("tree", fields);
}

Html Trees::table(const std::string& row, const UnitVerdict& unit, const std::vector<Drawn>& drawn, bool conceptual) {
  std::unordered_map<std::string, std::size_t> known;
  struct Group {
    std::vector<const InstanceVerdict*> instances;
    Html paths, why, who, held_up;
  };
  std::vector<Group> groups;
  for (const InstanceVerdict& instance : unit.instances) {
    Group one;
    for (const Drawn& d : drawn) {
      const auto walk = std::ranges::find(d.walks.walks, &instance, &TreeWalk::instance);
      if (walk == d.walks.walks.end()) continue;
      one.paths.text += "<div>";
      if (drawn.size() > 1) one.paths.text += "<span class=\"muted\">" + escaped(cut(d.tree.tree()["id"].text(), 80)) + "</span> ";
      one.paths.text += code(cut(path_text(*walk), 1000)).text + "</div>";
    }
    if (one.paths.empty()) continue;
    one.why = why(row, instance, conceptual);
    one.who = who(row, instance);
    one.held_up = held_up(instance);
    std::string key = one.paths.text;
    for (const std::string_view part : {std::string_view(one.why.text), std::string_view(one.who.text), std::string_view(one.held_up.text),
                                        to_text(instance.verdict), std::string_view(instance.would_be)}) {
      key.append(1, '\x1f').append(part);
    }
    const auto [at, fresh] = known.try_emplace(std::move(key), groups.size());
    if (fresh) groups.push_back(std::move(one));
    groups[at->second].instances.push_back(&instance);
  }
  if (groups.empty()) return {};
  const bool any_why = conceptual && std::ranges::any_of(groups, [](const Group& g) { return !g.why.empty(); });
  const bool any_who = std::ranges::any_of(groups, [](const Group& g) { return !g.who.empty(); });
  std::vector<Fields> rows;
  std::size_t more = 0;
  for (const Verdict verdict : kVerdicts) {
    for (const Group& group : groups) {
      const InstanceVerdict& first = *group.instances.front();
      if (first.verdict != verdict) continue;
      if (rows.size() == kMostWalks) {
        more += group.instances.size();
        continue;
      }
      Fields fields;
      fields.html("names_html", names(group.instances)).html("paths_html", group.paths).html("badge_html", badge(first.verdict));
      fields.html("would_html", would_be_mark(first.would_be)).html("why_html", group.why).html("who_html", group.who);
      fields.html("held_up_html", group.held_up);
      rows.push_back(std::move(fields));
    }
  }
  Fields fields;
  fields.list("rows", std::move(rows)).flag("stood_by", any_why || any_who);
  fields.text("more", more == 0 ? "" : grouped(more));
  return page_.fill("tree_table", fields);
}

Html Trees::of(const SchemeVerdict& scheme, const RequirementVerdict& requirement, const AssessmentVerdict& assessment,
               const UnitVerdict& unit) {
  const std::string row = scheme.id + "/" + requirement.id;
  const auto trees = input_.trees.find(row);
  if (trees == input_.trees.end()) return {};
  std::vector<Drawn> drawn;
  for (const Value& one : trees->second.items()) {
    if (one["unit"].text() != unit.id) continue;
    TreeNodes tree(one["tree"]);
    TreeWalks walks = walks_of(tree, unit.instances);
    drawn.push_back({std::move(tree), std::move(walks)});
  }
  if (drawn.empty()) return {};
  Html figures;
  for (const Drawn& one : drawn) figures += figure(one, unit, drawn.size() > 1);
  Fields fields;
  fields.html("figures_html", std::move(figures)).html("table_html", table(row, unit, drawn, assessment.kind == "conceptual"));
  return page_.fill("trees", fields);
}

}  // namespace assay::paper
