// Rounds against a scripted Partner Center, on one worker and a clock that jumps.
#include "exporter/polling/account_poller.h"

#include <functional>
#include <optional>

#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include "exporter/insights/catalog.h"
#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted_transport.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr const char* kA = "aaaaaaaa-0000-4000-8000-000000000001";
constexpr const char* kB = "bbbbbbbb-0000-4000-8000-000000000002";

class FixedToken final : public TokenSource {
 public:
  Result<Secret> access_token(std::stop_token) override {
    if (refused) return Error{.kind = ErrorKind::kUnauthorized, .message = "sign in again"};
    return Secret("token");
  }
  void reject(const Secret&) override {}
  bool refused = false;
};

std::string customers(const std::vector<std::string>& ids) {
  std::string items;
  for (const auto& id : ids) {
    items += (items.empty() ? "" : ",") + std::string(R"({"id":")") + id +
             R"(","companyProfile":{"tenantId":")" + id +
             R"(","domain":"d.example","companyName":"Customer )" + id.substr(0, 1) +
             R"("},"relationshipToPartner":"reseller"})";
  }
  return R"({"totalCount":1,"items":[)" + items + "]}";
}

std::string deployment(int sold) {
  return R"({"totalCount":1,"items":[{"customerName":"X","productName":"P","licensesDeployed":1,"deploymentPercent":1.5,)"
         R"("licensesSold":)" +
         std::to_string(sold) +
         R"(,"processedDateTime":"2017-03-14T03:25:16Z","serviceName":"o365","channel":"reseller"}]})";
}

constexpr const char* kNoRows = R"({"totalCount":0,"items":[]})";

class AccountPollerTest : public testing::Test {
 protected:
  // What the other side answers, by path; tests change it.
  std::map<std::string, std::function<HttpResponse()>> answers_;
  void answer(const std::string& path, int status, const std::string& body) {
    answers_[path] = [=] { return HttpResponse{.status = status, .headers = {}, .body = body}; };
  }
  static std::string deployment_path(const std::string& id) {
    return "/v1/customers/" + id + "/analytics/licenses/deployment";
  }
  int calls(const std::string& path) const {
    int count = 0;
    for (const auto& request : transport_.requests()) count += path_of(request.url) == path ? 1 : 0;
    return count;
  }
  static std::string path_of(const std::string& url) {
    const auto start = url.find('/', 8);
    return url.substr(start, url.find('?') - start);
  }

  void SetUp() override {
    set_up_log(LogLevel::kError, LogFormat::kLogfmt);
    answer("/v1/customers", 200, customers({kA, kB}));
    answer(deployment_path(kA), 200, deployment(10));
    answer(deployment_path(kB), 200, deployment(20));
  }
  // Runs the poller's loop until it has waited this often; what the governor makes a call wait is
  // much shorter.
  void run(int waits) {
    std::stop_source stop;
    clock_.stop_after(waits - 1, stop, std::chrono::seconds(30));
    poller_.run(stop.get_token());
  }
  std::optional<std::int64_t> sold(const std::string& id) const {
    const Slice* slice =
        store_.current()->find({find_data_set("customer_deployment"), id, "contoso"});
    if (slice == nullptr) return std::nullopt;
    return slice->records.at(0).values[0].whole();
  }
  double metric(const std::string& name, const std::string& collector = {}) const {
    for (const auto& family : registry_.Collect()) {
      if (family.name != name) continue;
      for (const auto& m : family.metric) {
        bool match = collector.empty();
        for (const auto& label : m.label) match = match || label.value == collector;
        if (match)
          return family.type == prometheus::MetricType::Counter ? m.counter.value : m.gauge.value;
      }
    }
    return -1;
  }

  FakeClock clock_;
  prometheus::Registry registry_;
  AccountTelemetry telemetry_{registry_,
                              "contoso",
                              {"customers", "customer_deployment"},
                              {"customers", "customer_deployment"}};
  ScriptedTransport transport_{[this](const HttpRequest& request) -> Result<HttpResponse> {
    const auto found = answers_.find(path_of(request.url));
    if (found == answers_.end()) return HttpResponse{.status = 404, .headers = {}, .body = ""};
    return found->second();
  }};
  FixedToken token_;
  Governor governor_{clock_, {.requests_per_minute = 1'000'000, .concurrency = 1}};
  PartnerCenterClient client_{
      transport_, token_,     governor_,
      clock_,     telemetry_, {.api_base = "http://127.0.0.1:1", .random01 = [] { return 0.5; }}};
  LabelPool labels_;
  SnapshotStore store_;
  AccountPoller poller_{{client_, store_, labels_, telemetry_, clock_},
                        {.partner = "contoso",
                         .data_sets = {find_data_set("customer_deployment")},
                         .interval = hours(6),
                         .stale_after = hours(48),
                         .concurrency = 1}};
};

TEST_F(AccountPollerTest, ShowsWhatTheFirstRoundRead) {
  EXPECT_FALSE(poller_.has_tried());
  run(1);
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_TRUE(poller_.has_tried());
  EXPECT_EQ(metric("partner_center_up"), 1);
  EXPECT_EQ(metric("partner_center_customers"), 2);
  EXPECT_EQ(metric("partner_center_collector_rows", "customer_deployment"), 2);
}

TEST_F(AccountPollerTest, AsksAgainAfterTheInterval) {
  run(1);
  EXPECT_EQ(calls(deployment_path(kA)), 1);
  EXPECT_EQ(std::chrono::floor<minutes>(clock_.waited()), hours(6));
  run(1);
  EXPECT_EQ(calls(deployment_path(kA)), 2);
  EXPECT_EQ(calls("/v1/customers"), 2);
}

