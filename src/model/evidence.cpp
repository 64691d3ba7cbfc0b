// SPDX-License-Identifier: Apache-2.0
#include "model/evidence.hpp"

#include "base/clock.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace assay {

Answer& Answer::seal() {
  id.clear();
  id = "a:" + sha256_hex(to_canonical_json(to_value(*this))).substr(0, 16);
  return *this;
}

std::string why_not(const Borrowed& b, std::string_view version, std::string_view day) {
  for (const auto& [word, said] : {std::pair{"by", &b.by}, {"same", &b.same}, {"differs", &b.differs}, {"date", &b.date}}) {
    if (trim(*said).empty()) return "does not say `" + std::string(word) + "`";
  }
  if (b.version.empty() || b.base_version.empty()) return "does not name the software versions it is about";
  if (b.version != version) return "speaks of version " + printable(b.version, 40) + ", not " + printable(version, 40);
  const auto stated = parse_day(b.date);
  const auto today = parse_day(day);
  if (!stated || !today || *stated > *today) return "is dated " + printable(b.date, 40) + ", after the day of judging";
  return {};
}

Value to_value(const Borrowed& b) {
  Value out = Value::object();
  out.set("from", b.from);
  out.set("equivalence", b.equivalence);
  out.set_if("same", b.same);
  out.set_if("differs", b.differs);
  out.set_if("by", b.by);
  out.set_if("date", b.date);
  out.set_if("version", b.version);
  out.set_if("base_version", b.base_version);
  return out;
}

Value to_value(const Evidence& e) {
  Value out = Value::object();
  out.set("id", e.id);
  out.set("name", e.name);
  out.set("bytes", e.bytes);
  out.set("type", e.type);
  out.set_if("sample", e.sample);
  out.set_if("version", e.version);
  out.set_if("date", e.date);
  out.set_if("operator", e.operator_name);
  out.set_if("tool", e.tool);
  out.set_if("device", e.device);
  out.set_if("carried_by", e.carried_by);
  out.set_if("carried_note", e.carried_note);
  if (!e.borrowed.empty()) out.set("borrowed", to_value(e.borrowed));
  return out;
}

Value to_value(const Answer& a) {
  Value out = Value::object();
  out.set_if("id", a.id);
  out.set("question", a.question);
  out.set("value", a.value);
  out.set_if("instance", a.instance);
  out.set_if("by", a.by);
  out.set_if("at", a.at);
  out.set_if("note", a.note);
  Value evidence = Value::array();
  for (const std::string& e : a.evidence) evidence.push(e);
  out.set_if("evidence", std::move(evidence));
  out.set_if("version", a.version);
  if (!a.borrowed.empty()) out.set("borrowed", to_value(a.borrowed));
  return out;
}

Value to_value(const Disposal& d) {
  Value out = Value::object();
  out.set("observation", d.observation);
  out.set("by", d.by);
  out.set("reason", d.reason);
  out.set_if("at", d.at);
  return out;
}

Value to_value(const Confirmation& c) {
  Value out = Value::object();
  out.set("scheme", c.scheme);
  out.set("edition", c.edition);
  out.set("entry", c.entry);
  out.set("by", c.by);
  out.set("source", c.source);
  out.set_if("at", c.at);
  return out;
}

Evidence evidence_from(const Value& v) {
  Evidence e;
  e.id = v["id"].text();
  e.name = v["name"].text();
  e.bytes = static_cast<std::uint64_t>(v["bytes"].integer());
  e.type = v["type"].text();
  e.sample = v["sample"].text();
  e.version = v["version"].text();
  e.date = v["date"].text();
  e.operator_name = v["operator"].text();
  e.tool = v["tool"].text();
  e.device = v["device"].text();
  e.carried_by = v["carried_by"].text();
  e.carried_note = v["carried_note"].text();
  return e;
}

Answer answer_from(const Value& v) {
  Answer a;
  a.question = v["question"].text();
  a.value = v["value"].scalar_text();
  a.instance = v["instance"].text();
  a.by = v["by"].text();
  a.at = v["at"].text();
  a.note = v["note"].text();
  for (const Value& e : v["evidence"].items()) a.evidence.emplace_back(e.text());
  a.version = v["version"].text();
  a.seal();
  return a;
}

Disposal disposal_from(const Value& v) {
  return Disposal{std::string(v["observation"].text()), std::string(v["by"].text()), std::string(v["reason"].text()),
                  std::string(v["at"].text())};
}

Confirmation confirmation_from(const Value& v) {
  return Confirmation{std::string(v["scheme"].text()), std::string(v["edition"].text()), std::string(v["entry"].text()),
                      std::string(v["by"].text()),     std::string(v["source"].text()),  std::string(v["at"].text())};
}

}  // namespace assay
