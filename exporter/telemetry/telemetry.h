#pragma once
// Metrics about ourselves, as named methods over one prometheus-cpp registry. Any thread.
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"

namespace prometheus {
class Registry;
struct MetricFamily;
}  // namespace prometheus

namespace pce {

struct BuildInfo {
  std::string version{}, revision{}, branch{}, compiler{}, os{}, arch{};
};

// What we measure about one partner account; every series carries partner="…".
class AccountTelemetry {
 public:
  // `operations`: what may stand in the label `operation`; `collectors`: likewise. All series exist
  // at 0 at once.
  AccountTelemetry(prometheus::Registry& registry, const std::string& partner,
                   const std::vector<std::string>& operations,
                   const std::vector<std::string>& collectors);
  ~AccountTelemetry();
  AccountTelemetry(const AccountTelemetry&) = delete;
  AccountTelemetry& operator=(const AccountTelemetry&) = delete;

  // One attempt; status 0 when no HTTP answer came.
  void api_call(std::string_view operation, int http_status, std::chrono::duration<double> took);
  void api_failure(std::string_view operation, ErrorKind reason);
  void api_retry(std::string_view operation);
  void token_refresh(bool succeeded);
  // How many calls could start now, and for how long none will because the other side asked for a
  // pause.
  void api_budget(double calls_left, std::chrono::duration<double> paused_for);

  void up(bool every_collector_succeeded);
  void collector_finished(std::string_view collector, bool succeeded,
                          std::chrono::duration<double> took, WallTime end);
  void collector_rows(std::string_view collector, std::size_t rows);
  void rows_rejected(std::string_view collector, std::string_view reason, std::size_t rows);
  void rows_merged(std::string_view collector, std::size_t rows);
  void empty_answer(
      std::string_view collector);  // no rows where there were some: the old ones stay
  // Replaces what was said about this collector before.
  void data_processed(std::string_view collector,
                      const std::map<std::string, WallTime>& newest_by_service_code);
  void customers(std::size_t listed);
  void customers_unavailable(
      std::size_t skipped);  // listed, but Partner Center says they are not ours (20002)
  void poll_interval(std::chrono::duration<double> interval);

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

// What we measure about the process as a whole, and the door to everything measured.
class ProcessTelemetry {
 public:
  // `registry` must outlive this and is the one the accounts use too.
  ProcessTelemetry(prometheus::Registry& registry, const BuildInfo& build, WallTime started);
  ~ProcessTelemetry();
  ProcessTelemetry(const ProcessTelemetry&) = delete;
  ProcessTelemetry& operator=(const ProcessTelemetry&) = delete;

  // `handler` is one of web's routes or "other".
  void http_request(std::string_view handler, int code);
  void config_loaded(WallTime when);

  // Called before each collect(), so that what changes by itself is shown as it is then. Only
  // before the first one.
  void before_collect(std::function<void()> refresh);

  // Everything in the registry and the process_… metrics, in no particular order.
  std::vector<prometheus::MetricFamily> collect() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

// A metric about ourselves as METRICS.md lists it.
struct OwnMetricInfo {
  std::string name, type, help;
  std::vector<std::string> labels;
};
// Every metric about ourselves, sorted by name: read from a registry in which each has been touched
// once.
std::vector<OwnMetricInfo> own_metrics();

}  // namespace pce
