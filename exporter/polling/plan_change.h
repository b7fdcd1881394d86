#pragma once
// Brings a poller that has read and learnt already to another plan, so that what the plans have in
// common stays as it is.
#include "exporter/base/clock.h"
#include "exporter/polling/account_poller.h"

namespace pce {

class PlanChange {
 public:
  struct Parts {
    Reader& reader;
    CustomerBook& book;
    CustomerDesk& desk;
    Intake& intake;
    ReadingPlan& readings;
    PollRecord& record;
    PollHealth& health;
    Publisher& publisher;
    Expiry& expiry;
    Rest& rest;
    ApiTelemetry& calls;
    PollTelemetry& telemetry;
    const Clock& clock;
  };
  explicit PlanChange(Parts parts) : parts_(parts) {}

  // On the poller's thread, while nothing is read.
  void adopt(const AccountPoller::Plan& former, const AccountPoller::Plan& plan);

 private:
  void adopt_customers(const AccountPoller::Plan& former, const AccountPoller::Plan& plan,
                       SteadyTime now);
  void forget_customers(const std::string& partner);
  void forget_excluded(const std::string& partner);

  const Parts parts_;
};

}  // namespace pce
