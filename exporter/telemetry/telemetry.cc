#include "exporter/telemetry/telemetry.h"

#include <algorithm>
#include <mutex>
#include <set>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "exporter/telemetry/process_metrics.h"

namespace pce {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Labels;
using prometheus::Registry;

constexpr ErrorKind kCallFailures[] = {
    ErrorKind::kDns,       ErrorKind::kConnect,   ErrorKind::kTls,      ErrorKind::kTimeout,
    ErrorKind::kCut,       ErrorKind::kThrottled, ErrorKind::kUpstream, ErrorKind::kUnauthorized,
    ErrorKind::kForbidden, ErrorKind::kNotFound,  ErrorKind::kRejected, ErrorKind::kMalformed,
    ErrorKind::kTooLarge,  ErrorKind::kInternal};
constexpr const char* kRejections[] = {"foreign", "missing", "range", "type"};

Family<Gauge>& gauge(Registry& registry, const char* name, const char* help) {
  return BuildGauge().Name(name).Help(help).Register(registry);
}
Family<Counter>& counter(Registry& registry, const char* name, const char* help) {
  return BuildCounter().Name(name).Help(help).Register(registry);
}

double unix_seconds(WallTime time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

std::string code_text(int http_status) {
  if (http_status <= 0) return "000";
  return std::to_string(http_status);
}

}  // namespace

struct AccountTelemetry::Families {
  Families(Registry& r, std::string name) : registry(r), partner(std::move(name)) {}

  Registry& registry;
  const std::string partner;

  Family<Counter>& requests =
      counter(registry, "partner_center_api_requests_total",
              "Calls to Partner Center and the token endpoint, every attempt, by operation and "
              "HTTP status; code 000: no answer came.");
  Family<Counter>& failures =
      counter(registry, "partner_center_api_request_failures_total",
              "Attempts that gave no usable answer, by operation and reason.");
  Family<Histogram>& durations = BuildHistogram()
                                     .Name("partner_center_api_request_duration_seconds")
                                     .Help("Time one attempt took, from sending to the last byte.")
                                     .Register(registry);
  Family<Counter>& retries =
      counter(registry, "partner_center_api_retries_total", "Attempts that repeat a failed one.");
  Family<Gauge>& paused = gauge(
      registry, "partner_center_api_paused_seconds",
      "How long no call will be made because Partner Center said Retry-After; 0: not paused.");
  Family<Gauge>& calls_left = gauge(registry, "partner_center_api_calls_left",
                                    "Calls our own limit (limits.requests_per_minute) would let "
                                    "start at this moment, at most limits.concurrency.");
  Family<Counter>& refreshes =
      counter(registry, "partner_center_token_refreshes_total", "Requests for an access token.");
  Family<Counter>& refresh_failures =
      counter(registry, "partner_center_token_refresh_failures_total",
              "Requests for an access token that gave none.");
  Family<Gauge>& up = gauge(
      registry, "partner_center_up",
      "1 when the last round of every collector succeeded, 0 otherwise and before the first.");
  Family<Gauge>& success = gauge(registry, "partner_center_collector_success",
                                 "Whether the collector's last round read everything it wanted.");
  Family<Gauge>& duration = gauge(registry, "partner_center_collector_duration_seconds",
                                  "Time the collector's last round took.");
  Family<Gauge>& last_success =
      gauge(registry, "partner_center_collector_last_success_timestamp_seconds",
            "Unix time at which the collector's last successful round ended, 0 if there was none.");
  Family<Gauge>& rows =
      gauge(registry, "partner_center_collector_rows",
            "Rows the collector's last round received, rejected and merged ones included.");
  Family<Counter>& rejected = counter(registry, "partner_center_collector_rows_rejected_total",
                                      "Rows that could not be shown, by reason.");
  Family<Counter>& merged = counter(registry, "partner_center_collector_rows_merged_total",
                                    "Rows folded into another one because every label is equal.");
  Family<Counter>& empty =
      counter(registry, "partner_center_collector_empty_answers_total",
              "Successful answers without rows where there were rows before; the old ones stay.");
  Family<Gauge>& processed =
      gauge(registry, "partner_center_data_processed_timestamp_seconds",
            "Unix time at which Partner Center processed the newest row (processedDateTime).");
  Family<Gauge>& customers =
      gauge(registry, "partner_center_customers", "Customers in the last complete customer list.");
  Family<Gauge>& unavailable = gauge(registry, "partner_center_customers_unavailable",
                                     "Customers of the list for which Partner Center reports no "
                                     "commerce relationship (code 20002) or no tenant.");
  Family<Gauge>& interval =
      gauge(registry, "partner_center_poll_interval_seconds", "Configured time between rounds.");

