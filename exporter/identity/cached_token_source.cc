#include "exporter/identity/cached_token_source.h"

#include <algorithm>
#include <random>
#include <utility>

#include "exporter/identity/access_token_claims.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes kBetweenDrops{1};

double own_random01() {
  static thread_local std::mt19937 engine{std::random_device{}()};
  return std::generate_canonical<double, 32>(engine);
}

CachedTokenSource::Options completed(CachedTokenSource::Options options) {
  if (!options.random01) options.random01 = own_random01;
  return options;
}

// Many exporters started together must not renew together for ever.
SteadyTime::duration ahead_of_end(seconds lifetime, double random01) {
  const SteadyTime::duration life = lifetime;
  const auto ahead = std::min(std::max<SteadyTime::duration>(minutes(5), life / 10), life / 2);
  const std::chrono::duration<double> later =
      std::min<SteadyTime::duration>(minutes(1), ahead / 5) * random01;
  return ahead - std::chrono::duration_cast<SteadyTime::duration>(later);
}

// nullopt: it does not say how it was signed in.
std::optional<bool> shows_mfa(const Secret& token) {
  const auto claims = access_token_claims(token);
  if (!claims || claims->methods.empty()) return std::nullopt;
  return claims->mfa();
}

}  // namespace

CachedTokenSource::CachedTokenSource(TokenIssuer& issuer, Clock& clock, Options options)
    : issuer_(issuer),
      clock_(clock),
      options_(completed(std::move(options))),
      inputs_(issuer.inputs()),
      inputs_changed_(clock.steady()),  // whoever starts us may just have changed them
      report_(options_.partner),
      since_(clock.wall()) {}

Result<Secret> CachedTokenSource::access_token(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const SteadyTime now = clock_.steady();
    heed_inputs(now);
    if (refusal_ && !refusal_->over(now)) return refusal_->error;
    const bool valid = held_ && now < held_->end;
    if (valid && now < held_->renew_at) return held_->token;
    if (failure_ && !failure_->over(now)) {
      if (valid) return held_->token;
      return failure_->error;
    }
    if (renewing_) {
      if (valid) return held_->token;
      if (!renewed_.wait(lock, stop, [this] { return !renewing_; })) break;
      continue;
    }
    renewing_ = true;
    lock.unlock();
    auto issued = issuer_.issue(stop);
    std::string inputs = issuer_.inputs();
    lock.lock();
    renewing_ = false;
    renewed_.notify_all();
    take(std::move(issued), now, std::move(inputs));
    settle();
  }
  return Error{.kind = ErrorKind::kCancelled, .message = "no access token, we are stopping"};
}

// A file that was changed since is a reason to try again where a human was waited for, or warned.
void CachedTokenSource::heed_inputs(SteadyTime now) {
  if (renewing_) return;  // they may be changing by our own doing
  if (std::string inputs = issuer_.inputs(); inputs != inputs_) {
    inputs_ = std::move(inputs);
    inputs_changed_ = now;
  }
  if (budget_.opens(now) > now) return;
  if (failure_ && failure_->human() && failure_->inputs != inputs_) {
    failure_->until = now;
    failure_->decision.of_row = 0;  // a case of its own
  }
  const bool unwanted = refusal_ || said_mfa_ == false;
  const std::string& about = refusal_ ? refusal_->inputs : held_ ? held_->inputs : inputs_;
  if (!unwanted || about == inputs_) return;
  held_.reset();
  forced_ = true;
  said_mfa_.reset();
  if (refusal_) {
    refusal_->inputs = inputs_;
    refusal_->until = now;
    refusal_->decision.of_row = 0;
  }
}

void CachedTokenSource::take(Result<IssuedToken> issued, SteadyTime asked, std::string inputs) {
  if (!issued && issued.error().kind == ErrorKind::kCancelled)
    return;  // that caller's stop; the next one asks again
  const bool forced = std::exchange(forced_, false) || failure_.has_value();
  if (!issued || forced) budget_.spend(clock_.steady());
  if (!issued) return fail(std::move(issued).error());
  failure_.reset();
  inputs_ = std::move(inputs);  // storing the new refresh token is nothing a human did
  if (refusal_) refusal_->inputs = inputs_;
  // From before the request: a token is never younger than we think.
  const SteadyTime end = asked + issued->lifetime;
  const SteadyTime ahead = end - ahead_of_end(issued->lifetime, options_.random01());
  held_ = Held{.token = std::move(issued->access_token),
               .renew_at = std::min(ahead, asked + issued->renew_after.value_or(issued->lifetime)),
               .end = end,
               .end_on_the_wall = wall_time_of(end),
               .inputs = inputs_,
               .shows_mfa = {}};
  held_->shows_mfa = shows_mfa(held_->token);
}

void CachedTokenSource::fail(Error error) {
  const SteadyTime now = clock_.steady();
  const TokenDecision decision =
      decide(error, failure_ ? std::optional(failure_->decision) : std::nullopt,
             std::chrono::duration_cast<milliseconds>(now - inputs_changed_), options_.random01());
  // Whoever has to act is not relieved of it because we could not even ask the last time.
  if (failure_ && failure_->human() && failure_->inputs == inputs_ &&
      !needs_a_human(decision.state)) {
    failure_->until = now + std::max(decision.wait, failure_->decision.wait);
    return;
  }
  failure_ = Trouble{.decision = decision,
                     .error = std::move(error),
                     .until = std::max(now + decision.wait, budget_.opens(now)),
                     .inputs = inputs_};
}

