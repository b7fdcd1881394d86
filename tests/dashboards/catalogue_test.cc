// A dashboard asks only for what the exporter has.
#include "tests/dashboards/catalogue.h"

#include "tests/dashboards/promql.h"

namespace pce {
namespace {

TEST(DashboardNames, AreInTheCatalogue) {
  for (const Dashboard& dashboard : shipped_dashboards())
    EXPECT_THAT(unknown_names(dashboard, catalogue()), testing::IsEmpty());
}

struct Named {
  std::set<std::string> metrics, labels;
};
Named named_in(const Dashboard& dashboard) {
  Named named;
  for (const Question& question : questions_of(dashboard)) {
    PromqlReading reading = read_promql(question.promql);
    named.labels.merge(reading.labels);
    for (const Selector& selector : reading.selectors) {
      named.metrics.insert(selector.metric);
      for (const Matcher& matcher : selector.matchers) named.labels.insert(matcher.label);
    }
  }
  return named;
}

TEST(DashboardNames, AreMissedWhenAMetricIsRenamed) {
  const Catalogue today = catalogue();
  for (const Dashboard& dashboard : shipped_dashboards()) {
    for (const std::string& metric : named_in(dashboard).metrics) {
      Catalogue renamed = today;
      auto entry = renamed.extract(metric);
      entry.key() = metric + "_of_tomorrow";
      renamed.insert(std::move(entry));
      EXPECT_THAT(unknown_names(dashboard, renamed),
                  testing::Contains(testing::HasSubstr("no metric " + metric)));
    }
  }
}

TEST(DashboardNames, AreMissedWhenALabelIsRenamed) {
  const Catalogue today = catalogue();
  for (const Dashboard& dashboard : shipped_dashboards()) {
    for (const std::string& label : named_in(dashboard).labels) {
      Catalogue renamed = today;
      for (auto& [name, metric] : renamed) metric.labels.erase(label);
      EXPECT_THAT(unknown_names(dashboard, renamed),
                  testing::Contains(testing::HasSubstr("no label " + label)));
    }
  }
}

TEST(DashboardNames, AreMissedWhenTheInsightsLoseTheirPrefix) {
  for (const Dashboard& dashboard : shipped_dashboards()) {
    if (dashboard.file == "exporter.json") continue;  // our own metrics never have one
    Catalogue bare = catalogue();
    for (auto& [name, metric] : bare) metric.takes_prefix = false;
    EXPECT_THAT(unknown_names(dashboard, bare),
                testing::Contains(testing::HasSubstr("licenses_sold takes no prefix")));
  }
}

}  // namespace
}  // namespace pce
