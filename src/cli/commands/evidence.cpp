// SPDX-License-Identifier: Apache-2.0
// add, remove, supersede, carry, dispose, answer and the lists of what is stored: the commands that change the workspace.
#include "model/evidence.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "cli/judged.hpp"
#include "office/difference.hpp"

namespace assay::cli {
namespace {

Result<office::Transcribed> transcribed(std::string_view kind, const std::vector<std::string>& pairs, const std::string& by) {
  office::Transcribed out;
  out.kind = kind;
  out.by = by.empty() ? office::user_name() : by;
  for (const std::string& pair : pairs) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) return fail(Errc::malformed, "found " + printable(pair, 80) + ", expected FIELD=VALUE");
    const std::string name = pair.substr(0, equals);
    const std::string text = pair.substr(equals + 1);
    if (text == "true" || text == "false") {
      out.fields.set(name, text == "true");
    } else if (name == "contains") {
      Value list = Value::array();
      for (const std::string_view part : split(text, '+')) list.push(part);
      out.fields.set(name, std::move(list));
    } else {
      out.fields.set(name, text);
    }
  }
  return out;
}

// What leaving the evidence out does to verdicts; shown before it is done.
Result<Value> preview(const Common& common, const office::Desk& desk, const Evidence& evidence) {
  TRY(const office::Question question, question_of(common, {}));
  TRY(const Assessment before, desk.judge(question));
  TRY(const Assessment after, desk.judge_without(question, evidence.id));
  if (!common.json) {
    common.terminal->line("Without " + printable(evidence.name, 80) + ":");
    show_changes(*common.terminal, before, after);
  }
  return changes(before, after);
}

int report_change(const Common& common, const Evidence& evidence, Value changed, bool done, std::string_view said) {
  if (!common.json) {
    common.terminal->line(said);
    return 0;
  }
  Value out = Value::object();
  out.set("evidence", evidence.id);
  out.set("done", done);
  out.set("changes", std::move(changed));
  print_json(common, out);
  return 0;
}

}  // namespace

int run_add(const Common& common, const AddOptions& options) {
  Terminal& t = *common.terminal;
  office::Desk desk;
  if (const auto errors = office::Desk::open(common.directory, common.catalogue, desk); !errors.empty()) return complain(common, errors);
  std::shared_ptr<const firmware::Knowledge> knowledge;
  if (const auto errors = office::load_knowledge(common.catalogue, knowledge); !errors.empty()) return complain(common, errors);
  const auto how = firmware_options(common);
  if (!how) return complain(common, how.error());
  std::vector<office::Transcribed> stated;
  for (const auto& [kind, pairs] :
       {std::pair{"certificate-of", options.certificate}, std::pair{"document", options.document}, std::pair{"trial", options.trial}}) {
    if (pairs.empty()) continue;
    auto one = transcribed(kind, pairs, options.by);
    if (!one) return complain(common, one.error());
    stated.push_back(*std::move(one));
  }
  std::vector<office::Examination> done;
  int status = 0;
  for (const std::string& file : options.files) {
    auto examined = office::examine_path(file, stated.empty() ? options.type : "document", *knowledge, *how, t.progress());
    if (!examined) {
      status = complain(common, examined.error(), ExitStatus::not_examined);
      continue;
    }
    const auto added = desk.add(file, *examined, options.binding.to_binding(), stated);
    if (!added) {
      status = complain(common, added.error(), ExitStatus::not_examined);
      continue;
    }
    if (!common.json) {
      t.line("Added " + printable(added->name, 80) + " as " + added->type + ", " + std::to_string(examined->observations.size()) +
             " observations, for software " + printable(added->version, 40));
      t.line("  " + t.dim(added->id));
      if (!examined->note.empty()) t.paragraph(examined->note, 2);
      if (added->type == "capture" && added->device.empty()) t.warning("a capture without --device MAC|ADDRESS supports no verdict");
      if (added->version != desk.product().version())
        t.warning("the product is at version " + printable(desk.product().version(), 40) +
                  ": this evidence is stale until it is carried over");
    }
    done.push_back(*std::move(examined));
  }
  if (common.json) print_json(common, office::to_value(done));
  return status;
}

