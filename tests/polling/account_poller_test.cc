// Rounds against a scripted Partner Center, on one worker and a clock that jumps.
#include "exporter/polling/account_poller.h"

#include <memory>
#include <optional>

#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"
#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/log.h"
#include "tests/polling/scripted_partner_center.h"
#include "tests/support/fake_clock.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr const char* kA = "aaaaaaaa-0000-4000-8000-000000000001";
constexpr const char* kB = "bbbbbbbb-0000-4000-8000-000000000002";
constexpr const char* kNoRows = R"({"totalCount":0,"items":[]})";
constexpr const char* kDeployment = "customer_deployment";

class FixedToken final : public TokenSource {
 public:
  Result<Secret> access_token(std::stop_token) override {
    if (refused) return Error{.kind = ErrorKind::kUnauthorized, .message = "sign in again"};
    return Secret("token");
  }
  void reject(const Secret&) override {}
  bool refused = false;
};

class AccountPollerTest : public testing::Test {
 protected:
  void SetUp() override {
    set_up_log(LogLevel::kError, LogFormat::kLogfmt);
    service_.sold = {{kA, 10}, {kB, 20}};
    service_.listed = {kA, kB};
  }
  virtual SourceRules source() const { return {.fixed = Source::kClassic}; }
  virtual CustomerFilter filter() const { return {}; }

  AccountPoller& poller() {
    if (!poller_) {
      poller_ = std::make_unique<AccountPoller>(
          AccountPoller::Parts{client_, store_, labels_, calls_, polls_, clock_},
          AccountPoller::Plan{.partner = "contoso",
                              .data_sets = {find_data_set(kDeployment)},
                              .interval = hours(6),
                              .stale_after = hours(48),
                              .concurrency = 1,
                              .requests_per_minute = 200,
                              .source = source(),
                              .customers = filter()});
    }
    return *poller_;
  }
  // Runs the poller's loop for this long.
  void run_for(std::chrono::milliseconds time) {
    std::stop_source stop;
    clock_.stop_at(clock_.steady() + time, stop);
    poller().run(stop.get_token());
  }
  void first_round() { run_for(std::chrono::seconds(30)); }
  void a_whole_interval() { run_for(hours(6)); }

  int calls(const std::string& path) const {
    int count = 0;
    for (const auto& request : transport_.requests())
      count += ScriptedPartnerCenter::path_of(request.url) == path ? 1 : 0;
    return count;
  }
  int bulk_calls() const { return calls(ScriptedPartnerCenter::kBulkPath); }
  static std::string deployment_path(const std::string& id) {
    return ScriptedPartnerCenter::deployment_path(id);
  }
  const Slice* slice(const std::string& id, const DataSet* data_set) {
    shown_ = store_.current();
    return shown_->find({data_set, id, "contoso"});
  }
  std::optional<std::int64_t> sold(const std::string& id) {
    const Slice* found = slice(id, find_data_set(kDeployment));
    if (found == nullptr || found->records.empty()) return std::nullopt;
    return found->records.at(0).values[0].whole();
  }
  // nullopt: there is no series with this label value.
  std::optional<double> metric(const std::string& name, const std::string& label = {}) const {
    for (const auto& family : registry_.Collect()) {
      if (family.name != name) continue;
      for (const auto& m : family.metric) {
        bool match = label.empty();
        for (const auto& l : m.label) match = match || l.value == label;
        if (match)
          return family.type == prometheus::MetricType::Counter ? m.counter.value : m.gauge.value;
      }
    }
    return std::nullopt;
  }
  bool up() const { return metric("partner_center_up") == 1; }

