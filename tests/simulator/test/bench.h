#pragma once
// A simulated service without sockets, and the calls tests make of it.
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/simulator/control.h"
#include "tests/simulator/service.h"

namespace simulator {

inline constexpr std::string_view kTenant = "11111111-2222-3333-4444-555555555555";
inline constexpr std::string_view kResource = "https://api.partnercenter.microsoft.com";

struct Bench {
  explicit Bench(EstateShape shape = {}, Settings settings = {}, Registration registration = {},
                 std::string refresh_token = "", double speed = 1)
      : world(shape, std::move(settings), std::move(registration), std::move(refresh_token), speed),
        service(world) {}

  static Request request(std::string_view target, Fields headers = {}) {
    Request out{.method = "GET",
                .path = {},
                .query = {},
                .arguments = {},
                .headers = std::move(headers),
                .body = {}};
    const auto mark = std::min(target.find('?'), target.size());
    out.path = target.substr(0, mark);
    if (mark < target.size()) out.query = target.substr(mark + 1);
    out.arguments = parse_form(out.query);
    return out;
  }

  Response token(std::string_view form, std::string_view path = "oauth2/v2.0/token",
                 std::string_view tenant = kTenant) {
    Request ask = request("/" + std::string(tenant) + "/" + std::string(path));
    ask.method = "POST";
    ask.body = form;
    return service.handle(ask);
  }
  static std::string refresh_form() {
    return "grant_type=refresh_token&client_id=app&refresh_token=anything&scope=" +
           url_encode(std::string(kResource) + "/user_impersonation offline_access");
  }
  std::string bearer(std::string_view tenant = kTenant) {
    const Response answer = token(refresh_form(), "oauth2/v2.0/token", tenant);
    return "Bearer " + nlohmann::json::parse(answer.body).at("access_token").get<std::string>();
  }

  // With a good token of its own.
  Response get(std::string_view target, Fields headers = {}) {
    if (authorization_.empty()) authorization_ = bearer();
    headers.emplace_back("Authorization", authorization_);
    return service.handle(request(target, std::move(headers)));
  }
  nlohmann::json json(std::string_view target, Fields headers = {}) {
    const Response answer = get(target, std::move(headers));
    EXPECT_EQ(answer.status, 200) << target << ": " << answer.body;
    return nlohmann::json::parse(answer.body, nullptr, false);
  }
  // The rows of either envelope, by value: a loop over a member of a temporary would outlive it.
  nlohmann::json rows(std::string_view target) {
    const nlohmann::json body = json(target);
    return body.contains("items") ? body.at("items") : body.at("Value");
  }
  // A command of /_sim, which has to succeed.
  void command(std::string_view path, const nlohmann::json& body,
               std::string_view method = "POST") {
    Request ask = request("/_sim/" + std::string(path));
    ask.method = method;
    ask.body = body.dump();
    const Response answer = control(ask, world);
    EXPECT_EQ(answer.status, 200) << answer.body;
  }
  std::string complaint(std::string_view path, const nlohmann::json& body) {
    Request ask = request("/_sim/" + std::string(path));
    ask.method = "POST";
    ask.body = body.dump();
    const Response answer = control(ask, world);
    EXPECT_EQ(answer.status, 400);
    return nlohmann::json::parse(answer.body).at("error").get<std::string>();
  }
  nlohmann::json counters() { return world.log.describe(0, "").at("counters"); }

  World world;
  Service service;

 private:
  std::string authorization_;
};

inline const std::string kDeployment =
    "/v1/customers/" + std::string(kSeedCustomerId) + "/analytics/licenses/deployment";
inline const std::string kUsage =
    "/v1/customers/" + std::string(kSeedCustomerId) + "/analytics/licenses/usage";
inline const std::string kB1 = "/partner/v1/analytics/commercial/deployment/license";
inline const std::string kB2 = "/partner/v1/analytics/commercial/usage/license";

}  // namespace simulator
