// SPDX-License-Identifier: Apache-2.0
#include "record/sqlite.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include <utility>

namespace assay::record {
namespace {

tl::unexpected<Error> trouble(sqlite3* database, int code, std::string_view path) {
  const char* words = database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
  switch (code & 0xFF) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return fail(Errc::malformed, std::string("not a workspace database, or damaged: ") + words, Where{.path = std::string(path)});
    case SQLITE_FULL: return fail(Errc::io, "the disk is full", Where{.path = std::string(path)});
    case SQLITE_BUSY: return fail(Errc::conflict, "another assay is writing to this workspace", Where{.path = std::string(path)});
    case SQLITE_CANTOPEN: return fail(Errc::not_found, "cannot open the workspace database", Where{.path = std::string(path)});
    case SQLITE_READONLY: return fail(Errc::denied, "the workspace is read-only", Where{.path = std::string(path)});
    default: return fail(Errc::io, words, Where{.path = std::string(path)});
  }
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* s) const {
  sqlite3_finalize(s);
}
void Database::Close::operator()(sqlite3* d) const {
  sqlite3_close_v2(d);
}

Statement& Statement::bind(std::string_view text) {
  sqlite3_bind_text64(statement_.get(), next_++, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(std::int64_t number) {
  sqlite3_bind_int64(statement_.get(), next_++, number);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return trouble(database_, code, path_);
}

Result<void> Statement::run() {
  TRY([[maybe_unused]] const bool row, step());
  sqlite3_reset(statement_.get());
  next_ = 1;
  return {};
}

std::string Statement::text(int column) const {
  const auto* p = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return p == nullptr ? std::string{} : std::string(p, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

Result<Database> Database::open_to_read(const std::string& path) {
  Database out;
  out.path_ = path;
  int code = SQLITE_OK;
  // A write-ahead log wants its index beside it, and a connection that may write takes it away again; where it cannot be made nobody writes
  // either, and the file is read as it is.
  for (const bool immutable : {false, true}) {
    std::string name = path;
    if (immutable) {
      struct stat info{};
      if (::stat((path + "-wal").c_str(), &info) == 0 && info.st_size > 0) break;
      name = "file:";
      for (const char c : path) {
        const bool plain =
            c == '/' || c == '.' || c == '-' || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        constexpr std::string_view digits = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(c);
        name += plain ? std::string(1, c) : std::string{'%', digits[byte >> 4U], digits[byte & 15U]};
      }
      name += "?immutable=1";
    }
    sqlite3* raw = nullptr;
    code = sqlite3_open_v2(name.c_str(), &raw,
                           (immutable ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_EXRESCODE, nullptr);
    out.database_.reset(raw);
    if (code != SQLITE_OK) continue;
    sqlite3_busy_timeout(raw, 15'000);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    code = sqlite3_exec(raw, "PRAGMA query_only = ON; SELECT count(*) FROM sqlite_master", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) break;
    if ((code & 0xFF) != SQLITE_CANTOPEN && (code & 0xFF) != SQLITE_READONLY) break;
  }
  if (code != SQLITE_OK) return trouble(out.database_.get(), code, path);
  TRY_VOID(out.check_owner());
  return out;
}

Result<Database> Database::open(const std::string& path, Mode mode) {
  if (mode == Mode::read) return open_to_read(path);
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE | (mode == Mode::create ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Database out;
  out.database_.reset(raw);
  out.path_ = path;
  if (code != SQLITE_OK) return trouble(raw, code, path);
  sqlite3_busy_timeout(raw, 15'000);
  // A stored database is input too: no functions or virtual tables run from its schema.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // Before anything is written: another program's database stays as it is.
  TRY_VOID(out.check_owner());
  TRY_VOID(out.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"));
  return out;
}

Result<Statement> Database::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return trouble(database_.get(), code, path_);
  return Statement(statement, database_.get(), path_);
}

Result<void> Database::execute(const char* sql) const {
  const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return trouble(database_.get(), code, path_);
  return {};
}

Result<void> Database::check_owner() const {
  TRY(auto owner, prepare("PRAGMA application_id"));
  TRY([[maybe_unused]] const bool row, owner.step());
  if (owner.integer(0) == kApplicationId) return {};
  // A killed `init` leaves a database without any content.
  TRY(auto content, prepare("SELECT count(*) FROM sqlite_master"));
  TRY([[maybe_unused]] const bool counted, content.step());
  if (owner.integer(0) == 0 && content.integer(0) == 0) return {};
  return fail(Errc::malformed, "not a workspace database: it belongs to another program", Where{.path = path_});
}

Result<std::string> Database::integrity() const {
  TRY(auto check, prepare("PRAGMA integrity_check(10)"));
  std::string out;
  while (true) {
    TRY(const bool row, check.step());
    if (!row) break;
    out += (out.empty() ? "" : "; ") + check.text(0);
  }
  return out;
}

Result<Transaction> Transaction::begin(const Database& database) {
  TRY_VOID(database.execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // Nothing to do about a failing rollback: the connection closes and SQLite rolls back on the next open.
  if (database_ != nullptr) static_cast<void>(database_->execute("ROLLBACK"));
}

Result<void> Transaction::commit() {
  TRY_VOID(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace assay::record
