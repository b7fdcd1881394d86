#include "tests/simulator/identity_platform.h"

#include "tests/simulator/pages.h"

namespace simulator {

IdentityPlatform::IdentityPlatform(Registration registration, std::string refresh_token,
                                   const Clock& clock)
    : registration_(std::move(registration)),
      clock_(clock),
      refresh_(std::move(refresh_token), clock),
      clients_(registration_),
      authorize_(registration_, clients_, codes_, clock),
      device_(registration_, clients_, devices_, clock),
      token_(registration_, clients_, {access_, refresh_, codes_, devices_}, clock) {}

Response IdentityPlatform::answer(const Request& request, const Route& route,
                                  const Settings& settings) {
  switch (route.operation) {
    case Operation::kAuthorizeV1:
      return authorize_.answer(request, route.subject, 1, settings);
    case Operation::kAuthorizeV2:
      return authorize_.answer(request, route.subject, 2, settings);
    case Operation::kDeviceCode:
      return device_.issue(request, route.subject, settings);
    case Operation::kDeviceLogin:
      return device_.page(request, settings);
    case Operation::kTokenV1:
      return token_.answer(request, route.subject, 1, settings);
    default:
      return token_.answer(request, route.subject, 2, settings);
  }
}

Response IdentityPlatform::refuse(const Request& request, const Route& route,
                                  const Refusal& refusal) const {
  if (route.operation == Operation::kAuthorizeV1 || route.operation == Operation::kAuthorizeV2)
    return authorize_.refuse(request, route.subject, refusal);
  if (route.operation == Operation::kDeviceLogin)
    return message_page(400, "Sign in failed", description_of(refusal, clock_.now()));
  return simulator::refuse(refusal, clock_.now());
}

void IdentityPlatform::reset() {
  access_.reset();
  refresh_.reset();
  codes_.reset();
  devices_.reset();
  clients_.reset();
  token_.reset();
}

}  // namespace simulator
