// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "base/text.hpp"
#include "paper/report/sections.hpp"
#include "paper/report/words.hpp"

namespace assay::paper {
namespace {

Fields pair_of(std::string_view name, Html value) {
  Fields out;
  out.text("name", name).html("value_html", std::move(value));
  return out;
}

std::vector<Fields> identity(const ReportInput& input) {
  std::vector<Fields> out;
  const Value& product = input.assessment.product;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> first = {
      {{"name", "Product"}, {"model", "Model"}, {"version", "Software version"}}};
  for (const auto& [key, word] : first) {
    const std::string text = product[key].scalar_text();
    out.push_back(pair_of(word, text.empty() ? plain("not given") : clipped(text)));
  }
  for (const auto& member : product.members()) {
    const std::string text = member.value.scalar_text();
    const bool shown = std::ranges::any_of(first, [&](const auto& known) { return known.first == member.name; });
    if (shown || member.name == "digest" || text.empty()) continue;
    out.push_back(pair_of(cut(member.name, 40), clipped(text)));
  }
  out.push_back(pair_of("Date of assessment", input.assessment.date.empty() ? plain("not given") : plain(cut(input.assessment.date, 40))));
  if (const std::string digest = product["digest"].scalar_text(); !digest.empty()) {
    out.push_back(pair_of("Declaration digest", code(cut(digest, 120))));
  }
  out.push_back(pair_of("Catalogue digest", code(cut(input.assessment.catalogue, 120))));
  out.push_back(pair_of("Program", plain(cut(input.program, 120))));
  return out;
}

std::vector<Fields> evidence_rows(const Citations& citations) {
  std::vector<Fields> out;
  for (const Source& source : citations.evidence()) {
    const Evidence& e = *source.evidence;
    Fields row;
    row.text("number", source.number).text("anchor", source.anchor).html("name_html", clipped(e.name, 120));
    row.text("type", cut(e.type, 40)).text("bytes", bytes_text(e.bytes)).text("hash", cut(e.id, 120));
    std::vector<Fields> binding;
    const auto bind = [&](std::string_view name, const std::string& value) {
      if (!value.empty()) binding.push_back(pair_of(name, clipped(value, 120)));
    };
    bind("sample", e.sample);
    bind("software version", e.version);
    bind("taken", e.date);
    bind("by", e.operator_name);
    bind("tool", e.tool);
    bind("device", e.device);
    bind("carried over by", e.carried_by);
    bind("because", e.carried_note);
    bind("borrowed from", e.borrowed.from);
    bind("by equivalence", e.borrowed.equivalence);
    bind("stated by", e.borrowed.by + (e.borrowed.date.empty() ? "" : ", " + e.borrowed.date));
    bind("the same", e.borrowed.same);
    bind("what differs", e.borrowed.differs);
    row.flag("bound", !binding.empty()).list("binding", std::move(binding));
    out.push_back(std::move(row));
  }
  return out;
}

struct Limits {
  std::vector<Fields> incomplete;
  std::set<std::string> unsandboxed;
  std::size_t more = 0;
};

constexpr std::size_t kMostLimits = 100;

// What the examination did not reach, and where it ran without a sandbox: coverage observations say both. Checks that stopped for the
// same reason in the same evidence share a row.
Limits limits(const ReportInput& input, const Citations& citations) {
  Limits out;
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, std::set<std::string>> stopped;
  for (const Observation& o : input.observations) {
    if (o.kind != "coverage") continue;
    const std::string check = cut(o.fields["check"].scalar_text(), 80);
    if (o.fields["unsandboxed"].boolean()) out.unsandboxed.insert(check);
    if (!o.fields["complete"].boolean()) {
      stopped[{o.evidence, o.fields["scope"].text(), o.fields["reason"].text()}].insert(check);
    }
  }
  for (const auto& [key, checks] : stopped) {
    if (out.incomplete.size() == kMostLimits) {
      ++out.more;
      continue;
    }
    const auto& [evidence, scope, reason] = key;
    Html names;
    for (const std::string& check : checks) names.text += (names.empty() ? "" : ", ") + code(check).text;
    Fields row;
    row.html("checks_html", std::move(names)).text("scope", cut(scope, 80)).html("evidence_html", citations.evidence_file(evidence));
    row.html("reason_html", clipped(reason));
    out.incomplete.push_back(std::move(row));
  }
  return out;
}

}  // namespace

Html front_section(Page& page, const ReportInput& input, const Citations& citations) {
  const Limits limit = limits(input, citations);
  std::string unsandboxed;
  for (const std::string& check : limit.unsandboxed) unsandboxed += (unsandboxed.empty() ? "" : ", ") + check;
  std::vector<Fields> evidence = evidence_rows(citations);
  std::vector<Fields> identity_rows = identity(input);
  Fields fields;
  fields.list("identity", std::move(identity_rows));
  fields.html("scope_html", scope_part(page, input));
  fields.flag("has_evidence", !evidence.empty()).list("evidence", std::move(evidence));
  fields.flag("has_incomplete", !limit.incomplete.empty()).list("incomplete", limit.incomplete);
  fields.text("more_incomplete", limit.more == 0 ? "" : grouped(limit.more));
  fields.text("unsandboxed", cut(unsandboxed, 600));
  fields.flag("examined", !input.observations.empty());
  return page.fill("front", fields);
}

}  // namespace assay::paper