int run_answer(const Common& common, const AnswerOptions& options) {
  office::Desk desk;
  if (const auto errors = office::Desk::open(common.directory, common.catalogue, desk); !errors.empty()) return complain(common, errors);
  Answer a;
  a.question = options.question;
  a.value = options.value;
  a.instance = options.instance;
  a.by = options.by;
  a.note = options.note;
  a.evidence = options.evidence;
  const auto stored = desk.answer(a);
  if (!stored) return complain(common, stored.error());
  if (common.json) {
    print_json(common, assay::to_value(*stored));
  } else {
    common.terminal->line("Recorded: " + stored->question + " = " + stored->value + ", by " + printable(stored->by, 80));
  }
  return 0;
}

int run_dispose(const Common& common, const DisposeOptions& options) {
  office::Desk desk;
  if (const auto errors = office::Desk::open(common.directory, common.catalogue, desk); !errors.empty()) return complain(common, errors);
  const auto found = desk.find_observation(options.observation);
  if (!found) return complain(common, found.error());
  const Disposal disposal{found->id, options.by, options.reason, to_text(now())};
  if (const auto done = desk.workspace().dispose(disposal); !done) return complain(common, done.error());
  if (common.json) {
    print_json(common, assay::to_value(disposal));
  } else {
    common.terminal->line("Withdrawn, and still shown as such: " + office::in_words(*found));
  }
  return 0;
}

int run_remove(const Common& common, const RemoveOptions& options) {
  office::Desk desk;
  if (const auto errors = office::Desk::open(common.directory, common.catalogue, desk); !errors.empty()) return complain(common, errors);
  const auto found = desk.find_evidence(options.evidence);
  if (!found) return complain(common, found.error());
  auto shown = preview(common, desk, *found);
  if (!shown) return complain(common, shown.error());
  if (!options.yes) return report_change(common, *found, *std::move(shown), false, "Nothing removed yet: say it again with --yes.");
  if (const auto done = desk.workspace().remove(found->id, options.by, options.reason); !done) return complain(common, done.error());
  return report_change(common, *found, *std::move(shown), true,
                       "Removed " + printable(found->name, 80) + " and its observations. The log keeps that it was there.");
}

int run_supersede(const Common& common, const RemoveOptions& options) {
  office::Desk desk;
  if (const auto errors = office::Desk::open(common.directory, common.catalogue, desk); !errors.empty()) return complain(common, errors);
  const auto old_one = desk.find_evidence(options.evidence);
  if (!old_one) return complain(common, old_one.error());
  const auto new_one = desk.find_evidence(options.replacement);
  if (!new_one) return complain(common, new_one.error());
  auto shown = preview(common, desk, *old_one);
  if (!shown) return complain(common, shown.error());
  if (!options.yes) return report_change(common, *old_one, *std::move(shown), false, "Nothing changed yet: say it again with --yes.");
  if (const auto done = desk.workspace().supersede(old_one->id, new_one->id, options.by, options.reason); !done)
    return complain(common, done.error());
  return report_change(common, *old_one, *std::move(shown), true,
                       printable(new_one->name, 80) + " takes the place of " + printable(old_one->name, 80) +
                           ", which stays stored but supports no verdict.");
}

int run_carry(const Common& common, const RemoveOptions& options) {
  office::Desk desk;
  if (const auto errors = office::Desk::open(common.directory, common.catalogue, desk); !errors.empty()) return complain(common, errors);
  const auto found = desk.find_evidence(options.evidence);
  if (!found) return complain(common, found.error());
  const std::string version = options.version.empty() ? std::string(desk.product().version()) : options.version;
  if (const auto done = desk.workspace().carry_over(found->id, version, options.by, options.reason); !done)
    return complain(common, done.error());
  return report_change(common, *found, Value::array(), true,
                       printable(found->name, 80) + " now counts for software " + printable(version, 40) + ", on the word of " +
                           printable(options.by, 80) + ".");
}

