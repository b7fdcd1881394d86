#pragma once
// How many answers are under way: from the handler's start until the last byte is handed over. Any
// thread.
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace pce {

class AnswersUnderWay {
 public:
  void one_begins() {
    const std::scoped_lock lock(mutex_);
    ++count_;
  }

  void one_left() {
    const std::scoped_lock lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }

  // Until there are none, or `patience` is over.
  void wait_for_none(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    none_.wait_for(lock, patience, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  int count_ = 0;
};

}  // namespace pce
