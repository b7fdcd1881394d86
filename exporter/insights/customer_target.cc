#include "exporter/insights/customer_target.h"

namespace pce {
namespace {

constexpr std::array kTargets{
    MetricInfo{"partner_center_customer_target_deployment_percent",
               "Seats assigned in percent of seats sold that are wanted of this customer, where "
               "targets.customers differs from partner_center_target_deployment_percent.",
               "percent"},
    MetricInfo{"partner_center_customer_target_usage_percent",
               "Seats used in percent of seats assigned that are wanted of this customer, where "
               "targets.customers differs from partner_center_target_usage_percent.",
               "percent"},
    MetricInfo{"partner_center_customer_target_spare_licenses",
               "Unused seats that are nobody's concern at this customer, where targets.customers "
               "differs from partner_center_target_spare_licenses.",
               ""}};
constexpr DataSet kCustomerTarget{.collector = "customers",
                                  .scope = Scope::kCustomer,
                                  .row_labels = {},
                                  .metrics = kTargets,
                                  .classic_path = "/v1/customers",
                                  .decode = nullptr,
                                  .prefixed = false};

constexpr std::array kOwnerLabels{"owner"};
constexpr std::array kOwners{
    MetricInfo{"partner_center_customer_owner_info",
               "Always 1; the label owner says who looks after this customer, where "
               "targets.customers names somebody.",
               ""}};
constexpr DataSet kCustomerOwner{.collector = "customers",
                                 .scope = Scope::kCustomer,
                                 .row_labels = kOwnerLabels,
                                 .metrics = kOwners,
                                 .classic_path = "/v1/customers",
                                 .decode = nullptr,
                                 .prefixed = false};

}  // namespace

const DataSet& customer_target() { return kCustomerTarget; }

Record customer_target_record(Number deployment_percent, Number usage_percent,
                              Number spare_licenses) {
  Record record;
  record.values = {deployment_percent, usage_percent, spare_licenses};
  return record;
}

const DataSet& customer_owner() { return kCustomerOwner; }

Record customer_owner_record(std::string_view owner, LabelPool& labels) {
  Record record;
  record.labels = labels.intern(LabelRow::Texts{labels.intern(owner)});
  record.values[0] = Number::whole(1);
  return record;
}

}  // namespace pce
