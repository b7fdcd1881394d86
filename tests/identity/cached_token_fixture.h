#pragma once
// Tokens from somebody who numbers them, or refuses as told.
#include <atomic>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "exporter/identity/cached_token_source.h"
#include "tests/support/fake_clock.h"

namespace pce {

// Numbers its tokens, unless told to do something else.
class NumberingIssuer final : public TokenIssuer {
 public:
  Result<IssuedToken> issue(std::stop_token stop) override {
    const int nth = ++asked;
    if (instead) return instead(nth, stop);
    return IssuedToken{.access_token = Secret("token-" + std::to_string(nth)),
                       .lifetime = lifetime};
  }
  std::string inputs() const override { return files; }
  CredentialEnds ends() const override { return {}; }
  std::atomic<int> asked = 0;
  std::string files;
  std::chrono::seconds lifetime{3600};
  std::function<Result<IssuedToken>(int, std::stop_token)> instead;
};

inline Error failed(ErrorKind kind, int status = 0) {
  return {.kind = kind, .message = "refused", .http_status = status};
}
// Of the token endpoint: sign in again.
inline Error revoked() { return failed(ErrorKind::kUnauthorized, 400); }
// Of Partner Center.
inline Error refusal(ErrorKind kind = ErrorKind::kUnauthorized) { return failed(kind, 401); }

class CachedTokenSourceTest : public testing::Test {
 protected:
  std::string token() {
    const auto token = tokens_.access_token({});
    return token ? std::string(token->reveal()) : "none: " + token.error().message;
  }
  void issuer_says(const Error& error) {
    issuer_.instead = [error](int, const std::stop_token&) -> Result<IssuedToken> { return error; };
  }
  bool refuse(const std::string& token, const Error& why) {
    return tokens_.refused(Secret(token), why);
  }
  TokenState state() const { return tokens_.status().state; }
  std::string reason() const { return tokens_.status().reason; }

  FakeClock clock_;
  NumberingIssuer issuer_;
  double random_ = 0;
  CachedTokenSource tokens_{issuer_, clock_, {.random01 = [this] { return random_; }}};
};

}  // namespace pce
