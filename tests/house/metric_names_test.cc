// Prometheus' naming rules on every metric there is.
#include <map>
#include <set>

#include "exporter/exposition/families.h"
#include "exporter/exposition/openmetrics_encoder.h"
#include "exporter/insights/catalog.h"
#include "exporter/settings/settings.h"
#include "exporter/telemetry/own_metrics.h"

namespace pce {
namespace {

bool is_snake_case(const std::string& name) {
  return !name.empty() &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos &&
         name[0] >= 'a' && name[0] <= 'z' && name.find("__") == std::string::npos;
}

const std::set<std::string> kTakenByPrometheus{
    "job",  "instance", "service", "endpoint", "namespace", "pod",     "container",
    "node", "cluster",  "env",     "type",     "le",        "quantile"};

TEST(MetricNames, AreSnakeCaseAndSayWhatTheyAre) {
  std::set<std::string> names;
  for (const Family& family : insight_families("")) {
    EXPECT_TRUE(is_snake_case(family.name)) << family.name;
    EXPECT_TRUE(names.insert(family.name).second) << family.name << " stands for two things";
    EXPECT_FALSE(family.help.empty()) << family.name;
    EXPECT_FALSE(family.name.ends_with("_total") || family.name.ends_with("_count"))
        << family.name << " is a gauge";
    EXPECT_EQ(family.name.ends_with("_percent"), family.unit == "percent") << family.name;
  }
  for (const OwnMetricInfo& metric : own_metrics()) {
    EXPECT_TRUE(is_snake_case(metric.name)) << metric.name;
    EXPECT_TRUE(names.insert(metric.name).second) << metric.name << " stands for two things";
    EXPECT_TRUE(metric.name.starts_with("partner_center_") || metric.name.starts_with("process_"))
        << metric.name;
  }
}

// OpenMetrics wants that no family owns a name which another one could generate, and that only
// those kinds end in a suffix which have it.
TEST(MetricNames, GenerateNoNameTwiceInOpenMetrics) {
  std::vector<FamilyHead> heads;
  for (const Family& family : insight_families("")) heads.push_back(family);
  for (const OwnMetricInfo& metric : own_metrics()) {
    FamilyHead head{.name = metric.name, .help = metric.help, .unit = ""};
    if (metric.type == "counter") head.kind = MetricKind::kCounter;
    if (metric.type == "histogram") head.kind = MetricKind::kHistogram;
    if (metric.type == "gauge" && metric.name.ends_with("_info")) head.kind = MetricKind::kInfo;
    heads.push_back(head);
  }
  const std::map<MetricKind, std::vector<std::string>> suffixes{
      {MetricKind::kCounter, {"", "_total", "_created"}},
      {MetricKind::kGauge, {""}},
      {MetricKind::kHistogram, {"", "_bucket", "_sum", "_count", "_created"}},
      {MetricKind::kInfo, {"", "_info"}}};
  std::set<std::string> names;
  for (const FamilyHead& head : heads) {
    const std::string family = openmetrics_encoder().family_name(head);
    EXPECT_EQ(openmetrics_encoder().sample_name(head), head.name)
        << "a dashboard would have to ask for another name";
    for (const std::string& suffix : suffixes.at(head.kind)) {
      EXPECT_TRUE(names.insert(family + suffix).second) << family << suffix;
    }
    for (const char* reserved :
         {"_total", "_created", "_bucket", "_sum", "_count", "_info", "_gsum", "_gcount"}) {
      EXPECT_FALSE(family.ends_with(reserved)) << family;
    }
  }
}

TEST(MetricNames, UseNoLabelThatAScrapeWouldRename) {
  const auto check = [](const std::string& metric, const std::string& label) {
    EXPECT_TRUE(is_snake_case(label)) << metric << " " << label;
    EXPECT_FALSE(kTakenByPrometheus.contains(label)) << metric << " " << label;
  };
  for (const Family& family : insight_families("")) {
    for (const LabelPlace& place : family.labels) check(family.name, place.name);
  }
  for (const OwnMetricInfo& metric : own_metrics()) {
    for (const std::string& label : metric.labels) check(metric.name, label);
  }
}

TEST(MetricNames, TakeThePrefixOnlyWhereTheyAreInsights) {
  for (const Family& family : insight_families("partner_center_")) {
    EXPECT_TRUE(family.name.starts_with("partner_center_")) << family.name;
    EXPECT_FALSE(family.name.starts_with("partner_center_partner_center_")) << family.name;
  }
}

TEST(Collectors, InTheConfigurationAreThoseOfTheCatalogue) {
  std::vector<std::string> catalogued;
  for (const DataSet* data_set : catalog()) catalogued.emplace_back(data_set->collector);
  const auto configurable = collector_names();
  EXPECT_EQ(std::vector<std::string>(configurable.begin(), configurable.end()), catalogued);
}

TEST(MetricNames, AreThoseThatDashboardsRelyOn) {
  std::set<std::string> names;
  for (const Family& family : insight_families("")) {
    std::string labels;
    for (const LabelPlace& place : family.labels)
      labels += (labels.empty() ? "" : " ") + place.name;
    names.insert(family.name + " " + labels);
  }
  const std::string customer = " channel customer customer_id partner product service_code";
  const std::set<std::string> wanted{
      "licenses_sold" + customer,
      "licenses_deployed" + customer,
      "deployment_percent" + customer,
      "licenses_active" + customer + " workload",
      "licenses_qualified" + customer + " workload",
      "usage_percent" + customer + " workload",
      "partner_licenses_sold channel partner service_code",
      "partner_deployment_percent channel partner service_code",
      "partner_usage_percent channel partner service_code workload",
      "partner_center_customer_info customer customer_id domain partner relationship reseller",
      "partner_center_customer_owner_info customer customer_id owner partner",
      "partner_center_customer_target_deployment_percent customer customer_id partner",
      "partner_center_customer_target_spare_licenses customer customer_id partner",
      "partner_center_customer_target_usage_percent customer customer_id partner"};
  EXPECT_EQ(names, wanted);
}

}  // namespace
}  // namespace pce
