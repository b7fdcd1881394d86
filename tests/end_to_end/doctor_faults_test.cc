// One simulated fault for each cause that `doctor` tells apart.
#include "tests/end_to_end/doctor_stage.h"

namespace pce {
namespace {

struct Cause {
  std::string name;  // of the golden file
  int status = 1;
  std::string settings{};                // of the simulator
  std::vector<std::string> faults{};     // rules
  std::string estate{};                  // edits
  std::vector<std::string> simulator{};  // flags
  std::string account{};                 // configuration
  std::string source = "auto";           // likewise
  std::string more{};                    // likewise
  std::vector<std::string> arguments{};  // of doctor
};

class DoctorFinds : public testing::TestWithParam<Cause> {};

TEST_P(DoctorFinds, TheCauseAndSaysWhatToDo) {
  const Cause& cause = GetParam();
  std::vector<std::string> flags{"--customers=3"};
  flags.insert(flags.end(), cause.simulator.begin(), cause.simulator.end());
  DoctorStage doctor(flags);
  if (!cause.settings.empty()) doctor.stage().simulate("/_sim/settings", cause.settings);
  if (!cause.estate.empty()) doctor.stage().simulate("/_sim/estate", cause.estate);
  for (const std::string& fault : cause.faults) doctor.stage().add_fault(fault);
  doctor.choices.account = cause.account;
  doctor.choices.source = cause.source;
  doctor.choices.more = cause.more;
  doctor.expect(cause.name, cause.status, cause.arguments);
}

std::string rule(const std::string& match, const std::string& fault) {
  return "{\"match\": {" + match + "}, \"fault\": {" + fault + "}}";
}
std::string token(const std::string& fault) { return rule(R"("operation": "token_v2")", fault); }
std::string customers(const std::string& fault) {
  return rule(R"("operation": "customers")", fault);
}
std::string insights(const std::string& fault) {
  return rule(R"("path_contains": "analytics")", fault);
}
std::string bulk(const std::string& fault) {
  return rule(R"("path_contains": "commercial")", fault);
}

const std::string kSecretFile = "    client_secret_file: contoso.secret\n";

INSTANTIATE_TEST_SUITE_P(
    AtTheSignInService, DoctorFinds,
    testing::Values(
        Cause{.name = "mfa_wanted_by_policy",
              .settings = R"({"mfa": false, "conditional_access": "require_mfa"})"},
        Cause{.name = "consent_missing", .settings = R"({"consent": "required"})"},
        Cause{.name = "consent_of_an_administrator", .settings = R"({"consent": "admin"})"},
        Cause{.name = "conditional_access", .settings = R"({"conditional_access": "block"})"},
        Cause{.name = "account_disabled", .settings = R"({"account": "disabled"})"},
        Cause{.name = "account_locked", .settings = R"({"account": "locked"})"},
        Cause{.name = "account_of_another_tenant", .settings = R"({"account": "guest"})"},
        Cause{.name = "wrong_secret",
              .simulator = {"--client-secret=another"},
              .account = kSecretFile},
        Cause{.name = "secret_missing", .simulator = {"--client-secret=another"}},
        Cause{.name = "expired_secret",
              .settings = R"({"client_credential": "expired"})",
              .simulator = {std::string("--client-secret=") + kDoctorSecret},
              .account = kSecretFile},
        Cause{.name = "expired_certificate", .faults = {token(R"("aadsts": 700027)")}},
        Cause{.name = "unknown_application",
              .simulator = {"--client-id=00000000-0000-0000-0000-000000000000"}},
        Cause{.name = "unknown_tenant",
              .simulator = {"--partner-tenant=00000000-0000-0000-0000-000000000000"}},
        Cause{.name = "unknown_token", .simulator = {"--refresh-token=another"}},
        Cause{.name = "password_changed", .faults = {token(R"("aadsts": 50132)")}},
        Cause{.name = "token_endpoint_throttled",
              .faults = {token(R"("status": 429, "retry_after": 42)")}},
        Cause{.name = "token_loop", .faults = {token(R"("aadsts": 50196)")}},
        Cause{.name = "token_endpoint_fails", .faults = {token(R"("status": 503)")}},
        Cause{.name = "token_endpoint_redirects",
              .faults = {token(
                  R"("status": 302, "headers": {"Location": "https://elsewhere.test/MARKER"})")}},
        Cause{.name = "token_answer_of_a_gateway", .faults = {token(R"("shape": "html")")}},
        Cause{.name = "token_answer_that_is_no_json", .faults = {token(R"("shape": "not_json")")}},
        // What was sent comes back in the refusal's words.
        Cause{
            .name = "refusal_that_repeats_a_secret",
            .faults = {token(
                R"("status": 400, "body": "{\"error\": \"invalid_grant\", \"error_description\": \"AADSTS70000: )" +
                std::string(kDoctorToken) + R"( is bad\"}")")}}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    AtPartnerCenter, DoctorFinds,
    testing::Values(
        Cause{.name = "audience", .faults = {customers(R"("status": 401, "code": "900420")")}},
        Cause{.name = "mfa_missing", .settings = R"({"mfa": false, "enforce_mfa": true})"},
        Cause{.name = "mfa_not_enforced_yet",
              .status = 0,
              .settings = R"({"mfa": false, "enforce_mfa": false})"},
        Cause{.name = "mfa_doubted_by_partner_center",
              .status = 0,
              .faults = {customers(R"("headers": {"isMfaCompliant": "False"})")}},
        Cause{.name = "app_only", .faults = {customers(R"("status": 403, "code": "900329")")}},
        Cause{.name = "role_missing", .faults = {customers(R"("status": 403, "code": "2032")")}},
        Cause{.name = "token_refused", .faults = {customers(R"("status": 401, "code": "800001")")}},
        Cause{.name = "throttled", .faults = {customers(R"("status": 429, "retry_after": 57)")}},
        Cause{.name = "service_fails", .faults = {customers(R"("status": 500)")}},
        Cause{.name = "web_page_in_between",
              .faults = {customers(R"("status": 502, "shape": "html")")}},
        Cause{.name = "customer_list_unreadable", .faults = {customers(R"("shape": "not_json")")}},
        Cause{.name = "no_customers", .status = 0, .estate = R"({"empty_list": true})"},
        Cause{.name = "customer_not_ours",
              .arguments = {"--customer=99999999-9999-9999-9999-999999999999"}},
        Cause{.name = "customer_left",
              .faults = {insights(R"("status": 403, "code": "20002")")},
              .source = "classic"},
        Cause{.name = "customer_unknown", .arguments = {"--customer=Nobody & Sons"}},
        Cause{.name = "customer_excluded",
              .status = 0,
              .more = "customers: {exclude: [\"DT Demo*\"]}\n",
              .arguments = {"--customer=DT Demo CSP Customer 005"}},
        Cause{.name = "customers_all_excluded", .more = "customers: {include: [Nobody]}\n"},
        Cause{.name = "customer_chosen", .status = 0, .arguments = {"--customer=DT*"}},
        Cause{
            .name = "customer_without_licences", .status = 0, .estate = R"({"empty_data": true})"},
        Cause{.name = "bulk_reports_refused",
              .status = 0,
              .settings = R"({"commercial_prefix": "none"})"},
        Cause{.name = "bulk_reports_silent",
              .status = 0,
              .faults = {bulk(R"("variant": {"empty_items": true})")}},
        Cause{.name = "schema_unreadable", .faults = {insights(R"("shape": "not_json")")}},
        Cause{.name = "rows_unreadable",
              .faults = {insights(R"("variant": {"wrong_types": true})")}},
        Cause{.name = "rows_lost",
              .faults = {bulk(R"("variant": {"drop_rows": 1})")},
              .source = "commercial"},
        Cause{.name = "insights_fail", .faults = {insights(R"("status": 503)")}},
        Cause{.name = "insights_throttled",
              .faults = {insights(R"("status": 429, "retry_after": 57)")}}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace pce
