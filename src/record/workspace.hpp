// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "model/evidence.hpp"
#include "model/observation.hpp"

namespace assay::record {

// One row of the hash-chained log: hash = SHA-256(previous hash, sequence number, time, actor, action, subject, detail).
struct LogRow {
  std::uint64_t number = 0;
  std::string at, actor, action, subject, detail, previous, hash;
};

// The store beside product.yaml: `.assay/assay.db` (SQLite) and `.assay/evidence/ab/cdef…` (content-addressed files).
// What a call reported as stored survives a kill at any moment: blobs are fsynced and renamed before their row is committed,
// and every change and its log row are one transaction. One writer at a time; a second waits.
class Workspace {
 public:
  static Result<Workspace> create(const std::string& directory);
  static Result<Workspace> open(const std::string& directory);  // verifies the log's head
  // To read only: nothing is brought up to date or tidied, every change fails.
  static Result<Workspace> open_to_read(const std::string& directory);
  static bool exists(const std::string& directory);
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;
  ~Workspace();

  // Stores the bytes under their SHA-256; the same bytes again are no second copy. Returns the id ("sha256:…").
  Result<std::string> put_blob(Bytes bytes);
  Result<MappedFile> blob(std::string_view evidence_id) const;

  // Evidence with the observations made of it, in one transaction. Of an evidence id that is there both are replaced and it is in use
  // again; that its bytes are stored is checked.
  Result<void> add(const Evidence& evidence, const std::vector<Observation>& observations, std::string_view actor);
  Result<void> remove(std::string_view evidence_id, std::string_view actor, std::string_view reason);
  // `by` takes the place of `old`: the old one stays stored and visible, but no verdict uses it.
  Result<void> supersede(std::string_view old_id, std::string_view by_id, std::string_view actor, std::string_view reason);
  Result<void> carry_over(std::string_view evidence_id, std::string_view version, std::string_view actor, std::string_view note);
  Result<void> answer(const Answer& answer);
  Result<void> dispose(const Disposal& disposal);
  Result<void> note(std::string_view actor, std::string_view action, std::string_view subject, std::string_view detail);

  Result<std::vector<Evidence>> evidence() const;         // in use (not removed or superseded)
  Result<std::vector<Evidence>> all_evidence() const;     // with superseded ones
  Result<std::vector<Observation>> observations() const;  // of evidence in use, disposed ones included
  Result<std::vector<Answer>> answers() const;            // in the order they were given
  Result<std::vector<Disposal>> disposals() const;
  Result<std::vector<LogRow>> log() const;

  // Everything wrong with blobs, rows and the chain; empty: all is as it was stored.
  struct Fault {
    std::string what;  // "evidence sha256:… differs from its name at …", "log row 7: hash does not follow from its content"
  };
  Result<std::vector<Fault>> verify() const;

  // Secrets found are stored redacted, with a digest keyed by this workspace-independent key so that the same secret is recognised.
  const std::string& directory() const;

 private:
  struct State;
  static Result<Workspace> checked(std::unique_ptr<State> state);
  explicit Workspace(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace assay::record
