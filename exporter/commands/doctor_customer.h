#pragma once
// The last steps of `doctor`: the insights of one customer, and how /metrics would show them.
#include <string>
#include <vector>

#include "exporter/base/label.h"
#include "exporter/commands/account.h"
#include "exporter/commands/doctor_report.h"
#include "exporter/partner_center/client.h"
#include "exporter/store/slice.h"

namespace pce {

class CustomerLook {
 public:
  struct Parts {
    PartnerCenterClient& client;
    ApiTelemetry& calls;
    LabelPool& labels;
    Clock& clock;
  };
  CustomerLook(Parts parts, const AccountPoller::Plan& plan) : parts_(parts), plan_(plan) {}

  // `wanted`: an id, a name, or what is shown in their place; empty: the first of the list that the
  // configuration admits. Reads what the daemon would, from the source it would.
  Finding look_at_customer(const std::vector<Customer>& list, const std::string& wanted,
                           const std::string& correlation_id);
  // After that: the first lines of its samples, and how many there are. `prefix`: of the metrics.
  Finding preview(const std::string& prefix) const;

 private:
  bool read(const DataSet& data_set, const Customer& customer, const std::string& correlation_id,
            Finding& finding);
  void keep(const DataSet& data_set, const Customer& customer, Decoded decoded);

  const Parts parts_;
  const AccountPoller::Plan& plan_;
  std::vector<Slice> slices_;
};

}  // namespace pce
