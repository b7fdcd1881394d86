#include "exporter/insights/customer_deployment.h"

#include "exporter/insights/commercial_decoder.h"
#include "exporter/insights/decode.h"

namespace pce {
namespace {

enum Column : std::size_t {
  kProductName = kOwnColumns,
  kLicensesSold,
  kLicensesDeployed,
  kDeploymentPercent
};
constexpr auto kColumns = with_common_columns(std::to_array<std::string_view>(
    {"productName", "licensesSold", "licensesDeployed", "deploymentPercent"}));

constexpr auto kRequired = std::to_array<WireField>({{kProcessedDateTime},
                                                     {kServiceName},
                                                     {kChannel},
                                                     {kAttributes},
                                                     {kCustomerName},
                                                     {kProductName},
                                                     {kLicensesSold},
                                                     {kLicensesDeployed},
                                                     {kDeploymentPercent}});

CustomerDeployment read(WireRow& wire, LabelPool& labels) {
  CustomerDeployment row;
  row.channel = intern_code(labels, wire.channel());
  row.product = labels.intern(wire.name({kProductName}));
  row.service_code = intern_code(labels, wire.service_code());
  row.licenses_sold = wire.count({kLicensesSold});
  row.licenses_deployed = wire.count({kLicensesDeployed});
  row.deployment_percent = wire.percent_where_any(row.licenses_sold, {kDeploymentPercent});
  row.processed_at = wire.processed_at();
  return row;
}

CustomerDeployment merge(std::span<const CustomerDeployment> rows) {
  CustomerDeployment merged = rows.front();
  merged.licenses_sold = sum_of(rows, &CustomerDeployment::licenses_sold);
  merged.licenses_deployed = sum_of(rows, &CustomerDeployment::licenses_deployed);
  merged.deployment_percent = percent_of(merged.licenses_deployed, merged.licenses_sold);
  return merged;
}

constexpr std::array kMetrics{
    MetricSpec<CustomerDeployment>{
        "licenses_sold",
        "Seats of this product the customer bought (licensesSold of the customer deployment "
        "insights). Cached between polls; for the age of the data see "
        "partner_center_data_processed_timestamp_seconds.",
        "", &CustomerDeployment::licenses_sold},
    MetricSpec<CustomerDeployment>{
        "licenses_deployed",
        "Seats of this product assigned to users (licensesDeployed of the customer deployment "
        "insights). Cached between polls; for the age of the data see "
        "partner_center_data_processed_timestamp_seconds.",
        "", &CustomerDeployment::licenses_deployed},
    MetricSpec<CustomerDeployment>{
        "deployment_percent",
        "Seats assigned in percent of seats sold, 0 to 100 and not clamped (deploymentPercent of "
        "the customer deployment insights). Cached between polls; for the age of the data see "
        "partner_center_data_processed_timestamp_seconds.",
        "percent", &CustomerDeployment::deployment_percent},
};

constexpr std::array kRowLabels{"channel", "product", "service_code"};
constexpr auto kMetricInfos = metric_infos(kMetrics);
constexpr RowReading<CustomerDeployment> kReading{kColumns, kRequired, &read, &merge, kMetrics};

Result<Decoded> decode(std::string_view body, const TenantId* customer, LabelPool& labels) {
  return decode_rows(body, customer, labels, kReading);
}

constexpr std::array kCommercialLabels{CommercialLabel::kChannel, CommercialLabel::kProduct,
                                       CommercialLabel::kServiceCode};
constexpr std::array kCommercialValues{CommercialValue::kWhole, CommercialValue::kPart,
                                       CommercialValue::kPercent};
constexpr auto kCommercialRequired = std::to_array<WireField>({{kProcessedDateTime},
                                                               {kServiceCode},
                                                               {kServiceName},
                                                               {kChannel},
                                                               {kCustomerTenantId},
                                                               {kCustomerName},
                                                               {commercial::kProductId},
                                                               {commercial::kProductName},
                                                               {commercial::kLicensesDeployed},
                                                               {commercial::kLicensesSold}});
constexpr CommercialReading kCommercial{.scope = Scope::kCustomer,
                                        .labels = kCommercialLabels,
                                        .part = {commercial::kLicensesDeployed},
                                        .whole = {commercial::kLicensesSold},
                                        .values = kCommercialValues,
                                        .required = kCommercialRequired};

std::unique_ptr<BulkDecoder> bulk(LabelPool& labels) {
  return commercial_decoder(kCommercial, labels);
}

constexpr DataSet kDataSet{
    .collector = "customer_deployment",
    .scope = Scope::kCustomer,
    .row_labels = kRowLabels,
    .metrics = kMetricInfos,
    .classic_path = "/v1/customers/{customer}/analytics/licenses/deployment",
    .decode = &decode,
    .commercial = {.path = "analytics/commercial/deployment/license", .group_by = ""},
    .bulk = &bulk};

}  // namespace

const DataSet& customer_deployment() { return kDataSet; }

}  // namespace pce
