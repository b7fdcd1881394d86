#pragma once
// Asks one question, in the words of the source it is for. Any thread.
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "exporter/base/label.h"
#include "exporter/partner_center/client.h"
#include "exporter/partner_center/commercial_pages.h"
#include "exporter/polling/reading.h"
#include "exporter/telemetry/api_telemetry.h"

namespace pce {

class Reader {
 public:
  struct Parts {
    PartnerCenterClient& client;
    LabelPool& labels;
    ApiTelemetry& telemetry;
    Clock& clock;
  };
  // `only`: the customers commercial questions are restricted to, empty: all of them.
  // `processed_date`: the day they are about, empty: the newest.
  Reader(Parts parts, std::span<const TenantId> only, std::string processed_date);

  // `correlation_id`: see ApiCall.
  Outcome read(const Reading& reading, const std::string& correlation_id, std::stop_token stop);

 private:
  Outcome classic(const Reading& reading, const std::string& correlation_id, std::stop_token stop);
  Outcome commercial(const Reading& reading, const std::string& correlation_id,
                     std::stop_token stop);

  const Parts parts_;
  CommercialPages pages_;
  const std::string filter_;
  const std::string processed_date_;
};

}  // namespace pce