  FakeClock clock_;
  prometheus::Registry registry_;
  ApiTelemetry calls_{registry_, "contoso", {"customers", kDeployment}};
  PollTelemetry polls_{registry_, "contoso", {"customers", kDeployment}};
  ScriptedPartnerCenter service_;
  ScriptedTransport transport_{[this](const HttpRequest& request) { return service_(request); }};
  FixedToken token_;
  Governor governor_{clock_, {.requests_per_minute = 1'000'000, .concurrency = 1}};
  PartnerCenterClient client_{
      transport_, token_, governor_,
      clock_,     calls_, {.api_base = "http://127.0.0.1:1", .random01 = [] { return 0.5; }}};
  LabelPool labels_;
  SnapshotStore store_;
  std::unique_ptr<AccountPoller> poller_;
  std::shared_ptr<const Snapshot> shown_;
};

// --- the classic source ------------------------------------------------------------------------

TEST_F(AccountPollerTest, ShowsWhatTheFirstRoundRead) {
  EXPECT_FALSE(poller().has_tried());
  first_round();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_TRUE(poller().has_tried());
  EXPECT_TRUE(up());
  EXPECT_EQ(metric("partner_center_customers"), 2);
  EXPECT_EQ(metric("partner_center_collector_rows", kDeployment), 2);
  EXPECT_EQ(metric("partner_center_collector_source_info", "classic"), 1);
}

TEST_F(AccountPollerTest, AsksEachCustomerOnceAnInterval) {
  first_round();
  run_for(hours(6 * 10));
  for (const char* id : {kA, kB}) {
    EXPECT_GE(calls(deployment_path(id)), 10 + 1) << id;
    EXPECT_LE(calls(deployment_path(id)), 12 + 1) << id;
  }
}

TEST_F(AccountPollerTest, TriesAgainSoonerWhatFailedAndOnlyThat) {
  service_.answer(deployment_path(kB), 403, R"({"code":"2032","description":"no"})");
  run_for(minutes(1 + 2 + 4) + std::chrono::seconds(30));
  EXPECT_EQ(calls(deployment_path(kB)), 4);
  EXPECT_EQ(calls(deployment_path(kA)), 1);
  EXPECT_EQ(calls("/v1/customers"), 1);
  EXPECT_FALSE(up());
  EXPECT_EQ(metric("partner_center_collector_success", kDeployment), 0);
}

TEST_F(AccountPollerTest, IsUpAgainWhenTheCatchUpSucceeds) {
  service_.answer(deployment_path(kB), 403, R"({"code":"2032","description":"no"})");
  first_round();
  EXPECT_FALSE(up());
  service_.answers.clear();
  service_.sold[kB] = 21;
  run_for(minutes(2));
  EXPECT_EQ(sold(kB), 21);
  EXPECT_TRUE(up());
  EXPECT_EQ(metric("partner_center_collector_rows", kDeployment), 2);
}

TEST_F(AccountPollerTest, KeepsTheRowsOfACustomerThatFails) {
  first_round();
  service_.answer(deployment_path(kB), 500, "<html>");
  service_.sold[kA] = 11;
  a_whole_interval();
  EXPECT_EQ(sold(kA), 11);
  EXPECT_EQ(sold(kB), 20);
}

TEST_F(AccountPollerTest, DropsRowsThatAreTooOld) {
  first_round();
  service_.answer(deployment_path(kB), 403, R"({"code":"2032","description":"no"})");
  run_for(hours(47));
  EXPECT_EQ(sold(kB), 20);
  run_for(hours(1));
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(AccountPollerTest, DoesNotBelieveAnEmptyAnswerWhereThereWereRows) {
  first_round();
  service_.answer(deployment_path(kB), 200, kNoRows);
  a_whole_interval();
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 1);
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 1);
  EXPECT_GE(metric("partner_center_collector_empty_answers_total", kDeployment).value_or(0), 1);
  EXPECT_TRUE(up()) << "one customer of several may well have no licences any more";
}

TEST_F(AccountPollerTest, IsNotUpWhileTheWholeAnswerIsInDoubt) {
  first_round();
  service_.sold.clear();
  a_whole_interval();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_FALSE(up());
  EXPECT_EQ(metric("partner_center_collector_success", kDeployment), 0);
}