TEST_F(AccountPollerTest, TriesAgainSoonerWhatFailedAndOnlyThat) {
  answer(deployment_path(kB), 403, R"({"code":"2032","description":"no"})");
  run(3);  // after 1 min, after 2 more, after 4 more
  EXPECT_EQ(calls(deployment_path(kB)), 3);
  EXPECT_EQ(calls(deployment_path(kA)), 1);
  EXPECT_EQ(calls("/v1/customers"), 1);
  EXPECT_EQ(std::chrono::floor<minutes>(clock_.waited()), minutes(1 + 2 + 4));
  EXPECT_EQ(metric("partner_center_up"), 0);
  EXPECT_EQ(metric("partner_center_collector_success", "customer_deployment"), 0);
}

TEST_F(AccountPollerTest, IsUpAgainWhenTheCatchUpSucceeds) {
  answer(deployment_path(kB), 403, R"({"code":"2032","description":"no"})");
  run(1);
  answer(deployment_path(kB), 200, deployment(21));
  run(1);
  EXPECT_EQ(sold(kB), 21);
  EXPECT_EQ(metric("partner_center_up"), 1);
  EXPECT_EQ(metric("partner_center_collector_rows", "customer_deployment"), 2);
}

TEST_F(AccountPollerTest, KeepsTheRowsOfACustomerThatFails) {
  run(1);
  answer(deployment_path(kB), 500, "<html>");
  answer(deployment_path(kA), 200, deployment(11));
  run(1);
  EXPECT_EQ(sold(kA), 11);
  EXPECT_EQ(sold(kB), 20);
}

TEST_F(AccountPollerTest, DropsRowsThatAreTooOld) {
  run(1);
  answer(deployment_path(kB), 403, R"({"code":"2032","description":"no"})");
  while (clock_.waited() < hours(60)) run(1);
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(AccountPollerTest, DoesNotBelieveAnEmptyAnswerWhereThereWereRows) {
  run(1);
  answer(deployment_path(kB), 200, kNoRows);
  run(1);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(metric("partner_center_collector_empty_answers_total", "customer_deployment"), 1);
  EXPECT_EQ(metric("partner_center_up"), 0);
}

TEST_F(AccountPollerTest, BelievesAnEmptyAnswerWhereThereNeverWereRows) {
  answer(deployment_path(kB), 200, kNoRows);
  run(1);
  EXPECT_EQ(metric("partner_center_up"), 1);
  EXPECT_EQ(metric("partner_center_collector_empty_answers_total", "customer_deployment"), 0);
}

TEST_F(AccountPollerTest, ForgetsACustomerThatACompleteListNoLongerNames) {
  run(1);
  answer("/v1/customers", 200, customers({kA}));
  run(1);
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("partner_center_collector_rows", "customer_deployment"), 1);
}

TEST_F(AccountPollerTest, KeepsEveryoneWhenTheListCannotBeRead) {
  run(1);
  answer("/v1/customers", 403, R"({"code":"2032","description":"no"})");
  answer(deployment_path(kB), 200, deployment(22));
  run(1);
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 22) << "customers known from before are still read";
  EXPECT_EQ(metric("partner_center_up"), 0);
  EXPECT_EQ(metric("partner_center_collector_success", "customers"), 0);
}

TEST_F(AccountPollerTest, DoesNotBelieveAnEmptyList) {
  run(1);
  answer("/v1/customers", 200, kNoRows);
  run(1);
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("partner_center_up"), 0);
  EXPECT_EQ(metric("partner_center_customers"), 2);
}

TEST_F(AccountPollerTest, CountsACustomerThatIsNotOursWithoutCallingItAFailure) {
  answer(deployment_path(kB), 403, R"({"code":20002,"description":"no relationship"})");
  run(1);
  EXPECT_EQ(metric("partner_center_customers_unavailable"), 1);
  EXPECT_EQ(metric("partner_center_up"), 1);
}

TEST_F(AccountPollerTest, RefusesAnAnswerOfWhichNoRowCanBeShown) {
  run(1);
  answer(deployment_path(kB), 200,
         R"({"items":[{"productName":"P","licensesSold":{},"serviceName":"o365","channel":"r"}]})");
  run(1);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(metric("partner_center_up"), 0);
}

TEST_F(AccountPollerTest, ReadsABrokenBodyOnceMoreBeforeItGivesUp) {
  int answered = 0;
  answers_[deployment_path(kB)] = [&answered] {
    return HttpResponse{
        .status = 200, .headers = {}, .body = ++answered == 1 ? "{\"items\":[" : deployment(23)};
  };
  run(1);
  EXPECT_EQ(sold(kB), 23);
  EXPECT_EQ(metric("partner_center_up"), 1);
}

TEST_F(AccountPollerTest, MakesNoCallsWithoutAToken) {
  token_.refused = true;
  run(1);
  EXPECT_TRUE(transport_.requests().empty());
  EXPECT_EQ(metric("partner_center_up"), 0);
  EXPECT_TRUE(poller_.has_tried());
}

TEST_F(AccountPollerTest, GivesUpTheRoundWhenTheTokenIsRefusedOnTheWay) {
  run(1);
  answer(deployment_path(kA), 401, "");
  answer(deployment_path(kB), 401, "");
  run(1);
  EXPECT_EQ(calls(deployment_path(kA)) + calls(deployment_path(kB)), 2 + 1)
      << "one refusal, and no more calls";
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(AccountPollerTest, PublishesTheNewestProcessedDate) {
  run(1);
  EXPECT_EQ(metric("partner_center_data_processed_timestamp_seconds", "customer_deployment"),
            1489461916);
}

}  // namespace
}  // namespace pce
