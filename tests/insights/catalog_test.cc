#include "exporter/insights/catalog.h"

#include <algorithm>
#include <set>
#include <string>

#include <gmock/gmock.h>

#include "exporter/insights/customer_deployment.h"
#include "exporter/insights/customer_usage.h"
#include "exporter/insights/partner_deployment.h"
#include "exporter/insights/partner_usage.h"

namespace pce {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

bool is_metric_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  return !name.empty() && letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

TEST(Catalog, IsSortedByCollector) {
  std::vector<std::string> collectors;
  for (const DataSet* data_set : catalog()) collectors.emplace_back(data_set->collector);
  EXPECT_THAT(collectors, ElementsAre("customer_deployment", "customer_usage", "partner_deployment",
                                      "partner_usage"));
  EXPECT_TRUE(std::ranges::is_sorted(collectors));
}

TEST(Catalog, FindsEachDataSetByItsCollectorAndNothingElse) {
  for (const DataSet* data_set : catalog()) EXPECT_EQ(find_data_set(data_set->collector), data_set);
  EXPECT_EQ(find_data_set(""), nullptr);
  EXPECT_EQ(find_data_set("customers"), nullptr);
  EXPECT_EQ(find_data_set("Customer_usage"), nullptr);
}

TEST(Catalog, PublishesItsDataSetsAndWhatIsSaidOfCustomers) {
  std::vector<std::string> collectors;
  for (const DataSet* data_set : published_data_sets())
    collectors.emplace_back(data_set->collector);
  EXPECT_THAT(collectors, ElementsAre("customer_deployment", "customer_usage", "partner_deployment",
                                      "partner_usage", "customers", "customers", "customers"));
  EXPECT_EQ(published_data_sets().front(), catalog().front());
}

// design.md 2.1 fixes these for users' dashboards.
TEST(Catalog, KeepsTheNamesUsersPageOn) {
  std::vector<std::string> lines;
  for (const DataSet* entry : catalog()) {
    const DataSet& data_set = *entry;
    std::string line = std::string(data_set.collector) + ":";
    for (const MetricInfo& metric : data_set.metrics) line += " " + std::string(metric.name);
    line += " by";
    for (const char* label : data_set.row_labels) line += " " + std::string(label);
    lines.push_back(line);
  }
  EXPECT_THAT(
      lines,
      ElementsAre(
          "customer_deployment: licenses_sold licenses_deployed deployment_percent by channel "
          "product service_code",
          "customer_usage: licenses_active licenses_qualified usage_percent by channel "
          "product service_code workload",
          "partner_deployment: partner_licenses_sold partner_deployment_percent by channel "
          "service_code",
          "partner_usage: partner_usage_percent by channel service_code workload"));
}

TEST(Catalog, ReadsFromTheDocumentedPaths) {
  std::vector<std::string> paths;
  for (const DataSet* data_set : catalog()) paths.emplace_back(data_set->classic_path);
  EXPECT_THAT(paths,
              ElementsAre("/v1/customers/{customer}/analytics/licenses/deployment",
                          "/v1/customers/{customer}/analytics/licenses/usage",
                          "/v1/analytics/licenses/deployment", "/v1/analytics/licenses/usage"));
  for (const DataSet* entry : catalog()) {
    const DataSet& data_set = *entry;
    EXPECT_EQ(std::string_view(data_set.classic_path).find("{customer}") != std::string_view::npos,
              data_set.scope == Scope::kCustomer);
  }
}

TEST(Catalog, FollowsPrometheusNamingRules) {
  std::set<std::string> names;
  for (const DataSet* data_set : published_data_sets()) {
    EXPECT_LE(data_set->row_labels.size(), kRowLabelsMax);
    EXPECT_LE(data_set->metrics.size(), kMetricsMax);
    EXPECT_TRUE(std::ranges::is_sorted(data_set->row_labels, {},
                                       [](const char* label) { return std::string_view(label); }));
    for (const char* label : data_set->row_labels) {
      EXPECT_TRUE(is_metric_name(label)) << label;
      EXPECT_FALSE(std::string_view(label).starts_with("__")) << label;
    }
    for (const MetricInfo& metric : data_set->metrics) {
      const std::string name = metric.name;
      EXPECT_TRUE(is_metric_name(name)) << name;
      EXPECT_TRUE(names.insert(name).second) << name << " twice";
      for (const char* suffix : {"_total", "_bucket", "_count", "_sum", "_created"}) {
        EXPECT_FALSE(name.ends_with(suffix)) << name << ": a gauge";
      }
      EXPECT_EQ(name.ends_with("_percent"), std::string_view(metric.unit) == "percent") << name;
    }
  }
}

TEST(Catalog, NamesTheUpstreamFieldAndTheAgeInEveryHelpText) {
  for (const DataSet* entry : catalog()) {
    const DataSet& data_set = *entry;
    for (const MetricInfo& metric : data_set.metrics) {
      EXPECT_THAT(metric.help, testing::ContainsRegex(R"(\([a-z]+[A-Z][A-Za-z]+ of the )"));
      EXPECT_THAT(metric.help, HasSubstr("Cached between polls"));
      EXPECT_THAT(metric.help, HasSubstr("partner_center_data_processed_timestamp_seconds"));
      EXPECT_EQ(std::string_view(metric.help).find('\n'), std::string_view::npos);
    }
  }
}

// Slices are known by the address of their data set.
TEST(Catalog, HasOneAddressForEachDataSet) {
  EXPECT_EQ(find_data_set("customer_deployment"), &customer_deployment());
  EXPECT_EQ(find_data_set("customer_usage"), &customer_usage());
  EXPECT_EQ(find_data_set("partner_deployment"), &partner_deployment());
  EXPECT_EQ(find_data_set("partner_usage"), &partner_usage());
}

}  // namespace
}  // namespace pce
