#include "exporter/identity/client_certificate.h"

#include "tests/support/files.h"
#include "tests/support/openssl.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::system_clock;
using testing::HasSubstr;

// One key for all tests of this program: making it is the slow part.
class ClientCertificateTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<TemporaryFolder>();
    make_certificate(shared_->path(), "ours");
    make_certificate(shared_->path(), "other");
  }
  static void TearDownTestSuite() { shared_.reset(); }

  static std::filesystem::path path(const std::string& name) { return shared_->path() / name; }
  static Secret content(const std::string& name) { return Secret(read_file(path(name))); }
  static Secret together(const std::vector<std::string>& names) {
    std::string all;
    for (const std::string& name : names) all += read_file(path(name));
    return Secret(all);
  }
  // PKCS#12 of our pair, written as these options say.
  static Secret pkcs12(const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"pkcs12", "-export",        "-inkey", path("ours.key"),
                                       "-in",    path("ours.pem"), "-out",   path("made.p12")};
    arguments.insert(arguments.end(), options.begin(), options.end());
    openssl(arguments);
    return content("made.p12");
  }
  static void expect_ours(const Result<ClientCertificate>& loaded) {
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_TRUE(loaded->thumbprint() == fingerprint(path("ours.pem")));
    const auto signature = loaded->sign("some text");
    ASSERT_TRUE(signature) << signature.error().message;
    EXPECT_TRUE(verifies_ps256(path("ours.pem"), "some text", *signature));
  }
  static std::string complaint(const ClientCertificate::Content& wrong) {
    const auto loaded = ClientCertificate::load(wrong);
    if (loaded) return "loaded";
    EXPECT_EQ(loaded.error().kind, ErrorKind::kSettings);
    return loaded.error().message;
  }

  static std::unique_ptr<TemporaryFolder> shared_;
};
std::unique_ptr<TemporaryFolder> ClientCertificateTest::shared_;

TEST_F(ClientCertificateTest, IsReadFromPemWithTheKeyBesideOrInAFileOfItsOwn) {
  expect_ours(
      ClientCertificate::load({.certificate = content("ours.pem"), .key = content("ours.key")}));
  expect_ours(ClientCertificate::load({.certificate = together({"ours.pem", "ours.key"})}));
  expect_ours(ClientCertificate::load({.certificate = together({"ours.key", "ours.pem"})}));
}

TEST_F(ClientCertificateTest, IsTheOneOfTheKeyAmongSeveral) {
  expect_ours(ClientCertificate::load(
      {.certificate = together({"other.pem", "ours.pem"}), .key = content("ours.key")}));
}

TEST_F(ClientCertificateTest, TellsItsTimes) {
  const auto loaded = ClientCertificate::load({.certificate = together({"ours.pem", "ours.key"})});
  ASSERT_TRUE(loaded) << loaded.error().message;
  const auto now = system_clock::now();
  EXPECT_LE(loaded->not_before(), now);
  EXPECT_GT(loaded->not_before(), now - hours(1));
  EXPECT_EQ(loaded->not_after() - loaded->not_before(), days(30));
}

TEST_F(ClientCertificateTest, SignsWithASaltOf32Bytes) {
  const auto loaded = ClientCertificate::load({.certificate = together({"ours.pem", "ours.key"})});
  ASSERT_TRUE(loaded) << loaded.error().message;
  const std::string signature = *loaded->sign("some text");
  EXPECT_TRUE(verifies_ps256(path("ours.pem"), "some text", signature));
  EXPECT_FALSE(verifies_ps256(path("ours.pem"), "some text", signature, 20));
  EXPECT_FALSE(verifies_ps256(path("ours.pem"), "some other text", signature));
  EXPECT_FALSE(verifies_ps256(path("other.pem"), "some text", signature));
  EXPECT_NE(signature, *loaded->sign("some text"));
}

TEST_F(ClientCertificateTest, IsReadFromPkcs12WithAndWithoutAPassword) {
  const Secret password("pässword 1");
  const std::string out = "pass:" + std::string(password.reveal());
  const std::vector<std::vector<std::string>> spellings{
      {"-passout", out},
      {"-passout", out, "-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"},
      {"-passout", out, "-nomac"},
      {"-passout", out, "-certfile", path("other.pem")}};
  for (const auto& options : spellings) {
    SCOPED_TRACE(testing::PrintToString(options));
    expect_ours(ClientCertificate::load({.certificate = pkcs12(options), .password = password}));
  }
  const std::vector<std::vector<std::string>> open{
      {"-passout", "pass:"},
      {"-passout", "pass:", "-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES"},
      {"-passout", "pass:", "-certpbe", "NONE", "-keypbe", "NONE"},
      {"-passout", "pass:", "-certpbe", "NONE", "-keypbe", "NONE", "-nomac"}};
  for (const auto& options : open) {
    SCOPED_TRACE(testing::PrintToString(options));
    expect_ours(ClientCertificate::load({.certificate = pkcs12(options)}));
  }
}

