#include "exporter/web/tls_renewal.h"

#include <atomic>
#include <thread>

#include "exporter/web/web_config.h"
#include "tests/web/handshake.h"
#include "tests/web/web_files.h"

namespace pce {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class TlsRenewalTest : public testing::Test {
 protected:
  TlsRenewalTest() {
    put("server");
    const auto file = files_.folder() / "web.yml";
    std::ofstream(file) << "tls_server_config: {cert_file: live.pem, key_file: live.key}\n";
    auto reading = read_web_config(file, SystemClock().wall());
    EXPECT_TRUE(reading.config) << mistake_text("web.yml", reading.mistakes.front());
    renewal_.emplace(*reading.config->tls, reading.config->credentials, "web.yml",
                     [this](const Status& status) {
                       told_.push_back(status ? "renewed" : status.error().message);
                     });
  }
  // As renewal programs do: written beside it, then renamed onto it.
  void replace(const std::string& from, const std::string& to) const {
    const fs::path folder = files_.folder();
    fs::copy_file(folder / from, folder / "next", fs::copy_options::overwrite_existing);
    fs::rename(folder / "next", folder / to);
  }
  void put(const std::string& pair) const {
    replace(pair + ".pem", "live.pem");
    replace(pair + ".key", "live.key");
  }
  std::string shown() { return shake_hands(*renewal_->current(), {}).server_name; }

  const WebFiles files_;
  std::vector<std::string> told_;
  std::optional<TlsRenewal> renewal_;
};

TEST_F(TlsRenewalTest, NewConnectionsGetTheNewCertificate) {
  EXPECT_EQ(shown(), "server");
  const auto before = renewal_->current();
  put("curve");
  EXPECT_EQ(shown(), "curve");
  EXPECT_EQ(told_, std::vector<std::string>{"renewed"});
  EXPECT_EQ(renewal_->current(), renewal_->current()) << "read again only when it changed";
  EXPECT_EQ(shake_hands(*before, {}).server_name, "server") << "who has the old one keeps it";
}

TEST_F(TlsRenewalTest, HalfAPairLeavesTheOldOneInUseUntilTheOtherHalfCame) {
  replace("curve.pem", "live.pem");
  EXPECT_EQ(shown(), "server");
  EXPECT_EQ(shown(), "server");
  ASSERT_EQ(told_.size(), 1U) << "said once";
  EXPECT_THAT(told_[0], HasSubstr("web.yml:1:52: tls_server_config.key_file: "));
  EXPECT_THAT(told_[0], HasSubstr("is not the key of the certificate"));
  replace("curve.key", "live.key");
  EXPECT_EQ(shown(), "curve");
  EXPECT_EQ(told_.back(), "renewed");
}

TEST_F(TlsRenewalTest, ADamagedOrVanishedFileLeavesTheOldOneInUse) {
  replace("damaged.pem", "live.pem");
  EXPECT_EQ(shown(), "server");
  fs::remove(files_.folder() / "live.pem");
  EXPECT_EQ(shown(), "server");
  fs::remove(files_.folder() / "live.key");
  EXPECT_EQ(shown(), "server");
  EXPECT_EQ(told_.size(), 3U);
  put("ed25519");
  EXPECT_EQ(shown(), "ed25519");
}

TEST_F(TlsRenewalTest, NoHandshakeFailsWhileFilesAreReplaced) {
  std::atomic<bool> done = false;
  std::jthread operators([&] {
    for (int i = 0; i < 30; ++i) put(i % 2 == 0 ? "curve" : "server");
    done = true;
  });
  int handshakes = 0;
  do {
    const Handshake met = shake_hands(*renewal_->current(), {});
    EXPECT_TRUE(met.server_agreed && met.client_agreed);
    ++handshakes;
  } while (!done);
  EXPECT_GT(handshakes, 0);
}

}  // namespace
}  // namespace pce
