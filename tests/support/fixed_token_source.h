#pragma once
// A TokenSource that hands out the given tokens one after the other: the next one after each
// reject(). Any thread.
#include <algorithm>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "exporter/identity/token_source.h"

namespace pce {

class FixedTokenSource final : public TokenSource {
 public:
  explicit FixedTokenSource(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {}

  Result<Secret> access_token(std::stop_token stop) override {
    if (stop.stop_requested()) return Error{.kind = ErrorKind::kCancelled, .message = "stopping"};
    const std::scoped_lock lock(mutex_);
    if (tokens_.empty())
      return Error{.kind = ErrorKind::kUnauthorized, .message = "nobody signed in"};
    return Secret(tokens_[std::min(at_, tokens_.size() - 1)]);
  }
  void reject(const Secret& used) override {
    const std::scoped_lock lock(mutex_);
    rejected_.push_back(std::string(used.reveal()));
    ++at_;
  }
  std::vector<std::string> rejected() const {
    const std::scoped_lock lock(mutex_);
    return rejected_;
  }

 private:
  const std::vector<std::string> tokens_;
  mutable std::mutex mutex_;
  std::size_t at_ = 0;
  std::vector<std::string> rejected_;
};

}  // namespace pce
