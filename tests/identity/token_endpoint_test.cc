#include "exporter/identity/token_endpoint.h"

#include "tests/support/fake_clock.h"
#include "tests/support/metric_reading.h"
#include "tests/support/scripted_transport.h"

namespace pce {
namespace {

class TokenEndpointTest : public testing::Test {
 protected:
  TokenEndpoint endpoint(ScriptedTransport& transport) {
    return {{transport, governor_, clock_, telemetry_}, "https://login.example/", "tenant-1"};
  }

  FakeClock clock_;
  Governor governor_{clock_, {.requests_per_minute = 6000, .concurrency = 1}};
  prometheus::Registry registry_;
  ApiTelemetry telemetry_{registry_, "contoso", {"token"}};
};

TEST_F(TokenEndpointTest, TellsTheScopeAsGranted) {
  ScriptedTransport transport([](const HttpRequest&) {
    return HttpResponse{
        .status = 200,
        .body = R"({"access_token":"a","scope":)"
                R"("openid https://api.partnercenter.microsoft.com/user_impersonation"})"};
  });
  const auto answer = endpoint(transport).ask({{"grant_type", Secret("refresh_token")}}, {});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->scope, "openid https://api.partnercenter.microsoft.com/user_impersonation");
}

TEST_F(TokenEndpointTest, TellsOAuthsWordBesideTheNumber) {
  ScriptedTransport transport([](const HttpRequest&) {
    return HttpResponse{.status = 400,
                        .body = R"({"error":"authorization_pending","error_codes":[70016]})"};
  });
  const auto answer = endpoint(transport).ask({}, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().api_word, "authorization_pending");
  EXPECT_EQ(answer.error().api_code, "AADSTS70016");
}

TEST_F(TokenEndpointTest, AsksForDeviceCodesBesideIt) {
  ScriptedTransport transport([](const HttpRequest& request) {
    EXPECT_EQ(request.url, "https://login.example/tenant-1/oauth2/v2.0/devicecode");
    return HttpResponse{.status = 200, .body = "whatever it is"};
  });
  const auto answer = endpoint(transport).ask_device_code({}, {});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->reveal(), "whatever it is");
}

}  // namespace
}  // namespace pce