TEST_F(AccountPollerTest, BelievesAnEmptyAnswerThatIsRepeatedForADay) {
  first_round();
  service_.sold.erase(kB);
  run_for(hours(18));
  EXPECT_EQ(sold(kB), 20);
  run_for(hours(18));
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 0);
  EXPECT_EQ(metric("partner_center_collector_customers_missing", kDeployment), 1);
  EXPECT_TRUE(up());
}

TEST_F(AccountPollerTest, BelievesAnEmptyAnswerWhereThereNeverWereRows) {
  service_.sold.erase(kB);
  first_round();
  EXPECT_TRUE(up());
  EXPECT_EQ(metric("partner_center_collector_empty_answers_total", kDeployment), 0);
}

TEST_F(AccountPollerTest, ForgetsACustomerThatTwoListsInARowDoNotName) {
  first_round();
  service_.listed = {kA};
  a_whole_interval();
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(metric("partner_center_customers_leaving"), 1);
  run_for(hours(12));
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(slice(kB, &customer_info()), nullptr);
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("partner_center_customers_leaving"), 0);
  EXPECT_EQ(metric("partner_center_collector_rows", kDeployment), 1);
}

TEST_F(AccountPollerTest, ForgetsACustomerThatIsNeitherListedNorOurs) {
  first_round();
  service_.listed = {kA};
  service_.answer(deployment_path(kB), 403, R"({"code":20002,"description":"no relationship"})");
  run_for(hours(6) + minutes(2));
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(slice(kB, &customer_info()), nullptr);
}

TEST_F(AccountPollerTest, KeepsEveryoneWhenTheListCannotBeRead) {
  first_round();
  service_.answer("/v1/customers", 403, R"({"code":"2032","description":"no"})");
  service_.sold[kB] = 22;
  a_whole_interval();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 22) << "customers known from before are still read";
  EXPECT_FALSE(up());
  EXPECT_EQ(metric("partner_center_collector_success", "customers"), 0);
}

TEST_F(AccountPollerTest, DoesNotBelieveAnEmptyList) {
  first_round();
  service_.listed.clear();
  a_whole_interval();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_FALSE(up());
  EXPECT_EQ(metric("partner_center_customers"), 2);
  EXPECT_EQ(metric("partner_center_collector_suspect", "customers"), 1);
}

TEST_F(AccountPollerTest, CountsACustomerThatIsNotOursWithoutCallingItAFailure) {
  service_.answer(deployment_path(kB), 403, R"({"code":20002,"description":"no relationship"})");
  first_round();
  EXPECT_EQ(metric("partner_center_customers_unavailable"), 1);
  EXPECT_TRUE(up());
}

TEST_F(AccountPollerTest, DropsAListedCustomerOnlyWhenItIsLongSaidNotToBeOurs) {
  first_round();
  service_.answer(deployment_path(kB), 403, R"({"code":20002,"description":"no relationship"})");
  run_for(hours(18));
  EXPECT_EQ(sold(kB), 20);
  run_for(hours(18));
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_NE(slice(kB, &customer_info()), nullptr) << "it is still listed";
}

TEST_F(AccountPollerTest, RefusesAnAnswerOfWhichNoRowCanBeShown) {
  first_round();
  service_.answer(deployment_path(kB), 200,
                  R"({"items":[{"productName":"P","licensesSold":{},"serviceName":"o365"}]})");
  a_whole_interval();
  EXPECT_EQ(sold(kB), 20);
  EXPECT_FALSE(up());
}

TEST_F(AccountPollerTest, ReadsABrokenBodyOnceMoreBeforeItGivesUp) {
  int answered = 0;
  const HttpResponse whole{.status = 200,
                           .headers = {},
                           .body = R"({"items":[{"productName":"P","licensesSold":23,)"
                                   R"("licensesDeployed":1,"serviceName":"o365","channel":"r"}]})"};
  service_.answers[deployment_path(kB)] = [&answered, whole] {
    HttpResponse cut = whole;
    cut.body = "{\"items\":[";
    return ++answered == 1 ? cut : whole;
  };
  first_round();
  EXPECT_EQ(sold(kB), 23);
  EXPECT_TRUE(up());
}

