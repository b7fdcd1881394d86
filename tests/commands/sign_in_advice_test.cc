#include "exporter/commands/sign_in_advice.h"

namespace pce {
namespace {

using testing::HasSubstr;

std::string advice(const std::string& code, SignInFlow flow, const std::string& word = "") {
  return sign_in_refusal({.message = "refused", .api_code = code, .api_word = word}, flow).advice;
}

TEST(SignInAdvice, DependsOnTheFlow) {
  EXPECT_THAT(advice("AADSTS7000218", SignInFlow::kDeviceCode),
              HasSubstr("Allow public client flows"));
  EXPECT_THAT(advice("AADSTS7000218", SignInFlow::kAuthorizationCode),
              HasSubstr("Mobile and desktop applications"));
  EXPECT_THAT(advice("AADSTS53003", SignInFlow::kDeviceCode), HasSubstr("without --device-code"));
  EXPECT_THAT(advice("AADSTS53003", SignInFlow::kAuthorizationCode), HasSubstr("sign-in log"));
  EXPECT_EQ(advice("AADSTS700025", SignInFlow::kDeviceCode), "");
}

TEST(SignInAdvice, GoesByOAuthsWordWhereThereIsNoNumber) {
  EXPECT_THAT(advice("access_denied", SignInFlow::kAuthorizationCode, "access_denied"),
              HasSubstr("accept"));
  EXPECT_THAT(advice("AADSTS70019", SignInFlow::kDeviceCode, "expired_token"),
              HasSubstr("15 minutes"));
}

TEST(SignInAdvice, IsSilentWhereTheMessageSaysItAll) {
  EXPECT_EQ(advice("AADSTS50057", SignInFlow::kAuthorizationCode, "invalid_grant"), "");
  EXPECT_EQ(advice("", SignInFlow::kAuthorizationCode), "");
}

TEST(SignInAdvice, TakesThePlaceOfWhatADaemonWouldDo) {
  const SignInRefusal outage = sign_in_refusal({.kind = ErrorKind::kUpstream,
                                                .message = "HTTP 503; it is tried again later",
                                                .http_status = 503},
                                               SignInFlow::kDeviceCode);
  EXPECT_EQ(outage.message, "HTTP 503");
  EXPECT_THAT(outage.advice, HasSubstr("again in a few minutes"));
  const SignInRefusal other =
      sign_in_refusal({.message = "AADSTS50057: no; enable the user", .api_word = "invalid_grant"},
                      SignInFlow::kAuthorizationCode);
  EXPECT_EQ(other.message, "AADSTS50057: no; enable the user");
  // No error of the identity platform, which ends with no next step.
  EXPECT_EQ(sign_in_refusal({.message = "no route; no luck"}, SignInFlow::kDeviceCode).message,
            "no route; no luck");
}

}  // namespace
}  // namespace pce
