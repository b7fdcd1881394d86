#pragma once
// Tells, in metrics and on the status board, how the readings of an account are doing.
#include <map>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/polling/customer_book.h"
#include "exporter/polling/intake.h"
#include "exporter/polling/publisher.h"
#include "exporter/polling/schedule.h"
#include "exporter/polling/status_board.h"
#include "exporter/telemetry/poll_telemetry.h"

namespace pce {

class PollHealth {
 public:
  struct Parts {
    const Schedule& schedule;
    const Intake& intake;
    const CustomerBook& book;
    const Publisher& publisher;
    PollTelemetry& telemetry;
    StatusBoard& board;
    const Clock& clock;
  };
  PollHealth(Parts parts, std::string partner, std::vector<const DataSet*> data_sets);

  void adopt(std::vector<const DataSet*> data_sets);  // from now on
  // `ends`: when the last reading of each data set that was read since `start` ended.
  void report(SteadyTime start, const std::map<const DataSet*, SteadyTime>& ends);
  // Of what was read before this process began: when the answers of each data set came that are
  // shown again.
  struct Answers {
    WallTime oldest{}, newest{};
  };
  void resumed(const std::map<const DataSet*, Answers>& answers);
  // Whether everything was answered and is believed.
  bool all_good() const;
  std::size_t rows() const;
  std::size_t customers_in_doubt() const;

 private:
  bool good(const DataSet& data_set) const;
  bool good(const DataSet& data_set, const Schedule::Health& health) const;
  void report_all() const;
  void report_customers() const;
  void report_data(const DataSet& data_set) const;
  CollectorFigures facts_of(const DataSet& data_set) const;
  void report_difference() const;
  bool reads(const char* collector) const;

  const Parts parts_;
  const std::string partner_;
  std::vector<const DataSet*> data_sets_;
  bool about_customers_ = false;  // whether there is a data set that wants the customer list
};

}  // namespace pce
