#pragma once
// What an account's thread does between rounds: it waits, and looks after the token.
#include <chrono>
#include <stop_token>

#include "exporter/base/clock.h"
#include "exporter/identity/token_source.h"
#include "exporter/polling/expiry.h"
#include "exporter/polling/reading_plan.h"

namespace pce {

class Rest {
 public:
  struct Parts {
    TokenSource& tokens;
    ReadingPlan& readings;
    Expiry& expiry;
    Clock& clock;
  };
  Rest(Parts parts, std::chrono::milliseconds interval) : parts_(parts), interval_(interval) {}

  void interval_is(std::chrono::milliseconds interval) { interval_ = interval; }

  // Returns true when a round is worth making, false when `enough` was requested, which `stop` does
  // as well: it ends the waiting, but no request for a token on its way. `token_refused`:
  // the last round ended for want of a token; then the next one waits for a token, which the source
  // is asked for as often as it wants to be, and begins as soon as there is one.
  bool until_something_is_due(bool token_refused, std::stop_token stop, std::stop_token enough);

 private:
  bool until_there_is_a_token(std::stop_token stop, std::stop_token enough);

  const Parts parts_;
  std::chrono::milliseconds interval_;
};

}  // namespace pce
