#include "exporter/telemetry/api_telemetry.h"

#include <algorithm>
#include <utility>

#include <prometheus/histogram.h>

#include "exporter/telemetry/families.h"

namespace pce {
namespace {

using prometheus::BuildHistogram;
using prometheus::Histogram;
using prometheus::Labels;
using prometheus::Registry;

constexpr ErrorKind kCallFailures[] = {
    ErrorKind::kDns,        ErrorKind::kConnect,       ErrorKind::kProxy,
    ErrorKind::kTls,        ErrorKind::kTimeout,       ErrorKind::kCut,
    ErrorKind::kThrottled,  ErrorKind::kUpstream,      ErrorKind::kUnauthorized,
    ErrorKind::kMfaMissing, ErrorKind::kWrongAudience, ErrorKind::kAppOnly,
    ErrorKind::kForbidden,  ErrorKind::kNotFound,      ErrorKind::kRejected,
    ErrorKind::kMalformed,  ErrorKind::kTooLarge,      ErrorKind::kInternal};

}  // namespace

struct ApiTelemetry::Families {
  Families(Registry& r, std::string name) : registry(r), partner(std::move(name)) {}

  Registry& registry;
  const std::string partner;

  CounterFamily& requests =
      counter(registry, "partner_center_api_requests_total",
              "Calls to Partner Center and the token endpoint, every attempt, by operation and "
              "HTTP status; code 000: no answer came.");
  CounterFamily& failures =
      counter(registry, "partner_center_api_request_failures_total",
              "Attempts that gave no usable answer, by operation and reason.");
  prometheus::Family<Histogram>& durations =
      BuildHistogram()
          .Name("partner_center_api_request_duration_seconds")
          .Help("Time one attempt took, from sending to the last byte.")
          .Register(registry);
  CounterFamily& retries =
      counter(registry, "partner_center_api_retries_total", "Attempts that repeat a failed one.");
  GaugeFamily& paused = gauge(
      registry, "partner_center_api_paused_seconds",
      "How long no call will be made because Partner Center said Retry-After; 0: not paused.");
  GaugeFamily& calls_left = gauge(registry, "partner_center_api_calls_left",
                                  "Calls our own limit (limits.requests_per_minute) would let "
                                  "start at this moment, at most limits.concurrency.");
  CounterFamily& refreshes =
      counter(registry, "partner_center_token_refreshes_total", "Requests for an access token.");
  CounterFamily& refresh_failures = counter(registry, "partner_center_token_refresh_failures_total",
                                            "Requests for an access token that gave none.");
  CounterFamily& not_rotated =
      counter(registry, "partner_center_token_refreshes_not_rotated_total",
              "Access tokens that came without a new refresh token, so that the old one ages.");
  GaugeFamily& pace = gauge(registry, "partner_center_api_pace_ratio",
                            "Share of limits.requests_per_minute and limits.concurrency in use "
                            "now: halved when Partner Center throttles, then creeping back to 1.");
  GaugeFamily& retries_left =
      gauge(registry, "partner_center_api_retries_left",
            "Repetitions of failed calls our retry budget would allow at this moment.");

  Labels labels(std::initializer_list<std::pair<const char*, std::string_view>> more = {}) const {
    return account_labels(partner, more);
  }
  Histogram& duration_of(std::string_view operation) {
    return durations.Add(labels({{"operation", operation}}), bounds);
  }

  const Histogram::BucketBoundaries bounds{0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
  std::vector<std::string> operations;  // of operations_are()
};

ApiTelemetry::ApiTelemetry(Registry& registry, const std::string& partner,
                           const std::vector<std::string>& operations)
    : families_(std::make_unique<Families>(registry, partner)) {
  auto& f = *families_;
  operations_are(operations);
  f.calls_left.Add(f.labels());
  f.paused.Add(f.labels());
  f.refreshes.Add(f.labels());
  f.refresh_failures.Add(f.labels());
  f.not_rotated.Add(f.labels());
  f.pace.Add(f.labels()).Set(1);
  f.retries_left.Add(f.labels());
}

ApiTelemetry::~ApiTelemetry() = default;

void ApiTelemetry::operations_are(const std::vector<std::string>& operations) {
  auto& f = *families_;
  for (const auto& operation : operations) {
    f.requests.Add(f.labels({{"operation", operation}, {"code", "200"}}));
    for (const ErrorKind kind : kCallFailures) {
      f.failures.Add(f.labels({{"operation", operation}, {"reason", name_of(kind)}}));
    }
    f.duration_of(operation);
    f.retries.Add(f.labels({{"operation", operation}}));
  }
  for (const auto& former : std::exchange(f.operations, operations)) {
    if (std::ranges::find(operations, former) != operations.end()) continue;
    remove_series(f.requests, "operation", former);
    remove_series(f.failures, "operation", former);
    remove_series(f.durations, "operation", former, f.bounds);
    remove_series(f.retries, "operation", former);
  }
}

void ApiTelemetry::api_call(std::string_view operation, int http_status,
                            std::chrono::duration<double> took) {
  families_->requests
      .Add(families_->labels({{"operation", operation}, {"code", code_text(http_status)}}))
      .Increment();
  families_->duration_of(operation).Observe(took.count());
}

void ApiTelemetry::api_failure(std::string_view operation, ErrorKind reason) {
  families_->failures
      .Add(families_->labels({{"operation", operation}, {"reason", name_of(reason)}}))
      .Increment();
}

void ApiTelemetry::api_retry(std::string_view operation) {
  families_->retries.Add(families_->labels({{"operation", operation}})).Increment();
}

void ApiTelemetry::token_refresh(bool succeeded) {
  families_->refreshes.Add(families_->labels()).Increment();
  if (!succeeded) families_->refresh_failures.Add(families_->labels()).Increment();
}

void ApiTelemetry::token_not_rotated() {
  families_->not_rotated.Add(families_->labels()).Increment();
}

void ApiTelemetry::api_budget(double calls_left, std::chrono::duration<double> paused_for,
                              double pace, double retries_left) {
  families_->calls_left.Add(families_->labels()).Set(calls_left);
  families_->paused.Add(families_->labels()).Set(paused_for.count());
  families_->pace.Add(families_->labels()).Set(pace);
  families_->retries_left.Add(families_->labels()).Set(retries_left);
}

}  // namespace pce
