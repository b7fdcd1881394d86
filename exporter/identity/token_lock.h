#pragma once
// Keeps those who renew or replace one refresh token file from doing it at the same time. It is a
// courtesy, not a safeguard: without it nothing breaks, only work is done twice.
#include <chrono>
#include <filesystem>
#include <stop_token>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/base/descriptor.h"

namespace pce {

// Held until it is destroyed or its process ends, however that ends.
class TokenLock {
 public:
  // An advisory lock on the file `path`, which is created (0600) and stays. Waits for its holder
  // for `patience` at most, then goes on without, as it does where the file cannot be made or is
  // none of ours. Errors: kCancelled.
  static Result<TokenLock> take(const std::filesystem::path& path, Clock& clock,
                                std::chrono::milliseconds patience, std::stop_token stop);
  bool held() const { return file_.valid(); }
  bool busy() const { return busy_; }  // not held, because somebody else still holds it

 private:
  explicit TokenLock(Descriptor file, bool busy = false) : file_(std::move(file)), busy_(busy) {}
  Descriptor file_;
  bool busy_;
};

}  // namespace pce
