#include "exporter/store/sqlite.h"

#include <memory>
#include <system_error>
#include <utility>

#include <sqlite3.h>

namespace pce {
namespace {

[[noreturn]] void fail(sqlite3* database, int code) {
  if (database == nullptr) throw SqliteFailure{code, sqlite3_errstr(code)};
  std::string message = sqlite3_errmsg(database);
  const int system_error = sqlite3_system_errno(database);
  const int kind = code & 0xFF;
  if (system_error != 0 && (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN))
    message.append(": ").append(std::system_category().message(system_error));
  throw SqliteFailure{sqlite3_extended_errcode(database), std::move(message)};
}

}  // namespace

bool SqliteFailure::is_damage() const {
  // A statement that cannot be prepared finds another schema than ours.
  const int kind = code & 0xFF;
  return kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB || kind == SQLITE_ERROR ||
         kind == SQLITE_MISMATCH || kind == SQLITE_CONSTRAINT || code == SQLITE_IOERR_SHORT_READ;
}

bool SqliteFailure::is_busy() const {
  return (code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED;
}

Statement::Statement(sqlite3* database, const char* sql) : database_(database) {
  check(sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr));
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::bind(int parameter, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, parameter, value));
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  check(sqlite3_bind_text64(statement_, parameter, text.data() == nullptr ? "" : text.data(),
                            text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
  check(sqlite3_bind_blob64(statement_, parameter, bytes.data() == nullptr ? "" : bytes.data(),
                            bytes.size(), SQLITE_STATIC));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(database_, code);
  return false;
}

void Statement::reset() {
  sqlite3_reset(statement_);  // its code is that of the last step, which was heard
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Statement::text(int column) const {
  const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view Statement::blob(int column) const {
  const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) fail(database_, code);
}

Database::Database(const std::filesystem::path& file) {
  constexpr int kHow = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                       SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file.c_str(), &database_, kHow, nullptr);
  if (code == SQLITE_OK) return;
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> half_open(std::exchange(database_, nullptr),
                                                              &sqlite3_close);
  fail(half_open.get(), code);
}

Database::~Database() { sqlite3_close(database_); }

void Database::run(const char* sql) {
  const int code = sqlite3_exec(database_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(database_, code);
}

std::int64_t Database::number(const char* sql) {
  Statement statement(database_, sql);
  return statement.step() ? statement.number(0) : 0;
}

std::string Database::text(const char* sql) {
  Statement statement(database_, sql);
  return statement.step() ? std::string(statement.text(0)) : std::string();
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  // Where this fails, SQLite has rolled back already.
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace pce
