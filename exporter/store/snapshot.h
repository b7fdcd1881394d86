#pragma once
// Everything known at one moment, immutable. A successor shares every run of slices that did not
// change.
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "exporter/store/slice.h"

namespace pce {

// Neighbouring slices in order. A run is the unit that successive snapshots share.
struct SliceRun {
  SliceRun();
  ~SliceRun() = default;
  SliceRun(const SliceRun&) = delete;
  SliceRun& operator=(const SliceRun&) = delete;
  SliceRun(SliceRun&&) = delete;
  SliceRun& operator=(SliceRun&&) = delete;

  std::vector<std::shared_ptr<const Slice>> slices;
  std::size_t records = 0;     // of all of them
  const std::uint64_t number;  // no other run ever has it, and none has 0
};

class Snapshot {
 public:
  // Customers are spread over the runs by the first byte of their id, so that run order is customer
  // order and a refresh of one customer copies one run.
  static constexpr std::size_t kRuns = 256;
  using Runs = std::array<std::shared_ptr<const SliceRun>, kRuns>;  // an empty run is null

  std::uint64_t generation() const { return generation_; }
  // The slices of one data set in key order, by run; nullptr: there are none. Runs of equal numbers
  // are the same; so are those of equal pointers while both snapshots live.
  const Runs* runs(const DataSet& data_set) const;
  const Slice* find(const SliceKey& key) const;
  std::size_t slices() const;
  std::vector<const DataSet*> data_sets() const;  // those that ever had a slice

  template <typename Visitor>
  void each_slice(const DataSet& data_set, Visitor&& visit) const {
    const Runs* all = runs(data_set);
    if (all == nullptr) return;
    for (const auto& run : *all) {
      if (!run) continue;
      for (const auto& slice : run->slices) visit(*slice);
    }
  }

  // The successor in which `added` replace the slices of their keys and those of `removed` are
  // gone.
  static std::shared_ptr<const Snapshot> after(
      const Snapshot& former, const std::vector<std::shared_ptr<const Slice>>& added,
      const std::vector<SliceKey>& removed);
  // The same generation, of each run what `choose` makes of it: itself, a part, or null for
  // nothing. It is asked once for each run that is not empty, by its number: the first byte of its
  // ids.
  using Choose = std::function<std::shared_ptr<const SliceRun>(
      const DataSet& data_set, std::size_t run, const std::shared_ptr<const SliceRun>& whole)>;
  static std::shared_ptr<const Snapshot> chosen(const std::shared_ptr<const Snapshot>& whole,
                                                const Choose& choose);
  // The same generation without the slices of `left_out`.
  static std::shared_ptr<const Snapshot> without(const std::shared_ptr<const Snapshot>& whole,
                                                 const std::vector<SliceKey>& left_out);

 private:
  std::uint64_t generation_ = 0;
  std::map<const DataSet*, std::shared_ptr<const Runs>> tables_;
};

}  // namespace pce