TEST_F(ClientCertificateTest, OpensAnEncryptedPemKey) {
  const Secret password("MARKER-password");
  openssl({"pkcs8", "-topk8", "-in", path("ours.key"), "-out", path("pkcs8.key"), "-passout",
           "pass:MARKER-password"});
  openssl({"rsa", "-traditional", "-aes256", "-in", path("ours.key"), "-out", path("old.key"),
           "-passout", "pass:MARKER-password"});
  openssl({"rsa", "-traditional", "-in", path("ours.key"), "-out", path("plain_old.key")});
  for (const std::string key : {"pkcs8.key", "old.key"}) {
    SCOPED_TRACE(key);
    expect_ours(ClientCertificate::load(
        {.certificate = content("ours.pem"), .key = content(key), .password = password}));
    expect_ours(ClientCertificate::load(
        {.certificate = together({"ours.pem", key}), .password = password}));
    EXPECT_THAT(complaint({.certificate = content("ours.pem"), .key = content(key)}),
                HasSubstr("wanted the password in client_certificate_password_file"));
    const std::string wrong = complaint({.certificate = content("ours.pem"),
                                         .key = content(key),
                                         .password = Secret("MARKER-wrong")});
    EXPECT_THAT(wrong, HasSubstr("does not open its key"));
    EXPECT_THAT(wrong, testing::Not(HasSubstr("MARKER")));
  }
  expect_ours(ClientCertificate::load(
      {.certificate = content("ours.pem"), .key = content("plain_old.key")}));
  expect_ours(ClientCertificate::load({.certificate = content("ours.pem"),
                                       .key = content("ours.key"),
                                       .password = Secret("of no use")}));
}

TEST_F(ClientCertificateTest, SaysWhatIsWrongWithPkcs12) {
  const Secret sealed = pkcs12({"-passout", "pass:MARKER-password"});
  EXPECT_THAT(complaint({.certificate = sealed}), HasSubstr("wanted the password in"));
  const std::string wrong = complaint({.certificate = sealed, .password = Secret("MARKER-wrong")});
  EXPECT_THAT(wrong, HasSubstr("does not open its key"));
  EXPECT_THAT(wrong, testing::Not(HasSubstr("MARKER")));
  EXPECT_THAT(complaint({.certificate = sealed,
                         .key = content("ours.key"),
                         .password = Secret("MARKER-password")}),
              HasSubstr("wanted no client_key_file"));
  EXPECT_THAT(complaint({.certificate = pkcs12({"-passout", "pass:", "-nokeys"})}),
              HasSubstr("holds no certificate with its key"));
  EXPECT_THAT(complaint({.certificate = pkcs12({"-passout", "pass:", "-nocerts"})}),
              HasSubstr("holds no certificate with its key"));
}

TEST_F(ClientCertificateTest, SaysWhatIsWrongWithPem) {
  EXPECT_THAT(complaint({.certificate = content("ours.pem"), .key = content("other.key")}),
              HasSubstr("certificate and key are not from one pair"));
  EXPECT_THAT(complaint({.certificate = content("ours.pem")}), HasSubstr("holds no private key"));
  EXPECT_THAT(complaint({.certificate = content("ours.key")}), HasSubstr("holds no certificate"));
  EXPECT_THAT(complaint({.certificate = content("ours.pem"), .key = content("ours.pem")}),
              HasSubstr("holds no private key"));
  const std::string key = read_file(path("ours.key"));
  EXPECT_THAT(
      complaint({.certificate = content("ours.pem"), .key = Secret(key.substr(0, key.size() / 2))}),
      HasSubstr("private key"));
  std::string damaged = key;
  damaged.replace(damaged.size() / 2, 8, "AAAAAAAA");
  EXPECT_THAT(complaint({.certificate = content("ours.pem"), .key = Secret(damaged)}),
              testing::AnyOf(HasSubstr("its key is damaged"), HasSubstr("cannot be read")));
}

TEST_F(ClientCertificateTest, IsNeitherDerNorAnyOtherFile) {
  openssl({"x509", "-in", path("ours.pem"), "-outform", "DER", "-out", path("ours.der")});
  EXPECT_EQ(complaint({.certificate = content("ours.der"), .key = content("ours.key")}),
            "is neither PEM nor PKCS#12");
  const std::string whole(pkcs12({"-passout", "pass:"}).reveal());
  for (const std::size_t bytes : {0UL, 1UL, 100UL, whole.size() - 1}) {
    EXPECT_NE(complaint({.certificate = Secret(whole.substr(0, bytes))}), "loaded") << bytes;
  }
  EXPECT_EQ(complaint({.certificate = Secret("MARKER")}), "is neither PEM nor PKCS#12");
}

struct OtherKey {
  std::string name;
  std::vector<std::string> key;
  std::string complaint;
};

TEST_F(ClientCertificateTest, TakesNoOtherKeyThanRsaOf2048BitsAndMore) {
  const std::vector<OtherKey> table{
      {"ec", {"ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"}, "of the kind EC/ECDSA"},
      {"ed25519", {"ed25519"}, "of the kind EdDSA"},
      {"pss", {"rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"}, "of the kind RSA-PSS"},
      {"short", {"rsa:1024"}, "has 1024 bits"}};
  for (const OtherKey& row : table) {
    make_certificate(path(""), row.name, {.key = row.key});
    const std::string message =
        complaint({.certificate = content(row.name + ".pem"), .key = content(row.name + ".key")});
    EXPECT_THAT(message, HasSubstr(row.complaint));
    EXPECT_THAT(message, HasSubstr("wanted RSA of at least 2048 bits"));
  }
  make_certificate(path(""), "long", {.key = {"rsa:3072"}});
  EXPECT_EQ(complaint({.certificate = content("long.pem"), .key = content("long.key")}), "loaded");
}

TEST_F(ClientCertificateTest, IsReadWhenItHasExpired) {
  make_certificate(path(""), "expired", {.days = -1});
  const auto loaded = ClientCertificate::load(
      {.certificate = content("expired.pem"), .key = content("expired.key")});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_LT(loaded->not_after(), system_clock::now());
}

}  // namespace
}  // namespace pce
