#include "exporter/polling/expiry.h"

#include <algorithm>

#include "exporter/telemetry/log.h"

namespace pce {

SteadyTime Expiry::drop() {
  const SteadyTime steady = clock_.steady();
  const WallTime now = clock_.wall();
  // A slice that is not there yet cannot be too old before a slice of now would be.
  const std::chrono::milliseconds stale_after = stale_after_;
  auto next = stale_after;
  const std::size_t dropped = publisher_.remove_if([&](const Slice& slice) {
    if (slice.key.partner != partner_) return false;
    // By both clocks: the wall clock may have been set, the steady one rests in a suspended
    // machine.
    const auto received =
        std::chrono::duration_cast<std::chrono::milliseconds>(steady - slice.received);
    const auto left = stale_after - std::max(now - slice.fetched, received);
    if (left < left.zero()) {
      if (dropped_) dropped_(slice);
      return true;
    }
    next = std::min(next, left);
    return false;
  });
  if (dropped > 0) {
    log_warn("Data too old to be shown was dropped",
             {{"partner", partner_},
              {"slices", dropped},
              {"stale_after_seconds", std::chrono::duration<double>(stale_after).count()}});
  }
  return steady + next + std::chrono::milliseconds(1);
}

void Expiry::stale_after_is(std::chrono::milliseconds stale_after) {
  if (stale_after_.exchange(stale_after) != stale_after) shortened_.ring();
}

void Expiry::run(Clock& clock, std::stop_token stop) {
  while (!stop.stop_requested()) {
    const WakeCall::Nap nap(shortened_, stop);
    clock.wait_until(drop(), nap.token());
  }
}

}  // namespace pce
