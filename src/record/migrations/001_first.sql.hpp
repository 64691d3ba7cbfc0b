// SPDX-License-Identifier: Apache-2.0
// Migration 1. Never edited once released: a change is a new file with the next number.
#pragma once

namespace assay::record {

inline constexpr const char* kMigration001 = R"sql(
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE evidence (
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL,                 -- canonical JSON of the evidence record
  state TEXT NOT NULL CHECK (state IN ('in-use', 'superseded')),
  superseded_by TEXT
) STRICT;
CREATE TABLE observation (
  evidence TEXT NOT NULL REFERENCES evidence (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (evidence, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE answer (number INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE disposal (number INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE log (
  number INTEGER PRIMARY KEY,
  at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL,
  previous TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER log_no_update BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_no_delete BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER answer_no_update BEFORE UPDATE ON answer BEGIN SELECT RAISE(ABORT, 'answers are append-only'); END;
CREATE TRIGGER answer_no_delete BEFORE DELETE ON answer BEGIN SELECT RAISE(ABORT, 'answers are append-only'); END;
CREATE TRIGGER disposal_no_update BEFORE UPDATE ON disposal BEGIN SELECT RAISE(ABORT, 'disposals are append-only'); END;
CREATE TRIGGER disposal_no_delete BEFORE DELETE ON disposal BEGIN SELECT RAISE(ABORT, 'disposals are append-only'); END;
)sql";

}  // namespace assay::record
