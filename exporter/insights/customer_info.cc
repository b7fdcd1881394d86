#include "exporter/insights/customer_info.h"

namespace pce {
namespace {

constexpr std::array kLabels{"domain", "relationship", "reseller"};
constexpr std::array kMetrics{MetricInfo{
    "partner_center_customer_info",
    "Always 1; the labels carry what the customer list says of a customer (companyProfile.domain, "
    "relationshipToPartner); reseller is the indirect reseller's name, with customers.resellers.",
    ""}};
constexpr DataSet kCustomerInfo{.collector = "customers",
                                .scope = Scope::kCustomer,
                                .row_labels = kLabels,
                                .metrics = kMetrics,
                                .classic_path = "/v1/customers",
                                .decode = nullptr,
                                .prefixed = false};

}  // namespace

const DataSet& customer_info() { return kCustomerInfo; }

Record customer_info_record(std::string_view domain, std::string_view relationship,
                            std::string_view reseller, LabelPool& labels) {
  Record record;
  const LabelRow::Texts texts{labels.intern(domain), labels.intern(relationship),
                              labels.intern(reseller)};
  // No two customers have the same domain.
  record.labels = domain.empty() ? labels.intern(texts) : LabelRow(texts);
  record.values[0] = Number::whole(1);
  return record;
}

}  // namespace pce
