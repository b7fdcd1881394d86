#include "tests/simulator/service.h"

#include <algorithm>
#include <array>
#include <atomic>

#include <fmt/format.h>

#include "tests/simulator/classic.h"
#include "tests/simulator/commercial.h"
#include "tests/simulator/compression.h"
#include "tests/simulator/customers.h"
#include "tests/simulator/seats.h"

namespace simulator {
namespace {

using Steady = std::chrono::steady_clock;

std::uint64_t fresh_number() {
  static std::atomic<std::uint64_t> last{0};
  return hash_text("answer", ++last);
}

// What every answer of the API carries. Source: partner-center-api.md 5.2.
void add_service_headers(const Request& request, bool validated, bool mfa, Response& response) {
  const std::uint64_t number = fresh_number();
  response.headers.emplace_back("MS-RequestId",
                                request.header("MS-RequestId").value_or(guid_from(number)));
  response.headers.emplace_back("MS-CorrelationId",
                                request.header("MS-CorrelationId").value_or(guid_from(number + 1)));
  // Sixteen characters of base64 are twelve bytes.
  std::string bytes;
  for (unsigned i = 0; i < 12; ++i)
    bytes += static_cast<char>(mix(number + 2 + i / 8) >> (i % 8 * 8) & 0xFFU);
  response.headers.emplace_back("MS-CV", request.header("MS-CV").value_or(base64(bytes) + ".0"));
  response.headers.emplace_back("MS-ServerId", "102030524");
  response.headers.emplace_back("Request-Context",
                                "appId=cid-v1:03ce8ca8-8373-4021-8f25-d5dd45c7b12f");
  if (validated) response.headers.emplace_back("isMfaCompliant", mfa ? "true" : "false");
}

Response unauthorized(std::string_view code, std::string_view description) {
  Response response = error_answer(401, code, description);
  response.headers.emplace_back("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  return response;
}

bool right_audience(std::string_view audience) {
  static constexpr std::array<std::string_view, 2> kAudiences{
      "https://api.partnercenter.microsoft.com",
      "https://partner.partnercenterapi.microsoftonline.cn"};
  if (audience.ends_with('/')) audience.remove_suffix(1);
  return audience == kAudiences[0] || audience == kAudiences[1];
}

Response unknown_customer(const Settings& settings) {
  if (settings.unknown_customer == "60003") return error_answer(404, "60003", "Tenant not found.");
  return error_answer(403, "20002",
                      "There is no commerce relationship between the partner and the customer.");
}

Spelling spelling_of(const Settings& settings, const Verdict& verdict, bool token) {
  Spelling spelling;
  // Both were checked when they were set, so there is no complaint to pass on.
  if (!token) read_spelling(settings.variant, spelling);
  for (const auto& variant : verdict.variants) read_spelling(variant, spelling);
  return spelling;
}

void apply_delivery(const Verdict& verdict, Response& response) {
  response.close = verdict.close;
  response.endless = verdict.endless;
  response.between_bytes = verdict.between_bytes;
  if (verdict.half_body) response.body.resize(response.body.size() / 2);
  if (verdict.truncate) response.cut_after = response.body.size() / 2;
  for (const auto& header : verdict.headers) {
    std::erase_if(response.headers,
                  [&](const auto& other) { return same_text(other.first, header.first); });
    response.headers.push_back(header);
    const auto seconds =
        same_text(header.first, "Retry-After") ? parse_integer(header.second) : std::nullopt;
    if (seconds && *seconds >= 0) response.wait = std::chrono::seconds(*seconds);
  }
}

// Where among the pages of an answer a call is.
void place_call(const Request& request, const Route& route, Call& call) {
  const auto number = [&](std::string_view name, std::uint64_t otherwise) {
    const auto text = find_field(request.arguments, name);
    const auto value = text ? parse_integer(*text) : std::nullopt;
    return value && *value >= 0 ? static_cast<std::uint64_t>(*value) : otherwise;
  };
  if (route.operation == Operation::kCustomers) call.page = page_of_customers(request);
  if (route.is_commercial()) {
    const auto top = std::max<std::uint64_t>(1, number("top", kTopMax));
    call.skip = number("skip", 0);
    call.page = *call.skip / top + 1;
    call.grouped = !find_field(request.arguments, "groupby").value_or("").empty();
  }
  call.continued = request.header("MS-ContinuationToken").has_value() || call.skip.value_or(0) > 0;
}

void apply_encoding(const Request& request, const Spelling& spelling, Response& response) {
  if (spelling.bom && !response.body.empty()) response.body.insert(0, "\xEF\xBB\xBF");
  const std::string accepted = ascii_lower(request.header("Accept-Encoding").value_or(""));
  if (!spelling.gzip || response.body.empty() || accepted.find("gzip") == std::string::npos) return;
  response.body = gzip(response.body);
  response.headers.emplace_back("Content-Encoding", "gzip");
}

Fields loggable(const Fields& headers) {
  Fields out = headers;
  for (auto& [name, value] : out) {
    if (same_text(name, "Authorization")) value = "<withheld>";
  }
  return out;
}

}  // namespace

World::World(EstateShape estate_shape, Settings initial_settings, Registration registration,
             std::string refresh_token, double speed)
    : clock(speed),
      shape(estate_shape),
      estate(Estate(estate_shape)),
      settings(std::move(initial_settings)),
      faults(estate_shape.seed),
      identity(std::move(registration), std::move(refresh_token), clock),
      throttle(clock) {}

Response Service::handle(const Request& request) {
  const auto arrived = Steady::now();
  const Route route = find_route(request.path);
  const Settings settings = world_.settings.get();
  Caller caller;
  std::tie(caller.state, caller.token) = world_.identity.access_tokens().inspect(
      request.header("Authorization").value_or(""), world_.clock.now());

  LoggedCall logged{.operation = std::string(name_of(route.operation)),
                    .method = request.method,
                    .path = request.path,
                    .query = request.query,
                    .customer = route.names_customer() ? ascii_lower(route.subject) : "",
                    .tenant = caller.token.tenant,
                    .token_state = std::string(name_of(caller.state)),
                    .token_kind = caller.token.tenant.empty() ? ""
                                  : caller.token.user_token   ? "app+user"
                                                              : "app-only",
                    .token_audience = caller.token.audience,
                    .headers = loggable(request.headers),
                    .grant = {},
                    .arrived = arrived};
  if (route.is_identity()) {
    logged.grant = find_field(parse_form(request.body), "grant_type").value_or("");
    logged.tenant = ascii_lower(route.subject);
  } else {
    logged.inside_retry_after = world_.throttle.inside_window(caller.token.tenant, arrived);
  }

  world_.log.begin(!route.is_identity());
  Response response = decide(request, route, caller, settings, logged);
  const auto sent = Steady::now();
  // Who gets no answer, or half of one, was told nothing.
  const bool told = response.wait && !response.close && !response.cut_after;
  if (!route.is_identity() && told) {
    world_.throttle.told_to_wait(caller.token.tenant, sent, *response.wait);
  }
  // Ended before it is sent: nobody can have seen the answer yet, so a client's next call never
  // counts as parallel.
  world_.log.end(!route.is_identity());
  logged.status = response.close ? 0 : response.status;
  logged.took = std::chrono::duration_cast<std::chrono::microseconds>(sent - arrived);
  logged.bytes = response.body.size();
  world_.log.add(std::move(logged));
  return response;
}

Response Service::decide(const Request& request, const Route& route, const Caller& caller,
                         const Settings& settings, LoggedCall& logged) {
  Response response;
  response.close = true;
  if (!world_.waiting.for_span(settings.latency)) return response;

  const bool validated = same_text(request.header("ValidateMfa").value_or(""), "true");
  const bool good = caller.state == TokenState::kGood;
  if (!route.is_identity() && good) {
    if (const auto wait =
            world_.throttle.refuse(caller.token.tenant, settings.requests_per_minute)) {
      response = gateway_answer(
          429, fmt::format("Rate limit is exceeded. Try again in {} seconds.", wait->count()));
      response.headers.emplace_back("Retry-After", fmt::format("{}", wait->count()));
      response.wait = wait;
      add_service_headers(request, validated, caller.token.mfa, response);
      return response;
    }
  }

  Call call{.operation = logged.operation,
            .customer = logged.customer,
            .tenant = logged.tenant,
            .request = &request};
  place_call(request, route, call);
  const Verdict verdict = world_.faults.judge(call);
  logged.fault = verdict.answer || !verdict.variants.empty() || !verdict.headers.empty() ||
                 verdict.delay.count() > 0 || verdict.hold || verdict.close || verdict.truncate ||
                 verdict.half_body || verdict.endless || verdict.reprocess ||
                 verdict.between_bytes.count() > 0;
  if (verdict.reprocess) {
    world_.estate.update([](Estate& estate) {
      estate.reprocess(1);
      return true;
    });
  }
  if (!world_.waiting.for_span(verdict.delay)) return response;
  if (verdict.hold && !world_.waiting.until([&] { return world_.faults.epoch() != verdict.epoch; }))
    return response;

  const Spelling spelling = spelling_of(settings, verdict, route.is_identity());
  if (verdict.answer && verdict.answer->refusal && route.is_page()) {
    response = world_.identity.refuse(request, route, *verdict.answer->refusal);
  } else if (verdict.answer) {
    response =
        fault_answer(*verdict.answer,
                     std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  } else if (route.is_identity()) {
    response = world_.identity.answer(request, route, settings);
  } else {
    response = answer(request, route, caller, settings, spelling);
  }
  if (!route.is_identity())
    add_service_headers(request, validated && good, caller.token.mfa, response);
  apply_encoding(request, spelling, response);
  apply_delivery(verdict, response);
  return response;
}

Response Service::answer(const Request& request, const Route& route, const Caller& caller,
                         const Settings& settings, const Spelling& spelling) {
  const auto not_found = [] { return error_answer(404, "1000", "The resource was not found."); };
  if (route.operation == Operation::kUnknown) return not_found();
  if (request.method != "GET") return gateway_answer(405, "The method is not allowed.");
  if (caller.state == TokenState::kNone)
    return unauthorized("800001", "The partner token is missing.");
  if (caller.state != TokenState::kGood) return unauthorized("400", "Access denied.");
  if (!right_audience(caller.token.audience)) {
    return unauthorized("900420", "The audience of the token is not valid or no longer supported.");
  }
  if (caller.token.user_token && settings.enforce_mfa && !caller.token.mfa) {
    return unauthorized("900421", "The MFA claim is missing from the token.");
  }
  if (route.is_user_only() && !caller.token.user_token) {
    return error_answer(403, "900329",
                        "This resource can't be accessed by application credentials.");
  }
  if (!serves(route, settings)) return not_found();

  const auto estate = world_.estate.get();
  switch (route.operation) {
    case Operation::kCustomers:
      return list_customers(request, *estate, settings, spelling);
    case Operation::kRelationships:
      return relationships(request, spelling);
    case Operation::kPartnerDeployment:
      return json_answer(200, partner_deployment(*estate, spelling));
    case Operation::kPartnerUsage:
      return json_answer(200,
                         partner_usage(*estate, spelling, settings.partner_usage == "documented"));
    case Operation::kCommercialDeployment:
      return commercial_insight(Dataset::kDeployment, request, *estate, settings, spelling,
                                world_.row_counts);
    case Operation::kCommercialUsage:
      return commercial_insight(Dataset::kUsage, request, *estate, settings, spelling,
                                world_.row_counts);
    default:
      return about_customer(request, route, *estate, settings, spelling);
  }
}

Response Service::about_customer(const Request& request, const Route& route, const Estate& estate,
                                 const Settings& settings, const Spelling& spelling) {
  if (!is_guid(route.subject)) return error_answer(400, "900118", "The customer id is not valid.");
  const auto number = estate.find(route.subject);
  if (!number) return unknown_customer(settings);
  switch (route.operation) {
    case Operation::kCustomer:
      return one_customer(estate, *number, spelling);
    case Operation::kCustomerRelationships:
      return customer_relationships(estate, *number, spelling);
    case Operation::kSubscribedSkus:
      return json_answer(200, subscribed_skus(request, estate, *number));
    case Operation::kSubscriptions:
      return json_answer(200, subscriptions(estate, *number));
    case Operation::kCustomerDeployment:
      return json_answer(200, customer_deployment(estate, *number, spelling));
    default:
      return json_answer(200, customer_usage(estate, *number, spelling));
  }
}

}  // namespace simulator
