#include "exporter/http/retry.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr WallTime kNow{seconds(1'700'000'000)};  // Tue, 14 Nov 2023 22:13:20 GMT

struct AskedWait {
  std::string name;
  int status;
  std::vector<Header> headers;
  std::string body;
  std::optional<milliseconds> wait;
};

const std::string kThrottleBody =
    R"({ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 57 seconds." })";

class RetryAfter : public testing::TestWithParam<AskedWait> {};

TEST_P(RetryAfter, IsReadFromHeaderThenText) {
  const HttpResponse response{
      .status = GetParam().status, .headers = GetParam().headers, .body = GetParam().body};
  EXPECT_EQ(retry_after(response, kNow), GetParam().wait);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, RetryAfter,
    testing::Values(
        AskedWait{"seconds", 429, {{"retry-after", "57"}}, "", seconds(57)},
        AskedWait{"seconds_win_over_text", 429, {{"Retry-After", "5"}}, kThrottleBody, seconds(5)},
        AskedWait{"padded", 429, {{"Retry-After", " 57 "}}, "", seconds(57)},
        AskedWait{"nothing_at_all", 429, {}, "", seconds(60)},
        AskedWait{"only_in_the_text", 429, {}, kThrottleBody, seconds(57)},
        AskedWait{"one_second_in_the_text", 429, {}, "Try again in 1 second.", seconds(1)},
        AskedWait{"two_numbers_in_the_text",
                  429,
                  {},
                  "100 calls per 60 seconds; try again in 5 seconds",
                  seconds(60)},
        AskedWait{"text_without_number", 429, {}, "wait some seconds", seconds(60)},
        AskedWait{
            "date", 429, {{"Retry-After", "Tue, 14 Nov 2023 22:15:20 GMT"}}, "", seconds(120)},
        AskedWait{"date_in_the_past",
                  429,
                  {{"Retry-After", "Tue, 14 Nov 2023 22:00:00 GMT"}},
                  "",
                  seconds(1)},
        AskedWait{"date_a_year_ahead",
                  429,
                  {{"Retry-After", "Thu, 14 Nov 2024 22:13:20 GMT"}},
                  "",
                  seconds(3600)},
        AskedWait{"date_against_the_senders_clock",
                  429,
                  {{"Date", "Mon, 14 Nov 2022 10:00:00 GMT"},
                   {"Retry-After", "Mon, 14 Nov 2022 10:00:30 GMT"}},
                  "",
                  seconds(30)},
        AskedWait{"zero", 429, {{"Retry-After", "0"}}, "", seconds(1)},
        AskedWait{"negative", 429, {{"Retry-After", "-5"}}, "", seconds(60)},
        AskedWait{"garbage", 429, {{"Retry-After", "abc"}}, "", seconds(60)},
        AskedWait{"garbage_then_text", 429, {{"Retry-After", "soon"}}, kThrottleBody, seconds(57)},
        AskedWait{"empty_value", 429, {{"Retry-After", ""}}, "", seconds(60)},
        AskedWait{"far_too_long", 429, {{"Retry-After", "1000000000000"}}, "", seconds(3600)},
        AskedWait{"more_digits_than_a_double",
                  429,
                  {{"Retry-After", std::string(400, '9')}},
                  "",
                  seconds(3600)},
        AskedWait{"exponent", 429, {{"Retry-After", "1e12"}}, "", seconds(60)},
        AskedWait{"fraction", 429, {{"Retry-After", "1.25"}}, "", milliseconds(1250)},
        AskedWait{"infinite", 429, {{"Retry-After", "inf"}}, "", seconds(60)},
        AskedWait{"twice", 429, {{"Retry-After", "5"}, {"Retry-After", "30"}}, "", seconds(30)},
        AskedWait{"twice_one_garbage",
                  429,
                  {{"Retry-After", "x"}, {"Retry-After", "30"}},
                  "",
                  seconds(30)},
        AskedWait{"unavailable_with_header", 503, {{"Retry-After", "9"}}, "", seconds(9)},
        AskedWait{"unavailable_with_text", 503, {}, "again in 20 seconds", seconds(20)},
        AskedWait{"unavailable_silent", 503, {}, "", std::nullopt},
        AskedWait{"broken_with_text", 500, {}, "took 20 seconds", std::nullopt},
        AskedWait{"broken_with_header", 500, {{"Retry-After", "9"}}, "", seconds(9)}),
    [](const auto& row) { return row.param.name; });

Error failed(ErrorKind kind) { return {.kind = kind, .message = "failed"}; }

TEST(WaitBefore, DoublesUpToTheLongestWait) {
  const RetryPolicy policy{
      .attempts = 20, .first_wait = milliseconds(500), .longest_wait = milliseconds(3000)};
  const Error error = failed(ErrorKind::kUpstream);
  const auto wait = [&](int attempt) { return wait_before(attempt, error, policy, 1.0); };
  EXPECT_EQ(wait(2), milliseconds(500));
  EXPECT_EQ(wait(3), milliseconds(1000));
  EXPECT_EQ(wait(4), milliseconds(2000));
  EXPECT_EQ(wait(5), milliseconds(3000));
  EXPECT_EQ(wait(20), milliseconds(3000));
}

TEST(WaitBefore, JittersTheWholeWait) {
  const Error error = failed(ErrorKind::kTimeout);
  EXPECT_EQ(wait_before(2, error, {}, 0.0), milliseconds(0));
  EXPECT_EQ(wait_before(2, error, {}, 0.5), milliseconds(250));
}

TEST(WaitBefore, NeverComesBackEarlierThanAsked) {
  const Error error{.kind = ErrorKind::kThrottled, .message = "busy", .retry_after = seconds(57)};
  EXPECT_EQ(wait_before(2, error, {}, 0.0), seconds(57));
  EXPECT_EQ(wait_before(2, error, {}, 0.5), seconds(57) + milliseconds(250));
}

TEST(WaitBefore, GivesUpAfterTheLastAttempt) {
  const Error error = failed(ErrorKind::kUpstream);
  EXPECT_TRUE(wait_before(3, error, {.attempts = 3}, 0.5));
  EXPECT_FALSE(wait_before(4, error, {.attempts = 3}, 0.5));
  EXPECT_FALSE(wait_before(2, error, {.attempts = 1}, 0.5));
}

TEST(WaitBefore, RepeatsOnlyWhatTimeCanHeal) {
  for (const ErrorKind kind :
       {ErrorKind::kDns, ErrorKind::kConnect, ErrorKind::kTls, ErrorKind::kTimeout, ErrorKind::kCut,
        ErrorKind::kThrottled, ErrorKind::kUpstream}) {
    EXPECT_TRUE(wait_before(2, failed(kind), {}, 0.5)) << name_of(kind);
  }
  for (const ErrorKind kind :
       {ErrorKind::kUnauthorized, ErrorKind::kForbidden, ErrorKind::kNotFound, ErrorKind::kRejected,
        ErrorKind::kMalformed, ErrorKind::kTooLarge, ErrorKind::kSettings, ErrorKind::kCancelled,
        ErrorKind::kInternal}) {
    EXPECT_FALSE(wait_before(2, failed(kind), {}, 0.5)) << name_of(kind);
  }
}

}  // namespace
}  // namespace pce
