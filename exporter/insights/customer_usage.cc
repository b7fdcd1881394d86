#include "exporter/insights/customer_usage.h"

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

CustomerUsage read(WireRow& wire) {
  CustomerUsage row;
  row.channel = wire.channel();
  row.product = wire.name(kProductName);
  row.service_code = wire.service_code();
  row.workload = wire.name(kWorkloadName, kWorkloadCode);
  row.licenses_active = wire.count(kLicensesActive, kLicenseActive);
  row.licenses_qualified = wire.count(kLicensesQualified);
  row.usage_percent = wire.percent_where_any(row.licenses_qualified, kUsagePercent);
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
constexpr RowReading<CustomerUsage> kReading{kColumns, &read, &merge, kMetrics};

Result<Decoded> decode(std::string_view body, const TenantId* customer, LabelPool& labels) {
  return decode_rows(body, customer, labels, kReading);
}

constexpr DataSet kDataSet{.collector = "customer_usage",
                           .scope = Scope::kCustomer,
                           .row_labels = kRowLabels,
                           .metrics = kMetricInfos,
                           .classic_path = "/v1/customers/{customer}/analytics/licenses/usage",
                           .decode = &decode};

}  // namespace

const DataSet& customer_usage() { return kDataSet; }

}  // namespace pce
