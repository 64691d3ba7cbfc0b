// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace assay::record {

// A prepared statement: bind in order, then step through rows. Errors carry SQLite's words and the database's path.
class Statement {
 public:
  Statement& bind(std::string_view text);
  Statement& bind(std::int64_t number);
  Result<bool> step();  // true: a row is there
  Result<void> run();   // for statements without rows
  std::string text(int column) const;
  std::int64_t integer(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* s) const;
  };
  Statement(sqlite3_stmt* statement, sqlite3* database, std::string_view path) : statement_(statement), database_(database), path_(path) {}
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  sqlite3* database_;
  std::string path_;
  int next_ = 1;
};

// Marks our databases in their header ("Assy"), as SQLite's file format provides.
inline constexpr std::int64_t kApplicationId = 0x41737379;

// One connection. WAL, synchronous FULL: what a commit reported survives a kill and a power cut.
class Database {
 public:
  // `read`: nothing is written, not even where the database lies on a medium that cannot be.
  enum class Mode { open, create, read };
  static Result<Database> open(const std::string& path, Mode mode);

  Result<Statement> prepare(std::string_view sql) const;
  Result<void> execute(const char* sql) const;  // one or more statements without results
  Result<std::string> integrity() const;        // "ok", or what SQLite finds wrong

 private:
  static Result<Database> open_to_read(const std::string& path);
  Result<void> check_owner() const;
  struct Close {
    void operator()(sqlite3* d) const;
  };
  std::unique_ptr<sqlite3, Close> database_;
  std::string path_;
};

// Rolls back unless commit() was reached. BEGIN IMMEDIATE: two writers queue instead of failing half-way.
class Transaction {
 public:
  static Result<Transaction> begin(const Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(const Database& database) : database_(&database) {}
  const Database* database_;
};

}  // namespace assay::record
