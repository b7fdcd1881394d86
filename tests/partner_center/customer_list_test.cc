#include "exporter/partner_center/customer_list.h"

#include <functional>

#include <prometheus/registry.h>

#include "exporter/partner_center/client.h"
#include "exporter/partner_center/seek_pages.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fixed_token_source.h"
#include "tests/support/scripted_transport.h"

namespace pce {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string id(int n) {
  std::string text = "00000000-0000-0000-0000-000000000000";
  const std::string digits = std::to_string(n);
  return text.replace(text.size() - digits.size(), digits.size(), digits);
}

std::string item(int n) {
  return R"({"id":")" + id(n) + R"(","companyProfile":{"tenantId":")" + id(n) + R"(","domain":"c)" +
         std::to_string(n) + R"(.example","companyName":"Customer )" + std::to_string(n) +
         R"("},"relationshipToPartner":"reseller"})";
}

// `next`: the content of links.next, "" for none.
std::string page(const std::string& items, const std::string& next = "") {
  return R"({"totalCount":1,"items":[)" + items + R"(],"links":{"self":{"uri":"/customers"})" +
         (next.empty() ? "" : ",\"next\":" + next) + "}}";
}

std::string link(const std::string& uri, const std::string& token = "AQ==") {
  return R"({"uri":")" + uri +
         R"(","method":"GET","headers":[{"key":"MS-ContinuationToken","value":")" + token +
         R"("}]})";
}