  std::mutex processed_mutex;
  std::map<std::string, std::vector<Gauge*>, std::less<>> processed_series;  // by collector

  Labels labels(std::initializer_list<std::pair<const char*, std::string_view>> more = {}) const {
    Labels all{{"partner", partner}};
    for (const auto& [key, value] : more) all[key] = value;
    return all;
  }
  Histogram& duration_of(std::string_view operation) {
    return durations.Add(labels({{"operation", operation}}),
                         Histogram::BucketBoundaries{0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60});
  }
};

AccountTelemetry::AccountTelemetry(Registry& registry, const std::string& partner,
                                   const std::vector<std::string>& operations,
                                   const std::vector<std::string>& collectors)
    : families_(std::make_unique<Families>(registry, partner)) {
  auto& f = *families_;
  for (const auto& operation : operations) {
    f.requests.Add(f.labels({{"operation", operation}, {"code", "200"}}));
    for (const ErrorKind kind : kCallFailures) {
      f.failures.Add(f.labels({{"operation", operation}, {"reason", name_of(kind)}}));
    }
    f.duration_of(operation);
    f.retries.Add(f.labels({{"operation", operation}}));
  }
  for (const auto& collector : collectors) {
    f.success.Add(f.labels({{"collector", collector}}));
    f.duration.Add(f.labels({{"collector", collector}}));
    f.last_success.Add(f.labels({{"collector", collector}}));
    f.rows.Add(f.labels({{"collector", collector}}));
    f.merged.Add(f.labels({{"collector", collector}}));
    f.empty.Add(f.labels({{"collector", collector}}));
    for (const char* reason : kRejections)
      f.rejected.Add(f.labels({{"collector", collector}, {"reason", reason}}));
  }
  f.calls_left.Add(f.labels());
  f.paused.Add(f.labels());
  f.refreshes.Add(f.labels());
  f.refresh_failures.Add(f.labels());
  f.up.Add(f.labels());
  f.customers.Add(f.labels());
  f.unavailable.Add(f.labels());
}

AccountTelemetry::~AccountTelemetry() = default;

void AccountTelemetry::api_call(std::string_view operation, int http_status,
                                std::chrono::duration<double> took) {
  families_->requests
      .Add(families_->labels({{"operation", operation}, {"code", code_text(http_status)}}))
      .Increment();
  families_->duration_of(operation).Observe(took.count());
}

void AccountTelemetry::api_failure(std::string_view operation, ErrorKind reason) {
  families_->failures
      .Add(families_->labels({{"operation", operation}, {"reason", name_of(reason)}}))
      .Increment();
}

void AccountTelemetry::api_retry(std::string_view operation) {
  families_->retries.Add(families_->labels({{"operation", operation}})).Increment();
}

void AccountTelemetry::token_refresh(bool succeeded) {
  families_->refreshes.Add(families_->labels()).Increment();
  if (!succeeded) families_->refresh_failures.Add(families_->labels()).Increment();
}

void AccountTelemetry::api_budget(double calls_left, std::chrono::duration<double> paused_for) {
  families_->calls_left.Add(families_->labels()).Set(calls_left);
  families_->paused.Add(families_->labels()).Set(paused_for.count());
}

void AccountTelemetry::up(bool every_collector_succeeded) {
  families_->up.Add(families_->labels()).Set(every_collector_succeeded ? 1 : 0);
}

void AccountTelemetry::collector_finished(std::string_view collector, bool succeeded,
                                          std::chrono::duration<double> took, WallTime end) {
  const Labels labels = families_->labels({{"collector", collector}});
  families_->success.Add(labels).Set(succeeded ? 1 : 0);
  families_->duration.Add(labels).Set(took.count());
  if (succeeded) families_->last_success.Add(labels).Set(unix_seconds(end));
}

void AccountTelemetry::collector_rows(std::string_view collector, std::size_t rows) {
  families_->rows.Add(families_->labels({{"collector", collector}})).Set(static_cast<double>(rows));
}

void AccountTelemetry::rows_rejected(std::string_view collector, std::string_view reason,
                                     std::size_t rows) {
  families_->rejected.Add(families_->labels({{"collector", collector}, {"reason", reason}}))
      .Increment(static_cast<double>(rows));
}

void AccountTelemetry::rows_merged(std::string_view collector, std::size_t rows) {
  families_->merged.Add(families_->labels({{"collector", collector}}))
      .Increment(static_cast<double>(rows));
}

void AccountTelemetry::empty_answer(std::string_view collector) {
  families_->empty.Add(families_->labels({{"collector", collector}})).Increment();
}

void AccountTelemetry::data_processed(
    std::string_view collector, const std::map<std::string, WallTime>& newest_by_service_code) {
  const std::scoped_lock lock(families_->processed_mutex);
  auto& series = families_->processed_series[std::string(collector)];
  std::vector<Gauge*> now;
  for (const auto& [service_code, time] : newest_by_service_code) {
    Gauge& one = families_->processed.Add(
        families_->labels({{"collector", collector}, {"service_code", service_code}}));
    one.Set(unix_seconds(time));
    now.push_back(&one);
  }
  for (Gauge* old : series) {
    if (std::find(now.begin(), now.end(), old) == now.end()) families_->processed.Remove(old);
  }
  series = std::move(now);
}

void AccountTelemetry::customers(std::size_t listed) {
  families_->customers.Add(families_->labels()).Set(static_cast<double>(listed));
}

void AccountTelemetry::customers_unavailable(std::size_t skipped) {
  families_->unavailable.Add(families_->labels()).Set(static_cast<double>(skipped));
}

void AccountTelemetry::poll_interval(std::chrono::duration<double> interval) {
  families_->interval.Add(families_->labels()).Set(interval.count());
}

struct ProcessTelemetry::Families {
  Families(Registry& r, WallTime started) : registry(r), process(started) {}