TEST_F(AccountPollerTest, MakesNoCallsWithoutATokenAndTriesAgainEverMoreSeldom) {
  token_.refused = true;
  first_round();
  EXPECT_TRUE(transport_.requests().empty());
  EXPECT_FALSE(up());
  EXPECT_TRUE(poller().has_tried());
  token_.refused = false;
  run_for(minutes(2));
  EXPECT_TRUE(up());
}

TEST_F(AccountPollerTest, GivesUpTheRoundWhenTheTokenIsRefusedOnTheWay) {
  first_round();
  service_.answer(deployment_path(kA), 401, "");
  service_.answer(deployment_path(kB), 401, "");
  const int before = calls(deployment_path(kA)) + calls(deployment_path(kB));
  a_whole_interval();
  EXPECT_LE(calls(deployment_path(kA)) + calls(deployment_path(kB)), before + 10)
      << "after 1, 2, 4 … minutes and not in a loop";
  EXPECT_EQ(sold(kA), 10);
  EXPECT_FALSE(up());
}

TEST_F(AccountPollerTest, PublishesTheNewestProcessedDate) {
  first_round();
  EXPECT_EQ(metric("partner_center_data_processed_timestamp_seconds", kDeployment), 1489461916);
}

TEST_F(AccountPollerTest, CountsFieldsThatAreNotAsDocumented) {
  service_.answer(
      deployment_path(kB), 200,
      R"({"items":[{"productName":"P","licensesSold":23,"licensesDeployed":1,)"
      R"("deploymentPercent":4.35,"serviceName":"o365","channel":"r","customerName":"X",)"
      R"("processedDateTime":"2017-03-14T03:25:16Z","seatsOnLoan":7}]})");
  first_round();
  EXPECT_EQ(metric("partner_center_schema_drift_total", "seatsOnLoan"), 1);
}

class FilteredPollerTest : public AccountPollerTest {
 protected:
  CustomerFilter filter() const override { return CustomerFilter({}, {"customer b"}); }
};

TEST_F(FilteredPollerTest, NeitherReadsNorShowsWhomTheFilterLeavesOut) {
  first_round();
  EXPECT_EQ(calls(deployment_path(kB)), 0);
  EXPECT_EQ(slice(kB, &customer_info()), nullptr);
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("partner_center_customers_excluded"), 1);
  EXPECT_TRUE(up());
}

// --- the commercial source ---------------------------------------------------------------------

class CommercialPollerTest : public AccountPollerTest {
 protected:
  SourceRules source() const override { return {.fixed = Source::kCommercial}; }
};

TEST_F(CommercialPollerTest, ReadsEverybodyWithOneCall) {
  first_round();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(bulk_calls(), 1);
  EXPECT_EQ(calls(deployment_path(kA)), 0);
  EXPECT_EQ(metric("partner_center_collector_source_info", "commercial"), 1);
  EXPECT_EQ(metric("partner_center_collector_rows", kDeployment), 2);
  EXPECT_EQ(metric("partner_center_collector_rows_difference", kDeployment), 0);
  EXPECT_TRUE(up());
}

TEST_F(CommercialPollerTest, HoldsWhatItHadWhenRowsAreLost) {
  first_round();
  service_.sold[kA] = 11;
  service_.total_count = 5;
  a_whole_interval();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("partner_center_collector_rows_difference", kDeployment), 3);
  EXPECT_FALSE(up());
  service_.total_count.reset();
  a_whole_interval();
  EXPECT_EQ(sold(kA), 11);
  EXPECT_TRUE(up());
}

