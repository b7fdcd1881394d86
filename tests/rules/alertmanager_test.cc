// From a fault of the simulator through exporter, Prometheus and Alertmanager to whoever is told,
// and back.
#include <mutex>

#include "tests/end_to_end/stage.h"
#include "tests/rules/monitoring.h"
#include "tests/support/files.h"
#include "tests/support/http_imposter.h"

namespace pce {
namespace {

// Where the example's receivers send to.
class Mailbox {
 public:
  int port() const { return server_.port(); }

  // The newest word on this alert that came to this receiver; null: none came.
  nlohmann::json newest(const std::string& receiver, const std::string& alert,
                        const std::string& status) const {
    const std::scoped_lock lock(mutex_);
    for (auto message = messages_.rbegin(); message != messages_.rend(); ++message) {
      if (message->value("receiver", "") != receiver) continue;
      for (const auto& one : (*message)["alerts"]) {
        if (one["labels"]["alertname"] == alert && one["status"] == status) return one;
      }
    }
    return nullptr;
  }
  std::string everything() const {
    const std::scoped_lock lock(mutex_);
    return nlohmann::json(messages_).dump(1);
  }

 private:
  HttpImposter::Reply take(const std::string& request) {
    const auto body = request.find("\r\n\r\n");
    const std::scoped_lock lock(mutex_);
    messages_.push_back(nlohmann::json::parse(request.substr(body + 4)));
    return HttpImposter::answer(200, "");
  }

  mutable std::mutex mutex_;
  std::vector<nlohmann::json> messages_;
  HttpImposter server_{[this](const std::string& request, int) { return take(request); }};
};

std::string address_of(const std::string& runbook) {
  return "https://example.com/partner_center_exporter/deploy/runbooks.md#" + runbook;
}

TEST(Alertmanager, TellsTheOwnerAndTakesItBack) {
  Stage stage;
  stage.start_simulator({"--customers=3"});
  const std::string product = "EXCHANGE ONLINE (PLAN 1)";
  const auto edit = [&](int deployed) {
    stage.simulate("/_sim/estate", R"({"rows": [{"customer": ")" + kSeedId + R"(", "product": ")" +
                                       product + R"(", "sold": 5, "deployed": )" +
                                       std::to_string(deployed) + "}]}");
  };
  edit(9);
  stage.start_exporter({.interval = "1s",
                        .source = "classic",
                        .more = "limits: {requests_per_minute: 60000}\n"
                                "targets: {owner: bob, customers: [{match: ['" +
                                kSeedId + "'], owner: ada}]}\n"});
  stage.first_round();
  const Mailbox mailbox;
  const AlertmanagerServer alertmanager(stage.folder(), mailbox.port());
  const PrometheusServer prometheus(stage.folder(), {{"partner_center", stage.exporter_port()}},
                                    alertmanager.port());
  const auto told = [&](const char* receiver, const char* alert, const char* status) {
    nlohmann::json word;
    EXPECT_TRUE(eventually(
        [&] { return !(word = mailbox.newest(receiver, alert, status)).is_null(); }, kPatience))
        << receiver << " was not told that " << alert << " is " << status << "\n"
        << mailbox.everything() << prometheus.output() << alertmanager.output();
    return word;
  };

  const auto over = told("ada", "LicensesOverDeployed", "firing");
  ASSERT_FALSE(over.is_null());
  EXPECT_EQ(over["labels"]["owner"], "ada");
  EXPECT_EQ(over["labels"]["partner"], "contoso");
  EXPECT_EQ(over["labels"]["product"], product);
  EXPECT_FALSE(over["labels"].contains("instance"));
  EXPECT_EQ(over["annotations"]["runbook_url"], address_of("licensesoverdeployed"));
  EXPECT_EQ(over["annotations"]["description"],
            "DT Demo CSP Customer 005 (contoso) has assigned 4 seats of " + product +
                " more than it bought.");

  stage.add_fault(R"({"match": {"operation": "partner_usage"}, "fault": {"status": 500}})");
  const auto unread = told("operations", "PartnerCenterDataNotFetched", "firing");
  ASSERT_FALSE(unread.is_null());
  EXPECT_EQ(unread["labels"]["collector"], "partner_usage");
  EXPECT_EQ(unread["annotations"]["runbook_url"], address_of("partnercenterdatanotfetched"));

  edit(3);
  stage.clear_faults();
  told("ada", "LicensesOverDeployed", "resolved");
  told("operations", "PartnerCenterDataNotFetched", "resolved");
}

TEST(Alertmanager, HasNothingToSayOfTheExample) {
  const Finished checked =
      run_program({"amtool", "check-config",
                   (source_dir() / "deploy/prometheus/alertmanager.example.yml").string()});
  EXPECT_EQ(checked.status, 0) << checked.output;
}

}  // namespace
}  // namespace pce
