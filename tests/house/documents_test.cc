// Documents that are written from the code stay true to it.
#include "exporter/commands/metrics.h"
#include "tests/support/files.h"

namespace pce {
namespace {

TEST(Documents, MetricsReferenceIsWhatTheProgramPrints) {
  EXPECT_EQ(read_file(source_dir() / "METRICS.md"), metrics_reference())
      << "METRICS.md is stale: build/<preset>/partner_center_exporter metrics > METRICS.md";
}

TEST(Documents, ReadmeNamesEveryInsightMetric) {
  const std::string readme = read_file(source_dir() / "README.md");
  for (const char* name :
       {"licenses_sold", "licenses_deployed", "deployment_percent", "licenses_active",
        "licenses_qualified", "usage_percent", "partner_licenses_sold",
        "partner_deployment_percent", "partner_usage_percent"}) {
    EXPECT_NE(readme.find("`" + std::string(name) + "`"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace pce
