// SPDX-License-Identifier: Apache-2.0
#include "paper/report/citations.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace assay::paper {
namespace {

// "o:5f2c…" and "a:5f2c…" keep their natural look as anchors.
std::string id_anchor(std::string_view kind, std::string_view id) {
  const std::string prefix = std::string(kind) + ":";
  return id.starts_with(prefix) ? anchor(kind, {id.substr(prefix.size())}) : anchor(kind, {"", id});
}

auto order(const Observation& o) {
  return std::tie(o.kind, o.evidence, o.at.path, o.at.line, o.at.offset, o.at.frame, o.by, o.id);
}

Html link(std::string_view to, Html shown, std::string_view css = {}) {
  Html out{"<a "};
  if (!css.empty()) out.text += "class=\"" + std::string(css) + "\" ";
  out.text += "href=\"#" + escaped(to) + "\">";
  out += shown;
  out.text += "</a>";
  return out;
}

Html number_of(const Source& source) {
  return Html{"<span class=\"n\">" + escaped(source.number) + "</span>"};
}

constexpr std::size_t kShownCitations = 12;
constexpr std::size_t kMostCitations = 500;
constexpr std::size_t kShownRows = 10;
constexpr std::size_t kMostReferences = 1000;

// The next "o:" or "a:" with its 16 hex digits at or after `from`; npos when there is none.
constexpr std::size_t kIdBytes = 18;
std::size_t next_id(std::string_view text, std::size_t from) {
  for (std::size_t at = from; (at = text.find(':', at)) != std::string_view::npos; ++at) {
    if (at == 0 || at - 1 < from || text.size() - at < kIdBytes - 1) continue;
    const char kind = text[at - 1];
    const bool inside = at >= 2 && ((text[at - 2] >= 'a' && text[at - 2] <= 'z') || (text[at - 2] >= '0' && text[at - 2] <= '9'));
    const std::string_view digits = text.substr(at + 1, kIdBytes - 2);
    const bool hex = std::ranges::all_of(digits, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    if ((kind == 'o' || kind == 'a') && !inside && hex) return at - 1;
  }
  return std::string_view::npos;
}

}  // namespace

std::string requirement_anchor(std::string_view scheme, std::string_view requirement) {
  return anchor("r", {scheme, requirement});
}
std::string unit_anchor(std::string_view scheme, std::string_view unit) {
  return anchor("u", {scheme, unit});
}

Html code(std::string_view text) {
  return Html{"<code>" + escaped(text) + "</code>"};
}

void Citations::cite(std::string_view id, std::string_view row) {
  auto at = cited_by_.find(id);
  if (at == cited_by_.end()) at = cited_by_.emplace(std::string(id), std::vector<std::string_view>{}).first;
  if (at->second.empty() || at->second.back() != row) at->second.push_back(row);
}

void Citations::walk(const ReportInput& input) {
  std::size_t rows = 0;
  std::size_t units = 0;
  for (const SchemeVerdict& scheme : input.assessment.schemes) {
    rows += scheme.requirements.size();
    for (const RequirementVerdict& requirement : scheme.requirements) {
      for (const AssessmentVerdict& assessment : requirement.assessments) units += assessment.units.size();
    }
  }
  // Views into these names are kept; they must not move.
  row_names_.reserve(rows);
  unit_names_.reserve(units);
  for (const SchemeVerdict& scheme : input.assessment.schemes) {
    for (const RequirementVerdict& requirement : scheme.requirements) {
      const std::string& row = row_names_.emplace_back(scheme.id + "/" + requirement.id);
      row_anchors_.emplace(row, requirement_anchor(scheme.id, requirement.id));
      const auto cite_all = [&](const std::vector<std::string>& ids) {
        for (const std::string& id : ids) cite(id, row);
      };
      for (const Contradiction& contradiction : requirement.contradictions) {
        cite_all(contradiction.observations);
        cite_all(contradiction.answers);
      }
      for (const AssessmentVerdict& assessment : requirement.assessments) {
        for (const UnitVerdict& unit : assessment.units) {
          // A unit named like its requirement: the requirement's place is the better one to land.
          const std::string& name = unit_names_.emplace_back(scheme.id + "/" + unit.id);
          row_anchors_.emplace(name, unit_anchor(scheme.id, unit.id));
          for (const InstanceVerdict& instance : unit.instances) {
            for (const Step& step : instance.path) {
              cite_all(step.observations);
              cite_all(step.answers);
              for (const std::string& support : step.supports) {
                for (std::size_t at = 0; (at = next_id(support, at)) != std::string::npos; at += kIdBytes) {
                  cite(std::string_view(support).substr(at, kIdBytes), row);
                }
              }
            }
          }
        }
      }
    }
  }
}

Citations::Citations(const ReportInput& input) {
  walk(input);
  std::map<std::string_view, const Disposal*> disposals;
  for (const Disposal& disposal : input.disposals) disposals.emplace(disposal.observation, &disposal);
  std::vector<const Observation*> sorted;
  sorted.reserve(input.observations.size());
  std::set<std::string_view> known;
  for (const Observation& observation : input.observations) {
    if (known.insert(observation.id).second) sorted.push_back(&observation);
  }
  std::ranges::sort(sorted, [](const Observation* a, const Observation* b) { return order(*a) < order(*b); });

  for (const Answer& answer : input.answers) {
    if (!known.insert(answer.id).second) continue;
    Source source;
    source.id = answer.id;
    source.answer = &answer;
    answers_.push_back(std::move(source));
  }
  for (const Observation* observation : sorted) {
    const auto withdrawn = disposals.find(observation->id);
    const auto cited = cited_by_.find(observation->id);
    if (withdrawn == disposals.end() && cited == cited_by_.end()) {
      uncited_.push_back(observation);
      continue;
    }
    Source source;
    source.id = observation->id;
    source.observation = observation;
    if (withdrawn != disposals.end()) source.disposal = withdrawn->second;
    (source.disposal != nullptr ? withdrawn_ : observations_).push_back(std::move(source));
  }
  for (const Disposal& disposal : input.disposals) {
    if (!known.insert(disposal.observation).second) continue;
    Source source;
    source.id = disposal.observation;
    source.disposal = &disposal;
    withdrawn_.push_back(std::move(source));
  }
  for (const auto& [id, rows] : cited_by_) {
    if (known.contains(id)) continue;
    Source source;
    source.id = id;
    (id.starts_with("a:") ? answers_ : observations_).push_back(std::move(source));
  }
  for (const Evidence& evidence : input.evidence) {
    if (!known.insert(evidence.id).second) continue;
    Source source;
    source.id = evidence.id;
    source.evidence = &evidence;
    evidence_.push_back(std::move(source));
  }

  if (observations_.size() > kMostRows) {
    left_out_ = observations_.size() - kMostRows;
    observations_.resize(kMostRows);
  }
  const auto finish = [&](std::vector<Source>& sources, std::string_view letter, std::string_view kind) {
    std::size_t n = 0;
    for (Source& source : sources) {
      source.number = std::string(letter) + std::to_string(++n);
      source.anchor = id_anchor(kind, source.id);
      if (const auto cited = cited_by_.find(source.id); cited != cited_by_.end()) source.cited_by = cited->second;
      by_id_.emplace(source.id, &source);
    }
  };
  finish(observations_, "O", "o");
  finish(withdrawn_, "W", "o");
  finish(answers_, "A", "a");
  finish(evidence_, "E", "e");
}

Html Citations::observation(std::string_view id) const {
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return code(id);
  const Source& source = *at->second;
  Html shown = number_of(source);
  if (source.observation == nullptr) {
    shown.text += " " + code(cut(id, 40)).text;
  } else {
    const std::string place = source.observation->at.to_text();
    shown.text += " " + escaped(cut(source.observation->kind, 40));
    if (!place.empty()) shown.text += " " + code(cut(place, 90)).text;
  }
  if (source.disposal != nullptr) shown.text += " (withdrawn)";
  return link(source.anchor, shown, "cite");
}

Html Citations::answer(std::string_view id) const {
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return code(id);
  const Source& source = *at->second;
  Html shown = number_of(source);
  if (source.answer == nullptr) {
    shown.text += " " + code(cut(id, 40)).text;
  } else {
    shown.text += " answer by <bdi>" + escaped(cut(source.answer->by, 60)) + "</bdi>";
  }
  return link(source.anchor, shown, "cite");
}

Html Citations::evidence_file(std::string_view id) const {
  const auto at = by_id_.find(id);
  if (at == by_id_.end() || at->second->evidence == nullptr) return id.empty() ? Html{} : code(cut(id, 24));
  Html shown = number_of(*at->second);
  shown.text += " " + code(cut(at->second->evidence->name, 60)).text;
  return link(at->second->anchor, shown, "cite");
}

Html Citations::any(std::string_view text) const {
  const auto at = by_id_.find(text);
  if (at == by_id_.end()) return plain(cut(text, 400));
  if (at->second->evidence != nullptr) return evidence_file(text);
  return text.starts_with("a:") ? answer(text) : observation(text);
}

Html Citations::row(std::string_view reference, std::string_view shown) const {
  const auto at = row_anchors_.find(reference);
  return at == row_anchors_.end() ? plain(shown) : link(at->second, plain(shown));
}

Html Citations::rows(const std::vector<std::string_view>& references) const {
  using Group = std::pair<std::string_view, std::vector<std::string_view>>;
  std::vector<Group> schemes;
  for (const std::string_view reference : references) {
    const std::string_view scheme = reference.substr(0, reference.find('/'));
    auto at = std::ranges::find(schemes, scheme, &Group::first);
    if (at == schemes.end()) at = schemes.insert(schemes.end(), {scheme, {}});
    at->second.push_back(reference);
  }
  Html out;
  for (const auto& [scheme, group] : schemes) {
    out.text += "<div class=\"rows\"><span class=\"muted\">" + escaped(cut(scheme, 60)) + "</span> ";
    const auto put = [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i < to; ++i) {
        const auto slash = group[i].find('/');
        out.text += i == from ? "" : ", ";
        out += row(group[i], cut(slash == std::string_view::npos ? group[i] : group[i].substr(slash + 1), 60));
      }
    };
    const std::size_t first = group.size() <= kShownRows + 2 ? group.size() : kShownRows;
    put(0, first);
    if (first < group.size()) {
      const std::size_t most = std::min(group.size(), kMostReferences);
      out.text += " <details class=\"rest\"><summary>" + grouped(group.size() - first) + " more</summary>";
      put(first, most);
      if (most < group.size()) out.text += " and " + grouped(group.size() - most) + " more, in the JSON report";
      out.text += "</details>";
    }
    out.text += "</div>";
  }
  return out;
}

