#include "exporter/base/heart.h"

#include <algorithm>

namespace pce {

Heart::Heart(const Clock& clock) : clock_(clock) {}

Heart::Wait::Wait(Heart& heart, SteadyTime latest) : heart_(heart) {
  const std::scoped_lock lock(heart_.mutex_);
  heart_.last_beat_ = heart_.clock_.steady();
  place_ = heart_.waits_.insert(heart_.waits_.end(), latest);
}

Heart::Wait::~Wait() {
  const std::scoped_lock lock(heart_.mutex_);
  heart_.last_beat_ = heart_.clock_.steady();
  heart_.waits_.erase(place_);
}

void Heart::beat() {
  const std::scoped_lock lock(mutex_);
  last_beat_ = clock_.steady();
}

SteadyTime::duration Heart::overdue() const {
  const std::scoped_lock lock(mutex_);
  if (!last_beat_) return {};
  // Who waits for the others, for a place or a token, announces nothing: they speak for it.
  const SteadyTime promised =
      waits_.empty() ? *last_beat_ : *std::min_element(waits_.begin(), waits_.end());
  return clock_.steady() - promised;
}

}  // namespace pce
