#pragma once
// Whether those who do a duty still get on with it. Every wait is announced with the moment it ends
// at the latest; between waits something must be heard soon. Any thread.
#include <list>
#include <mutex>
#include <optional>

#include "exporter/base/clock.h"

namespace pce {

class Heart {
 public:
  explicit Heart(const Clock& clock);  // `clock` must outlive the heart

  // A wait is going on while this lives. Must not outlive the heart.
  class Wait {
   public:
    Wait(Heart& heart, SteadyTime latest);
    ~Wait();
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

   private:
    Heart& heart_;
    std::list<SteadyTime>::iterator place_;
  };

  // Something was done just now.
  void beat();
  // For how long it has been silent against its word: since the wait that should have been over,
  // or, where nobody waits, since the last sign of life. Not positive: all is well, or nothing has
  // begun.
  SteadyTime::duration overdue() const;

 private:
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::list<SteadyTime> waits_;  // when they end at the latest
  std::optional<SteadyTime> last_beat_;
};

}  // namespace pce