Html Citations::linked(std::string_view text, std::size_t shown) const {
  if (text.size() > shown || next_id(text, 0) == std::string_view::npos) return clipped(text, shown);
  Html out;
  std::size_t from = 0;
  for (std::size_t at = 0; (at = next_id(text, at)) != std::string_view::npos; at += kIdBytes) {
    const std::string_view id = text.substr(at, kIdBytes);
    out += prose(text.substr(from, at - from));
    out += any(id);
    from = at + kIdBytes;
  }
  out += prose(text.substr(from));
  return out;
}

Html Citations::list(const std::vector<std::string>& observations, const std::vector<std::string>& answers,
                     const std::vector<std::string>& declared) const {
  std::vector<Html> items;
  for (const std::string& id : observations) items.push_back(observation(id));
  for (const std::string& id : answers) items.push_back(answer(id));
  for (const std::string& place : declared) items.push_back(Html{"declared: " + code(cut(place, 200)).text});
  if (items.empty()) return {};
  Html out{"<ul class=\"cites\">"};
  const auto put = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) out.text += "<li>" + items[i].text + "</li>";
  };
  const std::size_t first = items.size() <= kShownCitations + 3 ? items.size() : kShownCitations;
  put(0, first);
  out.text += "</ul>";
  if (first == items.size()) return out;
  const std::size_t most = std::min(items.size(), kMostCitations);
  out.text += "<details class=\"rest\"><summary>" + grouped(items.size() - first) + " more</summary><ul class=\"cites\">";
  put(first, most);
  if (most < items.size()) out.text += "<li>and " + grouped(items.size() - most) + " more, in the JSON report</li>";
  out.text += "</ul></details>";
  return out;
}

}  // namespace assay::paper
