#include "exporter/polling/status_text.h"

#include "exporter/insights/catalog.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr WallTime kNow{std::chrono::milliseconds(1'800'000'000'000)};

class StatusTextTest : public testing::Test {
 protected:
  StatusTextTest() {
    account_ = {.partner = "contoso",
                .now = kNow,
                .interval = hours(6),
                .stale_after = hours(48),
                .tried = true,
                .sign_in = {.state = TokenState::kOk},
                .credentials = {.refresh_token = kNow + hours(24 * 80)}};
    CollectorStatus status{.data_set = find_data_set("customer_usage")};
    status.facts = {.good = true,
                    .readings = 5,
                    .oldest = kNow - hours(3),
                    .newest = kNow - hours(3),
                    .processed = {{"o365", kNow - hours(30)}},
                    .rows = 12};
    account_.collectors.push_back({.status = status, .source = Source::kCommercial});
  }
  CollectorReport& collector() { return account_.collectors.front(); }
  Concern only() const {
    const auto concerns = concerns_about(account_);
    EXPECT_EQ(concerns.size(), 1U);
    return concerns.empty() ? Concern() : concerns.front();
  }
  AccountStatus account_;
};

TEST_F(StatusTextTest, NothingIsSaidWhereAllIsWell) {
  EXPECT_THAT(concerns_about(account_), IsEmpty());
}

TEST_F(StatusTextTest, AFailureIsToldWithSinceWhenWhyAndWhatNext) {
  collector().trouble = Trouble{
      .kind = Trouble::Kind::kFailing,
      .source = Source::kCommercial,
      .since = kNow - hours(3),
      .next_try = kNow + minutes(20),
      .error = std::make_shared<const Error>(with_next_step(
          Error{.kind = ErrorKind::kUpstream, .message = "HTTP 503", .correlation_id = "abc"},
          "wait"))};
  const Concern concern = only();
  EXPECT_EQ(concern.weight, Concern::Weight::kTrouble);
  EXPECT_EQ(concern.collector, "customer_usage");
  EXPECT_EQ(concern.words.sentence,
            "Reading customer_usage (commercial) has failed for 3 hours: HTTP 503.");
  EXPECT_EQ(concern.words.advice, "What to do: wait. It is tried again in 20 minutes.");
  EXPECT_EQ(concern.correlation_id, "abc");
}

TEST_F(StatusTextTest, DoubtIsToldAsDoubt) {
  collector().trouble = Trouble{.kind = Trouble::Kind::kHeld,
                                .source = Source::kCommercial,
                                .since = kNow - hours(3),
                                .rows_before = 40};
  EXPECT_THAT(only().words.sentence,
              HasSubstr("no rows where there were 40; that is not believed"));
}

TEST_F(StatusTextTest, SomeReadingsMayFail) {
  collector().status.facts.unanswered = 2;
  collector().status.last_error =
      ErrorSeen{.when = kNow,
                .error = {.kind = ErrorKind::kTimeout, .message = "no answer in time"},
                .pass = "pass-id"};
  const Concern concern = only();
  EXPECT_EQ(concern.words.sentence,
            "Of 5 readings of customer_usage, 2 have failed or were never answered. The last "
            "failure: no answer in time.");
  EXPECT_EQ(concern.correlation_id, "pass-id");
}

TEST_F(StatusTextTest, WhoeverWaitsForAHumanIsTroubleAndWhatHealsItselfIsNot) {
  account_.sign_in = {.state = TokenState::kNeedsLogin,
                      .message = "The refresh token has expired",
                      .command = "partner_center_exporter login",
                      .served = false};
  EXPECT_EQ(only().weight, Concern::Weight::kTrouble);
  EXPECT_EQ(only().words.advice, "Run: partner_center_exporter login");
  collector().trouble = Trouble{.error = std::make_shared<const Error>(
                                    Error{.kind = ErrorKind::kUnauthorized, .message = "no"})};
  EXPECT_EQ(only().collector, "") << "what fails for want of a token is not told again";
  collector().trouble.reset();
  account_.sign_in = {
      .state = TokenState::kDegraded, .message = "It fails", .next_try = kNow + minutes(5)};
  EXPECT_EQ(only().weight, Concern::Weight::kNotice);
  EXPECT_THAT(only().words.advice, HasSubstr("5 minutes"));
}

TEST_F(StatusTextTest, CredentialsAreToldBeforeTheyEndAndAfter) {
  account_.credentials.refresh_token = kNow + hours(24 * 13);
  EXPECT_THAT(only().words.sentence, HasSubstr("The refresh token ends in 13 days."));
  account_.credentials.refresh_token = kNow - hours(50);
  EXPECT_THAT(only().words.sentence, HasSubstr("ended 2 days ago"));
  account_.credentials = {.refresh_token_stored = false};
  EXPECT_THAT(only().words.sentence, HasSubstr("could not be written"));
}

TEST_F(StatusTextTest, ThrottlingOldFiguresDriftAndLateReadingsAreTold) {
  account_.throttling = {.paused_for = minutes(3), .pace = 0.5};
  auto concerns = concerns_about(account_);
  ASSERT_EQ(concerns.size(), 2U);
  EXPECT_THAT(concerns[0].words.sentence, HasSubstr("3 minutes more"));
  EXPECT_THAT(concerns[1].words.sentence, HasSubstr("50 %"));
  account_.throttling = {};

  collector().status.facts.processed["crm"] = kNow - hours(24 * 15);
  EXPECT_THAT(only().words.sentence, HasSubstr("customer_usage long ago: crm (15 days ago)."));
  collector().status.facts.processed.clear();

  account_.drift = {{.data_set = find_data_set("customer_usage"), .latest = kNow - hours(1)}};
  EXPECT_THAT(only().words.sentence, HasSubstr("1 field of the answers is not as documented"));
  account_.drift.front().latest = kNow - hours(13);
  EXPECT_THAT(concerns_about(account_), IsEmpty()) << "it is over";

  collector().status.facts.oldest = kNow - hours(13);
  EXPECT_THAT(only().words.sentence, HasSubstr("13 hours ago, more than two intervals"));
}

TEST_F(StatusTextTest, TheGravestComesFirst) {
  account_.tried = false;
  account_.credentials.refresh_token_stored = false;
  const auto concerns = concerns_about(account_);
  ASSERT_EQ(concerns.size(), 2U);
  EXPECT_EQ(concerns[0].weight, Concern::Weight::kTrouble);
  EXPECT_EQ(concerns[1].words.sentence, "The first round is under way.");
}

}  // namespace
}  // namespace pce
