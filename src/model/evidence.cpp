// SPDX-License-Identifier: Apache-2.0
#include "model/evidence.hpp"

#include "base/hash.hpp"
#include "base/json.hpp"

namespace assay {

Answer& Answer::seal() {
  id.clear();
  id = "a:" + sha256_hex(to_canonical_json(to_value(*this))).substr(0, 16);
  return *this;
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
