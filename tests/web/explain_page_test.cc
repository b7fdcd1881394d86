#include "exporter/web/explain_page.h"

#include "exporter/json/json_document.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::Not;

constexpr WallTime kNow{std::chrono::milliseconds(1'800'000'000'250)};

class ExplainPageTest : public testing::Test {
 protected:
  Explanation explanation(const std::string& name = "Contoso") {
    return {.account = {.partner = "contoso",
                        .now = kNow,
                        .stale_after = hours(48),
                        .paused_for = {},
                        .token_trouble = std::nullopt,
                        .list = {.believed = kNow - hours(6), .trouble = {}}},
            .customer = {.id = labels_.intern("aaaaaaaa-0000-4000-8000-000000000001"),
                         .name = labels_.intern(name),
                         .since = kNow - hours(30)},
            .pattern = std::nullopt,
            .verdicts = {{.collector = "customer_usage",
                          .cause = Cause::kShown,
                          .series = 6,
                          .rows = 2,
                          .source = Source::kCommercial,
                          .read = kNow - hours(3),
                          .processed = kNow - hours(50),
                          .trouble = std::nullopt}}};
  }
  static WebResponse page(const Explanation& explanation) {
    CustomerAnswer answer;
    answer.found.push_back(explanation);
    return explain_page(answer);
  }
  LabelPool labels_;
};

TEST_F(ExplainPageTest, IsStable) {
  Explanation failing = explanation();
  failing.verdicts[0].cause = Cause::kFailing;
  failing.verdicts[0].trouble =
      Trouble{.kind = Trouble::Kind::kFailing,
              .since = kNow - minutes(5),
              .latest = kNow - minutes(1),
              .next_try = kNow + minutes(3),
              .last_read = std::nullopt,
              .error = std::make_shared<const Error>(Error{.kind = ErrorKind::kForbidden,
                                                           .message = "HTTP 403",
                                                           .http_status = 403,
                                                           .api_code = "900150",
                                                           .correlation_id = "c0ffee"})};
  EXPECT_EQ(page(failing).body, R"({
  "now": 1800000000.25,
  "customers": [
    {
      "partner": "contoso",
      "customer": "Contoso",
      "customer_id": "aaaaaaaa-0000-4000-8000-000000000001",
      "membership": "listed",
      "since": 1799892000.25,
      "account": {
        "list_read": 1799978400.25,
        "paused_seconds": 0
      },
      "collectors": [
        {
          "collector": "customer_usage",
          "cause": "failing",
          "sentence": "Reading it has failed for 5 minutes: HTTP 403. Still shown: 6 series from 2 rows, read 3 hours ago.",
          "advice": "Next try in 3 minutes. For a ticket with Microsoft: correlation id c0ffee.",
          "series": 6,
          "rows": 2,
          "source": "commercial",
          "read": 1799989200.25,
          "processed": 1799820000.25,
          "trouble": {
            "since": 1799999700.25,
            "latest": 1799999940.25,
            "reason": "forbidden",
            "message": "HTTP 403",
            "http_status": 403,
            "api_code": "900150",
            "correlation_id": "c0ffee",
            "next_try": 1800000180.25
          }
        }
      ]
    }
  ],
  "more": 0
}
)");
}

TEST_F(ExplainPageTest, NamesTheEntryThatLeavesACustomerOut) {
  Explanation excluded = explanation();
  excluded.customer.membership = Membership::kExcluded;
  excluded.pattern = CustomerPattern("cont\"oso*", 14);
  const auto document = parse_json(page(excluded).body);
  ASSERT_TRUE(document);
  const JsonValue& customer = document->find("customers")->items()[0];
  EXPECT_EQ(customer.text_of("membership"), "excluded");
  EXPECT_EQ(customer.find("entry")->text_of("list"), "customers.exclude");
  EXPECT_EQ(customer.find("entry")->text_of("text"), "cont\"oso*");
  EXPECT_EQ(customer.find("entry")->find("line")->integer(), 14);
  EXPECT_THAT(std::string(customer.text_of("sentence")), HasSubstr("in line 14"));
}

TEST_F(ExplainPageTest, KeepsHostileNamesData) {
  const std::string name = "</script>\"\\\n{\"more\": 1} ' & \xE2\x80\xA8 \x1B[31m";
  const WebResponse response = page(explanation(name));
  EXPECT_EQ(response.content_type, "application/json");
  const auto document = parse_json(response.body);
  ASSERT_TRUE(document) << response.body;
  EXPECT_EQ(document->find("customers")->items()[0].text_of("customer"),
            "</script>\"\\\n{\"more\": 1} ' & \xE2\x80\xA8  [31m");
  EXPECT_EQ(document->find("more")->integer(), 0);
}

TEST_F(ExplainPageTest, NobodyFoundIsA404WithNearNames) {
  const WebResponse response = explain_page({.found = {},
                                             .more = 0,
                                             .nearest = {"Contoso", "Con\"tosa"},
                                             .accounts = {explanation().account}});
  EXPECT_EQ(response.status, 404);
  const auto document = parse_json(response.body);
  ASSERT_TRUE(document);
  EXPECT_THAT(std::string(document->text_of("error")), HasSubstr("no customer"));
  EXPECT_EQ(document->find("nearest")->items()[1].text(), "Con\"tosa");
  EXPECT_EQ(document->find("accounts")->items()[0].text_of("sentence"),
            "The customer list was read 6 hours ago.");
}

TEST_F(ExplainPageTest, AnUnknownAccountIsA404) {
  const WebResponse response = explain_page({});
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr("no account of this name"));
}

TEST(CustomerQuestion, IsReadFromTheQuery) {
  const auto question = customer_question("partner=contoso&customer=Tailspin+%2A");
  ASSERT_TRUE(question);
  EXPECT_EQ(question->customer, "Tailspin *");
  EXPECT_EQ(question->partner, "contoso");
}

TEST(CustomerQuestion, IsRefusedWhereItSaysNothingOrTooMuch) {
  for (const std::string& query :
       {std::string(), std::string("customer="), std::string("partner=contoso"),
        std::string("customer=x&format=xml"), std::string("customer=%zz"),
        "customer=" + std::string(513, 'x')}) {
    const auto question = customer_question(query);
    ASSERT_FALSE(question) << query;
    const WebResponse response = explain_refusal(question.error());
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(parse_json(response.body)) << response.body;
  }
  EXPECT_TRUE(customer_question("customer=" + std::string(512, 'x')));
}

}  // namespace
}  // namespace pce
