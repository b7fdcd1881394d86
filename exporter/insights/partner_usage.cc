#include "exporter/insights/partner_usage.h"

#include "exporter/insights/commercial_decoder.h"
#include "exporter/insights/decode.h"

namespace pce {
namespace {

enum Column : std::size_t {
  kWorkloadName = kOwnColumns,
  kWorkloadCode,
  kProratedLicensesUsagePercent,
  kProratedLicenseUsagePercent
};
constexpr auto kColumns = with_common_columns(
    std::to_array<std::string_view>({"workloadName", "workloadCode", "proratedLicensesUsagePercent",
                                     "proratedLicenseUsagePercent"}));

constexpr auto kRequired =
    std::to_array<WireField>({{kProcessedDateTime},
                              {kServiceName},
                              {kChannel},
                              {kAttributes},
                              {kWorkloadName},
                              {kProratedLicensesUsagePercent, kProratedLicenseUsagePercent}});

PartnerUsage read(WireRow& wire, LabelPool& labels) {
  PartnerUsage row;
  row.channel = intern_code(labels, wire.channel());
  row.service_code = intern_code(labels, wire.service_code());
  row.workload = labels.intern(wire.name({kWorkloadName, kWorkloadCode}));
  row.usage_percent = wire.percent({kProratedLicensesUsagePercent, kProratedLicenseUsagePercent});
  row.processed_at = wire.processed_at();
  return row;
}

// There is no count to weigh the percentages with, so the row processed last speaks for all; one
// without a date is the oldest. Of several processed at once, the last in the order of their
// values: a choice, but always the same.
PartnerUsage merge(std::span<const PartnerUsage> rows) {
  const PartnerUsage* latest = &rows.front();
  for (const PartnerUsage& row : rows) {
    if (row.processed_at >= latest->processed_at) latest = &row;
  }
  return *latest;
}

constexpr std::array kMetrics{
    MetricSpec<PartnerUsage>{
        "partner_usage_percent",
        "Seats active in percent of seats qualified over all customers of the partner, 0 to 100 "
        "and not clamped (proratedLicensesUsagePercent of the partner usage insights). Cached "
        "between polls; for the age of the data see "
        "partner_center_data_processed_timestamp_seconds.",
        "percent", &PartnerUsage::usage_percent},
};

constexpr std::array kRowLabels{"channel", "service_code", "workload"};
constexpr auto kMetricInfos = metric_infos(kMetrics);
constexpr RowReading<PartnerUsage> kReading{kColumns, kRequired, &read, &merge, kMetrics};

Result<Decoded> decode(std::string_view body, const TenantId* customer, LabelPool& labels) {
  return decode_rows(body, customer, labels, kReading);
}

constexpr std::array kCommercialLabels{CommercialLabel::kChannel, CommercialLabel::kServiceCode,
                                       CommercialLabel::kWorkload};
constexpr std::array kCommercialValues{CommercialValue::kPercent};
constexpr auto kCommercialRequired =
    std::to_array<WireField>({{kServiceCode},
                              {kChannel},
                              {commercial::kWorkloadName},
                              {commercial::kLicensesActive, commercial::kLicenseActive},
                              {commercial::kLicensesQualified}});
constexpr CommercialReading kCommercial{
    .scope = Scope::kPartner,
    .labels = kCommercialLabels,
    .part = {commercial::kLicensesActive, commercial::kLicenseActive},
    .whole = {commercial::kLicensesQualified},
    .values = kCommercialValues,
    .required = kCommercialRequired};

std::unique_ptr<BulkDecoder> bulk(LabelPool& labels) {
  return commercial_decoder(kCommercial, labels);
}

constexpr DataSet kDataSet{.collector = "partner_usage",
                           .scope = Scope::kPartner,
                           .row_labels = kRowLabels,
                           .metrics = kMetricInfos,
                           .classic_path = "/v1/analytics/licenses/usage",
                           .decode = &decode,
                           .commercial = {.path = "analytics/commercial/usage/license",
                                          .group_by = "serviceCode,workloadName,channel"},
                           .bulk = &bulk};

}  // namespace

const DataSet& partner_usage() { return kDataSet; }

}  // namespace pce
