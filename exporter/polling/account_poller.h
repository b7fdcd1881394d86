#pragma once
// The duty of one account's thread: a round every interval, sooner again for what failed, and
// nothing shown that is older than allowed.
#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "exporter/polling/round.h"

namespace pce {

class AccountPoller {
 public:
  struct Parts {
    PartnerCenterClient& client;
    SnapshotStore& store;
    LabelPool& labels;
    AccountTelemetry& telemetry;
    Clock& clock;
  };
  struct Plan {
    std::string partner;
    std::vector<const DataSet*> data_sets;
    std::chrono::milliseconds interval;
    std::chrono::milliseconds stale_after;
    int concurrency = 1;
  };
  AccountPoller(Parts parts, Plan plan);

  // Until `stop` is requested.
  void run(std::stop_token stop);
  // Whether the first round has ended, well or badly.
  bool has_tried() const { return tried_; }

 private:
  // What was answered in which cycle. A cycle is a round and the attempts to make up for what it
  // missed.
  struct Answered {
    SteadyTime cycle;
    std::size_t rows = 0;
    bool unavailable = false;  // the answer was: not our customer
  };

  // Everything due in this cycle and not answered yet; true when nothing is left to make up for.
  bool round(SteadyTime cycle, std::stop_token stop);
  void read_customers(SteadyTime cycle, const std::string& correlation_id, std::stop_token stop);
  void show_customers(const CustomerList& list);
  std::vector<Task> due(SteadyTime cycle) const;
  void take(const std::vector<Task>& tasks, const std::vector<TaskOutcome>& outcomes,
            SteadyTime cycle);
  void drop_stale();
  bool report(SteadyTime cycle, SteadyTime start, const std::vector<Task>& tasks,
              const std::vector<TaskOutcome>& outcomes);
  void report_processed_dates() const;
  bool wants_customers() const;
  std::size_t customers_unavailable() const;

  const Parts parts_;
  const Plan plan_;
  Publisher publisher_;
  std::map<TenantId, Customer> customers_;      // as last listed
  std::optional<SteadyTime> customers_listed_;  // the cycle of the last complete list
  std::optional<Error> list_failure_;
  std::map<SliceKey, Answered> answered_;
  std::atomic<bool> tried_ = false;
};

}  // namespace pce
