#include "exporter/identity/authorization_code.h"

#include <map>

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

const Application kApplication{.login = "https://login.example/",
                               .tenant_id = "tenant-1",
                               .client_id = "client 1",
                               .resource = "https://api.example"};

std::map<std::string, std::string> members_of(const std::string& address) {
  std::map<std::string, std::string> members;
  std::string_view rest = std::string_view(address).substr(address.find('?') + 1);
  while (!rest.empty()) {
    const auto pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    const bool is_new = members
                            .emplace(percent_decoded(pair.substr(0, equals)),
                                     percent_decoded(pair.substr(equals + 1)))
                            .second;
    EXPECT_TRUE(is_new) << pair;
  }
  return members;
}

class AuthorizationCode : public testing::Test {
 protected:
  std::string state() const { return members_of(sign_in_.address()).at("state"); }
  RedirectAnswer good(const std::string& redirected) const {
    auto answer = sign_in_.read(redirected);
    EXPECT_TRUE(answer) << redirected << ": " << answer.error().message;
    return answer ? *answer : RedirectAnswer{};
  }
  std::string refusal_of(const std::string& redirected) const {
    const auto answer = sign_in_.read(redirected);
    EXPECT_FALSE(answer) << redirected;
    return answer ? "" : answer.error().message;
  }

  const AuthorizationCodeSignIn sign_in_{kApplication, 43210};
};

TEST_F(AuthorizationCode, AsksForPartnerCenterItselfWithPkce) {
  EXPECT_THAT(sign_in_.address(),
              testing::StartsWith("https://login.example/tenant-1/oauth2/v2.0/authorize?"));
  EXPECT_THAT(sign_in_.address(),
              HasSubstr("scope=https%3A%2F%2Fapi.example%2Fuser_impersonation%20openid%20profile%20"
                        "offline_access&"));
  const auto members = members_of(sign_in_.address());
  EXPECT_EQ(members.at("client_id"), "client 1");
  EXPECT_EQ(members.at("response_type"), "code");
  EXPECT_EQ(members.at("response_mode"), "query");
  EXPECT_EQ(members.at("redirect_uri"), "http://localhost:43210/");
  EXPECT_EQ(members.at("code_challenge_method"), "S256");
  EXPECT_EQ(members.at("prompt"), "select_account");
  EXPECT_EQ(members.at("state").size(), 43U);
  EXPECT_EQ(members.at("nonce").size(), 43U);
}

TEST_F(AuthorizationCode, RedeemsWithTheVerifierBehindTheChallenge) {
  std::map<std::string, FormField> fields;
  for (const FormField& field : sign_in_.redemption(Secret("c0de")))
    fields.emplace(field.name, field);
  EXPECT_EQ(fields.at("grant_type").value.reveal(), "authorization_code");
  EXPECT_EQ(fields.at("client_id").value.reveal(), "client 1");
  EXPECT_EQ(fields.at("code").value.reveal(), "c0de");
  EXPECT_TRUE(fields.at("code").secret);
  EXPECT_EQ(fields.at("redirect_uri").value.reveal(), "http://localhost:43210/");
  EXPECT_TRUE(fields.at("code_verifier").secret);
  EXPECT_EQ(s256_challenge(fields.at("code_verifier").value.reveal()),
            members_of(sign_in_.address()).at("code_challenge"));
  EXPECT_EQ(fields.at("scope").value.reveal(),
            "https://api.example/user_impersonation openid profile offline_access");
  EXPECT_THAT(sign_in_.address(),
              Not(HasSubstr(std::string(fields.at("code_verifier").value.reveal()))));
}

TEST_F(AuthorizationCode, AreNeverTheSameTwice) {
  const AuthorizationCodeSignIn other(kApplication, 43210);
  const auto a = members_of(sign_in_.address());
  const auto b = members_of(other.address());
  for (const char* name : {"state", "nonce", "code_challenge"}) EXPECT_NE(a.at(name), b.at(name));
}

