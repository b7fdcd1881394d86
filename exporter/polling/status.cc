#include "exporter/polling/status.h"

#include <utility>

#include "exporter/insights/customer_info.h"

namespace pce {

AccountStatus StatusReporter::status() const {
  const AccountPoller& poller = parts_.poller;
  const PollRecord& record = poller.record();
  const auto plan = poller.plan();
  AccountStatus status{.partner = poller.partner(),
                       .now = parts_.clock.wall(),
                       .interval = plan->interval,
                       .stale_after = plan->stale_after,
                       .tried = poller.has_tried(),
                       .sign_in = parts_.sign_in(),
                       .credentials = parts_.credentials(),
                       .throttling = parts_.throttling(),
                       .list = record.list(),
                       .customers = poller.board().customers(),
                       .drift = poller.board().drift()};
  for (CollectorStatus& collector : poller.board().collectors()) {
    const DataSet& data_set = *collector.data_set;
    CollectorReport report{.status = std::move(collector)};
    if (&data_set == &customer_info()) {
      report.trouble = status.list.trouble;
    } else {
      CollectorRecord whole = record.collector(data_set);
      report.source = whole.source;
      report.trouble = std::move(whole.trouble);
    }
    status.collectors.push_back(std::move(report));
  }
  return status;
}

}  // namespace pce
