#pragma once
// A TokenSource that hands out the given tokens one after the other: the next one after each
// plain 401. Any thread.
#include <algorithm>
#include <mutex>
#include <optional>
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
  void accepted(const Secret& used, std::optional<bool> mfa_compliant) override {
    const std::scoped_lock lock(mutex_);
    accepted_.emplace_back(used.reveal(), mfa_compliant);
  }
  bool refused(const Secret& used, const Error& why) override {
    const std::scoped_lock lock(mutex_);
    refused_.push_back(std::string(used.reveal()) + " " + name_of(why.kind));
    if (why.kind != ErrorKind::kUnauthorized) return false;
    ++at_;
    return true;
  }
  std::vector<std::pair<std::string, std::optional<bool>>> taken() const {
    const std::scoped_lock lock(mutex_);
    return accepted_;
  }
  // Each with the reason: "token unauthorized".
  std::vector<std::string> given_back() const {
    const std::scoped_lock lock(mutex_);
    return refused_;
  }

 private:
  const std::vector<std::string> tokens_;
  mutable std::mutex mutex_;
  std::size_t at_ = 0;
  std::vector<std::string> refused_;
  std::vector<std::pair<std::string, std::optional<bool>>> accepted_;
};

}  // namespace pce
