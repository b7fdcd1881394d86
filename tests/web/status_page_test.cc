#include "exporter/web/status_page.h"

#include "exporter/base/base64url.h"
#include "exporter/base/sha256.h"
#include "tests/web/sample_status.h"

namespace pce {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string header(const WebResponse& response, std::string_view name) {
  for (const Header& each : response.headers) {
    if (each.name == name) return each.value;
  }
  return "";
}

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const auto from = text.find(begin);
  const auto to = text.find(end, from);
  return from == std::string::npos || to == std::string::npos
             ? ""
             : text.substr(from + begin.size(), to - from - begin.size());
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class StatusPageTest : public testing::Test {
 protected:
  std::string page(const CustomerSearch& search = {}) {
    return status_page(status_, "/metrics", search).body;
  }
  LabelPool labels_;
  SiteStatus status_ = sample_status(labels_);
};

TEST_F(StatusPageTest, ThePolicyAllowsThisStyleAndThisScriptAndNothingElse) {
  const WebResponse answer = status_page(status_, "/metrics", {});
  const std::string policy = header(answer, "Content-Security-Policy");
  EXPECT_THAT(policy, testing::StartsWith("default-src 'none'; "));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  for (const char* element : {"style", "script"}) {
    const std::string name = element;
    const std::string content = between(answer.body, "<" + name + ">", "</" + name + ">");
    ASSERT_FALSE(content.empty()) << name;
    EXPECT_THAT(policy, HasSubstr(name + "-src 'sha256-" + base64url(sha256(content)) + "=';"));
    EXPECT_EQ(count(answer.body, "<" + name), 1U);
  }
  EXPECT_THAT(answer.body,
              Not(testing::ContainsRegex(" style=| on[a-z]+=\"|https?://|src=|<link")));
  EXPECT_EQ(header(answer, "X-Frame-Options"), "DENY");
  EXPECT_EQ(header(answer, "X-Content-Type-Options"), "nosniff");
}

TEST_F(StatusPageTest, TellsEverythingWithoutAScript) {
  const std::string text = page();
  for (const char* part :
       {"6 things are wrong.",
        "The refresh token has expired",
        "partner_center_exporter login",
        "customer_usage",
        "classic",
        "commercial again",
        "34,567",
        "11,000",
        "3 minutes ago",
        "in 7 minutes",
        "11111111-aaaa-4000-8000-000000000001",
        "newField",
        "paused for 4 minutes",
        "12,000 listed",
        "limits.series is reached",
        "1,234,567",
        "not ready yet",
        "12,345",
        "Fabrikam",
        "3 rounds since 18 hours ago: 1 well, 1 with answers in doubt, 1 with failures"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST_F(StatusPageTest, SaysSoWhenAllIsWell) {
  AccountStatus& account = status_.accounts.front();
  account = {.partner = "contoso",
             .now = kSampleNow,
             .interval = std::chrono::hours(6),
             .tried = true,
             .sign_in = {.state = TokenState::kOk}};
  status_.series = {.shown = 5};
  status_.waiting_for.clear();
  EXPECT_THAT(page(), HasSubstr("All is well."));
  account.tried = false;
  EXPECT_THAT(page(), HasSubstr("Nothing is wrong, and 1 thing to know."));
  status_.ailing = "contoso: its poller has not been heard of for 100 s longer than it should";
  EXPECT_THAT(page(), AllOf(HasSubstr("1 thing is wrong."), HasSubstr("100 s longer")));
}

TEST_F(StatusPageTest, HostileTextIsText) {
  status_.accounts.front().partner = kHostileName;
  status_.accounts.front().drift.front().drift.field = kHostileName;
  CustomerSearch search{.question = {.customer = kHostileName}};
  search.answer.emplace();
  search.answer->nearest = {kHostileName};
  search.answer->accounts.emplace_back();
  const std::string text = page(search);
  EXPECT_EQ(count(text, "<script"), 1U);
  EXPECT_THAT(text, AllOf(Not(HasSubstr("alert(1)</script>\"")), Not(HasSubstr("\u202E")),
                          Not(HasSubstr("\u0007")), Not(HasSubstr("<b>no</b>"))));
  EXPECT_THAT(text, HasSubstr("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;"));
}

TEST_F(StatusPageTest, AnswersAQuestionAboutACustomer) {
  CustomerSearch search = customer_search("customer=Fabri*&partner=contoso&other=x");
  EXPECT_EQ(search.question.customer, "Fabri*");
  EXPECT_EQ(search.question.partner, "contoso");
  search.answer.emplace();
  search.answer->more = 3;
  search.answer->found.push_back(
      {.account = {.partner = "contoso", .now = kSampleNow},
       .customer = {.id = labels_.intern("bbbbbbbb-0000-4000-8000-000000000002"),
                    .name = labels_.intern("Fabrikam <AG>")},
       .verdicts = {{.collector = "customer_usage",
                     .cause = Cause::kNoData,
                     .read = kSampleNow - std::chrono::hours(3)}}});
  EXPECT_THAT(page(search), AllOf(HasSubstr("value=\"Fabri*\""), HasSubstr("Fabrikam &lt;AG&gt;"),
                                  HasSubstr("no_data"), HasSubstr("Partner Center has no rows"),
                                  HasSubstr("3 more customers fit.")));
}

TEST_F(StatusPageTest, QuestionsThatCannotBeMeantAreRefusedInWords) {
  const CustomerSearch search = customer_search("customer=" + std::string(513, 'x'));
  EXPECT_TRUE(search.question.customer.empty());
  EXPECT_THAT(page(search), HasSubstr("at most 512 bytes"));
  EXPECT_TRUE(customer_search("customer=%zz").question.customer.empty());
  EXPECT_TRUE(customer_search("").question.customer.empty());
}

TEST_F(StatusPageTest, StaysSmallWhateverHappens) {
  const std::string long_name(1000, '<');
  AccountStatus account = sample_account(long_name.substr(0, 128));
  account.drift.resize(StatusBoard::kDriftMax, account.drift.front());
  for (CollectorReport& collector : account.collectors) {
    CollectorStatus& status = collector.status;
    status.rounds.assign(
        StatusBoard::kRoundsMax,
        {.begin = kSampleNow, .end = kSampleNow, .failures = 1, .rows = 1'000'000});
    for (int i = 0; i < 100; ++i)
      status.facts.processed.emplace(long_name + std::to_string(i), kSampleNow);
    status.last_error = failing_collector().status.last_error;
    status.last_error->error.message = std::string(100'000, '&');
  }
  account.collectors.resize(5, account.collectors.back());
  status_.accounts.assign(100, account);
  CustomerRanking ranking;
  ranking.customers = 50'000;
  ranking.largest.assign(10, {.customer = labels_.intern(long_name), .sold = 1});
  ranking.worst = ranking.largest;
  status_.ranking = std::make_shared<const CustomerRanking>(ranking);
  const std::string text = page();
  EXPECT_LT(text.size(), 2'000'000U);
  EXPECT_THAT(text, HasSubstr("And 80 more accounts"));

  status_ = sample_status(labels_);
  EXPECT_LT(page().size(), 40'000U) << "one account in trouble";
}

}  // namespace
}  // namespace pce
