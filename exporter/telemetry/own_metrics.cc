#include "exporter/telemetry/own_metrics.h"

#include <algorithm>
#include <set>

#include <prometheus/registry.h>

#include "exporter/telemetry/api_telemetry.h"
#include "exporter/telemetry/poll_telemetry.h"
#include "exporter/telemetry/process_telemetry.h"
#include "exporter/telemetry/storage_telemetry.h"
#include "exporter/telemetry/target_telemetry.h"
#include "exporter/telemetry/token_telemetry.h"

namespace pce {

using prometheus::Registry;

std::vector<OwnMetricInfo> own_metrics() {
  Registry registry;
  ProcessTelemetry process(registry, BuildInfo{}, WallTime{});
  process.http_request("/metrics", 200);
  process.http_cut_reasons({"request"});
  process.web_certificate_ends(WallTime{});
  process.config_loaded(WallTime{}, {});
  process.series(0, 0, 0);
  process.series_limit(0);
  const StorageTelemetry storage(registry);
  show_targets(registry, {.owner = "owner", .ignored_products = {"product"}});
  const ApiTelemetry account(registry, "contoso", {"customers"});
  TokenTelemetry tokens(registry, "contoso", {"ok"});
  tokens.show({.refresh_token_ends = WallTime{}, .mfa_compliant = true});
  PollTelemetry polls(registry, "contoso", {"customers"});
  polls.poll_interval(std::chrono::seconds(1));
  polls.collector_source("customers", "classic");
  polls.drift("customers", "field", "unknown", 0);
  polls.rows_difference("customers", 0);
  polls.customers_missing("customers", 0);
  polls.customers_unlisted("customers", 0);
  polls.licenses_sold_difference({{{"o365", "reseller"}, 0}});
  polls.data_processed("customers", {{"o365", WallTime{}}});

  std::vector<OwnMetricInfo> all;
  for (const auto& family : process.collect()) {
    OwnMetricInfo info{.name = family.name, .type = "gauge", .help = family.help, .labels = {}};
    if (family.type == prometheus::MetricType::Counter) info.type = "counter";
    if (family.type == prometheus::MetricType::Histogram) info.type = "histogram";
    std::set<std::string> names;
    for (const auto& metric : family.metric) {
      for (const auto& label : metric.label) names.insert(label.name);
    }
    info.labels.assign(names.begin(), names.end());
    all.push_back(std::move(info));
  }
  std::ranges::sort(all, {}, &OwnMetricInfo::name);
  return all;
}

}  // namespace pce
