#pragma once
// Which readings there are, from which source, and which of them are due. Not thread-safe.
#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "exporter/polling/customer_book.h"
#include "exporter/polling/reading.h"
#include "exporter/polling/round_forecast.h"
#include "exporter/polling/schedule.h"
#include "exporter/polling/source_choice.h"

namespace pce {

class ReadingPlan {
 public:
  // `book` must outlive the plan.
  ReadingPlan(std::string partner, const std::vector<const DataSet*>& data_sets,
              const SourceRules& source, std::chrono::milliseconds interval,
              const CustomerBook& book);

  // From now on these are the data sets, read by these rules: a new one is due at once.
  void adopt(const std::vector<const DataSet*>& data_sets, const SourceRules& source,
             std::chrono::milliseconds interval, SteadyTime now);
  // What the commercial source is asked about customers is due, or everything it is asked.
  void bulk_due(bool everything, SteadyTime now);
  // Takes in what changed: customers, sources, and the time of an examination.
  void renew(SteadyTime now);

  bool anything_due(SteadyTime now) const { return !schedule_.due(now).empty(); }
  bool list_due(SteadyTime now) const;
  std::vector<Reading> due(SteadyTime now) const;  // from the sources in use
  // What is due from the commercial source where the classic one is in use.
  std::vector<Reading> examinations(SteadyTime now) const;
  // When something is due that is not yet; `otherwise` where nothing ever will be.
  SteadyTime next(SteadyTime otherwise) const;

  SliceKey list_key() const;  // of the customer list
  bool wants_customers() const;
  // So many calls the list, or a bulk answer, took when it was read whole.
  void took(const SliceKey& reading, std::size_t calls);
  // A round from the sources in use. Pages are those of the last time; before there was one, as
  // many as the customers make for the list, and one for a bulk answer.
  std::vector<RoundStep> round() const;

  Schedule& schedule() { return schedule_; }
  const Schedule& schedule() const { return schedule_; }
  SourceChoice& source(const DataSet& data_set) { return sources_.at(&data_set); }
  const std::map<const DataSet*, SourceChoice>& sources() const { return sources_; }

 private:
  std::vector<SliceKey> keys(SteadyTime now) const;
  SliceKey bulk_key(const DataSet& data_set) const { return {&data_set, {}, partner_}; }

  const SharedText partner_;
  const CustomerBook& book_;
  Schedule schedule_;
  std::map<const DataSet*, SourceChoice> sources_;
  std::map<SliceKey, std::size_t> took_;
  SteadyTime renewed_at_{};
};

}  // namespace pce
