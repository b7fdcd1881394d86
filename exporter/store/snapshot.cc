#include "exporter/store/snapshot.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <string_view>

namespace pce {

std::strong_ordering operator<=>(const SliceKey& a, const SliceKey& b) {
  if (a.data_set != b.data_set) return std::compare_three_way()(a.data_set, b.data_set);
  if (const auto order = a.customer_id <=> b.customer_id; order != 0) return order;
  return a.partner <=> b.partner;
}

namespace {

unsigned hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  return c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10) : 0U;
}

std::size_t run_of(const SliceKey& key) {
  const std::string_view id = key.customer_id;
  return id.size() < 2 ? 0 : hex_digit(id[0]) * 16 + hex_digit(id[1]);
}

auto position(const SliceRun& run, const SliceKey& key) {
  return std::ranges::lower_bound(run.slices, key, {},
                                  [](const auto& slice) -> const SliceKey& { return slice->key; });
}

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

// What happens to one run: null removes the key. The keys are those of slices and lists, where they
// stay: there may be as many as there are customers.
struct Before {
  bool operator()(const SliceKey* a, const SliceKey* b) const { return *a < *b; }
};
using Changes = std::map<const SliceKey*, std::shared_ptr<const Slice>, Before>;

std::shared_ptr<const SliceRun> merged(const SliceRun* former, const Changes& changes) {
  auto run = std::make_shared<SliceRun>();
  const std::size_t before = former == nullptr ? 0 : former->slices.size();
  run->slices.reserve(before + changes.size());
  std::size_t at = 0;
  for (const auto& [key, slice] : changes) {
    while (at < before && former->slices[at]->key < *key)
      run->slices.push_back(former->slices[at++]);
    if (at < before && former->slices[at]->key == *key) ++at;
    if (slice) run->slices.push_back(slice);
  }
  while (at < before) run->slices.push_back(former->slices[at++]);
  if (run->slices.empty()) return nullptr;
  for (const auto& slice : run->slices) run->records += slice->records.size();
  return run;
}

}  // namespace

SliceRun::SliceRun() : number(next_number()) {}

const Snapshot::Runs* Snapshot::runs(const DataSet& data_set) const {
  const auto table = tables_.find(&data_set);
  return table == tables_.end() ? nullptr : table->second.get();
}

const Slice* Snapshot::find(const SliceKey& key) const {
  const Runs* all = key.data_set == nullptr ? nullptr : runs(*key.data_set);
  if (all == nullptr) return nullptr;
  const auto& run = (*all)[run_of(key)];
  if (!run) return nullptr;
  const auto at = position(*run, key);
  return at == run->slices.end() || (*at)->key != key ? nullptr : at->get();
}

std::size_t Snapshot::slices() const {
  std::size_t count = 0;
  for (const auto& [data_set, table] : tables_) {
    for (const auto& run : *table) count += run ? run->slices.size() : 0;
  }
  return count;
}

std::vector<const DataSet*> Snapshot::data_sets() const {
  std::vector<const DataSet*> all;
  for (const auto& [data_set, table] : tables_) all.push_back(data_set);
  return all;
}

std::shared_ptr<const Snapshot> Snapshot::after(
    const Snapshot& former, const std::vector<std::shared_ptr<const Slice>>& added,
    const std::vector<SliceKey>& removed) {
  std::map<const DataSet*, std::map<std::size_t, Changes>> by_run;
  for (const auto& key : removed) by_run[key.data_set][run_of(key)][&key] = nullptr;
  for (const auto& slice : added)
    by_run[slice->key.data_set][run_of(slice->key)][&slice->key] = slice;

  auto next = std::make_shared<Snapshot>(former);
  next->generation_ = former.generation_ + 1;
  for (const auto& [data_set, runs] : by_run) {
    auto& table = next->tables_[data_set];
    auto changed = table ? std::make_shared<Runs>(*table) : std::make_shared<Runs>();
    for (const auto& [index, changes] : runs)
      (*changed)[index] = merged((*changed)[index].get(), changes);
    table = std::move(changed);
  }
  return next;
}

std::shared_ptr<const Snapshot> Snapshot::chosen(const std::shared_ptr<const Snapshot>& whole,
                                                 const Choose& choose) {
  auto part = std::make_shared<Snapshot>(*whole);
  for (auto& [data_set, table] : part->tables_) {
    auto chosen = std::make_shared<Runs>();
    for (std::size_t i = 0; i < kRuns; ++i) {
      if ((*table)[i]) (*chosen)[i] = choose(*data_set, i, (*table)[i]);
    }
    if (*chosen != *table) table = std::move(chosen);
  }
  return part;
}

std::shared_ptr<const Snapshot> Snapshot::without(const std::shared_ptr<const Snapshot>& whole,
                                                  const std::vector<SliceKey>& left_out) {
  if (left_out.empty()) return whole;
  auto part = std::make_shared<Snapshot>(*after(*whole, {}, left_out));
  part->generation_ = whole->generation_;
  return part;
}

}  // namespace pce
