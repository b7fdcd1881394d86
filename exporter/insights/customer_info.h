#pragma once
// What the customer list says of a customer beside its name: attributes that are no identity and no
// number. Source: GET /v1/customers, Partner Center REST docs, "Get a list of customers".
#include <string_view>

#include "exporter/insights/data_set.h"

namespace pce {

// One record a customer, value 1, under the metric partner_center_customer_info.
const DataSet& customer_info();

Record customer_info_record(std::string_view domain, std::string_view relationship,
                            std::string_view reseller, LabelPool& labels);

}  // namespace pce
