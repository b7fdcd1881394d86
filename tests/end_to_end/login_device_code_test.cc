// The command `login --device-code`, played without a browser.
#include <signal.h>

#include "tests/end_to_end/login_stage.h"

namespace pce {
namespace {

using testing::HasSubstr;

TEST(EndToEndLoginDeviceCode, StoresATokenThatTheExporterLivesOn) {
  LoginStage login;
  login.start({"--device-code"});
  EXPECT_THAT(login.type_device_code(), HasSubstr("You have signed in"));
  EXPECT_EQ(login.ended(), 0) << login.said();
  EXPECT_THAT(login.said(), HasSubstr("To sign in, open http://127.0.0.1:"));
  const auto record = login.stored();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->client_type, ClientType::kPublic);
  EXPECT_EQ(record->flow, "device_code");
  EXPECT_EQ(record->user, "ada@partner.example");
  expect_that_the_exporter_lives_on_it(login);
}

TEST(EndToEndLoginDeviceCode, NeedsNoCredentialAndSaysSo) {
  LoginStage login;
  login.stage().write_file("contoso.secret", "MARKER-secret\n", 0600);
  login.start({"--device-code"}, "    client_secret_file: contoso.secret\n");
  login.type_device_code();
  EXPECT_EQ(login.ended(), 0) << login.said();
  EXPECT_THAT(login.said(), HasSubstr("is not used for its token, and not needed"));
  ASSERT_TRUE(login.stored());
  EXPECT_EQ(login.stored()->client_type, ClientType::kPublic);
}

TEST(EndToEndLoginDeviceCode, EndsWhenSomebodyDeclines) {
  LoginStage login;
  login.start({"--device-code"});
  EXPECT_THAT(login.type_device_code(LoginStage::kCancelled), HasSubstr("Nothing was granted"));
  EXPECT_EQ(login.ended(), 1);
  EXPECT_FALSE(login.stored());
  EXPECT_THAT(login.said(), HasSubstr("the sign-in was declined on the page"));
  EXPECT_THAT(login.said(), HasSubstr("AADSTS65004"));
}

TEST(EndToEndLoginDeviceCode, EndsWhenTheCodeExpires) {
  LoginStage login;
  login.settings(R"({"device_code_lifetime": "2s"})");
  login.start({"--device-code"});
  EXPECT_EQ(login.ended(), 1);
  EXPECT_FALSE(login.stored());
  EXPECT_THAT(login.said(), HasSubstr("before it expired"));
}

TEST(EndToEndLoginDeviceCode, EndsWithASentenceWhenItIsInterrupted) {
  LoginStage login;
  login.start({"--device-code"});
  ASSERT_NE(login.login().line_with("Waiting for the sign-in"), "");
  login.login().signal(SIGINT);
  EXPECT_EQ(login.ended(), 1);
  EXPECT_THAT(login.said(), HasSubstr("Given up; nothing was stored."));
  EXPECT_FALSE(login.stored());
}

TEST(EndToEndLoginDeviceCode, WantsMfa) {
  LoginStage login;
  login.settings(R"({"mfa": false})");
  login.start({"--device-code"});
  login.type_device_code(LoginStage::kWithoutSecondFactor);
  EXPECT_EQ(login.ended(), 1);
  EXPECT_FALSE(login.stored());
  EXPECT_THAT(login.said(), HasSubstr("without multi-factor authentication"));
}

struct DeviceRefusal {
  std::string name;
  std::string settings;
  std::string fault;  // of the questions; empty: none
  std::string code;
  std::string advice;
};

class EndToEndLoginDeviceRefusal : public testing::TestWithParam<DeviceRefusal> {};

TEST_P(EndToEndLoginDeviceRefusal, SaysWhatToDoAndStoresNothing) {
  LoginStage login;
  login.settings(GetParam().settings);
  if (!GetParam().fault.empty()) {
    login.stage().add_fault(R"({"match": {"operation": "token_v2"}, "fault": )" + GetParam().fault +
                            "}");
  }
  login.start({"--device-code"});
  EXPECT_EQ(login.ended(), 1);
  EXPECT_FALSE(login.stored());
  EXPECT_THAT(login.said(), HasSubstr(GetParam().code));
  EXPECT_THAT(login.said(), HasSubstr(GetParam().advice));
}

INSTANTIATE_TEST_SUITE_P(
    Causes, EndToEndLoginDeviceRefusal,
    testing::Values(DeviceRefusal{"public_flows_off", R"({"public_flows": false})", "",
                                  "AADSTS7000218", "Allow public client flows"},
                    DeviceRefusal{"policy", "{}", R"({"aadsts": 53003})", "AADSTS53003",
                                  "run the command again without --device-code"},
                    DeviceRefusal{"bad_code", "{}",
                                  R"({"aadsts": 70018, "error": "bad_verification_code"})",
                                  "AADSTS70018", "does not know the code"},
                    DeviceRefusal{"expired", "{}", R"({"aadsts": 70019, "error": "expired_token"})",
                                  "AADSTS70019", "a code is good for 15 minutes"},
                    DeviceRefusal{"other_data_centre", "{}", R"({"aadsts": 50134})", "AADSTS50134",
                                  "Run the command again"}),
    [](const auto& row) { return row.param.name; });

TEST(EndToEndLoginDeviceCode, GoesOnThroughAnOutage) {
  LoginStage login;
  login.stage().add_fault(
      R"({"match": {"operation": "token_v2"}, "times": 1, "fault": {"status": 503}})");
  login.start({"--device-code"});
  login.type_device_code();
  EXPECT_EQ(login.ended(), 0) << login.said();
  EXPECT_TRUE(login.stored());
}

}  // namespace
}  // namespace pce
