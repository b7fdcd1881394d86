#pragma once
// One gate for all outgoing calls of one account: a token bucket, a limit of parallel calls, a
// pause that holds for everybody, a pace that gives way to refusals, and a budget of repetitions.
// Any thread. Source: "API throttling guidance".
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>

#include "exporter/base/clock.h"

namespace pce {

class Governor {
 public:
  // The bucket holds `concurrency` calls, so no 60 s see more than requests_per_minute +
  // concurrency starts. Values below 1 count as 1.
  struct Limits {
    int requests_per_minute = 200;
    int concurrency = 4;
  };
  // Holds one of the parallel places until it goes out of scope. Must not outlive the governor.
  class Permit {
   public:
    Permit(Permit&& other) noexcept : governor_(other.governor_), halvings_(other.halvings_) {
      other.governor_ = nullptr;
    }
    Permit(const Permit&) = delete;
    Permit& operator=(const Permit&) = delete;
    Permit& operator=(Permit&&) = delete;
    ~Permit();

   private:
    friend class Governor;
    Permit(Governor* governor, std::uint64_t halvings) : governor_(governor), halvings_(halvings) {}
    Governor* governor_;
    std::uint64_t halvings_;  // before it was given
  };

  Governor(Clock& clock, Limits limits);  // `clock` must outlive the governor

  // From now on; what pauses and slows stays. Whoever waits hears of it within a minute.
  void limits_are(Limits limits);
  // Blocks until one more call may start; nullopt when `stop` is requested first. Never ask while
  // holding a permit: with one place that waits for itself.
  std::optional<Permit> admit(std::stop_token stop);
  // Nobody starts a call for this long from now (at most a day); a shorter pause never shortens a
  // longer one.
  void pause_for(std::chrono::milliseconds duration);
  // The other side refused this call with 429: from now on half the rate and half the parallel
  // places, down to a sixteenth of the rate and one place. Refusals of calls that started before
  // the last halving belong to the same burst and change nothing. Calls under way are never cut.
  // Outside of pauses the pace comes back by a tenth of the full one a minute; a place that comes
  // back is given away when a running call ends, at the latest. To be told after pause_for(), so
  // that no call starts between the two.
  void throttled(const Permit& refused);
  // Takes one repetition of a failed call out of the budget; false: none is left, do not repeat.
  // Each admitted first attempt puts in a tenth, at most 10 are saved, and it starts full: attempts
  // stay within 1.1 times the calls, plus those 10.
  bool take_retry();

  double tokens() const;                         // calls that could start at once now
  std::chrono::milliseconds paused_for() const;  // 0: not paused; else rounded up
  int calls_running() const;
  double pace() const;          // share of the configured limits now in force, in (0,1]
  double retries_left() const;  // 0 … 10

 private:
  friend class Permit;
  struct Flow {
    double pace;
    double tokens;
  };
  void leave();
  // The following want the mutex held.
  Flow flow(SteadyTime now) const;  // what time alone has made of pace_ and tokens_
  int places(SteadyTime now) const;
  void settle(SteadyTime now);
  SteadyTime next_look(SteadyTime now) const;  // `now`: a call may start; needs settle(now)

  Clock& clock_;
  mutable std::mutex mutex_;
  int concurrency_;
  double interval_;  // seconds between calls at full pace, once the bucket is empty
  std::condition_variable_any place_free_;
  SteadyTime settled_at_;  // when pace_ and tokens_ were what they say
  double pace_ = 1;
  double tokens_;
  SteadyTime paused_until_;
  int running_ = 0;
  std::uint64_t halvings_ = 0;
  int retry_tenths_;
  int retries_not_started_ = 0;  // taken; their admission puts nothing in
};

}  // namespace pce
