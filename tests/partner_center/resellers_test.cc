#include "exporter/partner_center/resellers.h"

#include <functional>

#include <prometheus/registry.h>

#include "exporter/partner_center/client.h"
#include "exporter/partner_center/customer_list.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fixed_token_source.h"
#include "tests/support/metric_reading.h"
#include "tests/support/scripted_transport.h"

namespace pce {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

std::string id(int n) {
  std::string text = "00000000-0000-0000-0000-000000000000";
  const std::string digits = std::to_string(n);
  return text.replace(text.size() - digits.size(), digits.size(), digits);
}

TenantId tenant(int n) { return *TenantId::parse(id(n)); }

// `more`: further members, with a comma in front of each.
std::string relationship(int n, const std::string& name, const std::string& state = "Active",
                         const std::string& more = "") {
  return R"({"id":")" + id(n) + R"(","name":")" + name + R"(","state":")" + state + "\"" + more +
         "}";
}

std::string customer(int n) {
  return R"({"id":")" + id(n) + R"(","companyProfile":{"companyName":"C"}})";
}

std::string page(const std::string& items, const std::string& uri = "") {
  const std::string next = R"({"uri":")" + uri + R"(","method":"GET"})";
  return R"({"items":[)" + items + R"(],"links":{"next":)" + (uri.empty() ? "null" : next) + "}}";
}

class ResellersTest : public testing::Test {
 protected:
  // What is answered to the question for resellers, and to the one for the customers of each.
  std::function<std::string()> relationships_ = [] { return page(""); };
  std::function<std::string(const std::string& url)> customers_ = [](const std::string&) {
    return page("");
  };
  std::vector<HttpRequest> requests_;
  prometheus::Registry registry_;

