#pragma once
// One gate for all outgoing calls of one account: a token bucket, a limit of parallel calls, and a
// pause that holds for everybody. Any thread.
#include <chrono>
#include <condition_variable>
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
    Permit(Permit&& other) noexcept : governor_(other.governor_) { other.governor_ = nullptr; }
    Permit(const Permit&) = delete;
    Permit& operator=(const Permit&) = delete;
    Permit& operator=(Permit&&) = delete;
    ~Permit();

   private:
    friend class Governor;
    explicit Permit(Governor* governor) : governor_(governor) {}
    Governor* governor_;
  };

  Governor(Clock& clock, Limits limits);  // `clock` must outlive the governor

  // Blocks until one more call may start; nullopt when `stop` is requested first.
  std::optional<Permit> admit(std::stop_token stop);
  // Nobody starts a call for this long from now (at most a day); a shorter pause never shortens a
  // longer one.
  void pause_for(std::chrono::milliseconds duration);

  double tokens() const;                         // calls that could start at once now
  std::chrono::milliseconds paused_for() const;  // 0: not paused; else rounded up
  int calls_running() const;

 private:
  friend class Permit;
  void leave();
  SteadyTime next_start() const;  // when bucket and pause allow a call; may be in the past

  Clock& clock_;
  const int concurrency_;
  const SteadyTime::duration interval_;  // between calls once the bucket is empty

  mutable std::mutex mutex_;
  std::condition_variable_any place_free_;
  SteadyTime bucket_full_at_;  // every call moves it one interval further
  SteadyTime paused_until_;
  int running_ = 0;
};

}  // namespace pce
