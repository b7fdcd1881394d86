#pragma once
// When each reading is due: everything at once at first, then once an interval, each at a time of
// its own, and sooner again what failed. Pure and not thread-safe.
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/insights/data_set.h"
#include "exporter/store/slice.h"

namespace pce {

// A reading is known by the slice it brings; one that brings the slices of many customers has an
// empty customer id.
class Schedule {
 public:
  // After a failure a reading is tried again after this long, then after twice as long and so on,
  // but never later than in an interval.
  static constexpr std::chrono::milliseconds kFirstCatchUp = std::chrono::minutes(1);

  explicit Schedule(std::chrono::milliseconds interval) : interval_(interval) {}

  // These are the readings there are: new ones are due at once, those not named are forgotten.
  void plan(const std::vector<SliceKey>& readings, SteadyTime now);

  // Those due, the ones that have waited longest for an answer first: what never had one, what
  // failed, what is old.
  std::vector<SliceKey> due(SteadyTime now) const;
  std::optional<SteadyTime> due_at(const SliceKey& reading) const;  // nullopt: there is no such one
  std::optional<SteadyTime> next() const;  // when the next one is due; nullopt: there are none

  void answered(const SliceKey& reading, SteadyTime now);
  // It was answered then, before this process began. When the reading comes up in a plan it is due
  // an interval after that, and from then on spread as after a first answer.
  void remember(const SliceKey& reading, SteadyTime answered);
  void failed(const SliceKey& reading, SteadyTime now);
  // From now on: each reading keeps its share of the interval. What is overdue by the new one is
  // due at once, and spread anew from then on.
  void interval_is(std::chrono::milliseconds interval, SteadyTime now);
  void due_now(const SliceKey& reading, SteadyTime now);  // likewise
  void all_due(SteadyTime now);                           // and spread anew from then on
  void retry_failed(SteadyTime now);  // what failed is due, as if for the first time

  // Whether a reading that is not about one customer was answered, and did not fail since.
  bool anything_answered_partner_wide() const;

  struct Health {
    std::size_t readings = 0;
    std::size_t unanswered = 0;        // never answered, or not since they failed
    std::optional<SteadyTime> next{};  // when the first of them is due
  };
  Health health(const DataSet& data_set) const;

 private:
  struct Entry {
    SteadyTime due;
    std::optional<SteadyTime> answered{};
    int answers = 0;
    int failures = 0;  // since the last answer
  };
  // From one answer to the next one wanted. The first two steps spread the readings over the
  // interval, by a hash of their keys: the same place in every interval and after every start.
  std::chrono::milliseconds step(const SliceKey& reading, int answers) const;

  std::chrono::milliseconds interval_;
  std::map<SliceKey, Entry> readings_;
  std::map<SliceKey, SteadyTime> remembered_;  // until they come up
};

}  // namespace pce
