// What the identity platform gets to see of the application's credential, also while its files
// change, and what nobody else does.
#include <signal.h>

#include <nlohmann/json.hpp>

#include "exporter/base/base64url.h"
#include "tests/end_to_end/stage.h"
#include "tests/support/files.h"
#include "tests/support/http_imposter.h"
#include "tests/support/openssl.h"

namespace pce {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kTokenPath = "/oauth2/v2.0/token";

// What stands behind NAME= in the body of a token request; nothing there needs decoding.
std::string field_of(const std::string& request, const std::string& name) {
  const auto at = request.find("&" + name + "=");
  if (at == std::string::npos) return "";
  const auto begin = at + name.size() + 2;
  return request.substr(begin, request.find('&', begin) - begin);
}

std::int64_t unix_time() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
      .time_since_epoch()
      .count();
}

struct Assertion {
  std::string signed_text, signature;
  json header, claims;
};

Assertion parsed(const std::string& assertion) {
  const auto first = assertion.find('.');
  const auto last = assertion.rfind('.');
  const auto part = [&](std::size_t from, std::size_t to) {
    const auto bytes = from_base64url(assertion.substr(from, to - from));
    EXPECT_TRUE(bytes) << assertion;
    return bytes.value_or("");
  };
  return {.signed_text = assertion.substr(0, last),
          .signature = part(last + 1, assertion.size()),
          .header = json::parse(part(0, first), nullptr, false),
          .claims = json::parse(part(first + 1, last), nullptr, false)};
}

// Answers every token request, and every other one with 401: so the exporter signs in a second time
// at once. `between` is done after the first sign-in and before the second.
class TwoSignIns {
 public:
  explicit TwoSignIns(std::function<void()> between)
      : imposter_([this, between = std::move(between)](const std::string& request, int) {
          if (request.find(kTokenPath) != std::string::npos) {
            return HttpImposter::answer(
                200,
                R"({"token_type":"Bearer","expires_in":3600,"access_token":"a-made-up-word"})");
          }
          std::call_once(once_, between);
          return HttpImposter::answer(401, "");
        }) {}

  int port() const { return imposter_.port(); }
  std::vector<std::string> token_requests() const {
    std::vector<std::string> all = imposter_.requests();
    std::erase_if(all, [](const std::string& request) {
      return request.find(kTokenPath) == std::string::npos;
    });
    return all;
  }
  // Runs an exporter with this credential until it has signed in twice.
  std::vector<std::string> of(Stage& stage, const std::string& account) {
    stage.start_exporter({.account = account, .api_port = port()});
    EXPECT_TRUE(eventually([&] { return token_requests().size() >= 2; }))
        << stage.exporter().output();
    return token_requests();
  }

 private:
  std::once_flag once_;
  HttpImposter imposter_;
};

const std::string kPair = "    client_certificate_file: c.pem\n    client_key_file: c.key\n";

TEST(EndToEndSignInRequests, HoldAssertionsThatOpenSslVerifies) {
  Stage stage;
  make_certificate(stage.folder(), "c");
  make_certificate(stage.folder(), "next");
  const auto put = [&](const std::string& name) {
    std::filesystem::rename(stage.folder() / ("next." + name), stage.folder() / ("c." + name));
  };
  std::filesystem::copy(stage.folder() / "c.pem", stage.folder() / "first.pem");
  TwoSignIns platform([&] {
    put("key");
    put("pem");
  });
  const std::int64_t begun = unix_time();
  const auto requests = platform.of(stage, kPair);
  const std::int64_t ended = unix_time();
  ASSERT_GE(requests.size(), 2U);

  std::set<std::string> ids;
  const std::string certificates[] = {"first.pem", "c.pem"};
  for (std::size_t i = 0; i < 2; ++i) {
    SCOPED_TRACE(certificates[i]);
    const auto certificate = stage.folder() / certificates[i];
    EXPECT_EQ(field_of(requests[i], "client_assertion_type"),
              "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer");
    EXPECT_EQ(field_of(requests[i], "client_secret"), "");
    const Assertion assertion = parsed(field_of(requests[i], "client_assertion"));
    EXPECT_TRUE(verifies_ps256(certificate, assertion.signed_text, assertion.signature));
    EXPECT_FALSE(verifies_ps256(certificate, assertion.signed_text + "x", assertion.signature));
    EXPECT_FALSE(verifies_ps256(certificate, assertion.signed_text, assertion.signature, 20));

    EXPECT_EQ(assertion.header.at("alg"), "PS256");
    EXPECT_EQ(assertion.header.at("typ"), "JWT");
    EXPECT_EQ(from_base64url(assertion.header.at("x5t#S256").get<std::string>()),
              fingerprint(certificate));

    EXPECT_EQ(assertion.claims.at("aud"), "http://127.0.0.1:" + std::to_string(platform.port()) +
                                              "/11111111-2222-3333-4444-555555555555" +
                                              std::string(kTokenPath));
    EXPECT_EQ(assertion.claims.at("iss"), "66666666-7777-8888-9999-000000000000");
    EXPECT_EQ(assertion.claims.at("sub"), "66666666-7777-8888-9999-000000000000");
    const auto nbf = assertion.claims.at("nbf").get<std::int64_t>();
    const auto exp = assertion.claims.at("exp").get<std::int64_t>();
    EXPECT_EQ(exp - nbf, 11 * 60);
    EXPECT_GE(nbf, begun - 60);
    EXPECT_LE(nbf, ended - 60);
    EXPECT_EQ(assertion.claims.at("iat"), nbf);
    EXPECT_TRUE(ids.insert(assertion.claims.at("jti")).second);
  }
}

