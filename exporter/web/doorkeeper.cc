#include "exporter/web/doorkeeper.h"

#include <algorithm>
#include <string>
#include <utility>

#include "exporter/web/request_gate.h"

namespace pce {
namespace {

WebResponse refusal(int status, const std::string& words, std::vector<Header> headers) {
  headers.push_back({"X-Content-Type-Options", "nosniff"});
  return {.status = status,
          .content_type = "text/plain; charset=utf-8",
          .headers = std::move(headers),
          .body = words + "\n"};
}

std::optional<WebResponse> answer_to(LoginVerdict verdict) {
  const Header challenge{"WWW-Authenticate", "Basic realm=\"partner_center_exporter\""};
  switch (verdict) {
    case LoginVerdict::kAccepted:
      return std::nullopt;
    case LoginVerdict::kRefused:
      return refusal(401, "Unauthorized: name and password are wanted.", {challenge});
    case LoginVerdict::kTooLong:
      return refusal(401, "Unauthorized: bcrypt takes no password of more than 72 bytes.",
                     {challenge});
    case LoginVerdict::kBusy:
      break;
  }
  return Doorkeeper::busy();
}

}  // namespace

Doorkeeper::Doorkeeper(const WebConfig& config, const Clock& clock, LoginLimits limits)
    : clock_(clock), headers_(config.headers) {
  if (config.rate_limit) rate_.emplace(*config.rate_limit, clock.steady());
  if (!config.users.empty())
    credentials_ = std::make_unique<Credentials>(config.users, clock, limits);
}

WebResponse Doorkeeper::busy() {
  return refusal(503, "Too many logins wait to be judged; try again.", {{"Retry-After", "1"}});
}

bool Doorkeeper::within_rate() {
  const std::scoped_lock lock(mutex_);
  return !rate_ || rate_->take(clock_.steady());
}

Doorkeeper::Outcome Doorkeeper::ask(std::string_view authorization, std::string_view client,
                                    Later later) {
  if (!within_rate()) {
    return {.refusal = refusal(429, "Too many requests: see rate_limit in the web configuration.",
                               {{"Retry-After", "1"}})};
  }
  if (!credentials_) return {};
  const auto verdict = credentials_->check(
      authorization, client,
      [later = std::move(later)](LoginVerdict judged) { later(answer_to(judged)); });
  if (!verdict) return {.waits = true};
  return {.refusal = answer_to(*verdict)};
}

void Doorkeeper::add_headers(WebResponse& response) const {
  for (const Header& header : headers_) {
    std::erase_if(response.headers,
                  [&](const Header& other) { return same_header_name(other.name, header.name); });
    response.headers.push_back(header);
  }
}

void Doorkeeper::close() {
  if (credentials_) credentials_->close();
}

}  // namespace pce
