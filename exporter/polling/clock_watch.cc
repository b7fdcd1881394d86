#include "exporter/polling/clock_watch.h"

#include "exporter/telemetry/log.h"

namespace pce {
namespace {

using std::chrono::milliseconds;

// Clocks that are kept on time drift less than this between two passes.
constexpr milliseconds kClockStep = std::chrono::minutes(1);

}  // namespace

bool ClockWatch::stepped() {
  const milliseconds offset =
      clock_.wall().time_since_epoch() -
      std::chrono::duration_cast<milliseconds>(clock_.steady().time_since_epoch());
  const milliseconds step = offset - offset_.value_or(offset);
  offset_ = offset;
  if (std::chrono::abs(step) < kClockStep) return false;
  log_warn("The system clock was set, or stood still; everything is read again",
           {{"partner", partner_}, {"step_seconds", std::chrono::duration<double>(step).count()}});
  return true;
}

}  // namespace pce
