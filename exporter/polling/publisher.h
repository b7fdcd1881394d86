#pragma once
// The way of one account's slices into the store. Any thread.
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/store/snapshot_store.h"

namespace pce {

class Publisher {
 public:
  Publisher(SnapshotStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  // Shows the slice soon: slices are gathered and shown at most once a second, so that a round over
  // thousands of customers costs a few generations instead of thousands.
  void add(std::shared_ptr<const Slice> slice);
  void flush();  // shows what was gathered
  // Shows and removes all of this, and what was gathered before, at once and in one generation.
  void replace(std::vector<std::shared_ptr<const Slice>> added,
               const std::vector<SliceKey>& removed);
  // Removes what `gone` names and returns how many slices that were.
  std::size_t remove_if(const std::function<bool(const Slice&)>& gone);

  // Takes all of the account's slices away; what comes later is not shown.
  void close(const std::string& partner);

  std::shared_ptr<const Snapshot> known() const { return store_.known(); }

 private:
  void show(const std::vector<std::shared_ptr<const Slice>>& added,
            const std::vector<SliceKey>& removed);
  void tell_who_is_left_out();
  std::vector<std::shared_ptr<const Slice>> take_gathered();

  SnapshotStore& store_;
  const Clock& clock_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<const Slice>> gathered_;
  SteadyTime shown_{};
  std::mutex showing_;  // taken before the other
  bool closed_ = false;

  std::optional<SteadyTime> told_;  // when it was last said that customers are left out
};

}  // namespace pce
