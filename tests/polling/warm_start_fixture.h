#pragma once
// An account's poller that ends at any moment and begins again with what was kept, against a
// scripted Partner Center and on a clock that jumps.
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"
#include "exporter/polling/account_poller.h"
#include "exporter/store/answer_keeper.h"
#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/log.h"
#include "tests/polling/scripted_partner_center.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fixed_token_source.h"
#include "tests/support/temporary_folder.h"

namespace pce {

// All that ends with a process.
struct PollingProcess {
  PollingProcess(FakeClock& clock, Transport& transport, const std::filesystem::path& folder,
                 const AccountPoller::Plan& plan)
      : governor(clock, {.requests_per_minute = 1'000'000, .concurrency = 1}),
        client(transport, token, governor, clock, calls,
               {.api_base = "http://127.0.0.1:1", .random01 = [] { return 0.5; }}),
        keeper(folder, clock, storage),
        poller({client, store, labels, calls, polls, clock, token, &keeper}, plan) {
    auto kept = keeper.recall(clock.wall() - plan.stale_after);
    poller.resume(std::move(kept), storage);
  }

  prometheus::Registry registry;
  ApiTelemetry calls{registry, "contoso", {"customers", "customer_deployment"}};
  PollTelemetry polls{registry, "contoso", {"customers", "customer_deployment"}};
  StorageTelemetry storage{registry};
  FixedTokenSource token{{"token"}};
  Governor governor;
  PartnerCenterClient client;
  LabelPool labels;
  SnapshotStore store;
  AnswerKeeper keeper;
  AccountPoller poller;
};

class WarmStartTest : public testing::Test {
 protected:
  static constexpr const char* kA = "aaaaaaaa-0000-4000-8000-000000000001";
  static constexpr const char* kB = "bbbbbbbb-0000-4000-8000-000000000002";
  static constexpr const char* kC = "cccccccc-0000-4000-8000-000000000003";

  void SetUp() override {
    set_up_log(LogLevel::kError, LogFormat::kLogfmt);
    service_.sold = {{kA, 10}, {kB, 20}};
    service_.listed = {kA, kB};
    plan_ = {.partner = "contoso",
             .data_sets = {find_data_set("customer_deployment")},
             .interval = std::chrono::hours(6),
             .stale_after = std::chrono::hours(48),
             .concurrency = 1,
             .requests_per_minute = 200,
             .source = {.fixed = Source::kClassic},
             .tenant = "11111111-2222-3333-4444-555555555555"};
  }
  PollingProcess& process() {
    if (!process_)
      process_ = std::make_unique<PollingProcess>(clock_, transport_, folder_.path(), plan_);
    return *process_;
  }
  void run_for(std::chrono::milliseconds time) {
    std::stop_source stop;
    clock_.stop_at(clock_.steady() + time, stop);
    process().poller.run(stop.get_token());
  }
  void first_round() { run_for(std::chrono::seconds(30)); }
  // What waits to be kept is, and the process is gone for this long. `process()` begins the next.
  void end_for(std::chrono::milliseconds pause) {
    std::stop_source stop;
    stop.request_stop();
    process().keeper.run(stop.get_token());
    process_.reset();
    clock_.advance(pause);
    calls_before_ = transport_.requests().size();
  }
  void restart_after(std::chrono::milliseconds pause) {
    end_for(pause);
    process();
  }
  // Puts something else into the file while no process runs.
  template <typename Change>
  void change_kept(Change&& change) {
    PollingProcess* const none = process_.get();
    ASSERT_EQ(none, nullptr);
    ResponseLog::Found found;
    auto log = ResponseLog::open(folder_.path(), clock_.wall(), &found);
    ASSERT_TRUE(log) << log.error().message;
    for (StoredAnswer& answer : found.answers) {
      change(answer);
      ASSERT_TRUE((*log)->put(answer));
    }
  }

  std::size_t calls() const { return transport_.requests().size() - calls_before_; }
  std::size_t calls(const std::string& path) const {
    std::size_t count = 0;
    const auto requests = transport_.requests();
    for (std::size_t i = calls_before_; i < requests.size(); ++i)
      count += ScriptedPartnerCenter::path_of(requests[i].url) == path ? 1 : 0;
    return count;
  }
  const Slice* slice(const std::string& id, const DataSet* data_set = nullptr) {
    shown_ = process().store.current();
    return shown_->find(
        {data_set != nullptr ? data_set : find_data_set("customer_deployment"), id, "contoso"});
  }
  std::optional<std::int64_t> sold(const std::string& id) {
    const Slice* found = slice(id);
    if (found == nullptr || found->records.empty()) return std::nullopt;
    return found->records.at(0).values[0].whole();
  }
  std::chrono::seconds age(const std::string& id) {
    const Slice* found = slice(id);
    if (found == nullptr) return std::chrono::seconds(-1);
    const auto by_wall = clock_.wall() - found->fetched;
    const auto by_steady = clock_.steady() - found->received;
    EXPECT_LE(std::chrono::abs(by_wall - by_steady), std::chrono::milliseconds(2));
    return std::chrono::duration_cast<std::chrono::seconds>(by_wall);
  }
  std::optional<double> metric(const std::string& name, const std::string& label = {}) {
    for (const auto& family : process().registry.Collect()) {
      if (family.name != "partner_center_" + name) continue;
      for (const auto& m : family.metric) {
        bool match = label.empty();
        for (const auto& l : m.label) match = match || l.value == label;
        if (match)
          return family.type == prometheus::MetricType::Counter ? m.counter.value : m.gauge.value;
      }
    }
    return std::nullopt;
  }
  double dropped(const std::string& reason) {
    return metric("exporter_storage_answers_dropped_total", reason).value_or(-1);
  }
  std::optional<double> last_success(const std::string& collector) {
    return metric("collector_last_success_timestamp_seconds", collector);
  }

  TemporaryFolder folder_;
  FakeClock clock_;
  ScriptedPartnerCenter service_;
  ScriptedTransport transport_{[this](const HttpRequest& request) { return service_(request); }};
  AccountPoller::Plan plan_;
  std::unique_ptr<PollingProcess> process_;
  std::shared_ptr<const Snapshot> shown_;
  std::size_t calls_before_ = 0;
};

}  // namespace pce
