// What Partner Center says of a customer is not repeated where customers are not to be known.
#include "exporter/partner_center/api_error.h"
#include "tests/partner_center/client_fixture.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

Error kept_back(int code, const std::string& body) {
  return api_error(status(code, {}, body), WallTime{}, ServiceWords::kKeptBack);
}

TEST(KeptBackWords, AreNotInTheMessageThatSaysTheRest) {
  const Error error = kept_back(404, R"({"code":60003,"description":"Contoso is not known"})");
  EXPECT_THAT(error.message, HasSubstr("HTTP 404, code 60003"));
  EXPECT_THAT(error.message, HasSubstr("Partner Center knows no such customer"));
  EXPECT_THAT(error.message, HasSubstr("not repeated"));
  EXPECT_THAT(error.message, Not(HasSubstr("Contoso")));
  EXPECT_TRUE(customer_is_not_ours(error));
}

TEST(KeptBackWords, AreNotTakenForACode) {
  const Error error = kept_back(400, R"({"error":"Contoso is not known"})");
  EXPECT_THAT(error.message + error.api_code, Not(HasSubstr("Contoso")));
  EXPECT_EQ(kept_back(400, R"({"error":"invalid_filter"})").api_code, "invalid_filter");
}

TEST(KeptBackWords, StillTellTheKindOfAnError) {
  EXPECT_EQ(kept_back(401, R"({"code":"1","description":"MFA required"})").kind,
            ErrorKind::kMfaMissing);
}

TEST(KeptBackWords, OfOurOwnAreSaid) {
  EXPECT_THAT(kept_back(502, "<html>Contoso</html>").message, HasSubstr("a web page"));
}

using ShownPath = PartnerCenterClientTest;

TEST_F(ShownPath, StandsInMessagesInPlaceOfTheRealOne) {
  script({status(404, {}, R"({"code":60003,"description":"Contoso is not known"})")});
  PartnerCenterClient client(transport_, tokens_, governor_, clock_, telemetry_,
                             {.api_base = "https://api.example",
                              .words = ServiceWords::kKeptBack,
                              .random01 = [] { return 0.5; }});
  const auto body = client.get({.operation = "customers",
                                .path = "/v1/customers/the-id/licences?x=1",
                                .shown_path = "/v1/customers/another/licences"},
                               {});
  ASSERT_FALSE(body);
  EXPECT_THAT(body.error().message, testing::StartsWith("GET /v1/customers/another/licences: "));
  EXPECT_THAT(body.error().message, Not(HasSubstr("Contoso")));
  EXPECT_THAT(transport_.requests().back().url, HasSubstr("/v1/customers/the-id/licences?x=1"));
}

}  // namespace
}  // namespace pce
