#include "exporter/identity/token_report.h"

#include "exporter/telemetry/log.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;

class TokenReportTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { set_up_log(LogLevel::kInfo, LogFormat::kLogfmt); }
  static void TearDownTestSuite() { set_up_log(LogLevel::kError, LogFormat::kLogfmt); }

  std::string line(const TokenStatus& status) {
    testing::internal::CaptureStderr();
    report_.write(status, now_);
    return testing::internal::GetCapturedStderr();
  }
  TokenStatus needs_login(const std::string& reason = "sign_in") const {
    return {.state = TokenState::kNeedsLogin,
            .reason = reason,
            .message = "HTTP 400: revoked",
            .command = "partner_center_exporter login --account=contoso",
            .api_code = "AADSTS50173",
            .correlation_id = "corr-1",
            .next_try = now_ + seconds(900)};
  }

  WallTime now_{seconds(1'700'000'000)};
  TokenReport report_{"contoso"};
};

TEST_F(TokenReportTest, SaysEverythingAHumanNeedsInOneLine) {
  const std::string said = line(needs_login());
  for (const char* part :
       {"needs somebody to sign in", "partner=contoso", "state=needs_login", "reason=sign_in",
        "HTTP 400: revoked", "run=\"partner_center_exporter login --account=contoso\"",
        "code=AADSTS50173", "correlation_id=corr-1", "next_try_seconds=900"}) {
    EXPECT_THAT(said, HasSubstr(part));
  }
}

TEST_F(TokenReportTest, RepeatsItselfAfterADayOrForAnotherReason) {
  EXPECT_NE(line(needs_login()), "");
  now_ += hours(23);
  EXPECT_THAT(line(needs_login()), IsEmpty());
  now_ += hours(1);
  EXPECT_NE(line(needs_login()), "");
  EXPECT_THAT(line(needs_login()), IsEmpty());
  EXPECT_NE(line(needs_login("mfa")), "");
}

TEST_F(TokenReportTest, DoesNotRemindOfWhatPasses) {
  const TokenStatus passing{.state = TokenState::kDegraded, .reason = "dns", .next_try = now_};
  EXPECT_NE(line(passing), "");
  now_ += hours(48);
  EXPECT_THAT(line(passing), IsEmpty());
}

TEST_F(TokenReportTest, SaysWhenItIsOverAndForHowLongItWas) {
  EXPECT_NE(line(needs_login()), "");
  now_ += seconds(60);
  EXPECT_NE(line(needs_login("mfa")), "");
  now_ += seconds(60);
  const std::string over = line({.state = TokenState::kOk});
  EXPECT_THAT(over, HasSubstr("signed in again"));
  EXPECT_THAT(over, HasSubstr("was=needs_login"));
  EXPECT_THAT(over, HasSubstr("for_seconds=120"));
  EXPECT_THAT(line({.state = TokenState::kOk}), IsEmpty());
}

TEST_F(TokenReportTest, SaysNothingOfASignInThatWorksFromTheStart) {
  EXPECT_THAT(line({.state = TokenState::kOk}), IsEmpty());
}

}  // namespace
}  // namespace pce
