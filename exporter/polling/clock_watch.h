#pragma once
// Sees when the wall clock is set, or the machine was suspended. Not thread-safe.
#include <chrono>
#include <optional>
#include <string>

#include "exporter/base/clock.h"

namespace pce {

class ClockWatch {
 public:
  ClockWatch(const Clock& clock, std::string partner)
      : clock_(clock), partner_(std::move(partner)) {}

  // Whether the clocks moved apart since the last time; that is said, too.
  bool stepped();

 private:
  const Clock& clock_;
  const std::string partner_;
  std::optional<std::chrono::milliseconds> offset_;  // wall time minus steady time
};

}  // namespace pce
