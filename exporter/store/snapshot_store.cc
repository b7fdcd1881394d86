#include "exporter/store/snapshot_store.h"

#include <utility>

namespace pce {

SnapshotStore::SnapshotStore() : current_(std::make_shared<const Snapshot>()) {}

std::shared_ptr<const Snapshot> SnapshotStore::current() const {
  const std::scoped_lock lock(mutex_);
  return current_;
}

void SnapshotStore::replace(std::vector<std::shared_ptr<const Slice>> added,
                            std::vector<SliceKey> removed) {
  if (added.empty() && removed.empty()) return;
  const std::scoped_lock writing(writer_);
  auto next = Snapshot::after(*current(), added, removed);
  {
    const std::scoped_lock lock(mutex_);
    current_.swap(next);
  }
  // `next` now holds the former snapshot and lets it die here, outside the readers' lock.
}

}  // namespace pce
