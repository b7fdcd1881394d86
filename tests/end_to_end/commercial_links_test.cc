// Where the bulk answers and the customer list lead: every spelling of a path, and every lure elsewhere.
#include <tuple>

#include "tests/end_to_end/stage.h"

namespace pce {
namespace {

using Path = std::tuple<const char*, const char*>;
class EndToEndPath : public testing::TestWithParam<Path> {};

TEST_P(EndToEndPath, IsFoundAndRemembered) {
  const auto& [prefix, slash] = GetParam();
  Stage stage;
  stage.start_simulator({"--customers=8"});
  stage.start_exporter({.source = "commercial"});
  const Exposition plain = stage.first_round();
  stage.simulate("/_sim/settings", std::string(R"({"commercial_prefix": ")") + prefix +
                                       R"(", "commercial_slash": ")" + slash + "\"}");
  stage.start_exporter({.interval = "300ms", .stale_after = "1h"});
  const auto calls = [](const Exposition& e, const std::string& code) {
    double sum = 0;
    for (const auto& [series, value] :
         e.find("partner_center_api_requests_total", {"code=\"" + code + "\""}))
      sum += value;
    return sum;
  };
  const Exposition first = stage.scrape_until(is_up);
  EXPECT_TRUE(all_read_from(first, "commercial"));
  EXPECT_EQ(insights_of(first), insights_of(plain));
  EXPECT_LE(calls(first, "404"), 4 * 3) << "four reports, three spellings that do not answer";
  const Exposition later = stage.scrape_until(
      [&](const Exposition& e) { return calls(e, "200") >= calls(first, "200") + 15; });
  EXPECT_EQ(calls(later, "404"), calls(first, "404"));
  EXPECT_TRUE(is_up(later));
}

INSTANTIATE_TEST_SUITE_P(Spellings, EndToEndPath,
                         testing::Combine(testing::Values("partner", "plain"),
                                          testing::Values("with", "without")),
                         [](const testing::TestParamInfo<Path>& param) {
                           return std::string(std::get<0>(param.param)) + "_" +
                                  std::get<1>(param.param) + "_slash";
                         });

class EndToEndCustomersLink : public testing::TestWithParam<const char*> {};

TEST_P(EndToEndCustomersLink, LeadsThroughAllPagesOrNowhere) {
  const bool trap = GetParam() == std::string("repeat") || GetParam() == std::string("other_host");
  Stage stage;
  stage.start_simulator({"--customers=600", "--products=1"});
  stage.simulate("/_sim/settings", std::string(R"({"customers_link": ")") + GetParam() + "\"}");
  stage.start_exporter({.source = "commercial", .insights = "  collectors: [customer_usage]\n"});
  const Exposition shown = stage.first_round();
  EXPECT_EQ(is_up(shown), !trap);
  EXPECT_EQ(shown.value("partner_center_collector_success", {of_collector("customers")}),
            trap ? 0 : 1);
  EXPECT_EQ(shown.find("partner_center_customer_info").size(), trap ? 500U : 601U);
}

INSTANTIATE_TEST_SUITE_P(Forms, EndToEndCustomersLink,
                         testing::Values("versioned", "unversioned", "absolute", "repeat",
                                         "other_host"),
                         [](const auto& param) { return std::string(param.param); });

struct Lure {
  const char* name;
  const char* path;   // of the question that is answered with it
  std::string fault;  // JSON; PORT is the stranger's
};
void PrintTo(const Lure& l, std::ostream* out) { *out << l.fault; }

class EndToEndStranger : public testing::TestWithParam<Lure> {};

// Somebody else listens, and hears nothing: no token, not even a call.
TEST_P(EndToEndStranger, IsNeverCalled) {
  Stage stranger;
  stranger.start_simulator();
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({.interval = "300ms", .stale_after = "1h", .source = "commercial"});
  const Exposition before = stage.scrape_until(is_up);
  std::string fault = GetParam().fault;
  fault.replace(fault.find("PORT"), 4, std::to_string(stranger.simulator_port()));
  std::string rule = R"({"match": {"path_contains": ")";
  rule.append(GetParam().path).append(R"("}, "fault": )").append(fault).append("}");
  stage.add_fault(rule);
  const Exposition during = stage.scrape_until([](const Exposition& e) { return !is_up(e); });
  EXPECT_EQ(insights_of(during), insights_of(before));
  stage.clear_faults();
  stage.scrape_until(is_up);
  EXPECT_EQ(stranger.simulator_counted("total"), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Lures, EndToEndStranger,
    testing::Values(
        Lure{
            "next_page", "commercial/usage",
            R"({"body": "{\"Value\":[],\"@nextLink\":\"http://127.0.0.1:PORT/partner/v1/analytics/commercial/usage/license?top=10000&skip=10000\",\"TotalCount\":20000}"})"},
        Lure{
            "next_customers", "/v1/customers",
            R"({"body": "{\"totalCount\":1,\"items\":[],\"links\":{\"next\":{\"uri\":\"http://127.0.0.1:PORT/v1/customers?size=500\",\"method\":\"GET\",\"headers\":[]}}}"})"},
        Lure{"redirect", "/analytics/",
             R"({"status": 302, "headers": {"Location": "http://127.0.0.1:PORT/v1/customers"}})"},
        Lure{"permanent_redirect", "/v1/customers",
             R"({"status": 308, "headers": {"Location": "http://127.0.0.1:PORT/v1/customers"}})"}),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace pce
