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
    : clock_(clock), limits_(limits), rules_(rules_of(config, nullptr)), limit_(config.rate_limit) {
  if (limit_) rate_.emplace(*limit_, clock.steady());
}

void Doorkeeper::adopt(const WebConfig& config) {
  // Ends last, after the lock: those who wait for a hash of it are told there.
  std::shared_ptr<const Rules> former = rules();
  auto next = rules_of(config, former.get());
  const std::scoped_lock lock(mutex_);
  if (closed_) return;
  rules_ = std::move(next);
  if (limit_ == config.rate_limit) return;
  limit_ = config.rate_limit;
  rate_.reset();
  if (limit_) rate_.emplace(*limit_, clock_.steady());
}

std::shared_ptr<const Doorkeeper::Rules> Doorkeeper::rules_of(const WebConfig& config,
                                                              const Rules* former) const {
  auto rules = std::make_shared<Rules>(Rules{.headers = config.headers, .users = config.users});
  if (former != nullptr && former->users == config.users) {
    rules->credentials = former->credentials;
  } else if (!config.users.empty()) {
    rules->credentials = std::make_shared<Credentials>(config.users, clock_, limits_);
  }
  return rules;
}

std::shared_ptr<const Doorkeeper::Rules> Doorkeeper::rules() const {
  const std::scoped_lock lock(mutex_);
  return rules_;
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
  const auto current = rules();
  if (!current->credentials) return {};
  const auto verdict = current->credentials->check(
      authorization, client,
      [later = std::move(later)](LoginVerdict judged) { later(answer_to(judged)); });
  if (!verdict) return {.waits = true};
  return {.refusal = answer_to(*verdict)};
}

void Doorkeeper::add_headers(WebResponse& response) const {
  const auto current = rules();
  for (const Header& header : current->headers) {
    std::erase_if(response.headers,
                  [&](const Header& other) { return same_header_name(other.name, header.name); });
    response.headers.push_back(header);
  }
}

void Doorkeeper::close() {
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
  }
  if (const auto current = rules(); current->credentials) current->credentials->close();
}

}  // namespace pce
