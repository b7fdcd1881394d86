#pragma once
// As much of SQLite as the response log needs; the only files that know it. One thread at a time.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace pce {

class Statement {
 public:
  Statement(sqlite3* database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Parameters count from 1. Texts and blobs must live until the next step().
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, std::string_view text);
  Statement& bind_blob(int parameter, std::string_view bytes);

  bool step();  // whether there is a row
  void reset();
  // Columns count from 0. Views live until the next step().
  std::int64_t number(int column) const;
  std::string_view text(int column) const;
  std::string_view blob(int column) const;

 private:
  void check(int code) const;
  sqlite3* const database_;
  sqlite3_stmt* statement_ = nullptr;
};

// What SQLite has to say, for Database's users to catch and make a Result of.
struct SqliteFailure {
  int code;  // an extended result code
  std::string message;

  bool is_damage() const;  // the file is none, or not as SQLite left it
  bool is_busy() const;    // somebody else has it
};

class Database {
 public:
  // Opens or creates the file; throws SqliteFailure, as everything here does.
  explicit Database(const std::filesystem::path& file);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const char* sql);             // one or more statements without rows
  std::int64_t number(const char* sql);  // the first column of the only row
  std::string text(const char* sql);
  sqlite3* handle() const { return database_; }

 private:
  sqlite3* database_ = nullptr;
};

// Until commit(), whose absence undoes it.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace pce
