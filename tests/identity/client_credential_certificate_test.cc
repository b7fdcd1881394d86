#include <filesystem>

#include <prometheus/registry.h>

#include "exporter/base/base64url.h"
#include "exporter/identity/client_credential.h"
#include "exporter/identity/token_endpoint.h"
#include "exporter/json/json_document.h"
#include "exporter/telemetry/log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/files.h"
#include "tests/support/log_capture.h"
#include "tests/support/openssl.h"
#include "tests/support/scripted_transport.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

const std::string kUrl = "https://login.example/tenant-1/oauth2/v2.0/token";

class CertificateCredential : public testing::Test {
 protected:
  CertificateCredential() { set_up_log(LogLevel::kInfo, LogFormat::kLogfmt); }
  static void SetUpTestSuite() {
    made_ = std::make_unique<TemporaryFolder>();
    make_certificate(made_->path(), "old");
    make_certificate(made_->path(), "new");
    make_certificate(made_->path(), "expired", {.days = -1});
  }
  static void TearDownTestSuite() { made_.reset(); }

  static std::string made(const std::string& name) { return read_file(made_->path() / name); }
  void put(const std::string& name) {
    folder_.write("c.pem", made(name + ".pem"));
    folder_.write("c.key", made(name + ".key"));
  }
  static std::string thumbprint(const std::string& name) {
    return base64url(fingerprint(made_->path() / (name + ".pem")));
  }
  std::string assertion() {
    const auto proof = credential_.proof(kUrl, clock_.wall());
    EXPECT_TRUE(proof) << proof.error().message;
    if (!proof) return "";
    EXPECT_EQ(proof->size(), 2U);
    EXPECT_EQ(proof->at(1).name, "client_assertion");
    EXPECT_TRUE(proof->at(1).secret);
    return std::string(proof->at(1).value.reveal());
  }
  static std::string header_of(const std::string& assertion) {
    return from_base64url(assertion.substr(0, assertion.find('.'))).value_or("");
  }
  static JsonDocument claims_of(const std::string& assertion) {
    const auto begin = assertion.find('.') + 1;
    auto claims = parse_json(
        from_base64url(assertion.substr(begin, assertion.rfind('.') - begin)).value_or(""));
    EXPECT_TRUE(claims) << claims.error().message;
    return std::move(*claims);
  }

  static std::unique_ptr<TemporaryFolder> made_;
  TemporaryFolder folder_;
  FakeClock clock_{std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())};
  ClientCredential credential_{"client-1",
                               {.client_certificate_file = folder_.path() / "c.pem",
                                .client_key_file = folder_.path() / "c.key"}};
};
std::unique_ptr<TemporaryFolder> CertificateCredential::made_;

TEST_F(CertificateCredential, ProvesItselfByAnAssertionForTheAddress) {
  put("old");
  EXPECT_EQ(credential_.kind(), ClientCredential::Kind::kCertificate);
  const std::string made = assertion();
  EXPECT_THAT(header_of(made), HasSubstr(thumbprint("old")));
  EXPECT_EQ(claims_of(made).text_of("aud"), kUrl);
  EXPECT_EQ(claims_of(made).text_of("iss"), "client-1");
}

TEST_F(CertificateCredential, TellsTheEndOfTheCertificateAndSinceWhenItIsThere) {
  EXPECT_EQ(credential_.certificate_end(), std::nullopt);
  put("old");
  const WallTime first = clock_.wall();
  ASSERT_TRUE(credential_.check(first));
  EXPECT_EQ(credential_.certificate_since(), first);
  const auto end = credential_.certificate_end();
  ASSERT_TRUE(end);
  EXPECT_GT(*end, first + std::chrono::days(29));
  EXPECT_LT(*end, first + std::chrono::days(31));

  clock_.advance(minutes(7));
  put("old");  // written again, and the same
  assertion();
  EXPECT_EQ(credential_.certificate_since(), first);
  put("new");
  const std::string said = said_while([&] { assertion(); });
  EXPECT_EQ(credential_.certificate_since(), clock_.wall());
  EXPECT_THAT(said, HasSubstr("The client certificate was replaced"));
}

TEST_F(CertificateCredential, SignsWithTheNewPairOnceBothHalvesAreThere) {
  put("old");
  assertion();
  const std::string before = credential_.stamp();
  folder_.write("c.pem", made("new.pem"));
  EXPECT_NE(credential_.stamp(), before);
  const std::string half = said_while([&] {
    EXPECT_THAT(header_of(assertion()), HasSubstr(thumbprint("old")));
    EXPECT_THAT(header_of(assertion()), HasSubstr(thumbprint("old")));
  });
  EXPECT_THAT(half, HasSubstr("certificate and key are not from one pair"));
  EXPECT_EQ(times_in(half, "level=WARN"), 1) << half;
  folder_.write("c.key", made("new.key"));
  const std::string now = assertion();
  EXPECT_THAT(header_of(now), HasSubstr(thumbprint("new")));
  EXPECT_TRUE(verifies_ps256(made_->path() / "new.pem", now.substr(0, now.rfind('.')),
                             from_base64url(now.substr(now.rfind('.') + 1)).value_or("")));
}

