#pragma once
// How many seats of each product of a customer are really used, workload by workload.
#include <optional>
#include <tuple>

#include "exporter/insights/data_set.h"

namespace pce {

// One row of GET /v1/customers/{customer}/analytics/licenses/usage
// Source: Partner Center REST docs, "Get customer licenses usage information".
// Shape:  {"totalCount":n, "items":[row…], "attributes":{…}}, no pages; one row for each workload
// of a product, so that
//         a suite has several.
// The commercial generation says the same in bulk and without percentages: GET
// /v1/analytics/commercial/usage/license; see commercial_decoder.h.
struct CustomerUsage {
  LabelText channel;
  LabelText product;       // productName
  LabelText service_code;  // serviceCode, in today's answers serviceName
  LabelText workload;      // workloadName, else workloadCode

  Number licenses_active;     // seats used within the last 28 days; once spelled licenseActive
  Number licenses_qualified;  // seats that could be used, trials included
  Number usage_percent;       // 0..100 and above, as sent: people come and go within the 28 days

  std::optional<WallTime> processed_at;  // processedDateTime

  auto labels() const { return std::tie(channel, product, service_code, workload); }
};

const DataSet& customer_usage();

}  // namespace pce
