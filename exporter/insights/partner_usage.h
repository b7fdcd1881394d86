#pragma once
// How much of what all customers of the partner bought is really used, workload by workload.
#include <optional>
#include <tuple>

#include "exporter/insights/data_set.h"

namespace pce {

// One row of GET /v1/analytics/licenses/usage
// Source: Partner Center REST docs, "Get partner licenses usage information".
// Shape:  {"totalCount":n, "items":[row…], "attributes":{…}}, no pages; one row for each service,
// workload and channel. A
//         workload of one name, such as SharePoint, occurs under several services.
// The commercial generation says the same in bulk and without percentages: GET
// /v1/analytics/commercial/usage/license, grouped by serviceCode, workloadName and channel; see
// commercial_decoder.h.
struct PartnerUsage {
  LabelText channel;
  LabelText service_code;  // serviceCode, in today's answers serviceName
  LabelText workload;      // workloadName, else workloadCode

  Number usage_percent;  // proratedLicensesUsagePercent, announced as …LicenseUsage…; 0..100 and
                         // above, as sent

  std::optional<WallTime> processed_at;  // processedDateTime

  auto labels() const { return std::tie(channel, service_code, workload); }
};

const DataSet& partner_usage();

}  // namespace pce
