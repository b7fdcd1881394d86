// One estate, split over several scrapes.
#include "tests/end_to_end/real_prometheus.h"
#include "tests/end_to_end/stage.h"

namespace pce {
namespace {

class EndToEndFilteredScrape : public testing::Test {
 protected:
  EndToEndFilteredScrape() {
    stage_.start_simulator({"--customers=40"});
    stage_.start_exporter({});
    whole_ = stage_.first_round();
  }

  Exposition part(const std::string& query) const {
    const WebAnswer answer = stage_.get("/metrics?" + query);
    EXPECT_EQ(answer.status, 200) << answer.body;
    Exposition exposition = parse_exposition(answer.body);
    EXPECT_THAT(exposition.complaints, testing::IsEmpty()) << query;
    return exposition;
  }
  std::string refusal(const std::string& query, int status = 400) const {
    const WebAnswer answer = stage_.get("/metrics?" + query);
    EXPECT_EQ(answer.status, status) << query.substr(0, 100);
    return answer.body;
  }
  // What is said of licences and in the customer list.
  static std::map<std::string, double> shown(const Exposition& exposition) {
    auto all = insights_of(exposition);
    all.merge(exposition.find("partner_center_customer_info"));
    return all;
  }

  Stage stage_;
  Exposition whole_;
};

TEST_F(EndToEndFilteredScrape, SixteenPartsAreTheWholeEachSeriesOnce) {
  std::map<std::string, double> together;
  std::size_t series = 0;
  for (const char digit : std::string("0123456789ABCDEF")) {
    const auto one = shown(part("customer_id[]=" + std::string(1, digit) + "*"));
    series += one.size();
    together.insert(one.begin(), one.end());
  }
  EXPECT_EQ(together, shown(whole_));
  EXPECT_EQ(series, together.size());
}

TEST_F(EndToEndFilteredScrape, CollectorsAreTheWholeAndPromtoolTakesThem) {
  std::map<std::string, double> together;
  for (const char* collector : {"customer_deployment", "customer_usage", "customers",
                                "partner_deployment", "partner_usage"}) {
    const std::string query = "collect%5B%5D=" + std::string(collector);
    const auto one = shown(part(query));
    EXPECT_FALSE(one.empty()) << collector;
    together.insert(one.begin(), one.end());
    const auto body = stage_.write_file("part.prom", stage_.get("/metrics?" + query).body);
    const Finished checked =
        run_program({"sh", "-c", "promtool check metrics < '" + body.string() + "'"});
    EXPECT_EQ(checked.status, 0) << checked.output;
    EXPECT_EQ(checked.output, "");
  }
  EXPECT_EQ(together, shown(whole_));
  EXPECT_EQ(shown(part("exclude[]=customers")), insights_of(whole_));
}

TEST_F(EndToEndFilteredScrape, WhatCannotBeMeantIsRefused) {
  using testing::HasSubstr;
  EXPECT_THAT(refusal("collect[]=cpu"), HasSubstr("customer_usage"));
  EXPECT_THAT(refusal("collect[]=customers&exclude[]=customers"), HasSubstr("one query"));
  EXPECT_THAT(refusal("partner[]=fabrikam"), HasSubstr("Known: contoso."));
  EXPECT_THAT(refusal("customer_id[]=Contoso"), HasSubstr("customer_id[]"));
  EXPECT_THAT(refusal("customer_id=0*"), HasSubstr("brackets"));
  refusal("collect[]=%");
  std::string many;
  while (many.size() < 9000) many += "name[]=x&";
  refusal(many, 414);
  EXPECT_EQ(shown(part("name[]=x&module=&debug")), shown(whole_)) << "others' parameters";
  EXPECT_EQ(shown(part("partner[]=contoso")), shown(whole_));
}

TEST_F(EndToEndFilteredScrape, PrometheusGetsEverySeriesOnceFromTwoJobs) {
  const auto half = [](const std::string& digits) {
    std::string list;
    for (const char digit : digits) list.append(list.empty() ? "'" : ", '") += {digit, '*', '\''};
    return "{'customer_id[]': [" + list + "]}";
  };
  const int port = stage_.exporter_port();
  const RealPrometheus prometheus(
      stage_, scrape_job("low", port, half("01234567")) + kUnhurried +
                  scrape_job("high", port, half("89abcdef")) + kUnhurried +
                  scrape_job("usage", port, "{'collect[]': [customer_usage, customers]}") +
                  kUnhurried);
  EXPECT_TRUE(
      eventually([&] { return prometheus.value("count(count_over_time(up[1m])>=3)") == "3"; }));
  EXPECT_EQ(prometheus.value("min(min_over_time(up[1m]))"), "1");

  const auto count = [&](const std::string& name, const std::string& jobs) {
    return prometheus.value("count(" + name + "{job=~\"" + jobs + "\"})");
  };
  for (const char* name : {"licenses_sold", "licenses_deployed", "deployment_percent",
                           "licenses_active", "usage_percent", "partner_usage_percent",
                           "partner_center_customer_info", "partner_center_up"}) {
    EXPECT_EQ(count(name, "low|high"), std::to_string(whole_.find(name).size())) << name;
  }
  for (const char* name : {"licenses_sold", "usage_percent"}) {
    EXPECT_NE(count(name, "low"), "") << name;
    EXPECT_NE(count(name, "high"), "") << name;
  }
  for (const char* name : {"usage_percent", "licenses_active", "partner_center_customer_info"})
    EXPECT_EQ(count(name, "usage"), std::to_string(whole_.find(name).size())) << name;
  EXPECT_EQ(count("licenses_sold", "usage"), "");
  EXPECT_EQ(count("process_start_time_seconds", "low|high|usage"), "3");
}

}  // namespace
}  // namespace pce
