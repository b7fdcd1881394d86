#pragma once
// Keeps the number of series below a cap: what does not fit is left out by whole customers, and the
// same ones each time.
#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "exporter/store/slice.h"

namespace pce {

// The samples records give: unknown values give none.
std::size_t series_of(std::span<const Record> records);
inline std::size_t series_of(const Slice& slice) { return series_of(slice.records); }

struct SeriesCount {
  std::size_t shown = 0;
  std::size_t left_out = 0;
  std::size_t customers_left_out = 0;
  friend bool operator==(const SeriesCount&, const SeriesCount&) = default;
};

// Customers are admitted in the order of their ids, from the lowest, until one does not fit: so the
// choice does not depend on who was read first, and a customer that grows moves the border only.
// What is about a whole partner is always shown. Not thread-safe.
class SeriesBudget {
 public:
  // A customer of one account.
  using Owner = std::pair<SharedText, SharedText>;  // customer id, account

  explicit SeriesBudget(std::size_t series_max) : series_max_(series_max) {}

  // Whether this is another one; it counts from the next settle() on.
  bool series_max_is(std::size_t series_max) {
    return std::exchange(series_max_, series_max) != series_max;
  }
  void put(const Slice& slice);     // the slice came in
  void remove(const Slice& slice);  // a slice put before went away
  // Decides anew; afterwards left_out() and count() tell the result.
  void settle();

  const std::set<Owner>& left_out() const { return left_out_; }
  const SeriesCount& count() const { return count_; }

 private:
  std::size_t series_max_;
  std::map<Owner, std::size_t> series_;  // by customer; those without any are not here
  std::size_t about_partners_ = 0;
  std::size_t total_ = 0;
  std::set<Owner> left_out_;
  SeriesCount count_;
};

}  // namespace pce
