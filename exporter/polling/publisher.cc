#include "exporter/polling/publisher.h"

#include <utility>

namespace pce {

void Publisher::add(Slice slice) {
  auto shared = std::make_shared<const Slice>(std::move(slice));
  std::vector<std::shared_ptr<const Slice>> due;
  {
    const std::scoped_lock lock(mutex_);
    gathered_.push_back(std::move(shared));
    const SteadyTime now = clock_.steady();
    if (now - shown_ < std::chrono::seconds(1)) return;
    shown_ = now;
    due.swap(gathered_);
  }
  store_.replace(std::move(due));
}

void Publisher::flush() {
  std::vector<std::shared_ptr<const Slice>> due;
  {
    const std::scoped_lock lock(mutex_);
    due.swap(gathered_);
    shown_ = clock_.steady();
  }
  store_.replace(std::move(due));
}

}  // namespace pce