TEST_F(AuthorizationCode, TakesWhatTheBrowserBringsAndWhatPeoplePaste) {
  const std::string query = "code=0.AX-a_b%7Ec&state=" + state() + "&session_state=s";
  for (const std::string& redirected :
       {"/?" + query, "http://localhost:43210/?" + query, "localhost:43210/?" + query, "?" + query,
        query, "  \"http://localhost:43210/?" + query + "\" \r\n", "<" + query + ">",
        "http://localhost:43210/?" + query + "#", "/?" + query + "&", "/?&&" + query,
        "http://127.0.0.1:8/elsewhere?" + query}) {
    const RedirectAnswer answer = good(redirected);
    EXPECT_EQ(answer.code.reveal(), "0.AX-a_b~c") << redirected;
    EXPECT_FALSE(answer.refused) << redirected;
  }
}

TEST_F(AuthorizationCode, TakesOnlyItsOwnState) {
  std::string almost = state();
  almost.back() = almost.back() == 'A' ? 'B' : 'A';
  for (const std::string& other : {almost, state() + "A", state().substr(1), std::string("x")}) {
    const std::string message = refusal_of("/?code=c0de&state=" + other);
    EXPECT_THAT(message, HasSubstr("another sign-in"));
    EXPECT_THAT(message, Not(HasSubstr("c0de")));
    EXPECT_THAT(refusal_of("/?error=access_denied&state=" + other), HasSubstr("another sign-in"));
  }
}

TEST_F(AuthorizationCode, SaysWhatElseItIs) {
  EXPECT_THAT(refusal_of(sign_in_.address()), HasSubstr("the address to be opened"));
  EXPECT_THAT(refusal_of(""), HasSubstr("no answer to a sign-in"));
  EXPECT_THAT(refusal_of("hello"), HasSubstr("http://localhost:43210/?"));
  EXPECT_THAT(refusal_of("http://localhost:43210/"), HasSubstr("no answer to a sign-in"));
  EXPECT_THAT(refusal_of("code=c0de"), HasSubstr("no answer to a sign-in"));
  EXPECT_THAT(refusal_of("state=" + state()), HasSubstr("neither code nor error"));
  EXPECT_THAT(refusal_of("code=c0de&error=e&state=" + state()), HasSubstr("both code and error"));
  EXPECT_THAT(refusal_of("code=a&code=b&state=" + state()), HasSubstr("twice"));
  EXPECT_THAT(refusal_of("code=a&state=" + state() + "&st%61te=" + state()), HasSubstr("twice"));
  EXPECT_THAT(refusal_of("code=a%0Ab&state=" + state()), HasSubstr("damaged"));
  EXPECT_THAT(refusal_of("state=" + state() + "&code=" + std::string(40'000, 'a')),
              HasSubstr("too long"));
}

TEST_F(AuthorizationCode, ClassifiesTheAuthorizePagesRefusals) {
  const auto refused = [&](const std::string& error, const std::string& description) {
    const RedirectAnswer answer =
        good("/?error=" + error + "&error_description=" + percent_encoded(description) +
             "&state=" + state());
    EXPECT_TRUE(answer.code.empty());
    EXPECT_TRUE(answer.refused);
    return answer.refused.value_or(Error{});
  };
  const Error declined =
      refused("access_denied", "AADSTS65004: User declined to consent.\r\nTrace ID: x");
  EXPECT_EQ(declined.kind, ErrorKind::kUnauthorized);
  EXPECT_EQ(declined.api_code, "AADSTS65004");
  EXPECT_EQ(declined.api_word, "access_denied");
  EXPECT_EQ(declined.http_status, 0);
  EXPECT_THAT(declined.message,
              testing::StartsWith("access_denied: AADSTS65004: User declined to consent.; "));
  EXPECT_EQ(refused("access_denied", "").api_code, "access_denied");
  EXPECT_EQ(refused("access_denied", "").kind, ErrorKind::kUnauthorized);
  EXPECT_EQ(refused("server_error", "AADSTS90033: later").kind, ErrorKind::kUpstream);
  EXPECT_EQ(refused("invalid_resource", "AADSTS500011: what?").kind, ErrorKind::kSettings);
  // Bytes that are no UTF-8, or that steer a terminal.
  EXPECT_THAT(refused("access_denied", "AADSTS65004: \xFF\x1B[2J").message,
              HasSubstr("AADSTS65004: ? [2J"));
}

}  // namespace
}  // namespace pce
