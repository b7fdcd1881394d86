// Every rule, asked of a real Prometheus that scrapes real exporters in real trouble.
#include <ctime>
#include <map>

#include "tests/end_to_end/stage.h"
#include "tests/rules/monitoring.h"

namespace pce {
namespace {

// What gives no rows here, and why.
const std::map<std::string, std::string> kWithoutRows{
    {"PartnerCenterExporterAbsent", "there is an exporter"}};

std::string row_edit(const std::string& customer, const std::string& product, int sold,
                     int deployed) {
  return R"({"customer": ")" + customer + R"(", "product": ")" + product + R"(", "sold": )" +
         std::to_string(sold) + R"(, "deployed": )" + std::to_string(deployed) + "}";
}

// Customers who want looking after.
class Busy {
 public:
  Busy() {
    stage_.start_simulator({"--customers=10"});
    edit(R"("rows": [)" + row_edit(kSeedId, kMail, 100, 9) + "]");
    stage_.start_exporter(
        {.interval = "1s",
         .source = "classic",
         .more =
             "limits: {requests_per_minute: 60000}\n"
             "targets:\n"
             "  deployment_percent: 90\n"
             "  usage_percent: 90\n"
             "  spare_licenses: 0\n"
             "  owner: licence desk\n"
             "  ignored_products: [EXCHANGE ONLINE KIOSK]\n"
             "  customers:\n"
             "    - {match: ['" +
             kSeedId +
             "'], deployment_percent: 80, usage_percent: 80, spare_licenses: 1, owner: ada}\n"});
    shown_ = stage_.first_round();
  }
  const Stage& stage() const { return stage_; }
  // Fewer sold, more assigned, and one customer less.
  void change() {
    std::string other;
    for (const std::string& id : customers_in(shown_, "licenses_sold")) {
      if (id != kSeedId) other = id;
    }
    edit(R"("rows": [)" + row_edit(kSeedId, kMail, 50, 60) + R"(], "remove": [")" + other + "\"]");
  }

 private:
  void edit(const std::string& members) { stage_.simulate("/_sim/estate", "{" + members + "}"); }

  static constexpr const char* kMail = "EXCHANGE ONLINE (PLAN 1)";
  Stage stage_;
  Exposition shown_;
};

// An exporter with every trouble there is.
class Ill {
 public:
  Ill() {
    stage_.start_simulator({"--customers=25"});
    stage_.simulate("/_sim/settings", R"({"mfa": false, "enforce_mfa": false})");
    stage_.add_fault(
        R"({"match": {"operation": "token_v2", "tenant": "22222222-2222-3333-4444-555555555555"},
            "fault": {"aadsts": 50173}})");
    stage_.add_fault(
        R"({"match": {"operation": "customer_deployment"}, "fault": {"variant": {"missing_numbers": true}}})");
    stage_.write_file(
        "second.token",
        R"({"version": 1, "refresh_token": "another-word", "rotated_at": ")" + days_ago(85) + "\"}",
        0600);
    const std::string base = "http://127.0.0.1:" + std::to_string(stage_.simulator_port());
    const auto config =
        stage_.write_config({.interval = "1s",
                             .source = "classic",
                             .account = "  - name: second\n"
                                        "    cloud: custom\n"
                                        "    tenant_id: 22222222-2222-3333-4444-555555555555\n"
                                        "    client_id: 66666666-7777-8888-9999-000000000000\n"
                                        "    refresh_token_file: second.token\n"
                                        "    endpoints: {api: \"" +
                                        base + "\", login: \"" + base + "\"}\n",
                             .more = "limits: {requests_per_minute: 60000, series: 200}\n"});
    // Nothing can be written, no new refresh token either.
    stage_.start_exporter_with(
        {"--config.file=" + config.string(), "--web.listen-address=127.0.0.1:0"},
        {"sh", "-c", "ulimit -f 0; exec \"$@\"", "sh"});
    EXPECT_TRUE(stage_.exporter_listens());
    EXPECT_TRUE(eventually(
        [&] { return stage_.scrape().value("partner_center_exporter_customers_left_out") > 0; },
        kPatience));
    stage_.add_fault(R"({"match": {"operation": "partner_deployment"}, "fault": {"status": 500}})");
    stage_.add_fault(
        R"({"match": {"operation": "partner_usage"}, "fault": {"variant": {"empty_items": true}}})");
    stage_.add_fault(
        R"({"match": {"operation": "customer_usage"}, "fault": {"status": 429, "retry_after": 0}})");
    stage_.write_file("exporter.yml", "accounts: []\n");
    EXPECT_EQ(ask(stage_.exporter_port(), {.method = "POST", .path = "/-/reload"}).status, 500);
  }
  const Stage& stage() const { return stage_; }

 private:
  static std::string days_ago(int days) {
    const std::time_t then = std::time(nullptr) - days * std::time_t{86400};
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&then));
    return text;
  }
  Stage stage_;
};

TEST(EveryRule, FindsRowsInARealPrometheus) {
  Busy busy;
  const Ill ill;
  const PrometheusServer prometheus(busy.stage().folder(),
                                    {{"partner_center", busy.stage().exporter_port()},
                                     {"partner-center-ill", ill.stage().exporter_port()},
                                     {"partner_center_dead", free_port()}});
  // Older than the longest of the hastened offsets, so that everything has a past.
  EXPECT_TRUE(eventually(
      [&] { return !prometheus.query("customer:licenses_sold:delta30d").empty(); }, kPatience));
  busy.change();

  std::map<std::string, std::string> to_come;  // the expression of each rule without rows yet
  for (const auto& rule : prometheus.rules()) to_come[rule["name"]] = rule["query"];
  ASSERT_GT(to_come.size(), 55U);
  eventually(
      [&] {
        std::erase_if(to_come,
                      [&](const auto& rule) { return !prometheus.query(rule.second).empty(); });
        return to_come.size() <= kWithoutRows.size();
      },
      kPatience);
  for (const auto& [name, expression] : to_come) {
    EXPECT_TRUE(kWithoutRows.contains(name)) << name << " found nothing:\n" << expression;
  }
  for (const auto& [name, reason] : kWithoutRows) {
    EXPECT_TRUE(to_come.contains(name)) << name << " found something, though " << reason;
  }
  for (const auto& rule : prometheus.rules()) {
    EXPECT_EQ(rule["health"], "ok") << rule["name"] << ": " << rule.value("lastError", "");
  }
}

}  // namespace
}  // namespace pce
