#include "exporter/partner_center/api_error.h"

#include "exporter/http/retry.h"

namespace pce {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

constexpr WallTime kNow{seconds(1'700'000'000)};

struct Refusal {
  std::string name;
  int status;
  std::vector<Header> headers;
  std::string body;
  ErrorKind kind;
  std::string code;
  std::string said;  // part of the message
};

std::string e1(const std::string& code) {
  return R"({"code":)" + code + R"(,"description":"told so","data":[],"source":"PartnerFD"})";
}

class ApiErrorOf : public testing::TestWithParam<Refusal> {};

TEST_P(ApiErrorOf, SaysKindCodeAndWords) {
  const Refusal& row = GetParam();
  const auto error =
      api_error({.status = row.status, .headers = row.headers, .body = row.body}, kNow);
  EXPECT_STREQ(name_of(error.kind), name_of(row.kind));
  EXPECT_EQ(error.http_status, row.status);
  EXPECT_EQ(error.api_code, row.code);
  EXPECT_THAT(error.message, testing::StartsWith("HTTP " + std::to_string(row.status)));
  EXPECT_THAT(error.message, HasSubstr(row.said));
  EXPECT_THAT(error.message, Not(HasSubstr("canary")));
  const bool repeated = wait_before(2, error, {}, 0.0).has_value();
  EXPECT_EQ(repeated, row.kind == ErrorKind::kThrottled || row.kind == ErrorKind::kUpstream);
}

const std::string kPage = "<!DOCTYPE html><html>canary</html>";
const std::string kBom = "\xEF\xBB\xBF";

INSTANTIATE_TEST_SUITE_P(
    Codes, ApiErrorOf,
    testing::Values(
        Refusal{"access_denied_401",
                401,
                {},
                e1("\"400\""),
                ErrorKind::kUnauthorized,
                "400",
                "told so"},
        Refusal{"partner_token_missing",
                401,
                {},
                e1("800001"),
                ErrorKind::kUnauthorized,
                "800001",
                "told so"},
        Refusal{"wrong_audience",
                401,
                {},
                e1("\"900420\""),
                ErrorKind::kWrongAudience,
                "900420",
                "endpoints.resource"},
        Refusal{
            "mfa_missing", 401, {}, e1("900421"), ErrorKind::kMfaMissing, "900421", "multi-factor"},
        Refusal{"mfa_missing_2020",
                401,
                {},
                e1("10001"),
                ErrorKind::kMfaMissing,
                "10001",
                "multi-factor"},
        Refusal{"mfa_missing_2020_other_status",
                400,
                {},
                e1("10001"),
                ErrorKind::kMfaMissing,
                "10001",
                "multi-factor"},
        Refusal{"mfa_header",
                401,
                {{"isMfaCompliant", "False"}},
                "",
                ErrorKind::kMfaMissing,
                "",
                "multi-factor"},
        Refusal{"mfa_words",
                401,
                {},
                R"({"description":"MFA required"})",
                ErrorKind::kMfaMissing,
                "",
                "multi-factor"},
        Refusal{"claims_challenge",
                401,
                {{"WWW-Authenticate", R"(Bearer error="insufficient_claims", claims="canary")"}},
                "",
                ErrorKind::kUnauthorized,
                "",
                "new sign-in"},
        Refusal{"plain_401",
                401,
                {{"WWW-Authenticate", R"(Bearer error="invalid_token")"}},
                "",
                ErrorKind::kUnauthorized,
                "",
                "an empty body"},
        Refusal{
            "authorization_failed", 403, {}, e1("1002"), ErrorKind::kForbidden, "1002", "roles"},
        Refusal{"authorization_failed_400",
                400,
                {},
                e1("1002"),
                ErrorKind::kForbidden,
                "1002",
                "roles"},
        Refusal{"access_denied", 403, {}, e1("\"2032\""), ErrorKind::kForbidden, "2032", "roles"},
        Refusal{"no_relationship",
                403,
                {},
                e1("\"20002\""),
                ErrorKind::kForbidden,
                "20002",
                "no reseller relationship"},
        Refusal{"no_relationship_number",
                403,
                {},
                e1("20002"),
                ErrorKind::kForbidden,
                "20002",
                "no reseller relationship"},
        Refusal{"program_inactive",
                403,
                {},
                e1("900149"),
                ErrorKind::kForbidden,
                "900149",
                "not active"},
        Refusal{"no_role", 403, {}, e1("900150"), ErrorKind::kForbidden, "900150", "roles"},
        Refusal{"not_enabled", 403, {}, e1("900137"), ErrorKind::kForbidden, "900137", "told so"},
        Refusal{"insufficient", 403, {}, e1("900308"), ErrorKind::kForbidden, "900308", "roles"},
        Refusal{"conditional_access",
                403,
                {},
                e1("900309"),
                ErrorKind::kForbidden,
                "900309",
                "Conditional Access"},
        Refusal{"app_only", 403, {}, e1("900329"), ErrorKind::kAppOnly, "900329", "signed-in user"},
        Refusal{"app_only_words",
                403,
                {},
                R"({"description":"This resource can't be accessed by application credentials."})",
                ErrorKind::kAppOnly,
                "",
                "signed-in user"},
        Refusal{"not_found", 404, {}, e1("1000"), ErrorKind::kNotFound, "1000", "told so"},
        Refusal{
            "user_not_found", 404, {}, e1("60002"), ErrorKind::kNotFound, "60002", "no such user"},
        Refusal{"tenant_not_found",
                404,
                {},
                e1("60003"),
                ErrorKind::kNotFound,
                "60003",
                "no such customer"},
        Refusal{"invalid_property", 400, {}, e1("3000"), ErrorKind::kRejected, "3000", "told so"},
        Refusal{"invalid_input", 400, {}, e1("800002"), ErrorKind::kRejected, "800002", "told so"},
        Refusal{
            "invalid_customer", 400, {}, e1("900118"), ErrorKind::kRejected, "900118", "told so"},
        Refusal{"not_in_this_cloud",
                400,
                {},
                e1("900127"),
                ErrorKind::kRejected,
                "900127",
                "cloud or sandbox"},
        Refusal{"not_supported", 400, {}, e1("900141"), ErrorKind::kRejected, "900141", "told so"},
        Refusal{"not_defined", 501, {}, e1("0"), ErrorKind::kRejected, "0", "told so"},
        Refusal{"service_error", 500, {}, e1("800003"), ErrorKind::kUpstream, "800003", "told so"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    StatusesAndShapes, ApiErrorOf,
    testing::Values(
        Refusal{
            "gateway_throttle",
            429,
            {},
            R"({ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 57 seconds." })",
            ErrorKind::kThrottled,
            "",
            "Rate limit"},
        Refusal{"gateway_quota",
                403,
                {},
                R"({"statusCode":403,"message":"Out of call volume quota"})",
                ErrorKind::kForbidden,
                "",
                "quota"},
        Refusal{"oauth",
                401,
                {},
                R"({"error":"invalid_token","error_description":"expired"})",
                ErrorKind::kUnauthorized,
                "invalid_token",
                "expired"},
        Refusal{"nested",
                400,
                {},
                R"({"error":{"code":"BadRequest","message":"no"}})",
                ErrorKind::kRejected,
                "BadRequest",
                "no"},
        Refusal{"bom", 403, {}, kBom + e1("20002"), ErrorKind::kForbidden, "20002", "told so"},
        Refusal{"other_case",
                403,
                {},
                R"({"Code":"20002","Description":"x"})",
                ErrorKind::kForbidden,
                "20002",
                "x"},
        Refusal{"html", 502, {}, kPage, ErrorKind::kUpstream, "", "a web page"},
        Refusal{"html_500", 500, {}, kPage, ErrorKind::kUpstream, "", "a web page"},
        Refusal{"html_after_bom", 500, {}, kBom + kPage, ErrorKind::kUpstream, "", "a web page"},
        Refusal{"empty", 503, {}, "", ErrorKind::kUpstream, "", "an empty body"},
        Refusal{"only_bom", 503, {}, kBom, ErrorKind::kUpstream, "", "an empty body"},
        Refusal{"text", 504, {}, "canary", ErrorKind::kUpstream, "", "not JSON"},
        Refusal{"array",
                400,
                {},
                R"(["canary"])",
                ErrorKind::kRejected,
                "",
                "without code or description"},
        Refusal{"other_object",
                400,
                {},
                R"({"x":"canary"})",
                ErrorKind::kRejected,
                "",
                "without code or description"},
        Refusal{"token_in_words",
                400,
                {},
                R"({"description":"bad canary)" + std::string(60, 'x') + "\"}",
                ErrorKind::kRejected,
                "",
                "bad […]"},
        Refusal{"request_timeout", 408, {}, "", ErrorKind::kUpstream, "", ""},
        Refusal{"cdn", 522, {}, "", ErrorKind::kUpstream, "", ""},
        Refusal{"http_version", 505, {}, "", ErrorKind::kRejected, "", ""},
        Refusal{"method", 405, {}, "", ErrorKind::kRejected, "", ""},
        Refusal{"not_acceptable", 406, {}, "", ErrorKind::kRejected, "", ""},
        Refusal{"conflict", 409, {}, "", ErrorKind::kRejected, "", ""},
        Refusal{"precondition", 412, {}, "", ErrorKind::kRejected, "", ""},
        Refusal{"expectation", 417, {}, "", ErrorKind::kRejected, "", ""},
        Refusal{"redirect",
                302,
                {{"Location", "https://portal.example/a?t=canary"}},
                "",
                ErrorKind::kRejected,
                "",
                "redirect to portal.example"},
        Refusal{"redirect_nowhere", 301, {}, "", ErrorKind::kRejected, "", "not followed"}),
    [](const auto& row) { return row.param.name; });

TEST(ApiError, KeepsWhatTheServiceAskedForAndItsCorrelationId) {
  const auto error = api_error({.status = 429,
                                .headers = {{"Retry-After", "57"}, {"ms-correlationid", "abc-1"}},
                                .body = ""},
                               kNow);
  EXPECT_EQ(error.retry_after, seconds(57));
  EXPECT_EQ(error.correlation_id, "abc-1");
}

TEST(ApiError, TellsAClaimsChallengeFromATokenThatExpired) {
  const auto word = [](const std::string& challenge) {
    return api_error({.status = 401, .headers = {{"WWW-Authenticate", challenge}}}, kNow).api_word;
  };
  EXPECT_EQ(word(R"(Bearer error="insufficient_claims", claims="x")"), "insufficient_claims");
  EXPECT_EQ(word(R"(Bearer error="invalid_token")"), "");
}

TEST(MfaCompliance, IsReadInAnyCaseAndUnknownWithoutTheHeader) {
  const auto said = [](const std::string& value) {
    return mfa_compliance({.status = 200, .headers = {{"ismfacompliant", value}}});
  };
  EXPECT_EQ(said("True"), true);
  EXPECT_EQ(said("FALSE"), false);
  EXPECT_EQ(said("perhaps"), std::nullopt);
  EXPECT_EQ(mfa_compliance({.status = 200}), std::nullopt);
}

TEST(CustomerIsNotOurs, MeansTheCustomerAndNotOurRights) {
  const auto of = [](int status, const std::string& body) {
    return customer_is_not_ours(api_error({.status = status, .body = body}, kNow));
  };
  EXPECT_TRUE(of(403, e1("20002")));
  EXPECT_TRUE(of(404, e1("60002")));
  EXPECT_TRUE(of(404, e1("60003")));
  EXPECT_FALSE(of(404, ""));
  EXPECT_FALSE(of(404, e1("1000")));
  EXPECT_FALSE(of(404, R"({"statusCode":404,"message":"Resource not found"})"));
  EXPECT_FALSE(of(403, e1("900150")));
  EXPECT_FALSE(of(403, ""));
  EXPECT_FALSE(of(500, ""));
}

}  // namespace
}  // namespace pce
