#include "tests/simulator/device_endpoint.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/simulator/authorize_endpoint.h"
#include "tests/simulator/pages.h"
#include "tests/simulator/sign_in.h"
#include "tests/simulator/sign_in_policy.h"

namespace simulator {

Response DeviceEndpoint::issue(const Request& request, const std::string& tenant,
                               const Settings& settings) {
  const Instant now = clock_.now();
  if (request.method != "POST") return refuse(900561, now);
  if (const int number = refuse_tenant(registration_, tenant, 50059); number != 0)
    return refuse(number, now);
  const Fields form = parse_form(request.body);
  const std::string client = find_field(form, "client_id").value_or("");
  if (const auto refusal = clients_.refuse_unknown(client)) return refuse(*refusal, now);
  const std::string scope = find_field(form, "scope").value_or("");
  if (scope.empty()) return refuse(900144, now);
  if (find_field(form, "resource")) return refuse(901002, now);

  const auto pair = codes_.issue(client, tenant, scope, settings.device_code_lifetime,
                                 settings.device_code_interval, now);
  const std::string address =
      "http://" + request.header("Host").value_or("localhost") + "/devicelogin";
  nlohmann::ordered_json body;
  body["user_code"] = pair.user_code;
  body["device_code"] = pair.device_code;
  body["verification_uri"] = address;
  body["expires_in"] = clock_.as_seen_by_clients(settings.device_code_lifetime).count();
  body["interval"] = clock_.as_seen_by_clients(settings.device_code_interval).count();
  body["message"] = fmt::format("To sign in, open {} in a web browser and enter the code {}.",
                                address, pair.user_code);
  return json_answer(200, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Response DeviceEndpoint::page(const Request& request, const Settings& settings) {
  if (request.method != "POST") return user_code_page("");
  const Instant now = clock_.now();
  const Fields form = parse_form(request.body);
  const std::string user_code = find_field(form, "user_code").value_or("");
  const auto asking = codes_.find(user_code, now);
  if (asking.refused != 0) {
    return user_code_page(
        fmt::format("AADSTS{}: {}", asking.refused, refusal_of(asking.refused).text));
  }
  SignIn sign_in = judge_sign_in(form, Flow::kDeviceCode, false, settings);
  Fields hidden{{"user_code", user_code}};
  switch (sign_in.next) {
    case SignIn::Next::kShowForm:
      return sign_in_page({.application = asking.client,
                           .user = sign_in.user,
                           .asks_for_second_factor = asks_for_second_factor(settings),
                           .complaint = sign_in.complaint,
                           .hidden = std::move(hidden)});
    case SignIn::Next::kShowConsent:
      for (auto& field : sign_in.hidden()) hidden.push_back(std::move(field));
      return consent_page(asking.client, hidden);
    case SignIn::Next::kDeclined:
      codes_.decline(user_code);
      return message_page(200, "Declined", "Nothing was granted. You can close this window.");
    case SignIn::Next::kGranted:
      break;
  }
  codes_.approve(user_code, sign_in.grant(asking.tenant, asking.client, Flow::kDeviceCode, now));
  return message_page(200, "Signed in", "You have signed in. You can close this window.");
}

}  // namespace simulator
