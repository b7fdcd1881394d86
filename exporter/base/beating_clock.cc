#include "exporter/base/beating_clock.h"

#include <algorithm>

namespace pce {
namespace {

constexpr std::chrono::seconds kBetweenBeats{5};

}  // namespace

bool BeatingClock::wait_until(SteadyTime when, std::stop_token stop) {
  for (;;) {
    const SteadyTime next = std::min(when, clock_.steady() + kBetweenBeats);
    const Heart::Wait wait(heart_, next);
    if (!clock_.wait_until(next, stop)) return false;
    if (next == when) return true;
  }
}

}  // namespace pce
