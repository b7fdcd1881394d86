#pragma once
// Holds the current snapshot and swaps in successors. Any thread. Readers take the snapshot and
// keep it as long as they like; nobody waits for a reader, and no lock is held while a successor is
// built.
#include <memory>
#include <mutex>
#include <vector>

#include "exporter/store/snapshot.h"

namespace pce {

class SnapshotStore {
 public:
  SnapshotStore();
  std::shared_ptr<const Snapshot> current() const;

  // All of it becomes visible at once, in one generation.
  void replace(std::vector<std::shared_ptr<const Slice>> added, std::vector<SliceKey> removed = {});

 private:
  std::mutex writer_;  // one successor is built at a time
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> current_;
};

}  // namespace pce
