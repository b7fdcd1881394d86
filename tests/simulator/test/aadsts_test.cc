#include "tests/simulator/aadsts.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/person.h"

namespace simulator {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// The numbers of the table in authentication.md 3.4, by the class a client has to put them in.
struct Row {
  std::string name;
  std::vector<int> numbers;
  std::vector<std::string> errors;  // any of these words leads to the class
};
const std::vector<std::string> kHuman{"invalid_grant", "interaction_required", "consent_required",
                                      "login_required", "access_denied"};
const std::vector<std::string> kConfiguration{"invalid_client", "unauthorized_client",
                                              "invalid_request", "invalid_scope",
                                              "invalid_resource"};
const std::vector<std::string> kRetry{"temporarily_unavailable", "server_error"};
const std::vector<std::string> kDeviceFlow{"authorization_pending", "bad_verification_code",
                                           "expired_token", "invalid_request", "invalid_grant"};

class AadstsTable : public testing::TestWithParam<Row> {};
TEST_P(AadstsTable, KnowsTheNumberUnderAWordOfItsClass) {
  const std::vector<int> known = known_refusals();
  for (const int number : GetParam().numbers) {
    EXPECT_TRUE(std::ranges::binary_search(known, number)) << number;
    EXPECT_THAT(GetParam().errors, testing::Contains(refusal_of(number).error)) << number;
  }
}
INSTANTIATE_TEST_SUITE_P(
    , AadstsTable,
    testing::Values(
        Row{"Mfa", {50076, 50074, 50072, 50079, 50078}, kHuman},
        Row{"Ended", {70043, 70008, 700082, 50173, 50132, 50133, 50089, 70000, 700084}, kHuman},
        Row{"Account", {50057, 50053, 50055, 50144, 50034}, kHuman},
        Row{"Policy",
            {53000, 53001, 53002, 53003, 530032, 530035, 50005, 50097, 50129, 50131, 53011},
            kHuman},
        Row{"Consent", {65001, 65004, 90094, 90095}, kHuman},
        Row{"Person", {50105, 50020, 50177, 90072}, kHuman},
        Row{"Credential",
            {70002, 7000215, 7000222, 7000218, 700025, 700027, 50012, 700030, 500133},
            kConfiguration},
        Row{"Application", {700016, 70001, 700011, 7000112, 7000229}, kConfiguration},
        Row{"Resource", {500011, 50001, 650052, 650057, 65005, 650056}, kConfiguration},
        Row{"Tenant",
            {90002, 90038, 900382, 900432, 90051, 50049, 50194, 9001023, 90124, 90130, 90019,
             50059},
            kConfiguration},
        Row{"Scope", {70011, 28002, 28003, 700022, 901002}, kConfiguration},
        Row{"Malformed", {900144, 90014, 9002313, 90004, 90023, 90100}, kConfiguration},
        Row{"Code", {54005, 700005, 501481}, {"invalid_grant"}},
        Row{"Device", {70016, 70018, 70019, 90119, 90120, 50134}, kDeviceFlow},
        Row{"Loop", {50196}, {"invalid_grant"}}, Row{"Throttled", {90055, 50166, 50088}, kRetry},
        Row{"Transient", {50033, 50087, 90006, 90012, 90024, 90033, 90090, 90091, 80014}, kRetry},
        Row{"Stubborn", {50000, 90036, 90092}, kRetry}),
    [](const auto& tested) { return tested.param.name; });

TEST(Aadsts, AnswersAsTheDocumentedObject) {
  const json body = Person::parsed(refuse(70011, Instant{}));
  EXPECT_EQ(body["error"], "invalid_scope");
  EXPECT_EQ(body["error_codes"], json({70011}));
  EXPECT_EQ(body["timestamp"], "1970-01-01 00:00:00Z");
  EXPECT_EQ(body["error_uri"], "https://login.microsoftonline.com/error?code=70011");
  EXPECT_THAT(body["error_description"].get<std::string>(), HasSubstr("\r\nTrace ID: "));
  EXPECT_TRUE(is_guid(body["trace_id"].get<std::string>()));
  EXPECT_TRUE(body.contains("correlation_id"));
  EXPECT_FALSE(body.contains("suberror"));
  EXPECT_FALSE(body.contains("claims"));
}

TEST(Aadsts, FaultsSayEachMember) {
  Bench bench;
  bench.command("faults", {{"match", {{"operation", "token_v2"}}},
                           {"fault",
                            {{"aadsts", {70002, 70008}},
                             {"status", 418},
                             {"error", "invalid_grant"},
                             {"suberror", "bad_token"},
                             {"claims", "{\"access_token\":{}}"}}}});
  const Response answer = bench.token(Bench::refresh_form());
  const json body = Person::parsed(answer);
  EXPECT_EQ(answer.status, 418);
  EXPECT_EQ(body["error"], "invalid_grant");
  EXPECT_EQ(body["error_codes"], json({70002, 70008}));
  EXPECT_EQ(body["suberror"], "bad_token");
  EXPECT_EQ(body["claims"], "{\"access_token\":{}}");
}

TEST(Aadsts, FaultsThatMakeNoSenseAreRefused) {
  Bench bench;
  const auto complaint = [&](const json& fault) {
    return bench.complaint("faults", {{"fault", fault}});
  };
  EXPECT_THAT(complaint({{"aadsts", json::array()}}), HasSubstr("fault.aadsts"));
  EXPECT_THAT(complaint({{"aadsts", "x"}}), HasSubstr("fault.aadsts"));
  EXPECT_THAT(complaint({{"error", "invalid_grant"}}), HasSubstr("only beside aadsts"));
  EXPECT_THAT(complaint({{"aadsts", 1}, {"suberror", 2}}), HasSubstr("fault.suberror"));
}

}  // namespace
}  // namespace simulator
