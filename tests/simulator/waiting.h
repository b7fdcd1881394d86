#pragma once
// Waiting that ends at once when the simulator stops or is reset. Any thread.
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace simulator {

class Waiting {
 public:
  // Both return false when the simulator is stopping.
  bool for_span(std::chrono::milliseconds span) {
    std::unique_lock lock(mutex_);
    if (span.count() > 0) changed_.wait_for(lock, span, [&] { return stopping_; });
    return !stopping_;
  }
  // `done` is asked again after each wake_all().
  bool until(const std::function<bool()>& done) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopping_ || done(); });
    return !stopping_;
  }
  void wake_all() {
    const std::scoped_lock lock(mutex_);
    changed_.notify_all();
  }
  void stop() {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  bool stopping() const {
    const std::scoped_lock lock(mutex_);
    return stopping_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
};

}  // namespace simulator
