#include "exporter/identity/client_assertion.h"

#include <set>

#include "exporter/base/base64url.h"
#include "exporter/json/json_document.h"
#include "tests/support/files.h"
#include "tests/support/openssl.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

const std::string kClient = "66666666-7777-8888-9999-000000000000";
const std::string kUrl =
    "https://login.example/11111111-2222-3333-4444-555555555555/oauth2/v2.0/token";
constexpr WallTime kNow{std::chrono::milliseconds(1'800'000'000'999)};

class ClientAssertion : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<TemporaryFolder>();
    make_certificate(shared_->path(), "ours");
  }
  static void TearDownTestSuite() { shared_.reset(); }

  static std::string make() {
    const auto folder = shared_->path();
    const auto certificate =
        ClientCertificate::load({.certificate = Secret(read_file(folder / "ours.pem")),
                                 .key = Secret(read_file(folder / "ours.key"))});
    EXPECT_TRUE(certificate) << certificate.error().message;
    const auto assertion = client_assertion(*certificate, kClient, kUrl, kNow);
    EXPECT_TRUE(assertion) << assertion.error().message;
    return std::string(assertion->reveal());
  }
  // Of the three parts, with the dots left out.
  static std::vector<std::string> parts_of(const std::string& assertion) {
    const auto first = assertion.find('.');
    const auto last = assertion.rfind('.');
    EXPECT_LT(first, last);
    return {assertion.substr(0, first), assertion.substr(first + 1, last - first - 1),
            assertion.substr(last + 1)};
  }
  static std::string decoded(const std::string& part) {
    const auto bytes = from_base64url(part);
    EXPECT_TRUE(bytes) << part;
    return bytes.value_or("");
  }

  static std::unique_ptr<TemporaryFolder> shared_;
};
std::unique_ptr<TemporaryFolder> ClientAssertion::shared_;

TEST_F(ClientAssertion, NamesTheCertificateInItsHeader) {
  const std::string thumbprint = base64url(fingerprint(shared_->path() / "ours.pem"));
  EXPECT_EQ(thumbprint.size(), 43U);
  EXPECT_EQ(decoded(parts_of(make())[0]),
            R"({"alg":"PS256","typ":"JWT","x5t#S256":")" + thumbprint + "\"}");
}

TEST_F(ClientAssertion, IsForOneClientOneAddressAndElevenMinutes) {
  const auto claims = parse_json(decoded(parts_of(make())[1]));
  ASSERT_TRUE(claims) << claims.error().message;
  EXPECT_EQ(claims->text_of("aud"), kUrl);
  EXPECT_EQ(claims->text_of("iss"), kClient);
  EXPECT_EQ(claims->text_of("sub"), kClient);
  const auto number = [&](const char* name) { return claims->find(name)->integer().value_or(0); };
  EXPECT_EQ(number("nbf"), 1'799'999'940);
  EXPECT_EQ(number("iat"), 1'799'999'940);
  EXPECT_EQ(number("exp"), 1'800'000'600);
}

TEST_F(ClientAssertion, IsSignedForOpenSslToo) {
  const std::string assertion = make();
  const std::string data = assertion.substr(0, assertion.rfind('.'));
  const std::string signature = decoded(parts_of(assertion)[2]);
  EXPECT_TRUE(verifies_ps256(shared_->path() / "ours.pem", data, signature));
  EXPECT_FALSE(verifies_ps256(shared_->path() / "ours.pem", data + "x", signature));
}

TEST_F(ClientAssertion, IsNeverTheSameTwice) {
  std::set<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    const auto claims = parse_json(decoded(parts_of(make())[1]));
    ASSERT_TRUE(claims);
    const std::string id(claims->text_of("jti"));
    EXPECT_EQ(id.size(), 36U);
    EXPECT_TRUE(ids.insert(id).second) << id;
  }
}

}  // namespace
}  // namespace pce
