#pragma once
// How many seats of each product a customer bought and assigned.
#include <optional>
#include <tuple>

#include "exporter/insights/data_set.h"

namespace pce {

// One row of GET /v1/customers/{customer}/analytics/licenses/deployment
// Source: Partner Center REST docs, "Get customer licenses deployment information".
// Shape:  {"totalCount":n, "items":[row…], "attributes":{…}}, no pages; one row a product. The id
// of the customer is in the
//         schema but in no sample: it is known from the path.
// The commercial generation says the same in bulk and without percentages: GET
// /v1/analytics/commercial/deployment/license; see commercial_decoder.h.
struct CustomerDeployment {
  LabelText channel;
  LabelText product;       // productName
  LabelText service_code;  // serviceCode, in today's answers serviceName

  Number licenses_sold;       // seats, bought from whomever
  Number licenses_deployed;   // seats assigned to users, may exceed those sold
  Number deployment_percent;  // 0..100 and above, as sent

  std::optional<WallTime> processed_at;  // processedDateTime

  auto labels() const { return std::tie(channel, product, service_code); }
};

const DataSet& customer_deployment();

}  // namespace pce
