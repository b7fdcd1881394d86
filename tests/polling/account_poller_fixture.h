#pragma once
// One account's poller against a scripted Partner Center, on one worker and a clock that jumps. Two
// customers with one product each; the source is the classic one unless a fixture says otherwise.
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"
#include "exporter/polling/account_poller.h"
#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/log.h"
#include "tests/polling/scripted_partner_center.h"
#include "tests/support/fake_clock.h"

namespace pce {

inline constexpr const char* kA = "aaaaaaaa-0000-4000-8000-000000000001";
inline constexpr const char* kB = "bbbbbbbb-0000-4000-8000-000000000002";
inline constexpr const char* kNoRows = R"({"totalCount":0,"items":[]})";
inline constexpr const char* kDeployment = "customer_deployment";

// One token, which a test may take away.
class FixedToken final : public TokenSource {
 public:
  Result<Secret> access_token(std::stop_token) override {
    ++asked;
    if (absent()) return Error{.kind = ErrorKind::kUnauthorized, .message = "sign in again"};
    return Secret("token");
  }
  bool refused(const Secret&, const Error&) override { return false; }
  TokenStatus status() const override {
    return {.state = absent() ? TokenState::kNeedsLogin : TokenState::kOk, .served = !absent()};
  }
  std::function<bool()> absent = [] { return false; };
  int asked = 0;
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
  virtual TargetChoice targets() const { return {}; }
  virtual std::vector<const DataSet*> data_sets() const { return {find_data_set(kDeployment)}; }
  virtual std::chrono::milliseconds interval() const { return std::chrono::hours(6); }
  virtual GuardRules guard() const { return {}; }
  virtual std::string processed_date() const { return {}; }
  virtual TokenSource& tokens() { return token_; }
  virtual PartnerCenterClient& client() { return client_; }

  AccountPoller& poller() {
    if (!poller_) {
      poller_ = std::make_unique<AccountPoller>(
          AccountPoller::Parts{client(), store_, labels_, calls_, polls_, clock_, tokens()},
          AccountPoller::Plan{.partner = "contoso",
                              .data_sets = data_sets(),
                              .interval = interval(),
                              .stale_after = std::chrono::hours(48),
                              .concurrency = 1,
                              .requests_per_minute = 200,
                              .source = source(),
                              .guard = guard(),
                              .customers = filter(),
                              .targets = targets(),
                              .processed_date = processed_date(),
                              .collectors = {"customers", kDeployment},
                              .operations = {"customers", kDeployment}});
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
  void a_whole_interval() { run_for(std::chrono::hours(6)); }

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

}  // namespace pce
