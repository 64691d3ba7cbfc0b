// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "base/json.hpp"
#include "paper/report/sections.hpp"
#include "paper/report/words.hpp"

namespace assay::paper {
namespace {

constexpr std::size_t kMostFields = 40;
constexpr std::size_t kMostUncitedOfKind = 500;

// Enough of "sha256:…" to tell two files apart at a glance; the evidence table has the whole.
std::string short_hash(std::string_view id) {
  return id.size() > 23 ? std::string(id.substr(0, 23)) + "…" : std::string(id);
}

// Fields of an observation as a definition list; a nested value as JSON.
Html seen(const Observation& observation) {
  const Value::Object& members = observation.fields.members();
  if (members.empty()) return {};
  Html out{"<dl class=\"fields\">"};
  for (std::size_t i = 0; i < std::min(members.size(), kMostFields); ++i) {
    const Value& value = members[i].value;
    const bool nested = value.is_array() || value.is_object();
    out.text += "<div><dt>" + escaped(cut(members[i].name, 60)) + "</dt><dd>";
    out += clipped(nested ? to_json(value) : value.scalar_text(), 160);
    out.text += "</dd></div>";
  }
  out.text += "</dl>";
  if (members.size() > kMostFields) out.text += "<p>and " + grouped(members.size() - kMostFields) + " more fields, in the JSON report</p>";
  return out;
}

Html observation_row(Page& page, const Source& source, const Citations& citations) {
  Fields fields;
  fields.text("number", source.number).text("anchor", source.anchor).text("id", cut(source.id, 120));
  fields.html("cited_html", citations.rows(source.cited_by)).flag("missing", source.observation == nullptr);
  const bool withdrawn = source.disposal != nullptr;
  fields.text("withdrawn_by", withdrawn ? cut(source.disposal->by, 120) : "");
  fields.text("withdrawn_at", withdrawn ? cut(source.disposal->at, 40) : "");
  fields.html("why_html", withdrawn ? clipped(source.disposal->reason, 600) : Html{}).flag("withdrawn", withdrawn);
  const Observation none;
  const Observation& o = source.observation == nullptr ? none : *source.observation;
  fields.text("kind", cut(o.kind, 60)).html("place_html", clipped(o.at.to_text(), 160)).html("fields_html", seen(o));
  fields.html("evidence_html", citations.evidence_file(o.evidence)).text("hash", short_hash(o.evidence));
  fields.text("by", cut(o.by, 80)).text("revision", std::to_string(o.revision));
  return page.fill(withdrawn ? "withdrawn_row" : "observation_row", fields);
}

Html answer_row(Page& page, const Source& source, const Citations& citations) {
  Fields fields;
  const Answer none;
  const Answer& a = source.answer == nullptr ? none : *source.answer;
  fields.text("number", source.number).text("anchor", source.anchor).text("id", cut(source.id, 120));
  fields.flag("missing", source.answer == nullptr).text("question", cut(a.question, 160)).text("value", cut(a.value, 80));
  fields.text("instance", cut(a.instance, 120)).text("by", cut(a.by, 120)).text("at", cut(a.at, 40)).text("version", cut(a.version, 80));
  const std::string note = a.borrowed.empty() ? a.note
                                              : a.note + (a.note.empty() ? "" : " — ") + "borrowed from " + a.borrowed.from +
                                                    " by equivalence " + a.borrowed.equivalence + ", stated by " + a.borrowed.by;
  fields.html("note_html", clipped(note, 600)).html("cited_html", citations.rows(source.cited_by));
  Html evidence;
  for (const std::string& id : a.evidence) {
    if (evidence.text.size() > kWholeText) break;
    evidence.text += evidence.empty() ? "" : ", ";
    evidence += citations.evidence_file(id);
  }
  fields.html("evidence_html", std::move(evidence));
  return page.fill("answer_row", fields);
}

// Uncited observations by kind; the first few hundred of each are on the page, all are in the JSON.
Html uncited(Page& page, const Citations& citations) {
  std::map<std::string_view, std::vector<const Observation*>> kinds;
  for (const Observation* o : citations.uncited()) kinds[o->kind].push_back(o);
  Html out;
  for (const auto& [kind, observations] : kinds) {
    Html rows;
    const std::size_t shown = std::min(observations.size(), kMostUncitedOfKind);
    for (std::size_t i = 0; i < shown; ++i) {
      const Observation& o = *observations[i];
      rows.text += "<tr><td>" + clipped(o.at.to_text(), 160).text + "</td><td>" + seen(o).text + "</td><td>" +
                   citations.evidence_file(o.evidence).text + "<br><span class=\"muted\">" + escaped(cut(o.by, 80)) + " rev. " +
                   std::to_string(o.revision) + "</span><br><code class=\"muted\">" + escaped(cut(o.id, 60)) + "</code></td></tr>";
    }
    Fields fields;
    fields.text("kind", cut(kind, 60)).text("count", grouped(observations.size())).html("rows_html", std::move(rows));
    fields.text("more", shown < observations.size() ? grouped(observations.size() - shown) : "");
    out += page.fill("uncited", fields);
  }
  return out;
}

std::vector<Fields> stale_rows(const ReportInput& input, const Citations& citations) {
  std::vector<Fields> out;
  for (const Value& item : input.assessment.stale.items()) {
    Html html;
    if (!item.is_object()) {
      html = citations.any(item.scalar_text());
    } else {
      html.text = "<dl class=\"fields\">";
      for (const auto& member : item.members()) {
        const bool nested = member.value.is_array() || member.value.is_object();
        html.text += "<div><dt>" + escaped(cut(member.name, 60)) + "</dt><dd>";
        html += member.name == "id" || member.name == "evidence" || member.name == "answer"
                    ? citations.any(member.value.scalar_text())
                    : clipped(nested ? to_json(member.value) : member.value.scalar_text());
        html.text += "</dd></div>";
      }
      html.text += "</dl>";
    }
    Fields row;
    row.html("item_html", std::move(html));
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

Html sources_section(Page& page, const ReportInput& input, const Citations& citations) {
  Html observations;
  for (const Source& source : citations.observations()) observations += observation_row(page, source, citations);
  Html withdrawn;
  for (const Source& source : citations.withdrawn()) withdrawn += observation_row(page, source, citations);
  Html answers;
  for (const Source& source : citations.answers()) answers += answer_row(page, source, citations);
  std::vector<Fields> stale = stale_rows(input, citations);
  Fields fields;
  fields.flag("has_cited", !citations.observations().empty()).text("cited", counted(citations.observations().size(), "observation"));
  fields.text("left_out", citations.left_out() == 0 ? "" : grouped(citations.left_out()));
  fields.html("observations_html", std::move(observations)).html("uncited_html", uncited(page, citations));
  fields.text("uncited", counted(citations.uncited().size(), "observation")).flag("has_uncited", !citations.uncited().empty());
  fields.flag("has_withdrawn", !citations.withdrawn().empty()).html("withdrawn_html", std::move(withdrawn));
  fields.flag("has_answers", !citations.answers().empty()).html("answers_html", std::move(answers));
  fields.flag("has_stale", !stale.empty()).list("stale", std::move(stale));
  return page.fill("sources", fields);
}

}  // namespace assay::paper
