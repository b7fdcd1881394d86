#include "exporter/insights/partner_deployment.h"

#include "exporter/insights/commercial_decoder.h"
#include "exporter/insights/decode.h"

namespace pce {
namespace {

enum Column : std::size_t { kLicensesSold = kOwnColumns, kProratedDeploymentPercent };
constexpr auto kColumns = with_common_columns(
    std::to_array<std::string_view>({"licensesSold", "proratedDeploymentPercent"}));

constexpr auto kRequired = std::to_array<WireField>({{kProcessedDateTime},
                                                     {kServiceName},
                                                     {kChannel},
                                                     {kAttributes},
                                                     {kLicensesSold},
                                                     {kProratedDeploymentPercent}});

PartnerDeployment read(WireRow& wire, LabelPool& labels) {
  PartnerDeployment row;
  row.channel = intern_code(labels, wire.channel());
  row.service_code = intern_code(labels, wire.service_code());
  row.licenses_sold = wire.count({kLicensesSold});
  row.deployment_percent = wire.percent_where_any(row.licenses_sold, {kProratedDeploymentPercent});
  row.processed_at = wire.processed_at();
  return row;
}

// The answer has no count of deployed seats to add up, so each row weighs as much as it sold; one
// that sold nothing weighs nothing, with or without a percentage.
Number mean_percent(std::span<const PartnerDeployment> rows, const Number& sold) {
  if (!sold.known() || sold.whole() == 0) return {};
  double weighed = 0;
  for (const PartnerDeployment& row : rows) {
    if (row.licenses_sold.whole() == 0) continue;
    if (!row.deployment_percent.known()) return {};
    weighed += row.deployment_percent.value() * row.licenses_sold.value();
  }
  return std::isfinite(weighed) ? Number::real(weighed / sold.value()) : Number();
}

PartnerDeployment merge(std::span<const PartnerDeployment> rows) {
  PartnerDeployment merged = rows.front();
  merged.licenses_sold = sum_of(rows, &PartnerDeployment::licenses_sold);
  merged.deployment_percent = mean_percent(rows, merged.licenses_sold);
  return merged;
}

constexpr std::array kMetrics{
    MetricSpec<PartnerDeployment>{
        "partner_licenses_sold",
        "Seats all customers of the partner bought (licensesSold of the partner deployment "
        "insights). Cached between polls; for the age of the data see "
        "partner_center_data_processed_timestamp_seconds.",
        "", &PartnerDeployment::licenses_sold},
    MetricSpec<PartnerDeployment>{
        "partner_deployment_percent",
        "Seats assigned in percent of seats sold over all customers of the partner, 0 to 100 and "
        "not clamped (proratedDeploymentPercent of the partner deployment insights). Cached "
        "between polls; for the age of the data see "
        "partner_center_data_processed_timestamp_seconds.",
        "percent", &PartnerDeployment::deployment_percent},
};

constexpr std::array kRowLabels{"channel", "service_code"};
constexpr auto kMetricInfos = metric_infos(kMetrics);
constexpr RowReading<PartnerDeployment> kReading{kColumns, kRequired, &read, &merge, kMetrics};

Result<Decoded> decode(std::string_view body, const TenantId* customer, LabelPool& labels) {
  return decode_rows(body, customer, labels, kReading);
}

constexpr std::array kCommercialLabels{CommercialLabel::kChannel, CommercialLabel::kServiceCode};
constexpr std::array kCommercialValues{CommercialValue::kWhole, CommercialValue::kPercent};
constexpr auto kCommercialRequired = std::to_array<WireField>(
    {{kServiceCode}, {kChannel}, {commercial::kLicensesDeployed}, {commercial::kLicensesSold}});
constexpr CommercialReading kCommercial{.scope = Scope::kPartner,
                                        .labels = kCommercialLabels,
                                        .part = {commercial::kLicensesDeployed},
                                        .whole = {commercial::kLicensesSold},
                                        .values = kCommercialValues,
                                        .required = kCommercialRequired};

std::unique_ptr<BulkDecoder> bulk(LabelPool& labels) {
  return commercial_decoder(kCommercial, labels);
}

constexpr DataSet kDataSet{.collector = "partner_deployment",
                           .scope = Scope::kPartner,
                           .row_labels = kRowLabels,
                           .metrics = kMetricInfos,
                           .classic_path = "/v1/analytics/licenses/deployment",
                           .decode = &decode,
                           .commercial = {.path = "analytics/commercial/deployment/license",
                                          .group_by = "serviceCode,channel"},
                           .bulk = &bulk};

}  // namespace

const DataSet& partner_deployment() { return kDataSet; }

}  // namespace pce
