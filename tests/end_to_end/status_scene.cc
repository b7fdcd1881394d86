#include "tests/end_to_end/status_scene.h"

#include <algorithm>
#include <chrono>

namespace pce {
namespace {

using nlohmann::json;

std::string configured(const Stage& stage, const std::string& name, int port) {
  stage.write_file(name + ".token", "a-made-up-word\n", 0600);
  const std::string base = "http://127.0.0.1:" + std::to_string(port);
  std::string text = "  - name: " + name;
  text += "\n    cloud: custom\n    tenant_id: 11111111-2222-3333-4444-555555555555";
  text += "\n    client_id: 66666666-7777-8888-9999-000000000000\n    refresh_token_file: ";
  text += name + ".token\n    endpoints: {api: \"" + base + "\", login: \"" + base + "\"}\n";
  return text;
}

constexpr std::chrono::seconds kPatience{120};

// A run of Partner Center that was yesterday: the dates of Microsoft's documents are of March 2017.
json yesterdays_run() {
  const auto now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::chrono::sys_days documented = std::chrono::year(2017) / 3 / 14;
  return {{"reprocess_days", (now - documented).count() - 1}};
}

bool is_good(const json& collector) { return collector.at("good").get<bool>(); }

bool is_good_after(const json& account, std::size_t rounds) {
  return std::ranges::all_of(account.at("collectors"), [&](const json& collector) {
    return is_good(collector) && collector.at("rounds").size() >= rounds;
  });
}

}  // namespace

StatusScene::StatusScene(std::size_t rounds) {
  for (Upstream* tenant : {&contoso_, &fabrikam_}) tenant->post("/_sim/estate", yesterdays_run());
  const std::string config = "accounts:\n" + configured(stage_, "contoso", contoso_.port()) +
                             configured(stage_, "fabrikam", fabrikam_.port()) +
                             "insights: {interval: 1s, stale_after: 1h}\n"
                             "limits: {requests_per_minute: 60000}\n";
  const auto file = stage_.write_file("partner_center.yml", config);
  stage_.start_exporter_with(
      {"--config.file=" + file.string(), "--web.listen-address=127.0.0.1:0"});
  EXPECT_TRUE(stage_.exporter_listens()) << stage_.exporter().output();
  EXPECT_TRUE(eventually(
      [&] {
        return is_good_after(account("contoso"), rounds) &&
               is_good_after(account("fabrikam"), rounds);
      },
      kPatience))
      << status().dump(2);
}

void StatusScene::break_everything() {
  contoso_.add_fault({{
                          "match",
                          {{"path_contains", "analytics"}},
                      },
                      {"share", 0.5},
                      {"fault", {{"variant", {{"unknown_keys", true}}}}}});
  EXPECT_TRUE(eventually([&] { return !account("contoso").at("drift").empty(); }));
  contoso_.clear_faults();
  contoso_.add_fault({{"match", {{"path_contains", "usage"}}}, {"fault", {{"status", 503}}}});
  EXPECT_TRUE(eventually([&] {
    const json now = account("contoso");
    return std::ranges::any_of(now.at("collectors"), [](const json& collector) {
      return collector.contains("last_error");
    });
  })) << account("contoso").dump(2);
  contoso_.add_fault({{"match", {{"operation", "customers"}}},
                      {"fault", {{"status", 429}, {"retry_after", 600}}}});
  EXPECT_TRUE(eventually([&] {
    return account("contoso").at("throttling").at("paused_seconds").get<double>() > 0;
  })) << account("contoso").dump(2);
  fabrikam_.add_fault({{"match", {{"operation", "token_v2"}}}, {"fault", {{"aadsts", 700082}}}});
  fabrikam_.post("/_sim/tokens", {{"revoke", "access"}});
  EXPECT_TRUE(eventually([&] {
    return account("fabrikam").at("sign_in").at("state") == "needs_login";
  })) << account("fabrikam").dump(2);
}

void StatusScene::rename(const std::string& id, const std::string& name) {
  contoso_.post("/_sim/estate", {{"rename", {{id, name}}}});
  EXPECT_TRUE(eventually([&] {
    const WebAnswer answer = stage_.get("/api/v1/explain?customer=" + id + "&partner=contoso");
    const json said = json::parse(answer.body, nullptr, false);
    return said.is_object() && said.contains("customers") &&
           said.at("customers").at(0).at("customer") == name;
  }));
}

std::string StatusScene::address(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(stage_.exporter_port()) + path;
}

json StatusScene::status() const { return json::parse(stage_.get("/api/v1/status").body); }

json StatusScene::account(const std::string& partner) const {
  const json all = status();
  for (const json& account : all.at("accounts")) {
    if (account.at("partner") == partner) return account;
  }
  ADD_FAILURE() << "no account " << partner;
  return {};
}

}  // namespace pce
