#include "exporter/commands/first_call.h"

#include <utility>

#include "exporter/partner_center/client.h"

namespace pce {
namespace {

// A token there is no other for.
class HeldToken final : public TokenSource {
 public:
  explicit HeldToken(Secret token) : token_(std::move(token)) {}
  Result<Secret> access_token(std::stop_token) override { return token_; }
  void accepted(const Secret&, std::optional<bool> mfa_compliant) override {
    answer_.mfa_compliant = mfa_compliant;
  }
  bool refused(const Secret&, const Error&) override { return false; }
  FirstAnswer answer() const { return answer_; }

 private:
  const Secret token_;
  FirstAnswer answer_;
};

}  // namespace

Result<FirstAnswer> first_call(const TokenEndpoint::Parts& parts, const std::string& api,
                               const Secret& access_token, std::stop_token stop) {
  HeldToken token(access_token);
  PartnerCenterClient client(parts.transport, token, parts.governor, parts.clock, parts.telemetry,
                             {.api_base = api,
                              .application = "partner_center_exporter",
                              .timeout = std::chrono::seconds(60)});
  const auto answer = client.get({.operation = kFirstCallOperation, .path = "/v1/customers?size=1"},
                                 std::move(stop));
  if (!answer) return answer.error();
  return token.answer();
}

}  // namespace pce