TEST_F(CommercialPollerTest, DoesNotShowWhoIsNotListedAndSaysHowManyThatAre) {
  service_.listed = {kA};
  first_round();
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(metric("partner_center_collector_customers_unlisted", kDeployment), 1);
}

TEST_F(CommercialPollerTest, ShowsEverybodyUnderTheRowsNamesWhileTheListIsUnknown) {
  service_.answer("/v1/customers", 403, R"({"code":"2032","description":"no"})");
  first_round();
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(slice(kB, find_data_set(kDeployment))->customer.escaped(), "X");
  service_.answers.clear();
  run_for(hours(6));
  EXPECT_EQ(slice(kB, find_data_set(kDeployment))->customer.escaped(), "Customer b");
}

TEST_F(CommercialPollerTest, HoldsACustomerThatIsMissingUntilThatIsRepeated) {
  first_round();
  service_.sold.erase(kB);
  run_for(hours(18));
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 1);
  EXPECT_EQ(calls(deployment_path(kB)), 0) << "only the configured source is asked";
  run_for(hours(18));
  EXPECT_EQ(sold(kB), std::nullopt);
}

TEST_F(CommercialPollerTest, HasFailedWhereNoRowCanBeShown) {
  service_.sold = {{kA, -1}, {kB, -1}};
  first_round();
  EXPECT_FALSE(up());
  EXPECT_EQ(metric("partner_center_collector_success", kDeployment), 0);
  service_.sold = {{kA, 10}, {kB, 20}};
  a_whole_interval();
  EXPECT_TRUE(up());
  EXPECT_EQ(sold(kA), 10);
  service_.sold = {{kA, -1}, {kB, -1}};
  a_whole_interval();
  EXPECT_FALSE(up());
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(CommercialPollerTest, HoldsACustomerOfWhomNoRowCanBeShown) {
  first_round();
  service_.sold = {{kA, -1}, {kB, 21}};
  a_whole_interval();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 21);
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 1);
  service_.sold = {{kA, 11}, {kB, 21}};
  a_whole_interval();
  EXPECT_EQ(sold(kA), 11);
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 0);
}

TEST_F(CommercialPollerTest, HoldsEverybodyUntilAnEmptyAnswerIsRepeated) {
  first_round();
  service_.sold.clear();
  run_for(hours(18));
  EXPECT_EQ(sold(kA), 10);
  EXPECT_FALSE(up());
  run_for(hours(18));
  EXPECT_EQ(sold(kA), std::nullopt);
  EXPECT_TRUE(up());
}

// --- auto --------------------------------------------------------------------------------------

class AutoPollerTest : public AccountPollerTest {
 protected:
  SourceRules source() const override { return {.fixed = std::nullopt, .reexamine = hours(24)}; }
  bool reads(const char* from) const {
    return metric("partner_center_collector_source_info", from) == 1;
  }
};

TEST_F(AutoPollerTest, ReadsTheCommercialEndpointsWhereTheyAnswer) {
  first_round();
  EXPECT_EQ(bulk_calls(), 1);
  EXPECT_EQ(calls(deployment_path(kA)), 0);
  EXPECT_TRUE(reads("commercial"));
  EXPECT_TRUE(up());
}

TEST_F(AutoPollerTest, FallsBackInTheSameRoundWhereTheyDoNotExist) {
  service_.commercial = false;
  first_round();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_TRUE(reads("classic"));
  EXPECT_FALSE(reads("commercial"));
  EXPECT_TRUE(up());
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 0);
}

