#include "exporter/commands/sign_in_advice.h"

namespace pce {
namespace {

using testing::HasSubstr;

std::string advice(const std::string& code, SignInFlow flow, const std::string& word = "") {
  return sign_in_advice({.message = "refused", .api_code = code, .api_word = word}, flow);
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

}  // namespace
}  // namespace pce
