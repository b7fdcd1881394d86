#pragma once
// How many seats all customers of the partner bought together, and how many of them they assigned.
#include <optional>
#include <tuple>

#include "exporter/insights/data_set.h"

namespace pce {

// One row of GET /v1/analytics/licenses/deployment
// Source: Partner Center REST docs, "Get partner licenses deployment information".
// Shape:  {"totalCount":n, "items":[row…], "attributes":{…}}, no pages; one row for each service
// and channel.
// The commercial generation says the same in bulk and without percentages: GET
// /v1/analytics/commercial/deployment/license, grouped by serviceCode and channel; see
// commercial_decoder.h.
struct PartnerDeployment {
  LabelText channel;
  LabelText service_code;  // serviceCode, in today's answers serviceName

  Number licenses_sold;       // seats; captured as 206.0
  Number deployment_percent;  // proratedDeploymentPercent, 0..100 and above, as sent

  std::optional<WallTime> processed_at;  // processedDateTime; differs between services by days

  auto labels() const { return std::tie(channel, service_code); }
};

const DataSet& partner_deployment();

}  // namespace pce
