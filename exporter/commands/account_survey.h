#pragma once
// Looks at an account with few calls: the customer list, the first page of each bulk report, and
// the classic insights of some customers where those are what serves.
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "exporter/base/label.h"
#include "exporter/commands/call_meter.h"
#include "exporter/commands/plan_facts.h"
#include "exporter/partner_center/client.h"
#include "exporter/polling/account_poller.h"
#include "exporter/polling/customer_book.h"
#include "exporter/polling/reader.h"
#include "exporter/telemetry/api_telemetry.h"

namespace pce {

class AccountSurvey {
 public:
  struct Parts {
    PartnerCenterClient& client;
    ApiTelemetry& telemetry;
    prometheus::Registry& registry;  // where the telemetry is kept
    LabelPool& labels;
    Clock& clock;
  };
  // `sample`: how many customers are asked about one by one, at least 1. `progress`: gets a line
  // now and then, one at a time and on any thread. `plan` must outlive the survey.
  AccountSurvey(Parts parts, const AccountPoller::Plan& plan, std::size_t sample,
                std::function<void(const std::string&)> progress);

  // Once. With the same sources, calls, and readings at once as the poller.
  AccountFacts run(std::stop_token stop);

 private:
  using Facts = std::vector<CollectorFacts>;

  bool read_list(std::stop_token stop);
  bool look_at_reports(std::stop_token stop);
  bool judge(CollectorFacts& facts, Reader::Glance& glance);
  void count(CollectorFacts& facts, const Reader::Glance& glance) const;
  bool read_sample(std::stop_token stop);
  std::vector<Customer> sample() const;
  bool fail(Error error);

  const Parts parts_;
  const AccountPoller::Plan& plan_;
  const std::size_t sample_;
  const std::function<void(const std::string&)> progress_;
  const std::string correlation_id_;
  CallMeter meter_;
  Reader reader_;
  CustomerBook book_;
  AccountFacts found_;
};

}  // namespace pce
