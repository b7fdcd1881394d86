#pragma once
// Hands one access token to everybody until shortly before it expires, and lets one caller at a
// time renew it.
#include <condition_variable>
#include <mutex>
#include <optional>

#include "exporter/base/clock.h"
#include "exporter/identity/token_source.h"

namespace pce {

// Any thread. The references must outlive it.
// - Renewal begins max(5 min, a tenth of the life) before the end, for short lives at half of it.
// Those who come
//   meanwhile use the old token while it is valid, and wait where there is none.
// - A failed renewal is remembered and handed out, so that nobody asks again too soon: as long as
// the sign-in service
//   asks for, else 10 s, doubling to 5 min, or 1 min where a human is needed. A token that is still
//   valid is used on.
// - reject() drops the token it is about, but at most once a minute: a renewal that did not help
// will not help again.
class CachedTokenSource final : public TokenSource {
 public:
  CachedTokenSource(TokenIssuer& issuer, Clock& clock) : issuer_(issuer), clock_(clock) {}

  Result<Secret> access_token(std::stop_token stop) override;
  void reject(const Secret& used) override;

 private:
  struct Held {
    Secret token;
    SteadyTime renew_at;
    SteadyTime end;
  };
  struct Failed {
    Error error;
    SteadyTime until;  // when to try again
  };
  void take(Result<IssuedToken> issued, SteadyTime asked);

  TokenIssuer& issuer_;
  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable_any renewed_;
  bool renewing_ = false;
  std::optional<Held> held_;
  std::optional<Failed> failed_;
  int failures_ = 0;  // in a row
  std::optional<SteadyTime> dropped_;
};

}  // namespace pce