void CachedTokenSource::accepted(const Secret& used, std::optional<bool> mfa_compliant) {
  const std::scoped_lock lock(mutex_);
  if (!holds(used)) return;
  if (mfa_compliant) said_mfa_ = mfa_compliant;
  // Calls that were on their way when the refusal came say nothing about it, and where only some of
  // the calls without MFA are refused, one that passes does not make it good.
  const bool without_mfa =
      refusal_ && refusal_->decision.row == TokenRow::kMfaMissing && mfa_compliant == false;
  if (refusal_ && refusal_->over(clock_.steady()) && !without_mfa) refusal_.reset();
  settle();
}

bool CachedTokenSource::refused(const Secret& used, const Error& why) {
  const std::scoped_lock lock(mutex_);
  const SteadyTime now = clock_.steady();
  if (refusal_ && !refusal_->over(now)) return false;
  if (!holds(used)) return true;  // another caller was faster
  if (may_heal(why, now)) {
    held_.reset();
    forced_ = true;
    dropped_ = now;
    return true;
  }
  refuse(why, now);
  return false;
}

bool CachedTokenSource::may_heal(const Error& why, SteadyTime now) const {
  if (budget_.opens(now) > now) return false;
  if (held_->inputs != issuer_.inputs()) return true;
  const bool plain = why.kind == ErrorKind::kUnauthorized && why.api_word.empty();
  return plain && (!dropped_ || now - *dropped_ >= kBetweenDrops);
}

void CachedTokenSource::forbidden(const Error& why) {
  const std::scoped_lock lock(mutex_);
  const SteadyTime now = clock_.steady();
  if (!refusal_ || refusal_->over(now)) refuse(why, now);
}

void CachedTokenSource::refuse(const Error& why, SteadyTime now) {
  const TokenDecision decision =
      decide_on_refusal(why, refusal_ ? std::optional(refusal_->decision) : std::nullopt);
  refusal_ = Trouble{.decision = decision,
                     .error = with_context(why, "Partner Center"),
                     .until = now + decision.wait,
                     .inputs = held_ ? held_->inputs : inputs_};
  if (why.kind == ErrorKind::kMfaMissing) said_mfa_ = false;
  settle();
}

void CachedTokenSource::try_again() {
  const std::scoped_lock lock(mutex_);
  const SteadyTime now = clock_.steady();
  if (budget_.opens(now) > now) return;
  for (auto* trouble : {&failure_, &refusal_}) {
    if (*trouble && (*trouble)->human()) (*trouble)->until = now;
  }
}

WallTime CachedTokenSource::wall_time_of(SteadyTime when) const {
  return clock_.wall() + std::chrono::duration_cast<milliseconds>(when - clock_.steady());
}

const CachedTokenSource::Trouble* CachedTokenSource::trouble() const {
  const Trouble* refusal = refusal_ ? &*refusal_ : nullptr;
  const Trouble* failure = failure_ ? &*failure_ : nullptr;
  if (failure != nullptr && failure->human() && (refusal == nullptr || !refusal->human()))
    return failure;
  return refusal != nullptr ? refusal : failure;
}

TokenStatus CachedTokenSource::describe() const {
  const SteadyTime now = clock_.steady();
  TokenStatus status{.since = since_};
  const auto say = [&](const TokenDecision& decision, std::string message) {
    status.state = decision.state;
    status.reason = decision.reason;
    status.message = std::move(message);
    if (!decision.next_step.empty())
      status.message.append(status.message.empty() ? "" : "; ").append(decision.next_step);
    if (decision.state == TokenState::kMisconfigured) status.command = options_.doctor_command;
    if (decision.state == TokenState::kNeedsLogin || decision.row == TokenRow::kMfaWarning)
      status.command = options_.login_command;
  };
  if (const Trouble* worst = trouble()) {
    say(worst->decision, worst->error.message);
    status.api_code = worst->error.api_code;
    status.correlation_id = worst->error.correlation_id;
    status.next_try = wall_time_of(std::max(now, worst->until));
  } else if (said_mfa_ == false) {
    say(mfa_warning(), {});
  } else if (held_) {
    status.state = TokenState::kOk;
  } else {
    status.state = state_;  // between two tokens
    status.reason = reason_;
  }
  const bool valid = held_ && now < held_->end;
  status.served =
      !(refusal_ && !refusal_->over(now)) && (valid || !failure_ || failure_->over(now));
  if (held_) status.access_token_ends = held_->end_on_the_wall;
  status.mfa_compliant = said_mfa_ ? said_mfa_ : held_ ? held_->shows_mfa : std::nullopt;
  return status;
}

void CachedTokenSource::settle() {
  TokenStatus status = describe();
  const WallTime now = clock_.wall();
  if (status.state != state_ || status.reason != reason_) since_ = status.since = now;
  state_ = status.state;
  reason_ = status.reason;
  report_.write(status, now);
}

TokenStatus CachedTokenSource::status() const {
  const std::scoped_lock lock(mutex_);
  return describe();
}

SteadyTime CachedTokenSource::next_look() const {
  const std::scoped_lock lock(mutex_);
  const SteadyTime now = clock_.steady();
  SteadyTime look = held_ ? held_->renew_at : now;
  if (failure_ && !failure_->over(now)) look = failure_->until;
  if (refusal_ && !refusal_->over(now)) look = refusal_->until;
  const bool human = refusal_ || said_mfa_ == false || (failure_ && failure_->human());
  return human ? std::min(look, now + kLookEvery) : look;
}

}  // namespace pce
