#include "exporter/insights/customer_usage.h"

#include "exporter/insights/commercial_decoder.h"
#include "exporter/insights/decode.h"

namespace pce {
namespace {

enum Column : std::size_t {
  kProductName = kOwnColumns,
  kWorkloadName,
  kWorkloadCode,
  kLicensesActive,
  kLicenseActive,
  kLicensesQualified,
  kUsagePercent
};
constexpr auto kColumns = with_common_columns(std::to_array<std::string_view>(
    {"productName", "workloadName", "workloadCode", "licensesActive", "licenseActive",
     "licensesQualified", "usagePercent"}));

constexpr auto kRequired = std::to_array<WireField>({{kProcessedDateTime},
                                                     {kServiceName},
                                                     {kChannel},
                                                     {kAttributes},
                                                     {kCustomerName},
                                                     {kProductName},
                                                     {kWorkloadName},
                                                     {kLicensesActive, kLicenseActive},
                                                     {kLicensesQualified},
                                                     {kUsagePercent}});

CustomerUsage read(WireRow& wire, LabelPool& labels) {
  CustomerUsage row;
  row.channel = intern_code(labels, wire.channel());
  row.product = labels.intern(wire.name({kProductName}));
  row.service_code = intern_code(labels, wire.service_code());
  row.workload = labels.intern(wire.name({kWorkloadName, kWorkloadCode}));
  row.licenses_active = wire.count({kLicensesActive, kLicenseActive});
  row.licenses_qualified = wire.count({kLicensesQualified});
  row.usage_percent = wire.percent_where_any(row.licenses_qualified, {kUsagePercent});
  row.processed_at = wire.processed_at();
  return row;
}

CustomerUsage merge(std::span<const CustomerUsage> rows) {
  CustomerUsage merged = rows.front();
  merged.licenses_active = sum_of(rows, &CustomerUsage::licenses_active);
  merged.licenses_qualified = sum_of(rows, &CustomerUsage::licenses_qualified);
  merged.usage_percent = percent_of(merged.licenses_active, merged.licenses_qualified);
  return merged;
}

constexpr std::array kMetrics{
    MetricSpec<CustomerUsage>{
        "licenses_active",
        "Seats of this product with use of the workload in the last 28 days (licensesActive of the "
        "customer usage insights). Cached between polls; for the age of the data see "
        "partner_center_data_processed_timestamp_seconds.",
        "", &CustomerUsage::licenses_active},
    MetricSpec<CustomerUsage>{
        "licenses_qualified",
        "Seats of this product that may use the workload, trials included (licensesQualified of "
        "the customer usage insights). Cached between polls; for the age of the data see "
        "partner_center_data_processed_timestamp_seconds.",
        "", &CustomerUsage::licenses_qualified},
    MetricSpec<CustomerUsage>{
        "usage_percent",
        "Seats active in percent of seats qualified, 0 to 100 and not clamped (usagePercent of the "
        "customer usage insights). Cached between polls; for the age of the data see "
        "partner_center_data_processed_timestamp_seconds.",
        "percent", &CustomerUsage::usage_percent},
};

constexpr std::array kRowLabels{"channel", "product", "service_code", "workload"};
constexpr auto kMetricInfos = metric_infos(kMetrics);
constexpr RowReading<CustomerUsage> kReading{kColumns, kRequired, &read, &merge, kMetrics};

Result<Decoded> decode(std::string_view body, const TenantId* customer, LabelPool& labels) {
  return decode_rows(body, customer, labels, kReading);
}

constexpr std::array kCommercialLabels{CommercialLabel::kChannel, CommercialLabel::kProduct,
                                       CommercialLabel::kServiceCode, CommercialLabel::kWorkload};
constexpr std::array kCommercialValues{CommercialValue::kPart, CommercialValue::kWhole,
                                       CommercialValue::kPercent};
constexpr auto kCommercialRequired =
    std::to_array<WireField>({{kProcessedDateTime},
                              {kServiceCode},
                              {kServiceName},
                              {kChannel},
                              {kCustomerTenantId},
                              {kCustomerName},
                              {commercial::kProductId},
                              {commercial::kProductName},
                              {commercial::kWorkloadCode},
                              {commercial::kWorkloadName},
                              {commercial::kLicensesActive, commercial::kLicenseActive},
                              {commercial::kLicensesQualified}});
constexpr CommercialReading kCommercial{
    .scope = Scope::kCustomer,
    .labels = kCommercialLabels,
    .part = {commercial::kLicensesActive, commercial::kLicenseActive},
    .whole = {commercial::kLicensesQualified},
    .values = kCommercialValues,
    .required = kCommercialRequired};

std::unique_ptr<BulkDecoder> bulk(LabelPool& labels) {
  return commercial_decoder(kCommercial, labels);
}

constexpr DataSet kDataSet{
    .collector = "customer_usage",
    .scope = Scope::kCustomer,
    .row_labels = kRowLabels,
    .metrics = kMetricInfos,
    .classic_path = "/v1/customers/{customer}/analytics/licenses/usage",
    .decode = &decode,
    .commercial = {.path = "analytics/commercial/usage/license", .group_by = ""},
    .bulk = &bulk};

}  // namespace

const DataSet& customer_usage() { return kDataSet; }

}  // namespace pce