  ResellerList read() {
    ScriptedTransport transport([&](const HttpRequest& request) -> Result<HttpResponse> {
      requests_.push_back(request);
      const bool first = request.url.find("/v1/relationships") != std::string::npos;
      std::string body = first ? relationships_() : customers_(request.url);
      if (body.starts_with("HTTP ")) return HttpResponse{.status = std::stoi(body.substr(5))};
      return HttpResponse{.status = 200, .body = std::move(body)};
    });
    FakeClock clock;
    ApiTelemetry telemetry(registry_, "contoso", {"customers", "relationships"});
    FixedTokenSource tokens({"access-token"});
    Governor governor(clock, {.requests_per_minute = 100'000, .concurrency = 1});
    PartnerCenterClient client(transport, tokens, governor, clock, telemetry,
                               {.api_base = "https://api.example"});
    return read_resellers(client, "round-1", {});
  }
  static bool asks_for(const std::string& url, int reseller) {
    return url.find(id(reseller)) != std::string::npos;
  }
};

TEST_F(ResellersTest, AreAskedForTheirCustomersOneByOne) {
  relationships_ = [] { return page(relationship(1, "Alpha") + "," + relationship(2, "Beta")); };
  customers_ = [](const std::string& url) {
    return page(asks_for(url, 1) ? customer(11) + "," + customer(12) : customer(21));
  };
  const auto list = read();
  EXPECT_TRUE(list.complete);
  EXPECT_FALSE(list.failure);
  EXPECT_EQ(list.resellers, 2U);
  EXPECT_EQ(list.pages, 3U);
  EXPECT_THAT(list.reseller_of, ElementsAre(Pair(tenant(11), "Alpha"), Pair(tenant(12), "Alpha"),
                                            Pair(tenant(21), "Beta")));
  ASSERT_EQ(requests_.size(), 3U);
  EXPECT_EQ(requests_[0].url,
            "https://api.example/v1/relationships"
            "?relationship_type=IsIndirectCloudSolutionProviderOf");
  EXPECT_EQ(requests_[1].url,
            "https://api.example/v1/customers?size=0&filter="
            "%7B%22Field%22:%22IndirectReseller%22,%22Value%22:%22" +
                id(1) + "%22,%22Operator%22:%22starts_with%22%7D");
  EXPECT_EQ(reading(registry_, "partner_center_api_requests_total",
                    {{"operation", "relationships"}, {"code", "200"}}),
            1);
  EXPECT_EQ(reading(registry_, "partner_center_api_requests_total",
                    {{"operation", "customers"}, {"code", "200"}}),
            2);
}

TEST_F(ResellersTest, OnlyActiveOnesCount) {
  relationships_ = [] {
    return page(
        relationship(1, "Gone", "Terminated") + "," + relationship(2, "Small", "active") + "," +
        relationship(3, "Other", "Active", R"(,"relationshipType":"is_reseller_of")") + "," +
        relationship(4, "Typed", "Active",
                     R"(,"relationshipType":"is_indirect_cloud_solution_provider_of")"));
  };
  customers_ = [](const std::string& url) { return page(customer(asks_for(url, 2) ? 21 : 41)); };
  const auto list = read();
  EXPECT_TRUE(list.complete);
  EXPECT_EQ(list.resellers, 2U);
  EXPECT_THAT(list.reseller_of, ElementsAre(Pair(tenant(21), "Small"), Pair(tenant(41), "Typed")));
  EXPECT_EQ(requests_.size(), 3U);
}

TEST_F(ResellersTest, OfOneCustomerAreNamedInOrder) {
  relationships_ = [] {
    return page(relationship(1, "Zeta") + "," + relationship(2, "Alpha") + "," +
                relationship(3, "Zeta") + "," + relationship(2, "Alpha again"));
  };
  customers_ = [](const std::string&) { return page(customer(11)); };
  const auto list = read();
  EXPECT_EQ(list.resellers, 3U);
  EXPECT_THAT(list.reseller_of, ElementsAre(Pair(tenant(11), "Alpha, Zeta")));
}

TEST_F(ResellersTest, WithoutANameAreCalledByTheirId) {
  relationships_ = [] { return page(relationship(1, "")); };
  customers_ = [](const std::string&) { return page(customer(11)); };
  EXPECT_THAT(read().reseller_of, ElementsAre(Pair(tenant(11), id(1))));
}

TEST_F(ResellersTest, TheirPagesAreFollowedLikeTheCustomers) {
  int asked = 0;
  relationships_ = [&] {
    return ++asked == 1 ? page(relationship(1, "Alpha"), "/relationships?page=2")
                        : page(relationship(2, "Beta"));
  };
  customers_ = [](const std::string& url) {
    if (asks_for(url, 2)) return page(customer(21));
    return url.find("Next") != std::string::npos
               ? page(customer(12))
               : page(customer(11), "/customers?size=0&seekOperation=Next");
  };
  const auto list = read();
  EXPECT_TRUE(list.complete) << list.failure->message;
  EXPECT_EQ(list.reseller_of.size(), 3U);
  ASSERT_EQ(requests_.size(), 5U);
  EXPECT_EQ(requests_[1].url, "https://api.example/v1/relationships?page=2");
  EXPECT_EQ(requests_[3].url, "https://api.example/v1/customers?size=0&seekOperation=Next");
}

TEST_F(ResellersTest, AFailingOneDoesNotCostTheOthers) {
  relationships_ = [] { return page(relationship(1, "Alpha") + "," + relationship(2, "Beta")); };
  customers_ = [](const std::string& url) {
    return asks_for(url, 1) ? std::string("HTTP 403") : page(customer(21));
  };
  const auto list = read();
  EXPECT_FALSE(list.complete);
  ASSERT_TRUE(list.failure);
  EXPECT_EQ(list.failure->kind, ErrorKind::kForbidden);
  EXPECT_THAT(list.failure->message, HasSubstr("customers of the reseller " + id(1) + ", page 1"));
  EXPECT_THAT(list.reseller_of, ElementsAre(Pair(tenant(21), "Beta")));
}

TEST_F(ResellersTest, KeepsThePagesBeforeOneThatFails) {
  relationships_ = [] { return page(relationship(1, "Alpha")); };
  customers_ = [](const std::string& url) {
    return url.find("Next") != std::string::npos ? std::string("HTTP 404")
                                                 : page(customer(11), "/customers?Next");
  };
  const auto list = read();
  EXPECT_FALSE(list.complete);
  EXPECT_THAT(list.reseller_of, ElementsAre(Pair(tenant(11), "Alpha")));
}

TEST_F(ResellersTest, ALinkToAnotherResourceIsNotFollowed) {
  relationships_ = [] { return page(relationship(1, "Alpha"), "/v1/customers"); };
  const auto list = read();
  EXPECT_FALSE(list.complete);
  ASSERT_TRUE(list.failure);
  EXPECT_THAT(list.failure->message, HasSubstr("another page of /v1/relationships"));
  EXPECT_EQ(requests_.size(), 2U) << "the reseller that was named is still asked for its customers";
}

TEST_F(ResellersTest, OneWithoutAGuidIsSaidAndNotAsked) {
  relationships_ = [] {
    return page(R"({"id":"\"}&x","name":"Odd"},5,)" + relationship(2, "Beta"));
  };
  customers_ = [](const std::string&) { return page(customer(21)); };
  const auto list = read();
  EXPECT_FALSE(list.complete);
  ASSERT_TRUE(list.failure);
  EXPECT_EQ(list.failure->kind, ErrorKind::kMalformed);
  EXPECT_THAT(list.reseller_of, ElementsAre(Pair(tenant(21), "Beta")));
  EXPECT_EQ(requests_.size(), 2U);
}

TEST_F(ResellersTest, AreNotAskedOnWithoutAToken) {
  relationships_ = [] { return page(relationship(1, "Alpha") + "," + relationship(2, "Beta")); };
  customers_ = [](const std::string&) { return std::string("HTTP 401"); };
  const auto list = read();
  EXPECT_FALSE(list.complete);
  for (const HttpRequest& request : requests_) EXPECT_FALSE(asks_for(request.url, 2));
}

TEST_F(ResellersTest, NoneAtAllIsACompleteAnswer) {
  const auto list = read();
  EXPECT_TRUE(list.complete);
  EXPECT_EQ(list.resellers, 0U);
  EXPECT_THAT(list.reseller_of, IsEmpty());
  EXPECT_EQ(requests_.size(), 1U);
}

TEST_F(ResellersTest, AListThatCannotBeReadIsNotAnEmptyOne) {
  for (const char* body : {"HTTP 403", "<html>", "{}", R"({"items":null})"}) {
    relationships_ = [&] { return std::string(body); };
    const auto list = read();
    EXPECT_FALSE(list.complete) << body;
    ASSERT_TRUE(list.failure) << body;
    EXPECT_THAT(list.failure->message, HasSubstr("list of resellers, page 1")) << body;
  }
}

}  // namespace
}  // namespace pce