class CustomerListTest : public testing::Test {
 protected:
  using Answer = std::function<std::string(const HttpRequest&, std::size_t nth)>;
  CustomerList read(const Answer& answer) {
    ScriptedTransport transport([&](const HttpRequest& request) -> Result<HttpResponse> {
      std::string body = answer(request, requests_.size());
      requests_.push_back(request);
      if (body.starts_with("HTTP ")) return HttpResponse{.status = std::stoi(body.substr(5))};
      return HttpResponse{.status = 200, .body = std::move(body)};
    });
    FakeClock clock;
    prometheus::Registry registry;
    ApiTelemetry telemetry(registry, "contoso", {"customers"});
    FixedTokenSource tokens({"access-token"});
    Governor governor(clock, {.requests_per_minute = 100'000, .concurrency = 1});
    PartnerCenterClient client(transport, tokens, governor, clock, telemetry,
                               {.api_base = "https://api.example"});
    return read_customer_list(client, "round-1", {});
  }
  std::vector<HttpRequest> requests_;
};

TEST_F(CustomerListTest, ReadsOnePage) {
  const auto list = read([](const HttpRequest&, std::size_t) {
    return "\xEF\xBB\xBF" + page(item(1) + "," + item(2));
  });
  EXPECT_TRUE(list.complete);
  EXPECT_FALSE(list.failure);
  ASSERT_EQ(list.customers.size(), 2U);
  EXPECT_EQ(list.customers[1].id.text(), id(2));
  EXPECT_EQ(list.customers[1].name, "Customer 2");
  EXPECT_EQ(list.customers[1].domain, "c2.example");
  EXPECT_EQ(list.customers[1].relationship, "reseller");
  ASSERT_EQ(requests_.size(), 1U);
  EXPECT_EQ(requests_[0].url, "https://api.example/v1/customers?size=500");
}

struct Spelling {
  std::string name, uri, asked;
};

class NextLink : public CustomerListTest, public testing::WithParamInterface<Spelling> {};

TEST_P(NextLink, IsFollowedInEverySpellingSeen) {
  const auto list = read([](const HttpRequest&, std::size_t nth) {
    return nth == 0 ? page(item(1), link(GetParam().uri, "AbC+/==")) : page(item(2));
  });
  ASSERT_TRUE(list.complete) << list.failure->message;
  EXPECT_EQ(list.customers.size(), 2U);
  ASSERT_EQ(requests_.size(), 2U);
  EXPECT_EQ(requests_[1].url, "https://api.example" + GetParam().asked);
  bool token_sent = false;
  for (const Header& h : requests_[1].headers)
    token_sent |= h.name == "MS-ContinuationToken" && h.value == "AbC+/==";
  EXPECT_TRUE(token_sent);
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, NextLink,
    testing::Values(
        Spelling{"without_version", "/customers?size=500&seekOperation=Next",
                 "/v1/customers?size=500&seekOperation=Next"},
        Spelling{"with_version", "/v1/customers?size=500&seekOperation=Next",
                 "/v1/customers?size=500&seekOperation=Next"},
        Spelling{"double_slash", "/v1//customers?seekOperation=Next",
                 "/v1/customers?seekOperation=Next"},
        Spelling{"double_slash_first", "//customers?seekOperation=Next",
                 "/v1/customers?seekOperation=Next"},
        Spelling{"without_slash", "customers?a=b", "/v1/customers?a=b"},
        Spelling{"slash_at_the_end", "/customers/?a=b", "/v1/customers?a=b"},
        Spelling{"no_query", "/v1/customers", "/v1/customers"},
        Spelling{"slashes_in_the_query", "/v1/customers?t=a//b", "/v1/customers?t=a//b"},
        Spelling{"whole_address", "https://API.example/v1/customers?a=b", "/v1/customers?a=b"},
        Spelling{"unencoded", "/customers?filter={'a': 1}&b=%7B",
                 "/v1/customers?filter=%7B'a':%201%7D&b=%7B"},
        Spelling{"usual_port", "https://api.example:443/v1/customers?a=b", "/v1/customers?a=b"}),
    [](const auto& row) { return row.param.name; });

struct BadLink {
  std::string name, next, complaint;
};

class BadNextLink : public CustomerListTest, public testing::WithParamInterface<BadLink> {};

TEST_P(BadNextLink, IsNotFollowedAndWhatWasReadIsKept) {
  const auto list =
      read([](const HttpRequest&, std::size_t) { return page(item(1), GetParam().next); });
  EXPECT_FALSE(list.complete);
  EXPECT_EQ(list.customers.size(), 1U);
  ASSERT_TRUE(list.failure);
  EXPECT_EQ(list.failure->kind, ErrorKind::kMalformed);
  EXPECT_THAT(list.failure->message, HasSubstr(GetParam().complaint));
  EXPECT_THAT(list.failure->message, HasSubstr("page 1"));
  EXPECT_EQ(requests_.size(), 1U) << "nobody else may see our token";
}

INSTANTIATE_TEST_SUITE_P(
    Links, BadNextLink,
    testing::Values(
        BadLink{"other_host", link("https://evil.example/v1/customers?a=b"), "not followed"},
        BadLink{"other_host_longer_name", link("https://api.example.evil.test/v1/customers"),
                "not followed"},
        BadLink{"other_host_as_user", link("https://api.example@evil.test/v1/customers"),
                "not followed"},
        BadLink{"other_port", link("https://api.example:8443/v1/customers"), "not followed"},
        BadLink{"other_scheme", link("http://api.example/v1/customers"), "not followed"},
        BadLink{"network_path", link("//evil.example/v1/customers"), "not followed"},
        BadLink{"other_resource", link("/v1/invoices?size=500"), "not followed"},
        BadLink{"up_and_away", link("/v1/customers/../../generatetoken"), "not followed"},
        BadLink{"line_break", link(R"(/v1/customers?a\r\nHost: evil.example)"), "not followed"},
        BadLink{"fragment", link("/v1/customers?a#b"), "not followed"},
        BadLink{"empty", link(""), "not followed"},
        BadLink{"no_uri", R"({"method":"GET"})", "not followed"},
        BadLink{"a_text", R"("/customers?x")", "links.next is"},
        BadLink{"post", R"({"uri":"/customers?x","method":"POST"})", "another method"},
        BadLink{"token_of_its_own",
                R"({"uri":"/customers?x","headers":[{"key":"authorization","value":"Bearer x"}]})",
                "authorization"},
        BadLink{"other_host_header",
                R"({"uri":"/customers?x","headers":[{"key":"Host","value":"evil.example"}]})",
                "Host"},
        BadLink{"nameless_header", R"({"uri":"/customers?x","headers":[{"value":"x"}]})",
                "without a name"}),
    [](const auto& row) { return row.param.name; });

class FailingSecondPage : public CustomerListTest,
                          public testing::WithParamInterface<const char*> {};

TEST_P(FailingSecondPage, LeavesTheFirstAndAnIncompleteList) {
  const auto list = read([](const HttpRequest&, std::size_t nth) {
    return nth == 0 ? page(item(1), link(GetParam())) : std::string("HTTP 404");
  });
  EXPECT_FALSE(list.complete);
  EXPECT_EQ(list.customers.size(), 1U);
  EXPECT_EQ(list.pages, 1U);
  ASSERT_EQ(requests_.size(), 2U);
  EXPECT_EQ(requests_[1].url, "https://api.example/v1/customers?size=500&seekOperation=Next");
  ASSERT_TRUE(list.failure);
  EXPECT_EQ(list.failure->kind, ErrorKind::kNotFound);
  EXPECT_THAT(list.failure->message, HasSubstr("customer list, page 2"));
}

INSTANTIATE_TEST_SUITE_P(LinkSpellings, FailingSecondPage,
                         testing::Values("/customers?size=500&seekOperation=Next",
                                         "/v1/customers?size=500&seekOperation=Next"));

TEST_F(CustomerListTest, NoticesALinkToThePageItCameFrom) {
  // New customers each time, so that only the link tells.
  const auto list = read([](const HttpRequest&, std::size_t nth) {
    return page(item(static_cast<int>(nth)), link("/customers?next"));
  });
  EXPECT_FALSE(list.complete);
  EXPECT_EQ(requests_.size(), 2U);
  ASSERT_TRUE(list.failure);
  EXPECT_THAT(list.failure->message, HasSubstr("already read"));
}

TEST_F(CustomerListTest, NoticesAPageThatComesAgainUnderAnotherToken) {
  const auto list = read([](const HttpRequest&, std::size_t nth) {
    return page(item(1), link("/customers?next", "token-" + std::to_string(nth)));
  });
  EXPECT_FALSE(list.complete);
  EXPECT_EQ(requests_.size(), 2U);
  EXPECT_EQ(list.customers.size(), 1U);
  EXPECT_EQ(list.duplicates, 1U);
}

TEST_F(CustomerListTest, GivesUpAfterTooManyPages) {
  const auto list = read([](const HttpRequest&, std::size_t nth) {
    return page("", link("/customers?next", "token-" + std::to_string(nth)));
  });
  EXPECT_FALSE(list.complete);
  EXPECT_EQ(requests_.size(), kSeekPagesMax);
  ASSERT_TRUE(list.failure);
  EXPECT_EQ(list.failure->kind, ErrorKind::kTooLarge);
}

TEST_F(CustomerListTest, LeavesOutWhatIsNoCustomerAndSaysWhy) {
  const auto list = read([](const HttpRequest&, std::size_t) {
    return page(item(1) + R"(,{"id":"not-a-guid"},{"id":""},{"companyProfile":null},5,null,)" +
                item(1) +
                R"(,{"companyProfile":{"tenantId":"ABCDEF00-0000-0000-0000-000000000002"}})");
  });
  EXPECT_TRUE(list.complete);
  ASSERT_EQ(list.customers.size(), 2U);
  EXPECT_EQ(list.customers[1].id.text(), "abcdef00-0000-0000-0000-000000000002");
  EXPECT_EQ(list.customers[1].name, "");
  EXPECT_EQ(list.duplicates, 1U);
  EXPECT_THAT(list.rejected, ElementsAre(testing::Pair("missing", 2), testing::Pair("type", 3)));
}

TEST_F(CustomerListTest, TakesAnEmptyListForWhatItIs) {
  const auto list = read([](const HttpRequest&, std::size_t) { return page(""); });
  EXPECT_TRUE(list.complete);
  EXPECT_TRUE(list.customers.empty());
}

TEST_F(CustomerListTest, ReadsALastPageInEverySpelling) {
  for (const char* body :
       {R"({"items":[]})", R"({"items":[],"links":null})", R"({"items":[],"links":{}})",
        R"({"items":[],"links":{"next":null}})", R"({"Items":[],"Links":{"Next":null}})"}) {
    EXPECT_TRUE(read([&](const HttpRequest&, std::size_t) { return body; }).complete) << body;
  }
}

struct BadBody {
  std::string name, body;
};

class BadCustomerBody : public CustomerListTest, public testing::WithParamInterface<BadBody> {};

TEST_P(BadCustomerBody, IsNotAnEmptyList) {
  const auto list = read([](const HttpRequest&, std::size_t) { return GetParam().body; });
  EXPECT_FALSE(list.complete);
  ASSERT_TRUE(list.failure);
  EXPECT_EQ(list.failure->kind, ErrorKind::kMalformed);
}

INSTANTIATE_TEST_SUITE_P(Bodies, BadCustomerBody,
                         testing::Values(BadBody{"empty", ""},
                                         BadBody{"html", "<html>sign in</html>"},
                                         BadBody{"array", "[]"},
                                         BadBody{"no_items", R"({"totalCount":0})"},
                                         BadBody{"null_items", R"({"items":null})"},
                                         BadBody{"object_items", R"({"items":{}})"},
                                         BadBody{"cut", R"({"items":[{"id":)"}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace pce
