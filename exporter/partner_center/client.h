#pragma once
// One Partner Center account's API: authenticated, governed, repeated where that helps. Any thread.
// Source: "Partner Center REST headers", "API throttling guidance".
#include <chrono>
#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/http/governor.h"
#include "exporter/http/retry.h"
#include "exporter/http/transport.h"
#include "exporter/identity/token_source.h"
#include "exporter/partner_center/api_error.h"
#include "exporter/partner_center/body_source.h"
#include "exporter/telemetry/api_telemetry.h"

namespace pce {

class PartnerCenterClient final : public BodySource {
 public:
  struct Options {
    std::string api_base;       // https://api.partnercenter.microsoft.com
    std::string application{};  // MS-PartnerCenter-Application; empty: not sent
    RetryPolicy retry{};
    std::chrono::milliseconds timeout{120'000};
    std::size_t body_bytes_max = kBodyBytesMax;
    ServiceWords words = ServiceWords::kRepeated;  // in errors
    std::function<double()>
        random01{};  // jitter in [0,1), any thread; empty: a generator of its own
  };

  // The references must outlive the client.
  PartnerCenterClient(Transport& transport, TokenSource& tokens, Governor& governor, Clock& clock,
                      ApiTelemetry& telemetry, Options options);

  // The body of a 2xx answer, decoded, as it came. One MS-RequestId for all attempts; every attempt
  // passes the governor; a wait the service asks for holds for everybody, and a 429 slows everybody
  // down. A failure that time may heal is repeated as Options::retry says and the governor's budget
  // allows. A token that is refused is given back to the TokenSource; where that has another one
  // the call is repeated once with it, which the budget does not limit. Errors: those of
  // Transport::send, TokenSource::access_token and api_error, with the path (without its query) in
  // front; kCancelled soon after `stop` is requested.
  Result<std::string> get(const ApiCall& call, std::stop_token stop) override;

  const std::string& api_base() const override { return options_.api_base; }

 private:
  Result<std::string> attempt(const ApiCall& call, const HttpRequest& request,
                              std::stop_token stop);
  HttpRequest request_for(const ApiCall& call) const;

  Transport& transport_;
  TokenSource& tokens_;
  Governor& governor_;
  Clock& clock_;
  ApiTelemetry& telemetry_;
  Options options_;
};

}  // namespace pce
