#pragma once
// What the configuration (targets.customers) wants of a customer, and who looks after it. Shown
// like an insight, so that it comes and goes with the customer.
#include <string_view>

#include "exporter/insights/data_set.h"

namespace pce {

// One record a customer, under the metrics partner_center_customer_target_…; what is unknown does
// not differ from what holds for all customers.
const DataSet& customer_target();
Record customer_target_record(Number deployment_percent, Number usage_percent,
                              Number spare_licenses);

// One record a customer, value 1, under the metric partner_center_customer_owner_info.
const DataSet& customer_owner();
Record customer_owner_record(std::string_view owner, LabelPool& labels);

}  // namespace pce
