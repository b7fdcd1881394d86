#include "exporter/store/snapshot_store.h"

#include <algorithm>
#include <utility>

namespace pce {

SnapshotStore::SnapshotStore(std::size_t series_max)
    : budget_(series_max), known_(std::make_shared<const Snapshot>()), current_(known_) {}

void SnapshotStore::series_max_is(std::size_t series_max) {
  const std::scoped_lock writing(writer_);
  if (budget_.series_max_is(series_max)) apply({}, {});
}

std::shared_ptr<const Snapshot> SnapshotStore::current() const {
  const std::scoped_lock lock(mutex_);
  return current_;
}

std::shared_ptr<const Snapshot> SnapshotStore::known() const {
  const std::scoped_lock lock(mutex_);
  return known_;
}

SeriesCount SnapshotStore::series() const {
  const std::scoped_lock lock(mutex_);
  return series_;
}

std::shared_ptr<const Snapshot> SnapshotStore::other_than(const std::weak_ptr<const Snapshot>& seen,
                                                          std::stop_token stop) const {
  std::unique_lock lock(mutex_);
  const auto is_another = [&] {
    return seen.owner_before(current_) || current_.owner_before(seen);
  };
  if (!changed_.wait(lock, std::move(stop), is_another)) return nullptr;
  return current_;
}

std::vector<SliceKey> SnapshotStore::keys_left_out(const Snapshot& known) const {
  std::vector<SliceKey> keys;
  for (const auto& [customer_id, partner] : budget_.left_out()) {
    for (const DataSet* data_set : known.data_sets()) {
      SliceKey key{data_set, customer_id, partner};
      if (known.find(key) != nullptr) keys.push_back(std::move(key));
    }
  }
  return keys;
}

bool SnapshotStore::replace(const std::vector<std::shared_ptr<const Slice>>& added,
                            const std::vector<SliceKey>& removed) {
  if (added.empty() && removed.empty()) return false;
  const std::scoped_lock writing(writer_);
  return apply(added, removed);
}

SnapshotStore::Removal SnapshotStore::remove_if(const std::function<bool(const Slice&)>& gone) {
  const std::scoped_lock writing(writer_);
  std::vector<SliceKey> keys;
  const auto snapshot = known();
  for (const DataSet* data_set : snapshot->data_sets()) {
    snapshot->each_slice(*data_set, [&](const Slice& slice) {
      if (gone(slice)) keys.push_back(slice.key);
    });
  }
  if (keys.empty()) return {};
  const std::size_t slices = keys.size();
  return {.slices = slices, .left_out_changed = apply({}, keys)};
}

bool SnapshotStore::apply(const std::vector<std::shared_ptr<const Slice>>& added,
                          const std::vector<SliceKey>& removed) {
  const auto former = known();
  auto next = Snapshot::after(*former, added, removed);

  // A key may be named more than once; what counts is what stood there and what stands there now.
  std::vector<const SliceKey*> changed;
  changed.reserve(added.size() + removed.size());
  for (const auto& slice : added) changed.push_back(&slice->key);
  for (const SliceKey& key : removed) changed.push_back(&key);
  const auto value = [](const SliceKey* key) -> const SliceKey& { return *key; };
  std::ranges::sort(changed, {}, value);
  changed.erase(std::ranges::unique(changed, {}, value).begin(), changed.end());
  for (const SliceKey* key : changed) {
    if (const Slice* before = former->find(*key)) budget_.remove(*before);
    if (const Slice* now = next->find(*key)) budget_.put(*now);
  }
  const auto left_out_before = budget_.left_out();
  budget_.settle();
  auto shown = Snapshot::without(next, keys_left_out(*next));
  {
    const std::scoped_lock lock(mutex_);
    known_.swap(next);
    current_.swap(shown);
    series_ = budget_.count();
  }
  changed_.notify_all();
  // `next` and `shown` now hold the former snapshots and let them die here, outside the readers'
  // lock.
  return budget_.left_out() != left_out_before;
}

}  // namespace pce
