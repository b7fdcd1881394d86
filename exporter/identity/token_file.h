#pragma once
// The file a refresh token lives in: who it belongs to and how it is replaced. What stands in it is
// token_record.h's business. Source: authentication.md section 6.3.
#include <chrono>
#include <filesystem>
#include <stop_token>

#include "exporter/identity/token_lock.h"
#include "exporter/identity/token_record.h"

namespace pce {

class TokenFile {
 public:
  explicit TokenFile(std::filesystem::path path) : path_(std::move(path)) {}
  const std::filesystem::path& path() const { return path_; }

  // Errors: kUnauthorized where there is no such file, which `login` makes; kSettings where it, or
  // the folder it is in, is open to others, is no regular file, or does not hold a record.
  Result<TokenRecord> read() const;

  // Crash-safe: at every moment the file holds the old record or the new one, whole, and once this
  // has returned the new one stays, with mode 0600. A link to it stays a link. Errors: kSettings
  // where the file is a newer release's, or its folder open to others; kInternal, naming the step
  // that failed; the old file is then mostly still in place.
  Status write(const TokenRecord& record) const;

  // Whether a new file may be put in its place, as far as that can be told without trying.
  bool is_replaceable() const;

  // The lock beside the file, see token_lock.h, taken before read() and kept until after write().
  // Where it is held, what a crash of an earlier holder left behind is removed.
  Result<TokenLock> lock(Clock& clock, std::chrono::milliseconds patience,
                         std::stop_token stop) const;

 private:
  std::filesystem::path path_;
};

}  // namespace pce