  Registry& registry;
  const ProcessMetrics process;
  std::vector<std::function<void()>> refreshers;  // complete before the first collect()
  Family<Gauge>& build =
      gauge(registry, "partner_center_exporter_build_info",
            "Always 1; the labels say from what partner_center_exporter was built.");
  Family<Counter>& http = counter(registry, "partner_center_exporter_http_requests_total",
                                  "Requests answered by the exporter itself, by route and status.");
  Family<Gauge>& config_ok = gauge(registry, "partner_center_config_last_reload_successful",
                                   "Whether the last attempt to load the configuration succeeded.");
  Family<Gauge>& config_time =
      gauge(registry, "partner_center_config_last_reload_success_timestamp_seconds",
            "Unix time at which the running configuration was loaded.");
};

ProcessTelemetry::ProcessTelemetry(Registry& registry, const BuildInfo& build, WallTime started)
    : families_(std::make_unique<Families>(registry, started)) {
  families_->build
      .Add({{"version", build.version},
            {"revision", build.revision},
            {"branch", build.branch},
            {"compiler", build.compiler},
            {"os", build.os},
            {"arch", build.arch}})
      .Set(1);
}

ProcessTelemetry::~ProcessTelemetry() = default;

void ProcessTelemetry::http_request(std::string_view handler, int code) {
  families_->http.Add({{"handler", std::string(handler)}, {"code", code_text(code)}}).Increment();
}

void ProcessTelemetry::config_loaded(WallTime when) {
  families_->config_ok.Add({}).Set(1);
  families_->config_time.Add({}).Set(unix_seconds(when));
}

void ProcessTelemetry::before_collect(std::function<void()> refresh) {
  families_->refreshers.push_back(std::move(refresh));
}

std::vector<prometheus::MetricFamily> ProcessTelemetry::collect() const {
  for (const auto& refresh : families_->refreshers) refresh();
  auto families = families_->registry.Collect();
  auto process = families_->process.Collect();
  families.insert(families.end(), std::make_move_iterator(process.begin()),
                  std::make_move_iterator(process.end()));
  return families;
}

std::vector<OwnMetricInfo> own_metrics() {
  Registry registry;
  ProcessTelemetry process(registry, BuildInfo{}, WallTime{});
  process.http_request("/metrics", 200);
  process.config_loaded(WallTime{});
  AccountTelemetry account(registry, "contoso", {"customers"}, {"customers"});
  account.data_processed("customers", {{"o365", WallTime{}}});
  account.poll_interval(std::chrono::seconds(1));

  std::vector<OwnMetricInfo> all;
  for (const auto& family : process.collect()) {
    OwnMetricInfo info{.name = family.name, .type = "gauge", .help = family.help, .labels = {}};
    if (family.type == prometheus::MetricType::Counter) info.type = "counter";
    if (family.type == prometheus::MetricType::Histogram) info.type = "histogram";
    std::set<std::string> names;
    for (const auto& metric : family.metric) {
      for (const auto& label : metric.label) names.insert(label.name);
    }
    info.labels.assign(names.begin(), names.end());
    all.push_back(std::move(info));
  }
  std::ranges::sort(all, {}, &OwnMetricInfo::name);
  return all;
}

}  // namespace pce
