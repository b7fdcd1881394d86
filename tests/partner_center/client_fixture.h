#pragma once
// A PartnerCenterClient against a script, on a clock that jumps.
#include <algorithm>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "exporter/partner_center/client.h"
#include "tests/support/metric_reading.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fixed_token_source.h"
#include "tests/support/scripted_transport.h"

namespace pce {

inline std::string header_of(const HttpRequest& request, const std::string& name) {
  std::string all;
  for (const Header& h : request.headers) {
    if (same_header_name(h.name, name)) all += (all.empty() ? "" : "|") + h.value;
  }
  return all;
}

class PartnerCenterClientTest : public testing::Test {
 protected:
  // Answers with these in turn, then with the last one again.
  void script(std::vector<Result<HttpResponse>> answers) { answers_ = std::move(answers); }
  Result<std::string> get(std::stop_token stop = {}) {
    return client_.get(
        {.operation = "customers", .path = "/v1/customers?size=5", .correlation_id = "round-1"},
        stop);
  }
  double requests(const std::string& code) {
    return reading(registry_, "partner_center_api_requests_total",
                   {{"operation", "customers"}, {"code", code}})
        .value_or(0);
  }
  double failures(const std::string& reason) {
    return reading(registry_, "partner_center_api_request_failures_total",
                   {{"operation", "customers"}, {"reason", reason}})
        .value_or(-1);
  }
  double retries() {
    return reading(registry_, "partner_center_api_retries_total", {{"operation", "customers"}})
        .value_or(-1);
  }

  std::vector<Result<HttpResponse>> answers_{HttpResponse{.status = 200, .body = "{}"}};
  std::atomic<std::size_t> at_ = 0;
  FakeClock clock_;
  prometheus::Registry registry_;
  ApiTelemetry telemetry_{registry_, "contoso", {"customers"}};
  ScriptedTransport transport_{
      [this](const HttpRequest&) { return answers_[std::min(at_++, answers_.size() - 1)]; }};
  FixedTokenSource tokens_{{"access-token-1", "access-token-2", "access-token-3"}};
  Governor governor_{clock_, {.requests_per_minute = 6000, .concurrency = 4}};
  PartnerCenterClient client_{transport_,
                              tokens_,
                              governor_,
                              clock_,
                              telemetry_,
                              {.api_base = "https://api.example/",
                               .application = "exporter",
                               .random01 = [] { return 0.5; }}};
};

inline HttpResponse status(int code, std::vector<Header> headers = {}, std::string body = "") {
  return {.status = code, .headers = std::move(headers), .body = std::move(body)};
}

}  // namespace pce
