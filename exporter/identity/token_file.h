#pragma once
// The file a refresh token lives in. It holds either the token as plain text on one line, or one
// flat JSON object whose member "refresh_token" is the token; writing keeps the form, and in JSON
// every other member, as found.
#include <filesystem>

#include "exporter/base/result.h"
#include "exporter/base/secret.h"

namespace pce {

class TokenFile {
 public:
  explicit TokenFile(std::filesystem::path path) : path_(std::move(path)) {}
  const std::filesystem::path& path() const { return path_; }

  // Errors, all kSettings: missing, not a regular file, open to others than its owner, over 64 KiB,
  // empty, not a token.
  Result<Secret> read() const;

  // Crash-safe: at every moment the file holds the old token or the new one, whole, with mode 0600.
  // Errors: kInternal, naming the step that failed; the old file is then still in place.
  Status write(const Secret& refresh_token) const;

 private:
  std::filesystem::path path_;
};

}  // namespace pce
