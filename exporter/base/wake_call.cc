#include "exporter/base/wake_call.h"

#include <utility>

namespace pce {

void WakeCall::ring() {
  const std::scoped_lock lock(mutex_);
  if (!nap_.request_stop()) rung_ = true;
}

std::stop_source WakeCall::begin() {
  const std::scoped_lock lock(mutex_);
  nap_ = std::stop_source();
  if (std::exchange(rung_, false)) nap_.request_stop();
  return nap_;
}

void WakeCall::end() {
  const std::scoped_lock lock(mutex_);
  nap_ = std::stop_source(std::nostopstate);
}

}  // namespace pce
