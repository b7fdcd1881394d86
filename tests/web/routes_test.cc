#include "exporter/web/routes.h"

#include <stdexcept>

#include "tests/web/routes_fixture.h"

namespace pce {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct Route {
  std::string name, method, path;
  int status;
  std::string content_type, body_part, counted;
};

// Whichever way it is carried.
std::string body_text(const WebResponse& response) {
  return response.long_body.size > 0 ? text_of(response.long_body) : response.body;
}

class RoutesTable : public RoutesTest, public testing::WithParamInterface<Route> {};

TEST_P(RoutesTable, AnswersAsWrittenDown) {
  const Route& expected = GetParam();
  const Routes routes(parts());
  const WebResponse response = routes.answer({.method = expected.method, .path = expected.path});
  EXPECT_EQ(response.status, expected.status);
  EXPECT_EQ(response.content_type, expected.content_type);
  EXPECT_THAT(body_text(response), HasSubstr(expected.body_part));
  EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(header(response, "Allow"), expected.status == 405 ? "GET, HEAD" : "");
  EXPECT_THAT(counted_, testing::ElementsAre(testing::Pair(expected.counted, 1)));
}

const std::string kText = "text/plain; charset=utf-8";
const std::string kMetrics = "text/plain; version=0.0.4; charset=utf-8";
const std::string kHtml = "text/html; charset=UTF-8";

INSTANTIATE_TEST_SUITE_P(
    Table, RoutesTable,
    testing::Values(
        Route{"Root", "GET", "/", 200, kHtml, "href=\"/metrics\"", "/ 200"},
        Route{"RootHead", "HEAD", "/", 200, kHtml, "href=\"/metrics\"", "/ 200"},
        Route{"Metrics", "GET", "/metrics", 200, kMetrics, "up_to_date 1\n", "/metrics 200"},
        Route{"MetricsHead", "HEAD", "/metrics", 200, kMetrics, "up_to_date 1\n", "/metrics 200"},
        Route{"Healthy", "GET", "/-/healthy", 200, kText, "Healthy", "/-/healthy 200"},
        Route{"Ready", "GET", "/-/ready", 200, kText, "Ready", "/-/ready 200"},
        Route{"Explain", "GET", "/api/v1/explain", 400, "application/json", "Say which customer",
              "/api/v1/explain 400"},
        Route{"ExplainHead", "HEAD", "/api/v1/explain", 400, "application/json", "error",
              "/api/v1/explain 400"},
        Route{"ExplainPost", "POST", "/api/v1/explain", 405, kText, "GET and HEAD",
              "/api/v1/explain 405"},
        Route{"ExplainDeeper", "GET", "/api/v1/explain/", 404, kText, "/metrics", "other 404"},
        Route{"Status", "GET", "/api/v1/status", 200, "application/json", "\"accounts\"",
              "/api/v1/status 200"},
        Route{"StatusHead", "HEAD", "/api/v1/status", 200, "application/json", "\"accounts\"",
              "/api/v1/status 200"},
        Route{"StatusPost", "POST", "/api/v1/status", 405, kText, "GET and HEAD",
              "/api/v1/status 405"},
        Route{"Config", "GET", "/config", 200, kText, "accounts: []\n", "/config 200"},
        Route{"ConfigPut", "PUT", "/config", 405, kText, "GET and HEAD", "/config 405"},
        Route{"Unknown", "GET", "/nope", 404, kText,
              "/\n/metrics\n/-/healthy\n/-/ready\n/-/reload\n/api/v1/explain\n/api/v1/status\n/"
              "config\n",
              "other 404"},
        Route{"UnknownHead", "HEAD", "/favicon.ico", 404, kText, "/metrics", "other 404"},
        Route{"Post", "POST", "/metrics", 405, kText, "GET and HEAD", "/metrics 405"},
        Route{"Delete", "DELETE", "/-/healthy", 405, kText, "GET and HEAD", "/-/healthy 405"},
        Route{"Trace", "TRACE", "/", 405, kText, "GET and HEAD", "/ 405"},
        Route{"Connect", "CONNECT", "example.com:80", 405, kText, "GET and HEAD", "other 405"},
        Route{"OptionsStar", "OPTIONS", "*", 405, kText, "GET and HEAD", "other 405"},
        Route{"UnknownMethod", "BREW", "/nope", 405, kText, "GET and HEAD", "other 405"},
        Route{"MethodsHaveACase", "get", "/metrics", 405, kText, "GET and HEAD", "/metrics 405"},
        Route{"EncodedZero", "GET", "/metrics%00.txt", 404, kText, "/metrics", "other 404"},
        Route{"EncodedLetter", "GET", "/%6detrics", 404, kText, "/metrics", "other 404"},
        Route{"DeeperPath", "GET", "/metrics/foo", 404, kText, "/metrics", "other 404"},
        Route{"TrailingSlash", "GET", "/metrics/", 404, kText, "/metrics", "other 404"},
        Route{"DoubleSlash", "GET", "//metrics", 404, kText, "/metrics", "other 404"},
        Route{"Dots", "GET", "/x/../metrics", 404, kText, "/metrics", "other 404"},
        Route{"AbsoluteForm", "GET", "http://localhost/metrics", 404, kText, "/metrics",
              "other 404"},
        Route{"NamedOther", "GET", "other", 404, kText, "/metrics", "other 404"},
        Route{"Empty", "GET", "", 404, kText, "/metrics", "other 404"}),
    [](const auto& row) { return row.param.name; });

TEST_F(RoutesTest, ThePageTellsHealthAndReadinessToo) {
  SiteParts ailing = parts();
  ailing.ailing = [] { return std::string("contoso: its poller hangs"); };
  readiness_ = {.ready = false, .reason = "contoso: needs_login"};
  const Routes routes(ailing);
  EXPECT_THAT(routes.answer({.method = "GET", .path = "/"}).body,
              AllOf(HasSubstr("its poller hangs"), HasSubstr("not ready yet")));
  EXPECT_THAT(routes.answer({.method = "GET", .path = "/api/v1/status"}).body,
              AllOf(HasSubstr("its poller hangs"), HasSubstr("contoso: needs_login")));
}

TEST_F(RoutesTest, ThePageAsksAboutACustomerOnlyWhenOneIsNamed) {
  const Routes routes(parts());
  routes.answer({.method = "GET", .path = "/", .query = "customer="});
  EXPECT_EQ(asked_, "");
  const WebResponse page =
      routes.answer({.method = "GET", .path = "/", .query = "customer=nobody&partner=a"});
  EXPECT_EQ(asked_, "a/nobody");
  EXPECT_THAT(page.body, HasSubstr("There is no account of this name."));
}

TEST_F(RoutesTest, MetricsSayWhatTheyDependOnAndHowTheyArePacked) {
  const Routes routes(parts());
  const WebResponse plain = routes.answer({.method = "GET", .path = "/metrics", .accept = "a/b"});
  EXPECT_EQ(accept_, "a/b");
  EXPECT_EQ(header(plain, "Vary"), "Accept, Accept-Encoding");
  EXPECT_EQ(header(plain, "Content-Encoding"), "");

  const WebResponse packed =
      routes.answer({.method = "GET", .path = "/metrics", .accept_encoding = "gzip"});
  EXPECT_EQ(text_of(packed.long_body), "packed");
  EXPECT_EQ(header(packed, "Vary"), "Accept, Accept-Encoding");
  EXPECT_EQ(header(packed, "Content-Encoding"), "gzip");
}

TEST_F(RoutesTest, AScrapeMayAskForAPart) {
  SiteParts limited = parts();
  limited.scrapes_at_once = 1;
  const Routes routes(limited);
  const auto answer = [&](const std::string& query) {
    return routes.answer({.method = "GET", .path = "/metrics", .query = query});
  };
  EXPECT_EQ(answer("customer_id[]=0*").status, 200);
  EXPECT_FALSE(everything_);
  EXPECT_EQ(answer("name[]=x&other").status, 200);
  EXPECT_TRUE(everything_);

  const WebResponse unknown = answer("collect[]=cpu");
  EXPECT_EQ(unknown.status, 400);
  EXPECT_THAT(unknown.body, HasSubstr("customer_usage"));
  EXPECT_EQ(header(unknown, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(answer("partner[]=fabrikam").status, 400);
  EXPECT_EQ(answer("a=%zz").status, 400);
  EXPECT_EQ(answer(std::string(9000, '&')).status, 414);
  EXPECT_EQ(counted_["/metrics 400"], 3);
  EXPECT_EQ(counted_["/metrics 414"], 1);

  const WebResponse kept = answer("collect[]=customers");
  EXPECT_EQ(answer("collect[]=customers").status, 503) << "as any other scrape";
  EXPECT_EQ(answer("collect[]=cpu").status, 400) << "needs no place";
}

TEST_F(RoutesTest, NotReadyGivesTheReason) {
  readiness_ = {.ready = false, .reason = "account contoso has not ended its first poll"};
  const WebResponse response = Routes(parts()).answer({.method = "GET", .path = "/-/ready"});
  EXPECT_EQ(response.status, 503);
  EXPECT_THAT(response.body, HasSubstr("account contoso has not ended its first poll"));
  EXPECT_EQ(counted_["/-/ready 503"], 1);
}

TEST_F(RoutesTest, ExplainHandsTheQuestionOnAndCountsTheAnswer) {
  const Routes routes(parts());
  const auto answer = [&](const std::string& query) {
    return routes.answer({.method = "GET", .path = "/api/v1/explain", .query = query});
  };
  EXPECT_EQ(answer("customer=Contoso&partner=a%20b").status, 200);
  EXPECT_EQ(asked_, "a b/Contoso");
  EXPECT_EQ(answer("customer=nobody").status, 404);
  EXPECT_EQ(answer("customer=%").status, 400);
  EXPECT_EQ(counted_["/api/v1/explain 200"], 1);
  EXPECT_EQ(counted_["/api/v1/explain 404"], 1);
  EXPECT_EQ(counted_["/api/v1/explain 400"], 1);
  EXPECT_EQ(header(answer("customer=Contoso"), "X-Content-Type-Options"), "nosniff");
}

TEST_F(RoutesTest, AnotherTelemetryPathMovesTheMetrics) {
  SiteParts moved = parts();
  moved.telemetry_path = "/insights&more";
  const Routes routes(moved);
  EXPECT_EQ(routes.answer({.method = "GET", .path = "/metrics"}).status, 404);
  EXPECT_EQ(body_text(routes.answer({.method = "GET", .path = "/insights&more"})),
            "up_to_date 1\n");
  EXPECT_EQ(counted_["/insights&more 200"], 1);
  EXPECT_THAT(routes.answer({.method = "GET", .path = "/"}).body,
              HasSubstr("href=\"/insights&amp;more\""));
}

TEST_F(RoutesTest, TelemetryAtTheRootReplacesTheLandingPage) {
  SiteParts moved = parts();
  moved.telemetry_path = "/";
  EXPECT_EQ(body_text(Routes(moved).answer({.method = "GET", .path = "/"})), "up_to_date 1\n");
}

TEST_F(RoutesTest, ScrapesBeyondTheLimitAreSentAwayUntilAnAnswerHasLeft) {
  SiteParts limited = parts();
  limited.scrapes_at_once = 2;
  const Routes routes(limited);
  const WebRequest scrape{.method = "GET", .path = "/metrics", .client = "192.0.2.1"};
  const WebResponse first = routes.answer(scrape);
  auto second = std::make_unique<WebResponse>(routes.answer(scrape));

  const WebResponse third = routes.answer(scrape);
  EXPECT_EQ(third.status, 503);
  EXPECT_EQ(header(third, "Retry-After"), "1");
  EXPECT_THAT(third.body, HasSubstr("2 scrapes"));
  EXPECT_EQ(routes.answer({.method = "GET", .path = "/-/healthy"}).status, 200);

  const WebRequest neighbour{.method = "GET", .path = "/metrics", .client = "192.0.2.2"};
  EXPECT_EQ(routes.answer(neighbour).status, 200);

  second.reset();
  EXPECT_EQ(routes.answer(scrape).status, 200);
  EXPECT_EQ(counted_["/metrics 503"], 1);
}

TEST_F(RoutesTest, NoLimitIsZero) {
  SiteParts unlimited = parts();
  unlimited.scrapes_at_once = 0;
  const Routes routes(unlimited);
  std::vector<WebResponse> kept;
  for (int i = 0; i < 100; ++i) {
    kept.push_back(routes.answer({.method = "GET", .path = "/metrics"}));
    ASSERT_EQ(kept.back().status, 200);
  }
}

TEST_F(RoutesTest, AnAnswerMayOutliveTheRoutes) {
  auto routes = std::make_unique<Routes>(parts());
  const WebResponse answer = routes->answer({.method = "GET", .path = "/metrics"});
  routes.reset();
  EXPECT_EQ(text_of(answer.long_body), "up_to_date 1\n");
}

TEST_F(RoutesTest, SaysWhyItIsNotHealthy) {
  SiteParts ailing = parts();
  std::string why;
  ailing.ailing = [&] { return why; };
  const Routes routes(ailing);
  EXPECT_EQ(routes.answer({.method = "GET", .path = "/-/healthy"}).status, 200);
  why = "contoso: its poller hangs";
  const WebResponse answer = routes.answer({.method = "GET", .path = "/-/healthy"});
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "contoso: its poller hangs\n");
}

TEST_F(RoutesTest, ProbesAnswerInJsonToThoseWhoAskForIt) {
  SiteParts probed = parts();
  std::string why;
  probed.ailing = [&] { return why; };
  const Routes routes(probed);
  const auto ask = [&](const std::string& path, const std::string& query,
                       const std::string& accept) {
    return routes.answer({.method = "GET", .path = path, .query = query, .accept = accept});
  };
  EXPECT_EQ(ask("/-/healthy", "format=json", "").body, "{\n  \"healthy\": true\n}\n");
  EXPECT_EQ(ask("/-/ready", "", "application/json").body, "{\n  \"ready\": true\n}\n");
  EXPECT_EQ(ask("/-/ready", "", "text/html,*/*;q=0.8").body, "Ready\n");
  EXPECT_EQ(ask("/-/healthy", "format=xml&%", "").body, "Healthy\n");

  why = "contoso: its poller \"hangs\"";
  readiness_ = {.ready = false, .reason = "contoso: its first round has not ended yet"};
  const WebResponse ailing = ask("/-/healthy", "", "text/html, application/json");
  EXPECT_EQ(ailing.status, 503);
  EXPECT_EQ(ailing.content_type, "application/json");
  EXPECT_EQ(header(ailing, "Vary"), "Accept");
  EXPECT_EQ(ailing.body,
            "{\n  \"healthy\": false,\n  \"reason\": \"contoso: its poller \\\"hangs\\\"\"\n}\n");
  const WebResponse waiting = ask("/-/ready", "format=json", "");
  EXPECT_EQ(waiting.status, 503);
  EXPECT_EQ(waiting.body,
            "{\n  \"ready\": false,\n  \"reason\": \"contoso: its first round has not ended "
            "yet\"\n}\n");
}

TEST_F(RoutesTest, AnEmptyScrapeIsAFailure) {
  SiteParts broken = parts();
  broken.scrape = [](const ScrapeRequest&) {
    return ScrapeAnswer{.content_type = "text/plain", .body = {}};
  };
  EXPECT_EQ(Routes(broken).answer({.method = "GET", .path = "/metrics"}).status, 500);
  EXPECT_EQ(counted_["/metrics 500"], 1);
}

TEST_F(RoutesTest, AScrapeThatThrowsIsCountedAndGivesItsPlaceBack) {
  SiteParts broken = parts();
  broken.scrapes_at_once = 1;
  broken.scrape = [](const ScrapeRequest&) -> ScrapeAnswer { throw std::runtime_error("ouch"); };
  const Routes routes(broken);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THROW((void)routes.answer({.method = "GET", .path = "/metrics"}), std::runtime_error);
  }
  EXPECT_EQ(counted_["/metrics 500"], 3);
}

}  // namespace
}  // namespace pce
