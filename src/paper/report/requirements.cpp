// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "paper/report/sections.hpp"
#include "paper/report/trees.hpp"
#include "paper/report/words.hpp"

namespace assay::paper {
namespace {

// Row of the list of what is owed, by kind, question and instance.
using OwedRows = std::map<std::tuple<std::string_view, std::string_view, std::string_view>, std::size_t>;

struct Writer {
  Page& page;
  const Citations& citations;
  OwedRows owed_rows;
  Trees trees;
  std::set<std::string> anchors;  // an id stands once on a page, whatever the catalogue repeats

  std::string once(std::string id) { return anchors.insert(id).second ? id : std::string(); }
  Html texts(const std::vector<std::string>& list, std::string_view css);
  Html step(const Step& step, bool tree);
  Html instances(const std::vector<const InstanceVerdict*>& group, bool alone);
  Html unit(const SchemeVerdict& scheme, const UnitVerdict& unit, Html pictures);
  Html assessment(const SchemeVerdict& scheme, const RequirementVerdict& requirement, const AssessmentVerdict& assessment);
  Html requirement(const SchemeVerdict& scheme, const RequirementVerdict& requirement);
};

constexpr std::size_t kMostTexts = 50;
constexpr std::size_t kMostDeclared = 500;

Html Writer::texts(const std::vector<std::string>& list, std::string_view css) {
  if (list.empty()) return {};
  Html out{"<ul class=\"" + std::string(css) + "\">"};
  for (const std::string& text : list) {
    if (&text - list.data() == static_cast<std::ptrdiff_t>(kMostTexts)) {
      out.text += "<li>and " + grouped(list.size() - kMostTexts) + " more, in the JSON report</li>";
      break;
    }
    out.text += "<li>" + citations.linked(text, 400).text + "</li>";
  }
  out.text += "</ul>";
  return out;
}

std::string_view answer_words(std::string_view answer) {
  if (answer == "yes") return "Yes";
  if (answer == "no") return "No";
  if (answer == "unknown") return "Not known";
  if (answer == "conflict") return "Conflict";
  return answer;
}

std::string_view answer_class(std::string_view answer) {
  return answer == "yes" || answer == "no" || answer == "conflict" ? answer : "unknown";
}

Html Writer::step(const Step& step, bool tree) {
  Html supports;
  for (const std::string& support : step.supports) {
    if (supports.text.size() > kWholeText) break;
    supports.text += "<li>" + citations.linked(support, 400).text + "</li>";
  }
  Fields fields;
  fields.text("node", tree && step.node != step.question ? cut(step.node, 120) : "").text("question", cut(step.question, 160));
  fields.text("answer", cut(answer_words(step.answer), 40)).text("css", answer_class(step.answer));
  fields.text("basis", step.basis == Basis::none ? "" : to_text(step.basis)).html("because_html", citations.linked(step.because));
  std::vector<std::string> reasons = step.reasons;
  for (const BorrowedUse& use : step.borrowed) {
    reasons.push_back("borrowed from " + use.from + " by equivalence " + use.equivalence + ", stated by " + use.by + ": " +
                      (use.evidence.empty() ? use.answer : use.evidence.substr(0, 19) + "…"));
  }
  fields.html("reasons_html", texts(reasons, "reasons")).html("supports_html", std::move(supports));
  fields.html("cites_html", citations.list(step.observations, step.answers, step.declared));
  return page.fill("step", fields);
}

// "ixit.SoftComp[SoftComp-8].Version:292" without the line, and with any instance for its own.
std::string declared_key(std::string_view place, std::string_view instance) {
  const auto colon = place.rfind(':');
  if (colon != std::string_view::npos && place.find_first_not_of("0123456789", colon + 1) == std::string_view::npos)
    place = place.substr(0, colon);
  return for_any(place, instance);
}

// What an instance says for itself, without its name: instances that say the same are told together.
std::string walk_key(const InstanceVerdict& instance) {
  std::string out(to_text(instance.verdict));
  const auto add = [&](std::string_view text) { out.append(1, '\x1f').append(text); };
  const auto add_all = [&](const std::vector<std::string>& texts) {
    add(std::to_string(texts.size()));
    for (const std::string& text : texts) add(text);
  };
  add(to_text(instance.basis));
  add(instance.would_be);
  add(instance.declared ? "d" : "o");
  add_all(instance.reasons);
  for (const Step& step : instance.path) {
    for (const std::string_view text : {std::string_view(step.node), std::string_view(step.question), std::string_view(step.answer),
                                        to_text(step.basis), std::string_view(step.because)}) {
      add(text);
    }
    for (const auto* list : {&step.observations, &step.answers, &step.supports, &step.reasons}) add_all(*list);
    add(std::to_string(step.declared.size()));
    for (const std::string& place : step.declared) add(declared_key(place, instance.id));
    for (const BorrowedUse& use : step.borrowed) add(use.evidence + use.answer + use.equivalence);
  }
  return out;
}

using Alike = std::vector<const InstanceVerdict*>;

// Instances that walked alike, what is wrong first, else in the order they came.
std::vector<Alike> alike(const std::vector<InstanceVerdict>& instances) {
  std::unordered_map<std::string, std::size_t> known;
  std::vector<Alike> out;
  for (const InstanceVerdict& instance : instances) {
    const auto [at, fresh] = known.try_emplace(walk_key(instance), out.size());
    if (fresh) out.push_back({});
    out[at->second].push_back(&instance);
  }
  std::vector<Alike> sorted;
  for (const Verdict verdict : kVerdicts) {
    for (Alike& group : out) {
      if (!group.empty() && group.front()->verdict == verdict) sorted.push_back(std::move(group));
    }
  }
  return sorted;
}

// Reasons that no step already gives.
std::vector<std::string> own_reasons(const InstanceVerdict& instance) {
  std::vector<std::string> out;
  for (const std::string& reason : instance.reasons) {
    const auto says = [&](const Step& step) { return std::ranges::find(step.reasons, reason) != step.reasons.end(); };
    if (std::ranges::none_of(instance.path, says)) out.push_back(reason);
  }
  return out;
}

Html instance_names(const Alike& group) {
  Html out;
  for (std::size_t i = 0; i < std::min(group.size(), kMostTexts * 4); ++i) {
    const InstanceVerdict& one = *group[i];
    out.text += "<li>";
    if (one.id.empty() || one.id == "product") {
      out.text += "<span class=\"name\">The product</span>";
    } else {
      out.text += "<span class=\"name\">" + escaped(cut(one.id, 160)) + "</span>";
      if (!one.label.empty() && one.label != one.id) out.text += " " + escaped(cut(one.label, 200));
    }
    out.text += "</li>";
  }
  if (group.size() > kMostTexts * 4) out.text += "<li>and " + grouped(group.size() - kMostTexts * 4) + " more, in the JSON report</li>";
  return out;
}

Html Writer::instances(const Alike& group, bool alone) {
  const InstanceVerdict& first = *group.front();
  Html steps;
  const bool tree = first.path.size() > 1;
  for (std::size_t i = 0; i < first.path.size(); ++i) {
    Step one = first.path[i];
    for (const InstanceVerdict* other : group) {
      if (other == &first || one.declared.size() >= kMostDeclared) continue;
      for (const std::string& place : other->path[i].declared) {
        if (std::ranges::find(one.declared, place) == one.declared.end()) one.declared.push_back(place);
      }
    }
    steps += step(one, tree);
  }
  const bool is_product = first.id.empty() || first.id == "product";
  Fields fields;
  fields.flag("headed", !alone || !is_product || !first.declared).html("badge_html", badge(first.verdict));
  fields.html("names_html", instance_names(group)).flag("undeclared", !first.declared).html("would_html", would_be_mark(first.would_be));
  fields.text("basis", first.basis == Basis::none ? "" : to_text(first.basis));
  fields.html("reasons_html", texts(own_reasons(first), "reasons")).html("steps_html", std::move(steps));
  return page.fill("instance", fields);
}

// Reasons of the unit that none of its instances gives.
std::vector<std::string> own_reasons(const UnitVerdict& unit) {
  std::set<std::string_view> said;
  for (const InstanceVerdict& instance : unit.instances) {
    said.insert(instance.reasons.begin(), instance.reasons.end());
    for (const Step& step : instance.path) said.insert(step.reasons.begin(), step.reasons.end());
  }
  std::vector<std::string> out;
  for (const std::string& reason : unit.reasons) {
    if (!said.contains(reason)) out.push_back(reason);
  }
  return out;
}

Html Writer::unit(const SchemeVerdict& scheme, const UnitVerdict& unit, Html pictures) {
  Html instances;
  const std::vector<Alike> groups = alike(unit.instances);
  for (const Alike& group : groups) instances += this->instances(group, unit.instances.size() == 1);
  Html inherits;
  for (const std::string& reference : unit.inherits) {
    inherits.text += inherits.empty() ? "" : ", ";
    inherits += citations.row(reference, cut(reference, 120));
  }
  std::vector<Fields> variants;
  for (const auto& [id, verdict] : unit.variants) {
    Fields variant;
    variant.text("id", cut(id, 120)).html("badge_html", badge(verdict));
    variants.push_back(std::move(variant));
  }
  Fields fields;
  fields.text("anchor", once(unit_anchor(scheme.id, unit.id))).text("id", cut(unit.id, 120)).text("title", cut(unit.title, 300));
  fields.html("badge_html", badge(unit.verdict)).html("would_html", would_be_mark(unit.would_be)).text("css", verdict_class(unit.verdict));
  // One instance's steps say it themselves.
  fields.flag("open", unit.verdict == Verdict::fail).text("basis", unit.instances.size() == 1 ? "" : basis_words(unit.basis));
  fields.text("confidence", unit.confidence == Confidence::confirmed ? "" : to_text(unit.confidence));
  fields.html("reasons_html", texts(own_reasons(unit), "reasons")).html("inherits_html", std::move(inherits));
  fields.flag("disputed", !variants.empty()).list("variants", std::move(variants));
  fields.text("instances_count", unit.instances.size() > 1 ? grouped(unit.instances.size()) + " instances" : "");
  // Under a picture and its table the single steps are for who wants to follow one.
  const bool drawn = !pictures.empty() && unit.verdict != Verdict::fail;
  fields.html("trees_html", std::move(pictures)).html("folded_html", drawn ? std::move(instances) : Html{});
  fields.html("instances_html", drawn ? Html{} : std::move(instances));
  return page.fill("unit", fields);
}

Html Writer::assessment(const SchemeVerdict& scheme, const RequirementVerdict& requirement, const AssessmentVerdict& assessment) {
  Html units;
  for (const UnitVerdict& one : assessment.units) units += unit(scheme, one, trees.of(scheme, requirement, assessment, one));
  std::string kind = cut(assessment.kind, 60);
  std::ranges::replace(kind, '-', ' ');
  if (!kind.empty() && kind.front() >= 'a' && kind.front() <= 'z') kind.front() = static_cast<char>(kind.front() - 'a' + 'A');
  Fields fields;
  fields.text("id", cut(assessment.id, 120)).text("kind", kind).html("badge_html", badge(assessment.verdict));
  fields.text("basis", basis_words(assessment.basis)).html("units_html", std::move(units));
  return page.fill("assessment", fields);
}

std::vector<Fields> owed_here(const OwedRows& rows, const RequirementVerdict& requirement) {
  std::vector<Fields> out;
  for (const OwedGroup& group : owed_groups(requirement.owed)) {
    if (out.size() == kMostTexts) break;
    const Owed& owed = *group.items.front();
    Fields one;
    one.html("ask_html", clipped(group.ask)).html("what_html", clipped(group.what)).html("instances_html", owed_instances(group));
    one.text("cost", owed.cost > 0 ? duration_text(owed.cost) : "").text("each", group.instances.size() > 1 ? "each" : "");
    const auto at = rows.find({owed.kind, owed.question, owed.instance});
    one.text("anchor", at == rows.end() ? "" : owed_anchor(at->second)).text("row", at == rows.end() ? "" : grouped(at->second));
    out.push_back(std::move(one));
  }
  return out;
}

std::string status_line(const RequirementVerdict& requirement) {
  std::string out(status_word(requirement.status));
  if (!requirement.printed.empty()) out += " (printed as " + cut(requirement.printed, 60) + ")";
  return out;
}

std::string confidence_line(Confidence confidence) {
  switch (confidence) {
    case Confidence::confirmed: return "confirmed against the source";
    case Confidence::secondary: return "from a secondary source";
    case Confidence::unverified: return "unverified: counts as inconclusive until someone confirms it against the source";
  }
  return {};
}

Html Writer::requirement(const SchemeVerdict& scheme, const RequirementVerdict& requirement) {
  Html assessments;
  for (const AssessmentVerdict& one : requirement.assessments) assessments += assessment(scheme, requirement, one);
  std::vector<Fields> contradictions;
  for (const Contradiction& c : requirement.contradictions) {
    if (contradictions.size() == kMostTexts) break;
    Fields one;
    one.html("says_html", citations.linked(c.says)).html("cites_html", citations.list(c.observations, c.answers, c.declared));
    contradictions.push_back(std::move(one));
  }
  std::vector<Fields> owed = owed_here(owed_rows, requirement);
  Fields fields;
  fields.text("anchor", once(requirement_anchor(scheme.id, requirement.id))).text("id", cut(requirement.id, 120));
  fields.text("title", cut(requirement.title, 300)).text("verdict", to_text(requirement.verdict)).text("status", requirement.status);
  fields.text("css", verdict_class(requirement.verdict)).text("status_word", status_word(requirement.status));
  fields.html("badge_html", badge(requirement.verdict)).html("would_html", would_be_mark(requirement.would_be));
  fields.flag("open", requirement.verdict == Verdict::fail).flag("contradicted", !contradictions.empty());
  fields.text("status_line", status_line(requirement)).text("basis", basis_words(requirement.basis));
  fields.text("confidence", confidence_line(requirement.confidence)).text("route", cut(requirement.route, 120));
  fields.text("recognition", cut(requirement.recognition, 200)).flag("justified", requirement.justified);
  fields.html("justification_html", clipped(requirement.justification, 600));
  fields.flag("unjustified", !requirement.justified && requirement.verdict == Verdict::not_applicable);
  fields.html("remedies_html", texts(requirement.remedies, "remedies"));
  fields.flag("has_owed", !owed.empty()).list("owed", std::move(owed));
  fields.list("contradictions", std::move(contradictions)).html("assessments_html", std::move(assessments));
  return page.fill("requirement", fields);
}

}  // namespace

Html requirements_section(Page& page, const ReportInput& input, const Citations& citations) {
  Writer writer{page, citations, {}, Trees(page, input, citations), {}};
  std::size_t row = 0;
  for (const OwedGroup& group : owed_groups(input.assessment.owed)) {
    ++row;
    for (const Owed* item : group.items) writer.owed_rows.try_emplace({item->kind, item->question, item->instance}, row);
  }
  Html schemes;
  for (const SchemeVerdict* in_order : in_page_order(input)) {
    const SchemeVerdict& scheme = *in_order;
    if (scheme.requirements.empty()) continue;
    Html requirements;
    for (const RequirementVerdict& one : scheme.requirements) requirements += writer.requirement(scheme, one);
    Fields fields;
    fields.text("anchor", writer.once(scheme_anchor(scheme.id))).text("title", cut(scheme.title.empty() ? scheme.id : scheme.title, 200));
    fields.text("name", short_name(scheme)).text("applies", applies_word(scheme.applies)).html("claim_html", clipped(scheme.claim, 400));
    fields.html("tally_html", tally(verdict_counts(scheme)));
    fields.text("count", counted(scheme.requirements.size(), "requirement")).html("requirements_html", std::move(requirements));
    schemes += page.fill("scheme", fields);
  }
  Fields fields;
  fields.flag("any", !schemes.empty()).html("schemes_html", std::move(schemes));
  return page.fill("requirements", fields);
}

}  // namespace assay::paper
