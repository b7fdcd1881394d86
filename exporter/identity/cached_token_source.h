#pragma once
// An account's sign-in as a state machine: hands one access token to everybody until shortly before
// it expires, lets one caller at a time renew it, and does about failures what token_decision.h
// says.
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/identity/request_budget.h"
#include "exporter/identity/token_decision.h"
#include "exporter/identity/token_report.h"
#include "exporter/identity/token_source.h"

namespace pce {

// Any thread. The references must outlive it.
// - Renewal begins max(5 min, a tenth of the life) before the end, up to a minute later by chance;
//   for short lives at half of it, or where the service says so. Those who come meanwhile use the
//   old token while it is valid, and wait where there is none. A failed renewal leaves a token that
//   is still valid in use.
// - A failure is handed to everybody until its wait is over, so that nobody asks again too soon.
//   Where a human is waited for, a change of the issuer's inputs() ends the wait at once: they are
//   looked at whenever somebody asks.
// - A token that Partner Center refuses is not handed out until the decision's wait is over either.
//   It is dropped, and another one asked for, where that may help: when somebody signed in since it
//   was issued, or after a plain 401, at most once a minute, since a renewal that did not help will
//   not help again.
// - No more than kRequestsMax requests in kRequestsWithin that failed, or that nothing but trouble
//   made necessary.
class CachedTokenSource final : public TokenSource {
 public:
  static constexpr std::size_t kRequestsMax = 10;
  static constexpr std::chrono::minutes kRequestsWithin{10};
  // How often next_look() wants the inputs looked at while a human is waited for.
  static constexpr std::chrono::seconds kLookEvery{5};

  struct Options {
    std::string partner{};  // the account's name, for the log
    std::string login_command = "partner_center_exporter login";
    std::string doctor_command = "partner_center_exporter doctor";
    std::function<double()> random01{};  // in [0,1), any thread; empty: a generator of its own
  };

  CachedTokenSource(TokenIssuer& issuer, Clock& clock) : CachedTokenSource(issuer, clock, {}) {}
  CachedTokenSource(TokenIssuer& issuer, Clock& clock, Options options);

  Result<Secret> access_token(std::stop_token stop) override;
  void accepted(const Secret& used, std::optional<bool> mfa_compliant) override;
  bool refused(const Secret& used, const Error& why) override;
  void forbidden(const Error& why) override;
  TokenStatus status() const override;
  SteadyTime next_look() const override;
  // Ends a human's wait: somebody says that something was mended elsewhere.
  void try_again();

 private:
  struct Held {
    Secret token;
    SteadyTime renew_at;
    SteadyTime end;
    WallTime end_on_the_wall;
    std::string inputs;             // after it was issued
    std::optional<bool> shows_mfa;  // by its own claims
  };
  struct Trouble {
    TokenDecision decision;
    Error error;
    SteadyTime until;    // when to try again
    std::string inputs;  // it is about
    bool over(SteadyTime now) const { return now >= until; }
    bool human() const { return needs_a_human(decision.state); }
  };
  // The following want the mutex held.
  void heed_inputs(SteadyTime now);
  bool holds(const Secret& token) const { return held_ && held_->token == token; }
  bool may_heal(const Error& why, SteadyTime now) const;
  void take(Result<IssuedToken> issued, SteadyTime asked, std::string inputs);
  void fail(Error error);
  void refuse(const Error& why, SteadyTime now);
  WallTime wall_time_of(SteadyTime when) const;
  const Trouble* trouble() const;  // the one that counts; nullptr: none
  TokenStatus describe() const;
  void settle();

  TokenIssuer& issuer_;
  Clock& clock_;
  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable_any renewed_;
  bool renewing_ = false;
  std::optional<Held> held_;
  std::optional<Trouble> failure_;  // of the last request for a token
  std::optional<Trouble> refusal_;  // of Partner Center, not yet made good by an answer
  std::optional<bool> said_mfa_;    // what Partner Center said last
  std::optional<SteadyTime> dropped_;
  bool forced_ = false;  // the next request is not due to a token's age
  RequestBudget budget_{kRequestsMax, kRequestsWithin};
  std::string inputs_;  // seen last
  SteadyTime inputs_changed_;
  TokenReport report_;
  TokenState state_ = TokenState::kStarting;  // as settled, with its reason and since when
  std::string reason_;
  WallTime since_;
};

}  // namespace pce
