// Prometheus' naming rules on every metric there is.
#include <set>

#include "exporter/exposition/families.h"
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
      "partner_center_customer_info customer customer_id domain partner relationship reseller"};
  EXPECT_EQ(names, wanted);
}

}  // namespace
}  // namespace pce
