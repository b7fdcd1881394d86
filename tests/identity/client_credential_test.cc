// Secrets and federated tokens; certificates are in client_credential_certificate_test.cc.
#include "exporter/identity/client_credential.h"

#include "exporter/telemetry/log.h"
#include "tests/support/log_capture.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kUrl = "https://login.example/tenant-1/oauth2/v2.0/token";
constexpr WallTime kNow{std::chrono::seconds(1'800'000'000)};

class ClientCredentialTest : public testing::Test {
 protected:
  ClientCredentialTest() { set_up_log(LogLevel::kInfo, LogFormat::kLogfmt); }

  // "name=value" of each field, with a "!" in front where it is a secret.
  static std::vector<std::string> proof_of(ClientCredential& credential) {
    const auto proof = credential.proof(kUrl, kNow);
    EXPECT_TRUE(proof) << proof.error().message;
    std::vector<std::string> fields;
    if (!proof) return fields;
    for (const FormField& field : *proof) {
      fields.push_back((field.secret ? "!" : "") + std::string(field.name) + "=" +
                       std::string(field.value.reveal()));
    }
    return fields;
  }
  static std::string complaint(ClientCredential& credential) {
    const auto proof = credential.proof(kUrl, kNow);
    if (proof) return "proved";
    EXPECT_EQ(proof.error().kind, ErrorKind::kSettings);
    return proof.error().message;
  }

  TemporaryFolder folder_;
  ClientCredential secret_{"client-1", {.client_secret_file = folder_.path() / "secret"}};
  ClientCredential federated_{"client-1", {.federated_token_file = folder_.path() / "jwt"}};
};

TEST_F(ClientCredentialTest, OfAPublicClientIsNothing) {
  ClientCredential credential("client-1", {});
  EXPECT_EQ(credential.kind(), ClientCredential::Kind::kNone);
  EXPECT_FALSE(credential.is_confidential());
  EXPECT_THAT(proof_of(credential), IsEmpty());
  EXPECT_TRUE(credential.check(kNow));
  EXPECT_EQ(credential.stamp(), "");
  EXPECT_EQ(credential.certificate_end(), std::nullopt);
}

TEST_F(ClientCredentialTest, OfASecretIsTheSecret) {
  folder_.write("secret", "s~1\r\n");
  EXPECT_EQ(secret_.kind(), ClientCredential::Kind::kSecret);
  EXPECT_TRUE(secret_.is_confidential());
  EXPECT_THAT(proof_of(secret_), ElementsAre("!client_secret=s~1"));
  EXPECT_EQ(secret_.certificate_end(), std::nullopt);
  EXPECT_EQ(secret_.certificate_since(), std::nullopt);
}

TEST_F(ClientCredentialTest, OfAFederatedTokenIsTheTokenAsAssertion) {
  folder_.write("jwt", "aa.bb.cc\n");
  EXPECT_EQ(federated_.kind(), ClientCredential::Kind::kFederatedToken);
  EXPECT_THAT(
      proof_of(federated_),
      ElementsAre("client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                  "!client_assertion=aa.bb.cc"));
}

TEST_F(ClientCredentialTest, IsReadAnewForEveryRequestAlsoWhereLooksAreTheSame) {
  for (const char* token : {"aa.bb.c1", "aa.bb.c2", "aa.bb.c3"}) {
    folder_.write("jwt", token);
    folder_.write("secret", token);
    EXPECT_THAT(proof_of(federated_).at(1), HasSubstr(token));
    EXPECT_THAT(proof_of(secret_).at(0), HasSubstr(token));
  }
  // As the kubelet does it: a link to another folder.
  for (const std::string turn : {"1", "2"}) {
    const auto data = folder_.path() / ("data" + turn);
    std::filesystem::create_directory(data);
    folder_.write("data" + turn + "/jwt", "turn." + turn);
    const auto link = folder_.path() / "..new";
    std::filesystem::create_symlink(data / "jwt", link);
    std::filesystem::rename(link, folder_.path() / "jwt");
    EXPECT_THAT(proof_of(federated_).at(1), HasSubstr("turn." + turn));
  }
}

TEST_F(ClientCredentialTest, StampsChangeWithTheFile) {
  const std::string missing = secret_.stamp();
  folder_.write("secret", "one");
  const std::string one = secret_.stamp();
  EXPECT_NE(one, missing);
  EXPECT_EQ(secret_.stamp(), one);
  folder_.write("secret", "two");
  EXPECT_NE(secret_.stamp(), one);
}

TEST_F(ClientCredentialTest, IsAnErrorUntilItWasReadOnce) {
  EXPECT_THAT(complaint(secret_), HasSubstr((folder_.path() / "secret").string() + ": No such"));
  EXPECT_FALSE(secret_.check(kNow));
  folder_.write("secret", "\n");
  EXPECT_THAT(complaint(secret_), HasSubstr("is empty"));
  for (const char* wrong : {"two words", "two\nlines", "", "\x01"}) {
    folder_.write("jwt", wrong);
    EXPECT_THAT(complaint(federated_), HasSubstr((folder_.path() / "jwt").string() + ": "));
  }
}

TEST_F(ClientCredentialTest, OfBeforeIsUsedWhileTheFileIsGoneAndThatIsSaidOnce) {
  folder_.write("secret", "MARKER-1");
  proof_of(secret_);
  const std::string gone = said_while([&] {
    std::filesystem::remove(folder_.path() / "secret");
    for (int i = 0; i < 3; ++i)
      EXPECT_THAT(proof_of(secret_), ElementsAre("!client_secret=MARKER-1"));
  });
  EXPECT_EQ(times_in(gone, "level=WARN"), 1) << gone;
  EXPECT_THAT(gone, HasSubstr("the one of before is used on"));
  EXPECT_THAT(gone, HasSubstr("No such file"));
  const std::string half_written = said_while([&] {
    folder_.write("secret", "");
    EXPECT_THAT(proof_of(secret_), ElementsAre("!client_secret=MARKER-1"));
  });
  EXPECT_THAT(half_written, HasSubstr("is empty"));
  const std::string back = said_while([&] {
    folder_.write("secret", "MARKER-2");
    EXPECT_THAT(proof_of(secret_), ElementsAre("!client_secret=MARKER-2"));
    EXPECT_THAT(proof_of(secret_), ElementsAre("!client_secret=MARKER-2"));
  });
  EXPECT_THAT(back, HasSubstr("level=INFO"));
  EXPECT_EQ(times_in(back, "good again"), 1) << back;
  EXPECT_THAT(gone + half_written + back, Not(HasSubstr("MARKER")));
}

TEST_F(ClientCredentialTest, IsRefusedAtOnceWhenOthersMayReadTheFile) {
  folder_.write("secret", "s~1");
  proof_of(secret_);
  for (const mode_t mode : {0640U, 0604U, 0660U}) {
    folder_.write("secret", "s~1", mode);
    EXPECT_THAT(complaint(secret_), HasSubstr("which lets other users at it"));
    EXPECT_FALSE(secret_.check(kNow));
  }
  folder_.write("secret", "s~1");
  EXPECT_THAT(proof_of(secret_), ElementsAre("!client_secret=s~1"));
}

TEST_F(ClientCredentialTest, GoesOnWithOtherFiles) {
  folder_.write("secret", "s~1");
  folder_.write("other", "s~2");
  folder_.write("jwt", "a.b.c");
  EXPECT_THAT(proof_of(secret_), ElementsAre("!client_secret=s~1"));
  const std::string stamp = secret_.stamp();
  secret_.files_are({.client_secret_file = folder_.path() / "other"});
  EXPECT_NE(secret_.stamp(), stamp);
  EXPECT_THAT(proof_of(secret_), ElementsAre("!client_secret=s~2"));
  secret_.files_are({.federated_token_file = folder_.path() / "jwt"});
  EXPECT_EQ(secret_.kind(), ClientCredential::Kind::kFederatedToken);
  EXPECT_THAT(proof_of(secret_), testing::Contains("!client_assertion=a.b.c"));
}

TEST_F(ClientCredentialTest, DoesNotFallBackToFormerFiles) {
  folder_.write("secret", "s~1");
  proof_of(secret_);
  secret_.files_are({.client_secret_file = folder_.path() / "nowhere"});
  EXPECT_THAT(complaint(secret_), HasSubstr("nowhere"));
}

}  // namespace
}  // namespace pce