TEST(EndToEndSignInRequests, HoldANewSecretFromTheNextSignInOn) {
  Stage stage;
  stage.write_file("s", "first-secret\n", 0600);
  TwoSignIns platform([&] { stage.write_file("s", "second-secret\n", 0600); });
  const auto requests = platform.of(stage, "    client_secret_file: s\n");
  ASSERT_GE(requests.size(), 2U);
  EXPECT_EQ(field_of(requests[0], "client_secret"), "first-secret");
  EXPECT_EQ(field_of(requests[1], "client_secret"), "second-secret");
}

TEST(EndToEndSignInRequests, HoldTheFederatedTokenThereIsNow) {
  Stage stage;
  stage.write_file("jwt", "first.token.x", 0600);
  TwoSignIns platform([&] { stage.write_file("jwt", "second.token.x", 0600); });
  const auto requests = platform.of(stage, "    federated_token_file: jwt\n");
  ASSERT_GE(requests.size(), 2U);
  EXPECT_EQ(field_of(requests[0], "client_assertion"), "first.token.x");
  EXPECT_EQ(field_of(requests[1], "client_assertion"), "second.token.x");
}

TEST(EndToEndSignInRequests, HoldTheSecretOfBeforeWhenItsFileVanishes) {
  Stage stage;
  stage.write_file("s", "first-secret\n", 0600);
  TwoSignIns platform([&] { std::filesystem::remove(stage.folder() / "s"); });
  const auto requests = platform.of(stage, "    client_secret_file: s\n");
  ASSERT_GE(requests.size(), 2U);
  EXPECT_EQ(field_of(requests[1], "client_secret"), "first-secret");
  EXPECT_NE(stage.exporter().line_with("the one of before is used on"), "");
}

TEST(EndToEndSignInRequests, AreNotMadeWhenOthersMayReadTheSecret) {
  Stage stage;
  stage.write_file("s", "first-secret\n", 0600);
  TwoSignIns platform([&] { stage.write_file("s", "first-secret\n", 0644); });
  stage.start_exporter({.account = "    client_secret_file: s\n", .api_port = platform.port()});
  EXPECT_TRUE(eventually([&] { return stage.times_said("which lets other users at it") > 0; }))
      << stage.exporter().output();
  EXPECT_EQ(platform.token_requests().size(), 1U);
}

// Nothing of key, password or assertion, whatever the other side repeats.
TEST(EndToEndSignInRequests, ShowNothingOfTheirSecretsElsewhere) {
  Stage stage;
  make_certificate(stage.folder(), "c");
  const auto file = [&](const char* name) { return (stage.folder() / name).string(); };
  openssl({"pkcs12", "-export", "-inkey", file("c.key"), "-in", file("c.pem"), "-out",
           file("c.p12"), "-passout", "pass:MARKER-password"});
  std::filesystem::permissions(file("c.p12"), std::filesystem::perms(0600));
  stage.write_file("password", "MARKER-password\n", 0600);
  HttpImposter parrot([](const std::string& request, int) {
    const std::string assertion = field_of(request, "client_assertion");
    return HttpImposter::answer(
        400, R"({"error":"invalid_client","error_description":"AADSTS700027: )" + assertion +
                 R"( is bad"})");
  });
  const auto config =
      stage.write_config({.account = "    client_certificate_file: c.p12\n"
                                     "    client_certificate_password_file: password\n",
                          .api_port = parrot.port()});
  stage.start_exporter_with({"--config.file=" + config.string(), "--web.listen-address=127.0.0.1:0",
                             "--log.level=debug"});
  ASSERT_TRUE(stage.exporter_listens()) << stage.exporter().output();
  EXPECT_TRUE(eventually([&] { return stage.times_said("AADSTS700027") > 0; }))
      << stage.exporter().output();
  const std::string assertion = field_of(parrot.requests().at(0), "client_assertion");
  ASSERT_GT(assertion.size(), 500U);
  std::string seen = stage.get("/metrics").body + stage.get("/-/ready").body;
  for (const char* name : {"cmdline", "environ"})
    seen += read_file("/proc/" + std::to_string(stage.exporter().pid()) + "/" + name);
  stage.exporter().signal(SIGTERM);
  stage.exporter().wait();
  stage.exporter().wait_for_last_word();
  seen += stage.exporter().output();
  EXPECT_THAT(seen, Not(HasSubstr("MARKER")));
  EXPECT_THAT(seen, Not(HasSubstr(assertion.substr(0, 24))));
  EXPECT_THAT(seen, Not(HasSubstr(assertion.substr(assertion.size() - 24))));
  const std::string key = read_file(file("c.key"));
  EXPECT_THAT(seen, Not(HasSubstr(key.substr(key.find('\n') + 1, 40))));
}

}  // namespace
}  // namespace pce