TEST_F(CertificateCredential, IsRefusedAtOnceWhenOthersMayReadTheKey) {
  put("old");
  assertion();
  folder_.write("c.key", made("old.key"), 0640);
  const auto proof = credential_.proof(kUrl, clock_.wall());
  ASSERT_FALSE(proof);
  EXPECT_THAT(proof.error().message,
              HasSubstr((folder_.path() / "c.key").string() + ": has mode 0640"));
}

TEST_F(CertificateCredential, NamesTheFileThatIsWrong) {
  put("old");
  folder_.write("c.key", made("new.key"));
  const auto checked = credential_.check(clock_.wall());
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kSettings);
  EXPECT_THAT(checked.error().message, testing::StartsWith((folder_.path() / "c.pem").string()));
  folder_.write("c.key", "MARKER");
  EXPECT_THAT(credential_.check(clock_.wall()).error().message,
              HasSubstr("client_key_file holds no private key"));
  std::filesystem::remove(folder_.path() / "c.key");
  EXPECT_THAT(credential_.check(clock_.wall()).error().message,
              testing::StartsWith((folder_.path() / "c.key").string()));
}

TEST_F(CertificateCredential, OpensPkcs12WithThePasswordOfItsFile) {
  put("old");
  openssl({"pkcs12", "-export", "-inkey", folder_.path() / "c.key", "-in", folder_.path() / "c.pem",
           "-out", folder_.path() / "c.p12", "-passout", "pass:MARKER-1"});
  std::filesystem::permissions(folder_.path() / "c.p12", std::filesystem::perms(0600));
  folder_.write("password", "MARKER-1\n");
  ClientCredential credential("client-1",
                              {.client_certificate_file = folder_.path() / "c.p12",
                               .client_certificate_password_file = folder_.path() / "password"});
  EXPECT_TRUE(credential.check(clock_.wall()));
  folder_.write("password", "MARKER-2\n");
  ClientCredential wrong("client-1",
                         {.client_certificate_file = folder_.path() / "c.p12",
                          .client_certificate_password_file = folder_.path() / "password"});
  const auto checked = wrong.check(clock_.wall());
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().message, HasSubstr("client_certificate_password_file"));
  EXPECT_THAT(checked.error().message, Not(HasSubstr("MARKER")));
}

TEST_F(CertificateCredential, IsUsableAndWarnedOfWhenItHasExpired) {
  put("expired");
  const auto checked = credential_.check(clock_.wall());
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_THAT(checked->value_or(""), HasSubstr("c.pem expired on 20"));
  const std::string said = said_while([&] {
    assertion();
    assertion();
  });
  EXPECT_THAT(said, HasSubstr("level=WARN"));
  EXPECT_EQ(times_in(said, "expired on"), 1) << said;
}

TEST_F(CertificateCredential, ExpiresWhileWeRunAndSaysSoOnce) {
  put("old");
  EXPECT_EQ(said_while([&] { assertion(); }), "");
  clock_.advance(std::chrono::days(31));
  const std::string said = said_while([&] {
    assertion();
    assertion();
  });
  EXPECT_THAT(said, HasSubstr("expired on"));
  EXPECT_EQ(times_in(said, "expired on"), 1) << said;
  clock_.step_wall(-std::chrono::days(40));
  EXPECT_THAT(said_while([&] { assertion(); }), HasSubstr("is this machine's clock right?"));
}

// The governor may hold the request back longer than an assertion lives.
TEST_F(CertificateCredential, ProvesItselfWhenTheRequestIsSentNotWhenItIsWantedFirst) {
  put("old");
  Governor governor(clock_, {.requests_per_minute = 6000, .concurrency = 1});
  prometheus::Registry registry;
  ApiTelemetry telemetry(registry, "contoso", {"token"});
  ScriptedTransport transport([](const HttpRequest&) {
    return HttpResponse{.status = 200, .body = R"({"access_token":"a","token_type":"Bearer"})"};
  });
  TokenEndpoint endpoint({transport, governor, clock_, telemetry}, "https://login.example",
                         "tenant-1");
  governor.pause_for(minutes(30));
  const WallTime wanted = clock_.wall();
  ASSERT_TRUE(endpoint.ask({}, credential_, {}));
  EXPECT_GE(clock_.wall() - wanted, minutes(30));
  const std::string body(transport.requests().at(0).body.reveal());
  const std::string sent = body.substr(body.find("client_assertion=") + 17);
  const auto expires = claims_of(sent).find("exp")->integer();
  ASSERT_TRUE(expires);
  EXPECT_EQ(WallTime(seconds(*expires)), std::chrono::floor<seconds>(clock_.wall()) + minutes(10));
}

}  // namespace
}  // namespace pce
