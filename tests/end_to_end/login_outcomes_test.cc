// What `login` makes of a sign-in that is not as it should be, played without a browser.
#include "exporter/base/base64url.h"
#include "tests/end_to_end/login_stage.h"
#include "tests/support/files.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(EndToEndLoginOutcome, KeepsTheOldTokenWhenTheNewOneIsRefused) {
  LoginStage login;
  login.settings(R"({"mfa": false})");
  login.start();
  login.stage().write_file("contoso.token", "the-old-token\n", 0600);
  login.come_back(login.sign_in(LoginStage::kWithoutSecondFactor));
  EXPECT_EQ(login.ended(), 1);
  EXPECT_EQ(read_file(login.token_file()), "the-old-token\n");
}

TEST(EndToEndLoginOutcome, WantsMfaUnlessToldOtherwise) {
  for (const bool allowed : {false, true}) {
    LoginStage login;
    login.settings(R"({"mfa": false, "enforce_mfa": false})");
    login.start(allowed ? std::vector<std::string>{"--allow-no-mfa"} : std::vector<std::string>{});
    login.come_back(login.sign_in(LoginStage::kWithoutSecondFactor));
    EXPECT_EQ(login.ended(), allowed ? 0 : 1) << login.said();
    EXPECT_EQ(login.stored().has_value(), allowed);
    EXPECT_THAT(login.said(), HasSubstr("without multi-factor authentication"));
    EXPECT_THAT(login.said(), HasSubstr("900421"));
    if (allowed) {
      EXPECT_THAT(login.said(), HasSubstr("Partner Center counts this sign-in as"));
    }
  }
}

TEST(EndToEndLoginOutcome, StoresNothingThatPartnerCenterRefusesForLackOfMfa) {
  LoginStage login;
  login.settings(R"({"mfa": false, "enforce_mfa": true})");
  login.start({"--allow-no-mfa"});
  login.come_back(login.sign_in(LoginStage::kWithoutSecondFactor));
  EXPECT_EQ(login.ended(), 1) << login.said();
  EXPECT_FALSE(login.stored());
  EXPECT_THAT(login.said(), HasSubstr("HTTP 401"));
}

TEST(EndToEndLoginOutcome, StoresNothingOfAnotherTenant) {
  LoginStage login;
  const std::string claims =
      R"({"tid":"99999999-9999-9999-9999-999999999999","scp":"user_impersonation","amr":["mfa"]})";
  const std::string tokens = R"({\"token_type\":\"Bearer\",\"access_token\":\"MARKER.)" +
                             base64url(claims) +
                             R"(.x\",\"refresh_token\":\"MARKER\",\"expires_in\":3600})";
  login.stage().add_fault(
      R"({"match": {"operation": "token_v2"}, "fault": {"status": 200, "body": ")" + tokens +
      "\"}}");
  login.start();
  login.come_back(login.sign_in());
  EXPECT_EQ(login.ended(), 1);
  EXPECT_FALSE(login.stored());
  EXPECT_THAT(login.said(), HasSubstr("tenant 99999999-9999-9999-9999-999999999999"));
  EXPECT_EQ(login.stage().simulator_counted("customers"), 0);
}

TEST(EndToEndLoginOutcome, TellsARefusalOfTheSignInPage) {
  LoginStage login;
  login.start();
  const WebAnswer page = login.come_back(login.sign_in(LoginStage::kCancelled));
  EXPECT_THAT(page.body, HasSubstr("was refused"));
  EXPECT_EQ(login.ended(), 1);
  EXPECT_FALSE(login.stored());
  EXPECT_THAT(login.said(), HasSubstr("AADSTS65004"));
  EXPECT_THAT(login.said(), HasSubstr("Nothing was stored."));
}

