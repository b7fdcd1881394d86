#pragma once
// Holds the current snapshot and swaps in successors. Any thread. Readers take the snapshot and
// keep it as long as they like; nobody waits for a reader, and no lock is held while a successor is
// built.
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "exporter/store/series_budget.h"
#include "exporter/store/snapshot.h"

namespace pce {

class SnapshotStore {
 public:
  explicit SnapshotStore(std::size_t series_max = std::numeric_limits<std::size_t>::max());

  void series_max_is(std::size_t series_max);  // from now on

  // What may be shown: all that is known, or the part of it that has at most series_max series.
  std::shared_ptr<const Snapshot> current() const;
  // All that is known: what to compare a new answer with.
  std::shared_ptr<const Snapshot> known() const;
  SeriesCount series() const;
  // Returns what may be shown as soon as it is something else than `seen`, which need not live any
  // more; null when `stop` is requested first.
  std::shared_ptr<const Snapshot> other_than(const std::weak_ptr<const Snapshot>& seen,
                                             std::stop_token stop) const;

  // All of it becomes visible at once, in one generation. Returns whether other customers than
  // before, or more or fewer of them, are left out now.
  bool replace(const std::vector<std::shared_ptr<const Slice>>& added,
               const std::vector<SliceKey>& removed = {});

  // Removes the slices for which `gone` is true now, so that one which somebody replaces meanwhile
  // stays.
  struct Removal {
    std::size_t slices = 0;
    bool left_out_changed = false;  // what replace() returns
  };
  Removal remove_if(const std::function<bool(const Slice&)>& gone);

 private:
  bool apply(const std::vector<std::shared_ptr<const Slice>>& added,
             const std::vector<SliceKey>& removed);  // by whoever holds writer_
  std::vector<SliceKey> keys_left_out(const Snapshot& known) const;

  std::mutex writer_;  // one successor is built at a time
  SeriesBudget budget_;
  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;  // current_
  std::shared_ptr<const Snapshot> known_;
  std::shared_ptr<const Snapshot> current_;
  SeriesCount series_;
};

}  // namespace pce