TEST_F(AutoPollerTest, FallsBackWhereTheyAreForbidden) {
  service_.answer(ScriptedPartnerCenter::kBulkPath, 403, R"({"code":"2032","description":"no"})");
  first_round();
  EXPECT_TRUE(reads("classic"));
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(AutoPollerTest, StaysWithThemThroughATroubleThatMayPass) {
  first_round();
  service_.answer(ScriptedPartnerCenter::kBulkPath, 500, "<html>");
  run_for(hours(12));
  EXPECT_TRUE(reads("commercial"));
  EXPECT_EQ(sold(kA), 10);
  EXPECT_FALSE(up());
}

TEST_F(AutoPollerTest, TriesThemAgainAfterADayAndReturns) {
  service_.commercial = false;
  first_round();
  service_.commercial = true;
  const int before = bulk_calls();
  run_for(hours(23));
  EXPECT_EQ(bulk_calls(), before);
  const int classic = calls(deployment_path(kA));
  run_for(hours(2));
  EXPECT_EQ(bulk_calls(), before + 1);
  EXPECT_TRUE(reads("commercial"));
  run_for(hours(24));
  EXPECT_EQ(calls(deployment_path(kA)), classic);
}

TEST_F(AutoPollerTest, StaysWellWhileTheyAreTriedInVain) {
  service_.commercial = false;
  first_round();
  service_.answer(ScriptedPartnerCenter::kBulkPath, 503, "");
  const int before = bulk_calls();
  run_for(hours(25));
  EXPECT_GT(bulk_calls(), before);
  EXPECT_TRUE(reads("classic"));
  EXPECT_TRUE(up());
}

TEST_F(AutoPollerTest, AsksTheClassicOnesWhenTheyGoSilent) {
  first_round();
  service_.split = true;  // commercial: nobody; classic: as before
  service_.sold[kA] = 11;
  a_whole_interval();
  EXPECT_EQ(sold(kA), 11);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_TRUE(reads("classic"));
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 0)
      << "the other source has cleared it up";
  EXPECT_TRUE(up());
}

TEST_F(AutoPollerTest, NeverTakesSilenceForNoLicencesHoweverOftenItIsRepeated) {
  first_round();
  service_.split = true;
  run_for(hours(24 * 10));
  EXPECT_EQ(sold(kA), 10);
  EXPECT_TRUE(reads("classic"));
  EXPECT_TRUE(up());
}

TEST_F(AutoPollerTest, DoesNotEvenBeginWithSilence) {
  service_.split = true;
  first_round();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_TRUE(reads("classic"));
}

TEST_F(AutoPollerTest, HoldsEverythingWhenBothSourcesGoSilentUntilThatIsRepeated) {
  first_round();
  service_.sold.clear();
  a_whole_interval();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 1);
  EXPECT_FALSE(up());
  run_for(hours(12));
  EXPECT_EQ(sold(kA), 10);
  run_for(hours(24));
  EXPECT_EQ(sold(kA), std::nullopt);
}

TEST_F(AutoPollerTest, AsksAboutOneCustomerThatTheBulkAnswerLacks) {
  service_.sold["cccccccc-0000-4000-8000-000000000003"] = 30;
  service_.listed.emplace_back("cccccccc-0000-4000-8000-000000000003");
  first_round();
  service_.split = true;
  service_.commercial_sold = service_.sold;
  service_.commercial_sold.erase(kB);
  service_.sold[kB] = 21;
  a_whole_interval();
  EXPECT_EQ(sold(kB), 21) << "as the classic source says";
  EXPECT_GE(calls(deployment_path(kB)), 1);
  EXPECT_EQ(calls(deployment_path(kA)), 0);
  EXPECT_TRUE(reads("commercial"));
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 0);
  EXPECT_TRUE(up());
}

TEST_F(AutoPollerTest, BelievesAtOnceWhatBothSourcesSayOfOneCustomer) {
  first_round();
  service_.sold.erase(kB);
  a_whole_interval();
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 0);
  EXPECT_TRUE(up());
}

TEST_F(AutoPollerTest, FallsBackFromAnAnswerItCannotRead) {
  service_.answer(ScriptedPartnerCenter::kBulkPath, 200, "<html>");
  first_round();
  EXPECT_TRUE(reads("classic"));
  EXPECT_EQ(sold(kA), 10);
}

}  // namespace
}  // namespace pce
