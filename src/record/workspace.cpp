// SPDX-License-Identifier: Apache-2.0
// Every change is one transaction that also appends a log row. The row's detail holds what is needed to check the change later:
// the evidence record with a digest over its observations, or the whole answer or disposal. verify() replays the log against the tables,
// so a changed row anywhere is found, not only a changed log.
#include "record/workspace.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <map>
#include <set>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "record/blobs.hpp"
#include "record/migrations/001_first.sql.hpp"
#include "record/sqlite.hpp"
#include "record/verify.hpp"

namespace assay::record {
namespace {

constexpr std::array<const char*, 1> kMigrations = {kMigration001};

std::map<std::string, std::string> bodies_of(const std::vector<Observation>& observations) {
  std::map<std::string, std::string> out;
  for (const Observation& o : observations) out.emplace(o.id, to_canonical_json(to_value(o)));
  return out;
}

}  // namespace

struct Workspace::State {
  std::string directory;
  Database database;
  Blobs blobs;

  Result<std::int64_t> number(std::string_view sql) const {
    TRY(auto s, database.prepare(sql));
    TRY(const bool row, s.step());
    return row ? s.integer(0) : 0;
  }

  Result<void> append(std::string_view actor, std::string_view action, std::string_view subject, const Value& detail) const {
    LogRow row;
    TRY(auto last, database.prepare("SELECT number, hash FROM log ORDER BY number DESC LIMIT 1"));
    TRY(const bool there, last.step());
    row.number = there ? static_cast<std::uint64_t>(last.integer(0)) + 1 : 1;
    row.previous = there ? last.text(1) : std::string(64, '0');
    row.at = to_text(now());
    row.actor = actor;
    row.action = action;
    row.subject = subject;
    row.detail = to_canonical_json(detail);
    row.hash = row_hash(row);
    TRY(auto insert, database.prepare("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
    insert.bind(static_cast<std::int64_t>(row.number))
        .bind(row.at)
        .bind(row.actor)
        .bind(row.action)
        .bind(row.subject)
        .bind(row.detail)
        .bind(row.previous)
        .bind(row.hash);
    TRY_VOID(insert.run());
    TRY(auto head, database.prepare("INSERT INTO meta VALUES ('head', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"));
    head.bind(std::to_string(row.number) + ":" + row.hash);
    return head.run();
  }

  Result<Value> evidence_body(std::string_view id) const {
    TRY(auto s, database.prepare("SELECT body FROM evidence WHERE id = ?"));
    s.bind(id);
    TRY(const bool there, s.step());
    if (!there) return fail(Errc::not_found, "no evidence " + std::string(id) + " in this workspace");
    return parse_json(s.text(0), "evidence record");
  }

  Result<std::vector<Evidence>> evidence(std::string_view where) const {
    TRY(auto s, database.prepare("SELECT body FROM evidence " + std::string(where) + " ORDER BY id"));
    std::vector<Evidence> out;
    while (true) {
      TRY(const bool row, s.step());
      if (!row) return out;
      TRY(const Value body, parse_json(s.text(0), "evidence record"));
      out.push_back(evidence_from(body));
    }
  }

  template <class T>
  Result<std::vector<T>> bodies(std::string_view table, T (*from)(const Value&)) const {
    TRY(auto s, database.prepare("SELECT body FROM " + std::string(table) + " ORDER BY number"));
    std::vector<T> out;
    while (true) {
      TRY(const bool row, s.step());
      if (!row) return out;
      TRY(const Value body, parse_json(s.text(0), std::string(table) + " record"));
      out.push_back(from(body));
    }
  }

  Result<void> put_evidence(const Evidence& e) const {
    TRY(auto s, database.prepare("INSERT INTO evidence VALUES (?, ?, 'in-use', NULL) ON CONFLICT (id) DO UPDATE SET body = excluded.body, "
                                 "state = 'in-use', superseded_by = NULL"));
    s.bind(e.id).bind(to_canonical_json(to_value(e)));
    return s.run();
  }

  Result<void> migrate() const {
    TRY(const std::int64_t version, number("PRAGMA user_version"));
    const auto known = static_cast<std::int64_t>(kMigrations.size());
    if (version > known)
      return fail(Errc::unsupported,
                  "made by a newer assay (format " + std::to_string(version) + ", this one reads up to " + std::to_string(known) + ")",
                  Where{.path = directory});
    for (std::int64_t next = version + 1; next <= known; ++next) {
      TRY(auto transaction, Transaction::begin(database));
      // Another process may have migrated while this one waited.
      TRY(const std::int64_t now_at, number("PRAGMA user_version"));
      if (now_at >= next) continue;
      TRY_VOID(database.execute(kMigrations.at(static_cast<std::size_t>(next - 1))));
      TRY_VOID(database.execute(
          ("PRAGMA application_id = " + std::to_string(kApplicationId) + "; PRAGMA user_version = " + std::to_string(next)).c_str()));
      TRY_VOID(transaction.commit());
    }
    return {};
  }
};

Workspace::Workspace(std::unique_ptr<State> state) : state_(std::move(state)) {}
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;
Workspace::~Workspace() = default;

bool Workspace::exists(const std::string& directory) {
  struct stat info{};
  return ::stat((directory + "/.assay/assay.db").c_str(), &info) == 0;
}

Result<Workspace> Workspace::create(const std::string& directory) {
  if (exists(directory)) return fail(Errc::conflict, "there is a workspace already", Where{.path = directory + "/.assay"});
  for (const std::string& folder : {directory + "/.assay", directory + "/.assay/evidence"}) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
      return fail(Errc::io, "cannot make a folder: " + errno_text(errno), Where{.path = folder});
  }
  const std::string path = directory + "/.assay/assay.db";
  TRY(Database database, Database::open(path, Database::Mode::create));
  auto state = std::make_unique<State>(State{directory, std::move(database), Blobs(directory + "/.assay/evidence")});
  TRY_VOID(state->migrate());
  TRY_VOID(sync_directory(directory + "/.assay"));
  return Workspace(std::move(state));
}

Result<Workspace> Workspace::open(const std::string& directory) {
  const std::string path = directory + "/.assay/assay.db";
  if (!exists(directory)) return fail(Errc::not_found, "no workspace here; `assay init` makes one", Where{.path = directory});
  TRY(Database database, Database::open(path, Database::Mode::open));
  auto state = std::make_unique<State>(State{directory, std::move(database), Blobs(directory + "/.assay/evidence")});
  TRY_VOID(state->migrate());
  state->blobs.sweep();
  return checked(std::move(state));
}

Result<Workspace> Workspace::open_to_read(const std::string& directory) {
  const std::string path = directory + "/.assay/assay.db";
  if (!exists(directory)) return fail(Errc::not_found, "no workspace there", Where{.path = directory});
  TRY(Database database, Database::open(path, Database::Mode::read));
  auto state = std::make_unique<State>(State{directory, std::move(database), Blobs(directory + "/.assay/evidence")});
  TRY(const std::int64_t version, state->number("PRAGMA user_version"));
  if (version != static_cast<std::int64_t>(kMigrations.size()))
    return fail(Errc::unsupported, "the workspace is of another format; open it once with this assay", Where{.path = directory});
  return checked(std::move(state));
}

Result<Workspace> Workspace::checked(std::unique_ptr<State> state) {
  TRY(auto head, state->database.prepare("SELECT number || ':' || hash FROM log ORDER BY number DESC LIMIT 1"));
  TRY(const bool there, head.step());
  if (there) {
    TRY(auto noted, state->database.prepare("SELECT value FROM meta WHERE key = 'head'"));
    TRY(const bool is_noted, noted.step());
    if (!is_noted || noted.text(0) != head.text(0))
      return fail(Errc::conflict, "the log does not end where it was left; `assay verify` tells more",
                  Where{.path = state->directory + "/.assay/assay.db"});
  }
  return Workspace(std::move(state));
}

const std::string& Workspace::directory() const {
  return state_->directory;
}
Result<std::string> Workspace::put_blob(Bytes bytes) {
  return state_->blobs.put(bytes);
}
Result<MappedFile> Workspace::blob(std::string_view id) const {
  return state_->blobs.get(id);
}

Result<void> Workspace::add(const Evidence& evidence, const std::vector<Observation>& observations, std::string_view actor) {
  TRY(auto transaction, Transaction::begin(state_->database));
  // Another process may have removed the same bytes since they were put.
  TRY_VOID(state_->blobs.get(evidence.id));
  TRY_VOID(state_->put_evidence(evidence));
  TRY(auto clear, state_->database.prepare("DELETE FROM observation WHERE evidence = ?"));
  clear.bind(evidence.id);
  TRY_VOID(clear.run());
  const auto bodies = bodies_of(observations);
  TRY(auto insert, state_->database.prepare("INSERT INTO observation VALUES (?, ?, ?)"));
  for (const auto& [id, body] : bodies) {
    insert.bind(evidence.id).bind(id).bind(body);
    TRY_VOID(insert.run());
  }
  Value detail = Value::object();
  detail.set("evidence", to_value(evidence));
  detail.set("observations", static_cast<std::int64_t>(bodies.size()));
  detail.set("digest", digest_of(bodies));
  TRY_VOID(state_->append(actor, "add", evidence.id, detail));
  return transaction.commit();
}

Result<void> Workspace::remove(std::string_view id, std::string_view actor, std::string_view reason) {
  TRY(auto transaction, Transaction::begin(state_->database));
  TRY([[maybe_unused]] const Value body, state_->evidence_body(id));
  TRY(auto s, state_->database.prepare("DELETE FROM evidence WHERE id = ?"));
  s.bind(id);
  TRY_VOID(s.run());
  Value detail = Value::object();
  detail.set("reason", reason);
  TRY_VOID(state_->append(actor, "remove", id, detail));
  TRY_VOID(transaction.commit());
  // After the commit: a kill in between leaves an unreferenced file, never a record without its file. Under the write lock again,
  // because another process may have added the same bytes meanwhile.
  TRY(auto erasing, Transaction::begin(state_->database));
  TRY(auto again, state_->database.prepare("SELECT 1 FROM evidence WHERE id = ?"));
  again.bind(id);
  TRY(const bool wanted, again.step());
  return wanted ? Result<void>{} : state_->blobs.erase(id);
}

Result<void> Workspace::supersede(std::string_view old_id, std::string_view by_id, std::string_view actor, std::string_view reason) {
  if (old_id == by_id) return fail(Errc::conflict, "evidence cannot supersede itself");
  TRY(auto transaction, Transaction::begin(state_->database));
  TRY([[maybe_unused]] const Value old_body, state_->evidence_body(old_id));
  TRY([[maybe_unused]] const Value new_body, state_->evidence_body(by_id));
  TRY(auto s, state_->database.prepare("UPDATE evidence SET state = 'superseded', superseded_by = ? WHERE id = ?"));
  s.bind(by_id).bind(old_id);
  TRY_VOID(s.run());
  Value detail = Value::object();
  detail.set("by", by_id);
  detail.set("reason", reason);
  TRY_VOID(state_->append(actor, "supersede", old_id, detail));
  return transaction.commit();
}

Result<void> Workspace::carry_over(std::string_view id, std::string_view version, std::string_view actor, std::string_view note_text) {
  TRY(auto transaction, Transaction::begin(state_->database));
  TRY(const Value body, state_->evidence_body(id));
  Evidence e = evidence_from(body);
  e.version = version;
  e.carried_by = actor;
  e.carried_note = note_text;
  TRY(auto s, state_->database.prepare("UPDATE evidence SET body = ? WHERE id = ?"));
  s.bind(to_canonical_json(to_value(e))).bind(id);
  TRY_VOID(s.run());
  Value detail = Value::object();
  detail.set("evidence", to_value(e));
  TRY_VOID(state_->append(actor, "carry-over", id, detail));
  return transaction.commit();
}

Result<void> Workspace::answer(const Answer& a) {
  TRY(auto transaction, Transaction::begin(state_->database));
  TRY(auto s, state_->database.prepare("INSERT INTO answer (body) VALUES (?)"));
  s.bind(to_canonical_json(to_value(a)));
  TRY_VOID(s.run());
  TRY_VOID(state_->append(a.by, "answer", a.question, to_value(a)));
  return transaction.commit();
}

Result<void> Workspace::dispose(const Disposal& d) {
  TRY(auto transaction, Transaction::begin(state_->database));
  TRY(auto known, state_->database.prepare("SELECT count(*) FROM observation WHERE id = ?"));
  known.bind(d.observation);
  TRY([[maybe_unused]] const bool row, known.step());
  if (known.integer(0) == 0) return fail(Errc::not_found, "no observation " + d.observation + " in this workspace");
  TRY(auto s, state_->database.prepare("INSERT INTO disposal (body) VALUES (?)"));
  s.bind(to_canonical_json(to_value(d)));
  TRY_VOID(s.run());
  TRY_VOID(state_->append(d.by, "dispose", d.observation, to_value(d)));
  return transaction.commit();
}

Result<void> Workspace::note(std::string_view actor, std::string_view action, std::string_view subject, std::string_view detail_text) {
  TRY(auto transaction, Transaction::begin(state_->database));
  Value detail = Value::object();
  detail.set("note", detail_text);
  TRY_VOID(state_->append(actor, action, subject, detail));
  return transaction.commit();
}

Result<std::vector<Evidence>> Workspace::evidence() const {
  return state_->evidence("WHERE state = 'in-use'");
}
Result<std::vector<Evidence>> Workspace::all_evidence() const {
  return state_->evidence("");
}

Result<std::vector<Observation>> Workspace::observations() const {
  TRY(auto s,
      state_->database.prepare(
          "SELECT o.body FROM observation o JOIN evidence e ON e.id = o.evidence WHERE e.state = 'in-use' ORDER BY o.evidence, o.id"));
  std::vector<Observation> out;
  while (true) {
    TRY(const bool row, s.step());
    if (!row) break;
    TRY(const Value body, parse_json(s.text(0), "observation record"));
    TRY(Observation o, observation_from(body));
    out.push_back(std::move(o));
  }
  sort_unique(out);
  return out;
}

Result<std::vector<Answer>> Workspace::answers() const {
  return state_->bodies<Answer>("answer", answer_from);
}
Result<std::vector<Disposal>> Workspace::disposals() const {
  return state_->bodies<Disposal>("disposal", disposal_from);
}

Result<std::vector<LogRow>> Workspace::log() const {
  TRY(auto s, state_->database.prepare("SELECT number, at, actor, action, subject, detail, previous, hash FROM log ORDER BY number"));
  std::vector<LogRow> out;
  while (true) {
    TRY(const bool row, s.step());
    if (!row) return out;
    out.push_back(
        LogRow{static_cast<std::uint64_t>(s.integer(0)), s.text(1), s.text(2), s.text(3), s.text(4), s.text(5), s.text(6), s.text(7)});
  }
}

Result<std::vector<Workspace::Fault>> Workspace::verify() const {
  Stored stored;
  TRY(stored.integrity, state_->database.integrity());
  TRY(auto head, state_->database.prepare("SELECT value FROM meta WHERE key = 'head'"));
  TRY(const bool noted, head.step());
  if (noted) stored.head = head.text(0);
  TRY(stored.log, log());
  TRY(auto evidence, state_->database.prepare("SELECT id, body, state, coalesce(superseded_by, '') FROM evidence"));
  while (true) {
    TRY(const bool row, evidence.step());
    if (!row) break;
    stored.evidence[evidence.text(0)] = {evidence.text(1), evidence.text(2), evidence.text(3), {}};
  }
  TRY(auto observations, state_->database.prepare("SELECT evidence, id, body FROM observation"));
  while (true) {
    TRY(const bool row, observations.step());
    if (!row) break;
    stored.evidence[observations.text(0)].observations.emplace(observations.text(1), observations.text(2));
  }
  for (auto* list : {&stored.answers, &stored.disposals}) {
    TRY(auto s, state_->database.prepare(list == &stored.answers ? "SELECT body FROM answer ORDER BY number"
                                                                 : "SELECT body FROM disposal ORDER BY number"));
    while (true) {
      TRY(const bool row, s.step());
      if (!row) break;
      list->push_back(s.text(0));
    }
  }
  return record::verify(stored, state_->blobs);
}

}  // namespace assay::record
