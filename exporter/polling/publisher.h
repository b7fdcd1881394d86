#pragma once
// Gathers finished slices and shows them at most once a second: a round over thousands of customers
// then costs a few generations instead of thousands. Any thread.
#include <memory>
#include <mutex>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/store/snapshot_store.h"

namespace pce {

class Publisher {
 public:
  Publisher(SnapshotStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  void add(Slice slice);
  void flush();  // shows what was gathered

 private:
  SnapshotStore& store_;
  const Clock& clock_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<const Slice>> gathered_;
  SteadyTime shown_{};
};

}  // namespace pce
