#pragma once
// Reads many answers of one account in parallel and hands what is good to the publisher. Knows
// nothing of schedules.
#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/label.h"
#include "exporter/base/result.h"
#include "exporter/insights/data_set.h"
#include "exporter/partner_center/client.h"
#include "exporter/partner_center/customer_list.h"
#include "exporter/polling/publisher.h"
#include "exporter/telemetry/telemetry.h"

namespace pce {

struct Task {
  const DataSet* data_set = nullptr;
  std::optional<Customer> customer{};  // nullopt: about the whole partner
  SliceKey key{};
  bool has_rows = false;  // the store shows rows for this key now
};

struct TaskOutcome {
  enum class Kind {
    kNotMade,      // stopped, or given up because no call can succeed now
    kRead,         // shown
    kEmpty,        // no rows where there are some: the old ones stay
    kUnavailable,  // Partner Center says this customer is not ours
    kFailed
  };
  Kind kind = Kind::kNotMade;
  std::size_t rows = 0;
  std::optional<Error> error{};
  SteadyTime end{};
};

class Round {
 public:
  struct Parts {
    PartnerCenterClient& client;
    Publisher& publisher;
    LabelPool& labels;
    AccountTelemetry& telemetry;
    Clock& clock;
  };
  Round(Parts parts, std::string correlation_id)
      : parts_(parts), correlation_id_(std::move(correlation_id)) {}

  // One outcome a task, in the order of the tasks. A refused token ends the round: the tasks left
  // are kNotMade.
  std::vector<TaskOutcome> run(const std::vector<Task>& tasks, int concurrency,
                               std::stop_token stop);

 private:
  TaskOutcome read(const Task& task, std::stop_token stop);
  Result<Decoded> fetch(const Task& task, std::stop_token stop);

  const Parts parts_;
  const std::string correlation_id_;
};

}  // namespace pce
