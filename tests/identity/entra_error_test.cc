#include "exporter/identity/entra_error.h"

namespace pce {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

constexpr WallTime kNow{seconds(1'700'000'000)};

struct SignInRefusal {
  std::string name;
  int status;
  std::string error;
  int code;
  ErrorKind kind;
  std::string next_step;
};

class EntraErrorOf : public testing::TestWithParam<SignInRefusal> {};

TEST_P(EntraErrorOf, SaysWhoHasToDoWhat) {
  const SignInRefusal& row = GetParam();
  const std::string code = std::to_string(row.code);
  const auto error =
      entra_error({.status = row.status,
                   .body = R"({"error":")" + row.error + R"(","error_description":"AADSTS)" + code +
                           R"(: It happened.\r\nTrace ID: canary","error_codes":[)" + code +
                           R"(],"correlation_id":"c-1"})"},
                  kNow);
  EXPECT_STREQ(name_of(error.kind), name_of(row.kind));
  EXPECT_EQ(error.api_code, "AADSTS" + code);
  EXPECT_EQ(error.correlation_id, "c-1");
  EXPECT_THAT(error.message, HasSubstr(row.error));
  EXPECT_THAT(error.message, HasSubstr("AADSTS" + code + ": It happened."));
  EXPECT_THAT(error.message, HasSubstr(row.next_step));
  EXPECT_THAT(error.message, Not(HasSubstr("canary")));
  EXPECT_EQ(error.api_word, row.error);
  EXPECT_EQ(error.retry_after.has_value(), row.status == 429);
}

constexpr auto kHuman = ErrorKind::kUnauthorized;
constexpr auto kOperator = ErrorKind::kSettings;
constexpr auto kThrottled = ErrorKind::kThrottled;
constexpr auto kUpstream = ErrorKind::kUpstream;

INSTANTIATE_TEST_SUITE_P(
    Codes, EntraErrorOf,
    testing::Values(
        SignInRefusal{"expired", 400, "invalid_grant", 700082, kHuman, "expired unused"},
        SignInRefusal{"expired_old", 400, "invalid_grant", 70008, kHuman, "expired unused"},
        SignInRefusal{"revoked", 400, "invalid_grant", 50173, kHuman, "revoked"},
        SignInRefusal{"password_changed", 400, "invalid_grant", 50132, kHuman, "password"},
        SignInRefusal{"mfa", 400, "invalid_grant", 50076, kHuman, "multi-factor"},
        SignInRefusal{"mfa_register", 400, "interaction_required", 50079, kHuman, "register"},
        SignInRefusal{"mfa_too_old", 400, "invalid_grant", 50078, kHuman, "too old"},
        SignInRefusal{"frequency", 400, "invalid_grant", 70043, kHuman, "frequency"},
        SignInRefusal{"not_our_token", 400, "invalid_grant", 70000, kHuman,
                      "no token of this application"},
        SignInRefusal{"disabled_user", 400, "invalid_grant", 50057, kHuman, "integration user"},
        SignInRefusal{"policy", 400, "interaction_required", 53003, kHuman, "Conditional Access"},
        SignInRefusal{"consent", 400, "consent_required", 65001, kHuman, "consent"},
        SignInRefusal{"not_assigned", 400, "invalid_grant", 50105, kHuman, "assign"},
        SignInRefusal{"wrong_tenant_user", 400, "invalid_grant", 50020, kHuman, "tenant_id"},
        SignInRefusal{"unknown_number", 400, "invalid_grant", 99999999, kHuman,
                      "partner_center_exporter login"},
        SignInRefusal{"wrong_secret", 401, "invalid_client", 7000215, kOperator,
                      "client_secret_file"},
        SignInRefusal{"expired_secret", 401, "invalid_client", 7000222, kOperator, "expired"},
        SignInRefusal{"secret_missing", 401, "invalid_client", 7000218, kOperator, "confidential"},
        SignInRefusal{"secret_for_public", 401, "invalid_client", 700025, kOperator,
                      "remove client_secret_file"},
        SignInRefusal{"unknown_app", 400, "unauthorized_client", 700016, kOperator, "client_id"},
        SignInRefusal{"permission", 400, "invalid_resource", 500011, kOperator,
                      "user_impersonation"},
        SignInRefusal{"tenant", 400, "invalid_request", 90002, kOperator, "tenant_id"},
        SignInRefusal{"scope", 400, "invalid_scope", 70011, kOperator, "user_impersonation"},
        SignInRefusal{"unheard_of", 400, "new_word", 12345, kOperator, "configuration"},
        SignInRefusal{"loop", 400, "invalid_grant", 50196, kThrottled, "nothing to do"},
        SignInRefusal{"tenant_throttled", 400, "invalid_grant", 90055, kThrottled, "nothing to do"},
        SignInRefusal{"throttled", 429, "temporarily_unavailable", 99999999, kThrottled,
                      "nothing to do"},
        SignInRefusal{"transient", 400, "invalid_grant", 50033, kUpstream, "nothing to do"},
        SignInRefusal{"unavailable", 503, "temporarily_unavailable", 90033, kUpstream,
                      "nothing to do"},
        SignInRefusal{"server_error", 500, "server_error", 50000, kUpstream, "nothing to do"},
        SignInRefusal{"outage_dressed_as_grant", 503, "invalid_grant", 700082, kUpstream,
                      "nothing to do"}),
    [](const auto& row) { return row.param.name; });

TEST(EntraError, ObeysRetryAfter) {
  const auto error = entra_error({.status = 429, .headers = {{"Retry-After", "90"}}}, kNow);
  EXPECT_EQ(error.retry_after, seconds(90));
  EXPECT_EQ(entra_error({.status = 429}, kNow).retry_after, seconds(60));
}

TEST(EntraError, CallsForNobodyWhenOneOfSeveralCodesPasses) {
  const auto error = entra_error(
      {.status = 400, .body = R"({"error":"invalid_grant","error_codes":[700082,50196]})"}, kNow);
  EXPECT_EQ(error.kind, ErrorKind::kThrottled);
}

TEST(EntraError, ReadsTheCodeFromTheDescriptionWhereTheListIsMissing) {
  const auto error =
      entra_error({.status = 400,
                   .body = R"({"error":"invalid_grant","error_description":"AADSTS50196: loop"})"},
                  kNow);
  EXPECT_EQ(error.api_code, "AADSTS50196");
  EXPECT_EQ(error.kind, ErrorKind::kThrottled);
}

TEST(EntraError, NamesTheHostOfARedirectWhateverItsBodySays) {
  const auto error =
      entra_error({.status = 307,
                   .headers = {{"Location", "https://elsewhere.example/a?code=canary"}},
                   .body = R"({"error":"temporarily_unavailable","error_codes":[51005]})"},
                  kNow);
  EXPECT_EQ(error.kind, ErrorKind::kRejected);
  EXPECT_THAT(error.message, HasSubstr("redirect to elsewhere.example"));
  EXPECT_THAT(error.message, Not(HasSubstr("canary")));
}

TEST(EntraError, ListsAllCodesOfAWordNobodyKnows) {
  const auto error = entra_error(
      {.status = 400, .body = R"({"error":"new_word","error_codes":[12345,678]})"}, kNow);
  EXPECT_THAT(error.message, HasSubstr("codes 12345, 678"));
}

TEST(EntraError, SaysThatAWebPageCameInPlaceOfAnAnswer) {
  const auto error = entra_error({.status = 503, .body = " <html>canary"}, kNow);
  EXPECT_THAT(error.message, HasSubstr("a web page in place of an answer, as from a proxy"));
}

TEST(EntraError, GivesTheTraceIdForASupportTicket) {
  const auto error =
      entra_error({.status = 400, .body = R"({"error":"invalid_grant","trace_id":"t-1"})"}, kNow);
  EXPECT_THAT(error.message, HasSubstr("trace id t-1"));
}

struct NoAnswerOfIts {
  std::string name;
  HttpResponse response;
  ErrorKind kind;
};

class EntraErrorWithoutBody : public testing::TestWithParam<NoAnswerOfIts> {};

TEST_P(EntraErrorWithoutBody, GoesByTheStatus) {
  const auto error = entra_error(GetParam().response, kNow);
  EXPECT_STREQ(name_of(error.kind), name_of(GetParam().kind));
  EXPECT_THAT(error.message, Not(HasSubstr("canary")));
}

INSTANTIATE_TEST_SUITE_P(
    Statuses, EntraErrorWithoutBody,
    testing::Values(
        NoAnswerOfIts{"html_503", {.status = 503, .body = "<html>canary"}, ErrorKind::kUpstream},
        NoAnswerOfIts{"empty_500", {.status = 500}, ErrorKind::kUpstream},
        NoAnswerOfIts{"timeout", {.status = 408}, ErrorKind::kUpstream},
        NoAnswerOfIts{"html_400", {.status = 400, .body = "<html>canary"}, ErrorKind::kRejected},
        NoAnswerOfIts{"proxy", {.status = 407, .body = "canary"}, ErrorKind::kRejected},
        NoAnswerOfIts{"redirect",
                      {.status = 302, .headers = {{"Location", "https://host.example/canary"}}},
                      ErrorKind::kRejected},
        NoAnswerOfIts{"array", {.status = 400, .body = "[]"}, ErrorKind::kRejected}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace pce
