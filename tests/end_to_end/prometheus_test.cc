// What the real promtool and the real Prometheus make of us.
#include "tests/end_to_end/real_prometheus.h"
#include "tests/end_to_end/stage.h"
#include "tests/support/http_imposter.h"

namespace pce {
namespace {

TEST(EndToEndPromtool, HasNothingToSay) {
  Stage stage;
  stage.start_simulator({"--customers=25"});
  stage.start_exporter({});
  stage.first_round();
  const auto body = stage.write_file("metrics.prom", stage.get("/metrics").body);
  const Finished checked =
      run_program({"sh", "-c", "promtool check metrics < '" + body.string() + "'"});
  EXPECT_EQ(checked.status, 0) << checked.output;
  EXPECT_EQ(checked.output, "");
}

void expect_every_sample(const RealPrometheus& prometheus, const Exposition& shown) {
  EXPECT_TRUE(
      eventually([&] { return prometheus.value("count_over_time(up[1m])>=3").size() > 0; }));
  EXPECT_EQ(prometheus.value("min_over_time(up[1m])"), "1");
  const auto series = [&](const char* name) { return std::to_string(shown.find(name).size()); };
  for (const char* name :
       {"licenses_sold", "licenses_deployed", "deployment_percent", "usage_percent",
        "partner_usage_percent", "partner_center_customer_info"}) {
    EXPECT_EQ(prometheus.value("count(" + std::string(name) + ")"), series(name)) << name;
  }
  EXPECT_EQ(prometheus.value("scrape_samples_scraped-scrape_samples_post_metric_relabeling"), "0");
  EXPECT_EQ(prometheus.own("prometheus_target_scrapes_sample_duplicate_timestamp_total"), 0);
  EXPECT_EQ(prometheus.own("prometheus_target_scrapes_sample_out_of_order_total"), 0);
  EXPECT_EQ(prometheus.own("prometheus_target_scrapes_sample_out_of_bounds_total"), 0);
  EXPECT_EQ(prometheus.own("prometheus_target_scrapes_exceeded_sample_limit_total"), 0);
  EXPECT_EQ(prometheus.value("count({__name__=~\"exported_.+\"})"), "");
}

TEST(EndToEndPrometheus, TakesEverySampleInOpenMetrics) {
  Stage stage;
  stage.start_simulator({"--customers=25"});
  stage.start_exporter({});
  const Exposition shown = stage.first_round();
  const RealPrometheus prometheus(stage,
                                  scrape_job("exporter", stage.exporter_port()) + kUnhurried);
  expect_every_sample(prometheus, shown);
  // Only this format has such a type.
  EXPECT_THAT(prometheus.metadata(), testing::HasSubstr("\"type\":\"info\""));
}

TEST(EndToEndPrometheus, TakesEverySampleInTextFormat) {
  Stage stage;
  stage.start_simulator({"--customers=25"});
  stage.start_exporter({});
  const Exposition shown = stage.first_round();
  // Not every Prometheus can be told what to ask for; this one is told on its way.
  const HttpImposter asks_for_text([&](const std::string&, int) {
    const WebAnswer answer = stage.get("/metrics", "Accept: text/plain;version=0.0.4\r\n");
    return HttpImposter::answer(answer.status, answer.body,
                                "Content-Type: " + answer.headers.at("content-type") + "\r\n");
  });
  const RealPrometheus prometheus(stage, scrape_job("exporter", asks_for_text.port()) + kUnhurried);
  expect_every_sample(prometheus, shown);
  EXPECT_THAT(prometheus.metadata(), testing::Not(testing::HasSubstr("\"type\":\"info\"")));
}

}  // namespace
}  // namespace pce
