// /api/v1/status, /config and the probes of the real daemon.
#include <signal.h>

#include "tests/end_to_end/stage.h"

namespace pce {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class EndToEndStatus : public testing::Test {
 protected:
  json status() const { return json::parse(stage_.get("/api/v1/status").body); }
  json account() const { return status().at("accounts").at(0); }
  json collector(const std::string& name) const {
    const json all = account();
    for (const json& collector : all.at("collectors")) {
      if (collector.at("collector") == name) return collector;
    }
    ADD_FAILURE() << "no collector " << name;
    return {};
  }
  Stage stage_;
};

TEST_F(EndToEndStatus, TellsWhatWasReadFromWhereAndWhatComesNext) {
  stage_.start_simulator();
  stage_.start_exporter({});
  stage_.first_round();
  const json all = status();
  EXPECT_TRUE(all.at("healthy").get<bool>());
  EXPECT_TRUE(all.at("ready").get<bool>());
  const double now = all.at("now");
  EXPECT_GE(now, all.at("started").get<double>());
  const json account = all.at("accounts").at(0);
  for (const json& concern : account.at("concerns"))
    EXPECT_EQ(concern.at("weight"), "notice") << concern << ": the figures are of 2017";
  EXPECT_EQ(account.at("sign_in").at("state"), "ok");
  EXPECT_EQ(account.at("credentials").at(1).at("credential"), "refresh_token");
  EXPECT_NEAR(account.at("credentials").at(1).at("days_left").get<double>(), 90, 1);
  EXPECT_EQ(account.at("customers").at("listed"), 4);
  EXPECT_EQ(account.at("collectors").size(), 5U);
  for (const json& collector : account.at("collectors")) {
    SCOPED_TRACE(collector.dump());
    EXPECT_TRUE(collector.at("good").get<bool>());
    EXPECT_GT(collector.at("rows").get<int>(), 0);
    EXPECT_NEAR(collector.at("read").get<double>(), now, 60);
    EXPECT_GT(collector.at("next").at("reading").get<double>(), now);
    EXPECT_EQ(collector.at("rounds").size(), 1U);
    EXPECT_FALSE(collector.contains("last_error"));
    if (collector.at("collector") == "customers") continue;
    EXPECT_EQ(collector.at("source"), "commercial");
    // What is added up over all customers has no date.
    const bool about_customers =
        collector.at("collector").get<std::string>().starts_with("customer_");
    EXPECT_EQ(collector.at("processed").empty(), !about_customers);
    EXPECT_EQ(collector.at("customers_with_rows").get<int>() > 0, about_customers);
  }
  EXPECT_GT(all.at("series").at("shown").get<int>(), 0);
  const json largest = all.at("customers").at("largest");
  ASSERT_FALSE(largest.empty());
  const Exposition metrics = stage_.scrape();
  double sold = 0;
  for (const auto& sample :
       metrics.find("licenses_sold",
                    {"customer_id=\"" + largest.at(0).at("customer_id").get<std::string>() + "\""}))
    sold += sample.second;
  EXPECT_EQ(largest.at(0).at("licenses_sold").get<double>(), sold);
}

TEST_F(EndToEndStatus, AFailureStandsThereWithMicrosoftsCorrelationId) {
  stage_.start_simulator();
  stage_.add_fault(R"({"match": {"path_contains": "usage"}, "fault": {"status": 503}})");
  stage_.start_exporter({});
  stage_.first_round();
  const json usage = collector("customer_usage");
  EXPECT_FALSE(usage.at("good").get<bool>());
  const json error = usage.at("last_error");
  EXPECT_EQ(error.at("http_status"), 503);
  EXPECT_EQ(error.at("reason"), "upstream");
  const std::string id = error.at("correlation_id");
  EXPECT_EQ(id.size(), 36U);
  const json calls = stage_.simulator().calls();
  EXPECT_THAT(calls.dump(), HasSubstr(error.at("request_correlation_id").get<std::string>()));
  EXPECT_GT(usage.at("rounds").at(0).at("failures").get<int>(), 0);
  const json concerns = account().at("concerns");
  ASSERT_FALSE(concerns.empty());
  EXPECT_EQ(concerns.at(0).at("weight"), "trouble");
  EXPECT_TRUE(collector("customer_deployment").at("good").get<bool>());
}

TEST_F(EndToEndStatus, ProbesSayWhyInJson) {
  stage_.start_simulator();
  stage_.add_fault(R"({"match": {"operation": "token_v2"}, "fault": {"aadsts": 700082}})");
  stage_.start_exporter({});
  EXPECT_TRUE(eventually([&] {
    return stage_.get("/-/ready?format=json").body.find("needs_login") != std::string::npos;
  }));
  const WebAnswer ready = stage_.get("/-/ready", "Accept: application/json\r\n");
  EXPECT_EQ(ready.status, 503);
  EXPECT_FALSE(json::parse(ready.body).at("ready").get<bool>());
  const WebAnswer healthy = stage_.get("/-/healthy?format=json");
  EXPECT_EQ(healthy.status, 200) << "a restart would not help";
  EXPECT_TRUE(json::parse(healthy.body).at("healthy").get<bool>());
}

TEST_F(EndToEndStatus, TheConfigurationIsShownWithoutItsSecrets) {
  stage_.start_simulator();
  stage_.write_file("marker.secret", "MARKER-client-secret", 0600);
  stage_.start_exporter({.account = "    client_secret_file: marker.secret\n",
                         .refresh_token = "MARKER-refresh-token"});
  const WebAnswer config = stage_.get("/config");
  EXPECT_EQ(config.status, 200);
  EXPECT_THAT(config.body, HasSubstr("marker.secret"));
  EXPECT_THAT(config.body, HasSubstr("interval: 1h"));
  EXPECT_THAT(config.body, HasSubstr("reexamine: 24h")) << "defaults, too";
  for (const char* path : {"/config", "/", "/api/v1/status"})
    EXPECT_THAT(stage_.get(path).body, Not(HasSubstr("MARKER")));
}

TEST_F(EndToEndStatus, AReloadIsSeenAtOnce) {
  stage_.start_simulator();
  stage_.start_exporter({});
  stage_.first_round();
  stage_.write_config({.interval = "2h",
                       .insights = "  collectors: [customer_usage, partner_usage]\n",
                       .more = "targets: {spare_licenses: 7}\n"});
  stage_.exporter().signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return account().at("interval_seconds") == 7200; }));
  EXPECT_THAT(stage_.get("/config").body, HasSubstr("interval: 2h"));
  EXPECT_EQ(status().at("customers").at("spare_licenses"), 7);
  EXPECT_TRUE(eventually([&] { return account().at("collectors").size() == 3; }));
  EXPECT_EQ(collector("customer_usage").at("rounds").size(), 1U) << "what was read stays";
}

}  // namespace
}  // namespace pce
