#pragma once
// Cuts the wait of another thread short.
#include <functional>
#include <mutex>
#include <stop_token>

namespace pce {

class WakeCall {
 public:
  // Ends the nap going on, or the next one. Any thread.
  void ring();

  // One wait, which somebody's `stop` ends as well. One at a time.
  class Nap {
   public:
    Nap(WakeCall& call, const std::stop_token& stop)
        : call_(call), over_(call.begin()), forward_(stop, [this] { over_.request_stop(); }) {}
    ~Nap() { call_.end(); }
    Nap(const Nap&) = delete;
    Nap& operator=(const Nap&) = delete;
    std::stop_token token() const { return over_.get_token(); }

   private:
    WakeCall& call_;
    std::stop_source over_;
    const std::stop_callback<std::function<void()>> forward_;
  };

 private:
  std::stop_source begin();
  void end();

  std::mutex mutex_;
  bool rung_ = false;                       // while nobody slept
  std::stop_source nap_{std::nostopstate};  // the one going on
};

}  // namespace pce
