// SPDX-License-Identifier: Apache-2.0
#include "cli/judged.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "office/difference.hpp"

namespace assay::cli {
namespace {

std::string clip(std::string_view text, std::size_t most) {
  return printable(text, most);
}

std::string mark(Confidence confidence) {
  switch (confidence) {
    case Confidence::confirmed: return "";
    case Confidence::secondary: return " [secondary source]";
    case Confidence::unverified: return " [unverified]";
  }
  return "";
}

void show_step(Terminal& t, const Step& step, const std::map<std::string, Observation>& observations,
               const std::map<std::string, Answer>& answers, const std::map<std::string, Evidence>& evidence) {
  std::string line = step.question + " → " + step.answer;
  if (step.basis != Basis::none) line += " (" + std::string(to_text(step.basis)) + ")";
  t.paragraph(line, 6);
  if (!step.because.empty()) t.paragraph(clip(step.because, 600), 8);
  for (const std::string& id : step.observations) {
    const auto o = observations.find(id);
    if (o == observations.end()) continue;
    t.paragraph("• " + office::in_words(o->second), 8);
    const auto e = evidence.find(o->second.evidence);
    t.paragraph(
        id + " by " + o->second.by + " in " +
            (e == evidence.end() ? o->second.evidence : printable(e->second.name, 80) + " (" + o->second.evidence.substr(0, 19) + "…)"),
        10);
  }
  for (const std::string& id : step.answers) {
    const auto a = answers.find(id);
    if (a == answers.end()) continue;
    std::string said = "• " + printable(a->second.by, 80) + " answered " + a->second.value;
    if (!a->second.at.empty()) said += " on " + a->second.at.substr(0, 10);
    if (!a->second.note.empty()) said += ": " + clip(a->second.note, 300);
    t.paragraph(said, 8);
  }
  for (const std::string& d : step.declared) t.paragraph("• declared: " + clip(d, 300), 8);
  for (const std::string& s : step.supports) t.paragraph("• points to it, does not settle it: " + clip(s, 300), 8);
  for (const std::string& r : step.reasons) t.paragraph("• not known: " + clip(r, 300), 8);
}

// In one line each: what the verdicts below owe to another variant.
void show_family(Terminal& t, const Assessment& a) {
  for (const Value& row : a.family.items()) {
    const std::string id(row["equivalence"].text());
    if (!row["counts"].boolean()) {
      t.paragraph("The equivalence " + clip(id, 80) + " counts for nothing: it " + clip(row["reason"].text(), 200) + ".");
      continue;
    }
    std::size_t resting = 0;
    for (const auto& s : a.schemes) {
      resting += static_cast<std::size_t>(std::ranges::count_if(s.requirements, [&](const RequirementVerdict& r) {
        return r.verdict != Verdict::inconclusive && std::ranges::find(r.borrowed, id, &BorrowedUse::equivalence) != r.borrowed.end();
      }));
    }
    t.paragraph("Borrowed from " + clip(row["from"].text(), 80) + " (" + clip(row["base"]["model"].text(), 60) + "), by equivalence " +
                clip(id, 80) + ", stated by " + clip(row["by"].text(), 60) + ": " + std::to_string(row["evidence"].items().size()) +
                " pieces of evidence, " + std::to_string(row["answers"].items().size()) + " answers; " + std::to_string(resting) +
                " verdicts rest on them.");
  }
}

void show_borrowed(Terminal& t, const std::vector<BorrowedUse>& borrowed, const std::map<std::string, Evidence>& evidence,
                   std::size_t indent) {
  for (const BorrowedUse& use : borrowed) {
    const auto e = evidence.find(use.evidence);
    const std::string what = use.evidence.empty()  ? "answer " + use.answer
                             : e == evidence.end() ? use.evidence
                                                   : printable(e->second.name, 80);
    t.paragraph("• borrowed: " + what + " from " + clip(use.from, 80) + " by equivalence " + clip(use.equivalence, 80) + ", stated by " +
                    clip(use.by, 60),
                indent);
  }
}

}  // namespace

Counts count(const SchemeVerdict& scheme) {
  Counts out;
  for (const auto& r : scheme.requirements) {
    switch (r.verdict) {
      case Verdict::pass: ++out.pass; break;
      case Verdict::fail: ++out.fail; break;
      case Verdict::inconclusive: ++out.inconclusive; break;
      case Verdict::not_applicable: ++out.not_applicable; break;
    }
  }
  return out;
}

void show_summary(Terminal& t, const Assessment& a) {
  t.line(t.bold(printable(a.product["name"].text(), 80) + " " + printable(a.product["model"].text(), 40)) + ", software " +
         printable(a.product["version"].text(), 40) + ", judged as of " + a.date + ", catalogue " + a.catalogue.substr(0, 12));
  if (!a.stale.empty()) {
    t.paragraph(
        std::to_string(a.stale.items().size()) +
        " pieces of evidence or answers belong to another version and are not used until somebody carries them over (`assay evidence`).");
  }
  show_family(t, a);
  for (const auto& s : a.schemes) {
    const Counts c = count(s);
    t.line();
    t.line(t.bold(s.title.empty() ? s.id : s.title) + "  " + t.dim(s.id + " " + s.edition) +
           (s.applies == "applies" ? "" : "  applies: " + s.applies));
    if (s.requirements.empty()) {
      t.paragraph("The catalogue holds no requirement of it, so nothing is judged: `assay catalogue list` names what is missing.", 2);
      continue;
    }
    t.line("  " + t.bar({{Verdict::pass, c.pass},
                         {Verdict::fail, c.fail},
                         {Verdict::inconclusive, c.inconclusive},
                         {Verdict::not_applicable, c.not_applicable}},
                        48));
    t.line("  " + std::to_string(c.pass) + " PASS   " + std::to_string(c.fail) + " FAIL   " + std::to_string(c.inconclusive) +
           " INCONCLUSIVE   " + std::to_string(c.not_applicable) + " NOT APPLICABLE   of " + std::to_string(c.total()) + " requirements");
    if (!s.claim.empty()) t.paragraph("What it means: " + printable(s.claim, 300), 2);
    for (const auto& r : s.requirements) {
      if (r.verdict == Verdict::fail)
        t.line("  " + t.verdict(r.verdict) + "  " + padded(r.id, 9) + clip(r.title, 90) +
               (r.status == "mandatory" ? "" : t.dim(" (" + r.status + ")")));
    }
  }
}

void show_scheme(Terminal& t, const SchemeVerdict& s) {
  for (const auto& r : s.requirements) {
    std::string line = "  " + padded(t.verdict(r.verdict), 17) + padded(r.id, 10) + clip(r.title, 70);
    if (r.status != "mandatory") line += t.dim("  " + r.status);
    if (!r.would_be.empty()) line += t.dim("  would be " + r.would_be);
    line += t.dim(mark(r.confidence));
    if (!r.owed.empty() && r.verdict == Verdict::inconclusive) line += t.dim("  owes " + std::to_string(r.owed.size()));
    t.line(line);
  }
}

void show_owed(Terminal& t, const std::vector<Owed>& owed, std::size_t most) {
  if (owed.empty()) return;
  t.line();
  t.line(t.bold("Still owed") + " (" + std::to_string(owed.size()) + "; most settled for least work first)");
  std::size_t n = 0;
  for (const Owed& o : owed) {
    if (n++ == most) {
      t.line("  … " + std::to_string(owed.size() - most) + " more; `assay status SCHEME` and the report list them all");
      break;
    }
    std::string head = o.kind + ": " + o.question;
    if (!o.instance.empty() && o.instance != "product") head += " --for '" + printable(o.instance, 60) + "'";
    t.line("  " + t.bold(head) +
           t.dim("  settles " + std::to_string(o.settles.size()) + (o.settles.size() == 1 ? " row" : " rows") +
                 (o.cost > 0 ? ", about " + std::to_string(o.cost) + " min" : "")));
    if (!o.ask.empty()) t.paragraph(clip(o.ask, 400), 4);
    if (!o.what.empty() && o.what != o.ask) t.paragraph("→ " + clip(o.what, 400), 4);
  }
}

void show_requirement(Terminal& t, const SchemeVerdict& scheme, const RequirementVerdict& r,
                      const std::map<std::string, Observation>& observations, const std::map<std::string, Answer>& answers,
                      const std::map<std::string, Evidence>& evidence) {
  t.line(t.bold(scheme.id + " " + r.id) + "  " + r.title);
  std::string line = "  " + t.verdict(r.verdict);
  if (r.basis != Basis::none) line += "  on " + std::string(to_text(r.basis)) + " basis";
  line += "  " + t.dim(r.status + (r.printed.empty() ? "" : ", printed " + r.printed) + mark(r.confidence));
  t.line(line);
  if (!r.would_be.empty())
    t.paragraph("would be " + r.would_be + " once its source is confirmed (`assay catalogue confirm " + scheme.id + "/" + r.id + "`)", 2);
  if (!r.route.empty()) t.paragraph("route: " + r.route, 2);
  if (!r.recognition.empty()) t.paragraph("granted by recognition " + r.recognition, 2);
  if (r.justified) t.paragraph("justified: " + clip(r.justification, 400), 2);
  show_borrowed(t, r.borrowed, evidence, 2);
  std::set<std::string> told;
  for (const auto& a : r.assessments) {
    t.line();
    t.line("  " + t.bold(a.id) + " " + a.kind + "  " + t.verdict(a.verdict));
    for (const auto& u : a.units) {
      t.line("    " + padded(u.id, 14) + " " + t.verdict(u.verdict) + "  " + clip(u.title, 90) + t.dim(mark(u.confidence)) +
             (u.would_be.empty() ? "" : t.dim("  would be " + u.would_be)));
      for (const auto& [variant, v] : u.variants) t.line("      variant " + variant + ": " + t.verdict(v));
      for (const std::string& i : u.inherits) t.line("      from " + i);
      for (const std::string& reason : u.reasons) t.paragraph("• " + clip(reason, 300), 6);
      for (const auto& i : u.instances) {
        if (u.instances.size() > 1 || i.id != "product")
          t.line("      " + t.dim("for ") + printable(i.id, 80) + "  " + t.verdict(i.verdict) + (i.declared ? "" : "  not declared"));
        const auto in_a_step = [&](const std::string& reason) {
          return std::ranges::any_of(i.path, [&](const Step& s) { return std::ranges::find(s.reasons, reason) != s.reasons.end(); });
        };
        for (const std::string& reason : i.reasons) {
          if (!in_a_step(reason)) t.paragraph("• " + clip(reason, 300), 8);
        }
        for (const Step& s : i.path) {
          // Trees of one requirement share their first questions: told once an instance.
          if (told.insert(s.question + "\n" + i.id + "\n" + s.answer).second) {
            show_step(t, s, observations, answers, evidence);
            show_borrowed(t, s.borrowed, evidence, 8);
          } else {
            t.line("      " + s.question + " → " + s.answer + t.dim("  as above"));
          }
        }
      }
    }
  }
  for (const Contradiction& c : r.contradictions) {
    t.line();
    t.line("  " + t.bold("Contradiction") + " on " + c.question +
           (c.instance.empty() || c.instance == "product" ? "" : " for " + printable(c.instance, 60)));
    t.paragraph(clip(c.says, 600), 4);
  }
  show_owed(t, r.owed, r.owed.size());
  if (!r.remedies.empty()) {
    t.line();
    t.line("  " + t.bold("How to fix"));
    for (const std::string& remedy : r.remedies) t.paragraph("• " + remedy, 4);
  }
}

Value changes(const Assessment& before, const Assessment& after) {
  std::map<std::string, Verdict> was;
  for (const auto& s : before.schemes) {
    for (const auto& r : s.requirements) was[s.id + "/" + r.id] = r.verdict;
  }
  Value out = Value::array();
  for (const auto& s : after.schemes) {
    for (const auto& r : s.requirements) {
      const auto old = was.find(s.id + "/" + r.id);
      if (old == was.end() || old->second == r.verdict) continue;
      Value row = Value::object();
      row.set("scheme", s.id);
      row.set("requirement", r.id);
      row.set("before", to_text(old->second));
      row.set("after", to_text(r.verdict));
      out.push(std::move(row));
    }
  }
  return out;
}

void show_changes(Terminal& t, const Assessment& before, const Assessment& after) {
  const Value rows = changes(before, after);
  const auto shown = [&](const Value& word) {
    Verdict v = Verdict::inconclusive;
    verdict_from(word.text(), v);
    return t.verdict(v);
  };
  for (const Value& row : rows.items()) {
    t.line("  " + padded(std::string(row["scheme"].text()) + " " + std::string(row["requirement"].text()), 28) + shown(row["before"]) +
           " → " + shown(row["after"]));
  }
  if (rows.empty()) t.line("  no verdict changes");
}

ExitStatus status_of(const Assessment& a, bool allow_inconclusive) {
  bool open = a.schemes.empty();
  for (const auto& s : a.schemes) {
    if (s.requirements.empty()) open = true;
    for (const auto& r : s.requirements) {
      if (r.verdict == Verdict::fail) return ExitStatus::failed;
      open = open || r.verdict == Verdict::inconclusive || (r.verdict == Verdict::not_applicable && !r.justified);
    }
  }
  return open && !allow_inconclusive ? ExitStatus::inconclusive : ExitStatus::ok;
}

}  // namespace assay::cli
