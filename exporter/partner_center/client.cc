#include "exporter/partner_center/client.h"

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

#include "exporter/base/foreign_text.h"
#include "exporter/base/guid.h"
#include "exporter/partner_center/api_error.h"

namespace pce {
namespace {

double own_random01() {
  static thread_local std::mt19937 engine{std::random_device{}()};
  return std::generate_canonical<double, 32>(engine);
}

Error stopping() { return {.kind = ErrorKind::kCancelled, .message = "given up, we are stopping"}; }

}  // namespace

PartnerCenterClient::PartnerCenterClient(Transport& transport, TokenSource& tokens,
                                         Governor& governor, Clock& clock, ApiTelemetry& telemetry,
                                         Options options)
    : transport_(transport),
      tokens_(tokens),
      governor_(governor),
      clock_(clock),
      telemetry_(telemetry),
      options_(std::move(options)) {
  while (options_.api_base.ends_with('/')) options_.api_base.pop_back();
  if (!options_.random01) options_.random01 = own_random01;
}

HttpRequest PartnerCenterClient::request_for(const ApiCall& call) const {
  HttpRequest request{.url = options_.api_base + call.path,
                      .headers = {{"Accept", "application/json"},
                                  {"X-Locale", "en-US"},
                                  {"MS-Contract-Version", "v1"},
                                  {"MS-RequestId", new_guid()},
                                  {"ValidateMfa", "true"}},
                      .timeout = options_.timeout,
                      .body_bytes_max = options_.body_bytes_max};
  if (!call.correlation_id.empty())
    request.headers.push_back({"MS-CorrelationId", call.correlation_id});
  if (!options_.application.empty()) {
    request.headers.push_back({"MS-PartnerCenter-Application", options_.application});
  }
  for (const Header& header : call.headers) {
    std::erase_if(request.headers,
                  [&](const Header& ours) { return same_header_name(ours.name, header.name); });
    request.headers.push_back(header);
  }
  return request;
}

Result<std::string> PartnerCenterClient::attempt(const ApiCall& call, const HttpRequest& request,
                                                 std::stop_token stop) {
  const auto permit = governor_.admit(stop);
  if (!permit) return stopping();
  const SteadyTime before = clock_.steady();
  auto answer = transport_.send(request, stop);
  const std::chrono::duration<double> took = clock_.steady() - before;
  if (!answer && answer.error().kind == ErrorKind::kCancelled)
    return answer.error();  // ours, not the service's doing
  telemetry_.api_call(call.operation, answer ? answer->status : 0, took);
  if (answer && answer->status / 100 == 2) {
    tokens_.accepted(request.bearer, mfa_compliance(*answer));
    return std::move(answer->body);
  }

  Error error = answer ? api_error(*answer, clock_.wall(), options_.words) : answer.error();
  if (mentions(error.message, request.bearer)) {
    error.message = "HTTP " + std::to_string(error.http_status) +
                    ", in words that repeat the access token and are not shown";
  }
  if (error.correlation_id.empty()) error.correlation_id = call.correlation_id;
  telemetry_.api_failure(call.operation, error.kind);
  if (error.retry_after) governor_.pause_for(*error.retry_after);
  if (error.kind == ErrorKind::kThrottled) governor_.throttled(*permit);
  return error;
}

Result<std::string> PartnerCenterClient::get(const ApiCall& call, std::stop_token stop) {
  const auto failed = [&](Error error) {
    const std::string& path = call.shown_path.empty() ? call.path : call.shown_path;
    return with_context(std::move(error), "GET " + path.substr(0, path.find('?')));
  };
  HttpRequest request = request_for(call);
  std::optional<Error> refused;  // why the token was renewed
  bool repeated = false;
  for (int attempts = 1;;) {
    auto token = tokens_.access_token(stop);
    if (!token) return failed(token.error());
    if (refused && *token == request.bearer) return failed(*refused);  // no other token to be had
    if (repeated) telemetry_.api_retry(call.operation);
    repeated = true;
    request.bearer = std::move(*token);
    auto body = attempt(call, request, stop);
    if (body) return body;
    const Error& error = body.error();
    if (is_about_the_token(error.kind)) {
      // Once it is a token that expired in flight; twice it is a permission nobody granted.
      const bool another = tokens_.refused(request.bearer, error);
      if (refused || !another) return failed(error);
      refused = error;
      continue;
    }
    const auto wait = wait_before(++attempts, error, options_.retry, options_.random01());
    if (!wait) return failed(error);
    if (!governor_.take_retry())
      return failed(with_context(error, "no repetition left in the budget"));
    if (!clock_.wait_until(clock_.steady() + *wait, stop)) return failed(stopping());
  }
}

}  // namespace pce
