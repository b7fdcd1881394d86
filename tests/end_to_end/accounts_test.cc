// One process, several partner tenants: what happens to one is no business of the others.
#include <cmath>

#include "tests/end_to_end/stage.h"

namespace pce {
namespace {

using nlohmann::json;

// A tenant with a simulator of its own that accepts no other tenant and no other refresh token.
struct Tenant {
  std::string name;
  std::string id;
  std::string token_accepted = name + "-word";
  std::string token_held = token_accepted;
  Upstream upstream{
      {"--customers=3", "--partner-tenant=" + id, "--refresh-token=" + token_accepted}};

  std::string label() const { return "partner=\"" + name + "\""; }
};

std::string account(const Stage& stage, const Tenant& tenant) {
  stage.write_file(tenant.name + ".token", tenant.token_held + "\n", 0600);
  const std::string base = "http://127.0.0.1:" + std::to_string(tenant.upstream.port());
  std::string text;
  text.append("  - name: ").append(tenant.name);
  text.append("\n    cloud: custom\n    tenant_id: ").append(tenant.id);
  text.append("\n    client_id: 66666666-7777-8888-9999-000000000000\n    refresh_token_file: ");
  text.append(tenant.name).append(".token\n    endpoints: {api: \"").append(base);
  text.append("\", login: \"").append(base).append("\"}\n");
  return text;
}

void start_exporter(Stage& stage, const std::vector<const Tenant*>& tenants) {
  std::string config = "accounts:\n";
  for (const Tenant* tenant : tenants) config += account(stage, *tenant);
  config +=
      "insights:\n  interval: 200ms\n  stale_after: 1h\n"
      "limits:\n  requests_per_minute: 60000\n";
  stage.start_exporter_with({"--config.file=" + stage.write_file("exporter.yml", config).string(),
                             "--web.listen-address=127.0.0.1:0"});
  ASSERT_TRUE(stage.exporter_listens()) << stage.exporter().output();
}

double age_of(const Exposition& e, const Tenant& tenant, const std::string& collector) {
  const double last = e.value("partner_center_collector_last_success_timestamp_seconds",
                              {tenant.label(), "collector=\"" + collector + "\""});
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
             .count() -
         last;
}

// How a tenant was served between two of its customer lists, kIntervals apart.
struct Service {
  double milliseconds = 0;
  std::map<std::string, int> calls{};  // by operation
  double worst_age = 0;                // seconds; of any collector, in any scrape
};
constexpr int kIntervals = 5;

Service watch(const Stage& stage, const Tenant& tenant) {
  const auto up = [&](const Exposition& e) {
    return e.value("partner_center_up", {tenant.label()}) == 1;
  };
  stage.scrape_until(up);
  // The first two readings of each kind are not an interval apart, so that each finds its place.
  const auto lists = [&] { return tenant.upstream.calls("customers").size(); };
  EXPECT_TRUE(eventually([&] { return lists() >= 4; }));
  const std::size_t before = lists();
  Service service;
  stage.scrape_until([&](const Exposition& e) {
    for (const char* collector : {"customers", "customer_deployment", "partner_usage"})
      service.worst_age = std::max(service.worst_age, age_of(e, tenant, collector));
    EXPECT_TRUE(up(e));
    return lists() >= before + kIntervals;
  });
  std::size_t list = 0;
  double start = 0;
  for (const json& call : tenant.upstream.calls()) {
    if (call.at("operation") == "customers" && ++list == before) start = call.at("at_ms");
    if (list < before) continue;
    if (list == before + kIntervals) {
      service.milliseconds = call.at("at_ms").get<double>() - start;
      break;
    }
    ++service.calls[call.at("operation")];
  }
  return service;
}

std::vector<std::string> tenants_seen(const Tenant& tenant) {
  std::vector<std::string> seen;
  const json counters = tenant.upstream.counters();
  for (const auto& [id, calls] : counters.at("by_tenant").items()) seen.push_back(id);
  return seen;
}

TEST(EndToEndAccounts, OneWithADeadTokenAndOneThrottledChangeNothingForTheThird) {
  Tenant dead{.name = "fabrikam",
              .id = "11111111-0000-0000-0000-000000000001",
              .token_held = "a-word-nobody-knows"};
  Tenant throttled{.name = "tailspin", .id = "22222222-0000-0000-0000-000000000002"};
  Tenant healthy{.name = "contoso", .id = "33333333-0000-0000-0000-000000000003"};
  throttled.upstream.add_fault(
      {{"match", {{"path_contains", "/v1/"}}},
       {"fault", {{"status", 429}, {"shape", "E2"}, {"retry_after", 40}}}});

  Service alone;
  {
    Stage stage;
    start_exporter(stage, {&healthy});
    alone = watch(stage, healthy);
  }
  healthy.upstream.post("/_sim/reset", json::object());

  Stage stage;
  start_exporter(stage, {&dead, &throttled, &healthy});
  Service among_others = watch(stage, healthy);
  // In bulk, the numbers of all customers and the sums of the partner are two calls.
  for (Service* service : {&alone, &among_others}) {
    EXPECT_EQ(service->calls.size(), 3U) << json(service->calls);
    EXPECT_EQ(service->calls["customers"], kIntervals);
    EXPECT_NEAR(service->calls["commercial_deployment"], 2 * kIntervals, 2);
    EXPECT_NEAR(service->calls["commercial_usage"], 2 * kIntervals, 2);
  }
  // What the others wait for takes 40 s and more, what a busy machine costs does not.
  EXPECT_LT(among_others.milliseconds, alone.milliseconds + 15'000);
  EXPECT_LT(among_others.worst_age, alone.worst_age + 15);

  const Exposition shown = stage.scrape_until([&](const Exposition& e) {
    return e.value("partner_center_token_refresh_failures_total", {dead.label()}) >= 1 &&
           e.value("partner_center_api_paused_seconds", {throttled.label()}) > 0;
  });
  EXPECT_EQ(shown.value("partner_center_up", {dead.label()}), 0);
  EXPECT_EQ(shown.value("partner_center_up", {throttled.label()}), 0);
  EXPECT_EQ(shown.value("partner_center_up", {healthy.label()}), 1);
  EXPECT_EQ(shown.value("partner_center_api_paused_seconds", {healthy.label()}), 0);
  EXPECT_EQ(shown.value("partner_center_api_pace_ratio", {healthy.label()}), 1);
  EXPECT_EQ(shown.value("partner_center_token_refresh_failures_total", {healthy.label()}), 0);
  EXPECT_FALSE(shown.find("licenses_sold", {healthy.label()}).empty());
  for (const Tenant* other : {&dead, &throttled})
    EXPECT_TRUE(shown.find("licenses_sold", {other->label()}).empty());
  EXPECT_THAT(stage.exporter().line_with("AADSTS"), testing::HasSubstr("partner=fabrikam"));
  const WebAnswer ready = stage.get("/-/ready");
  EXPECT_EQ(ready.status, 503);
  EXPECT_THAT(ready.body,
              testing::AllOf(testing::HasSubstr("fabrikam: needs_login"),
                             testing::HasSubstr("login --config.file="),
                             testing::HasSubstr("--account=fabrikam"),
                             testing::HasSubstr("tailspin: its first round has not ended yet"),
                             testing::Not(testing::HasSubstr("contoso"))));
  const auto token_state = [&](const Tenant& tenant, const std::string& state) {
    return shown.value("partner_center_token_state", {tenant.label(), "state=\"" + state + "\""});
  };
  EXPECT_EQ(token_state(dead, "needs_login"), 1);
  EXPECT_EQ(token_state(throttled, "ok"), 1);
  EXPECT_EQ(token_state(healthy, "ok"), 1);

  for (const Tenant* tenant : {&dead, &throttled, &healthy})
    EXPECT_THAT(tenants_seen(*tenant), testing::ElementsAre(tenant->id)) << tenant->name;
  for (const json& call : dead.upstream.calls())
    EXPECT_FALSE(call.at("grant").get<std::string>().empty()) << call;
}

TEST(EndToEndAccounts, ACustomerOfTwoIsShownOncePerAccount) {
  Tenant east{.name = "east", .id = "44444444-0000-0000-0000-000000000004"};
  Tenant west{.name = "west", .id = "55555555-0000-0000-0000-000000000005"};
  Stage stage;
  start_exporter(stage, {&east, &west});
  const auto sold = [](const Exposition& e, const Tenant& tenant) {
    return e.find("licenses_sold", {kSeedCustomer, tenant.label()});
  };
  const std::string product = "EXCHANGE ONLINE (PLAN 1)";
  const auto of_product = [&](const Exposition& e, const Tenant& tenant) {
    return e.value("licenses_sold", {kSeedCustomer, tenant.label(), "product=\"" + product + "\""});
  };
  const Exposition before = stage.scrape_until([&](const Exposition& e) {
    return e.value("partner_center_up", {east.label()}) == 1 &&
           e.value("partner_center_up", {west.label()}) == 1;
  });
  EXPECT_EQ(sold(before, east).size(), 3U);
  EXPECT_EQ(sold(before, west).size(), 3U);
  for (const Tenant* tenant : {&east, &west}) {
    EXPECT_EQ(of_product(before, *tenant), 5) << tenant->name;
    EXPECT_EQ(before.value("partner_center_customer_info", {kSeedCustomer, tenant->label()}), 1);
  }

  east.upstream.post("/_sim/estate",
                     {{"rows", {{{"customer", kSeedId}, {"product", product}, {"sold", 7}}}}});
  const Exposition after =
      stage.scrape_until([&](const Exposition& e) { return of_product(e, east) == 7; });
  EXPECT_EQ(sold(after, west), sold(before, west));

  // Gone in the west, it stays in the east.
  west.upstream.post("/_sim/estate", {{"remove", {kSeedId}}});
  const Exposition parted =
      stage.scrape_until([&](const Exposition& e) { return sold(e, west).empty(); });
  EXPECT_EQ(sold(parted, east), sold(after, east));
}

}  // namespace
}  // namespace pce
