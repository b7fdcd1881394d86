#pragma once
// One gate for all outgoing calls of one account: a token bucket, a limit of parallel calls, and a pause that holds
// for everybody. Any thread.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>

#include "exporter/base/clock.h"

namespace pce {

class Governor {
 public:
  struct Limits {
    int requests_per_minute = 200;
    int concurrency = 4;
  };
  // Holds one of the parallel places until it goes out of scope.
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
  // Nobody starts a call for this long from now; a shorter pause never shortens a longer one.
  void pause_for(std::chrono::milliseconds duration);

  double tokens() const;                          // calls that could start at once now
  std::chrono::milliseconds paused_for() const;   // 0: not paused
  int calls_running() const;

 private:
  friend class Permit;
  void leave();
  void refill(SteadyTime now) const;

  Clock& clock_;
  const Limits limits_;
  mutable std::mutex mutex_;
  std::condition_variable_any place_free_;
  mutable double tokens_;
  mutable SteadyTime refilled_;
  SteadyTime paused_until_{};
  int running_ = 0;
};

}  // namespace pce