TEST(EndToEndLoginOutcome, DoesNotLoseASignInToTroubleThatPasses) {
  LoginStage login;
  login.stage().add_fault(
      R"({"match": {"operation": "token_v2"}, "times": 1, "fault": {"status": 503}})");
  login.start();
  login.come_back(login.sign_in());
  EXPECT_EQ(login.ended(), 0) << login.said();
  EXPECT_TRUE(login.stored());
}

struct LoginRefusal {
  std::string name;
  std::string settings;
  bool credential;
  std::string fault;  // of the redemption
  std::string code;
  std::string advice;
};

class EndToEndLoginRefusal : public testing::TestWithParam<LoginRefusal> {};

TEST_P(EndToEndLoginRefusal, SaysWhatToDoAndStoresNothing) {
  LoginStage login;
  login.settings(GetParam().settings);
  if (!GetParam().fault.empty()) {
    login.stage().add_fault(R"({"match": {"operation": "token_v2"}, "fault": )" + GetParam().fault +
                            "}");
  }
  login.stage().write_file("contoso.secret", "MARKER-secret\n", 0600);
  login.start({}, GetParam().credential ? "    client_secret_file: contoso.secret\n" : "");
  login.come_back(login.sign_in());
  EXPECT_EQ(login.ended(), 1);
  EXPECT_FALSE(login.stored());
  EXPECT_THAT(login.said(), HasSubstr(GetParam().code));
  EXPECT_THAT(login.said(), HasSubstr(GetParam().advice));
  EXPECT_THAT(login.said(), Not(HasSubstr("tried again")));
  EXPECT_THAT(login.said(), HasSubstr("Nothing was stored."));
}

INSTANTIATE_TEST_SUITE_P(
    Causes, EndToEndLoginRefusal,
    testing::Values(LoginRefusal{"policy", "{}", false, R"({"aadsts": 53003})", "AADSTS53003",
                                 "it names the policy"},
                    LoginRefusal{"redirect_of_type_web", R"({"redirect_type": "web"})", false, "",
                                 "AADSTS7000218", "Mobile and desktop applications"},
                    LoginRefusal{"redirect_of_type_native", R"({"redirect_type": "native"})", true,
                                 "", "AADSTS700025", "Take the credential out"},
                    LoginRefusal{"redirect_of_type_spa", R"({"redirect_type": "spa"})", false, "",
                                 "AADSTS9002327", "Single-page application"},
                    LoginRefusal{"no_refresh_token", "{}", false,
                                 R"({"status": 200, "body": "{\"access_token\": \"MARKER\"}"})",
                                 "no refresh token", "offline_access"},
                    LoginRefusal{"outage", "{}", false, R"({"status": 503})", "HTTP 503",
                                 "in a few minutes"}),
    [](const auto& row) { return row.param.name; });

struct FirstCall {
  std::string name;
  std::string fault;
  bool stored;
  std::string said;
};

class EndToEndLoginFirstCall : public testing::TestWithParam<FirstCall> {};

TEST_P(EndToEndLoginFirstCall, DecidesWhetherTheTokenIsStored) {
  LoginStage login;
  login.stage().add_fault(R"({"match": {"operation": "customers"}, "fault": )" + GetParam().fault +
                          "}");
  login.start();
  login.come_back(login.sign_in());
  EXPECT_EQ(login.ended(), GetParam().stored ? 0 : 1) << login.said();
  EXPECT_EQ(login.stored().has_value(), GetParam().stored);
  EXPECT_THAT(login.said(), HasSubstr(GetParam().said));
}

INSTANTIATE_TEST_SUITE_P(
    Outcomes, EndToEndLoginFirstCall,
    testing::Values(
        FirstCall{"no_role", R"({"status": 403, "code": "2032"})", true,
                  "a role in Partner Center"},
        FirstCall{"no_mfa", R"({"status": 401, "code": "900421"})", false, "multi-factor"},
        FirstCall{"unauthorized", R"({"status": 401, "code": "800001"})", false, "HTTP 401"},
        FirstCall{"cut", R"({"close": true})", true, "could not be asked"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace pce