int run_evidence(const Common& common) {
  office::Desk desk;
  if (const auto errors = office::Desk::open(common.directory, common.catalogue, desk); !errors.empty()) return complain(common, errors);
  const auto all = desk.workspace().all_evidence();
  const auto used = desk.workspace().evidence();
  const auto answers = desk.workspace().answers();
  if (!all) return complain(common, all.error());
  if (!used) return complain(common, used.error());
  if (!answers) return complain(common, answers.error());
  const auto in_use = [&](const Evidence& e) { return std::ranges::any_of(*used, [&](const Evidence& u) { return u.id == e.id; }); };
  if (common.json) {
    Value out = Value::object();
    Value list = Value::array();
    for (const Evidence& e : *all) {
      Value v = assay::to_value(e);
      v.set("in_use", in_use(e));
      list.push(std::move(v));
    }
    out.set("evidence", std::move(list));
    Value given = Value::array();
    for (const Answer& a : *answers) given.push(assay::to_value(a));
    out.set("answers", std::move(given));
    print_json(common, out);
    return 0;
  }
  Terminal& t = *common.terminal;
  for (const Evidence& e : *all) {
    t.line(t.bold(printable(e.name, 80)) + "  " + e.type + "  " + bytes_text(e.bytes) + (in_use(e) ? "" : "  superseded"));
    t.line("  " + e.id);
    t.line("  software " + printable(e.version, 40) + (e.version == desk.product().version() ? "" : " (stale)") + ", sample " +
           printable(e.sample, 60) + ", " + e.date.substr(0, 10) + ", " + printable(e.operator_name, 60));
    if (!e.carried_by.empty()) t.line("  carried over by " + printable(e.carried_by, 60) + ": " + printable(e.carried_note, 200));
  }
  for (const Answer& a : *answers)
    t.line(a.question + " = " + a.value + (a.instance.empty() ? "" : " for " + printable(a.instance, 60)) + "  " +
           t.dim("by " + printable(a.by, 60) + " " + a.at.substr(0, 10)));
  if (all->empty() && answers->empty()) t.line("Nothing yet. `assay add FILE` takes evidence in.");
  return 0;
}

int run_log(const Common& common) {
  const auto workspace = record::Workspace::open(common.directory);
  if (!workspace) return complain(common, workspace.error());
  const auto log = workspace->log();
  if (!log) return complain(common, log.error());
  Value out = Value::array();
  for (const auto& row : *log) {
    if (!common.json) {
      common.terminal->line(padded(std::to_string(row.number), 5) + row.at + "  " + padded(row.action, 11) + printable(row.subject, 80) +
                            "  " + common.terminal->dim("by " + printable(row.actor, 60)));
      continue;
    }
    Value v = Value::object();
    v.set("number", row.number);
    v.set("at", row.at);
    v.set("actor", row.actor);
    v.set("action", row.action);
    v.set("subject", row.subject);
    v.set("detail", row.detail);
    v.set("previous", row.previous);
    v.set("hash", row.hash);
    out.push(std::move(v));
  }
  if (common.json) print_json(common, out);
  return 0;
}

int run_verify(const Common& common) {
  auto workspace = record::Workspace::open(common.directory);
  // A log cut at its end is what verify is for: say that, with the status of a failed check.
  if (!workspace)
    return complain(common, workspace.error(), workspace.error().code == Errc::not_found ? ExitStatus::usage : ExitStatus::failed);
  const auto faults = workspace->verify();
  if (!faults) return complain(common, faults.error(), ExitStatus::failed);
  if (common.json) {
    Value list = Value::array();
    for (const auto& f : *faults) list.push(f.what);
    Value out = Value::object();
    out.set("ok", faults->empty());
    out.set("faults", std::move(list));
    print_json(common, out);
  } else if (faults->empty()) {
    common.terminal->line("All evidence, observations, answers and the log are as they were stored.");
  }
  for (const auto& f : *faults) common.terminal->error(printable(f.what, 500));
  return faults->empty() ? 0 : static_cast<int>(ExitStatus::failed);
}

}  // namespace assay::cli
