#include "exporter/web/web_config_watch.h"

#include "exporter/base/file_stamp.h"
#include "exporter/web/web_config.h"
#include "tests/web/handshake.h"
#include "tests/web/logins.h"
#include "tests/web/web_files.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class WebConfigWatchTest : public testing::Test {
 protected:
  void begin(const std::string& text) {
    write(text);
    std::string stamp = file_stamp(file_);
    WebConfigReading reading = read_web_config(file_, clock_.wall());
    ASSERT_TRUE(reading.config) << mistake_text("web.yml", reading.mistakes.front());
    doorkeeper_ = std::make_shared<Doorkeeper>(*reading.config, clock_);
    if (reading.config->tls) {
      tls_ = std::make_shared<TlsRenewal>(*reading.config->tls, reading.config->credentials,
                                          "web.yml", [](const Status&) {});
    }
    watch_.emplace(file_, std::move(stamp), WebConfigWatch::Parts{doorkeeper_, tls_}, clock_,
                   [this](const Result<std::vector<SettingMistake>>& doubts) {
                     told_.push_back(doubts ? "read" : doubts.error().message);
                   });
  }
  // As whoever replaces a file should: another one in its place.
  void write(const std::string& text) {
    std::ofstream(files_.folder() / "next") << text;
    std::filesystem::rename(files_.folder() / "next", file_);
  }
  int status_of_nobody() {
    const auto outcome = doorkeeper_->ask("", "", nullptr);
    return outcome.refusal ? outcome.refusal->status : 0;
  }
  std::string shown() { return shake_hands(*tls_->current(), {}).server_name; }

  const WebFiles files_;
  const std::filesystem::path file_ = files_.folder() / "watched.yml";
  SystemClock clock_;
  std::shared_ptr<Doorkeeper> doorkeeper_;
  std::shared_ptr<TlsRenewal> tls_;
  std::vector<std::string> told_;
  std::optional<WebConfigWatch> watch_;
};

const std::string kUsers = std::string("basic_auth_users: {alice: ") + kWonderland + "}\n";

TEST_F(WebConfigWatchTest, PassesOnWhatChanged) {
  begin("");
  watch_->look();
  EXPECT_THAT(told_, IsEmpty());
  EXPECT_EQ(status_of_nobody(), 0);
  write(kUsers);
  watch_->look();
  watch_->look();
  EXPECT_EQ(told_, std::vector<std::string>{"read"});
  EXPECT_EQ(status_of_nobody(), 401);
}

TEST_F(WebConfigWatchTest, ABrokenOrMissingFileLeavesEverythingAsItWas) {
  begin(kUsers);
  write("basic_auth_users: {alice: plain}\n");
  watch_->look();
  watch_->look();
  ASSERT_EQ(told_.size(), 1U) << "said once";
  EXPECT_THAT(told_[0], HasSubstr("watched.yml:1:"));
  EXPECT_EQ(status_of_nobody(), 401);
  std::filesystem::remove(file_);
  watch_->look();
  EXPECT_EQ(told_.size(), 2U);
  EXPECT_EQ(status_of_nobody(), 401);
  write("");
  watch_->look();
  EXPECT_EQ(status_of_nobody(), 0);
}

TEST_F(WebConfigWatchTest, AnotherCertificateIsShownFromThenOn) {
  begin("tls_server_config: {cert_file: server.pem, key_file: server.key}\n");
  EXPECT_EQ(shown(), "server");
  write("tls_server_config: {cert_file: curve.pem, key_file: curve.key}\n");
  EXPECT_EQ(shown(), "server");
  watch_->look();
  EXPECT_EQ(shown(), "curve");
}

TEST_F(WebConfigWatchTest, TlsIsNeverTurnedOffByAChange) {
  begin("tls_server_config: {cert_file: server.pem, key_file: server.key}\n" + kUsers);
  write("");
  watch_->look();
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_THAT(told_[0], HasSubstr("by a restart"));
  EXPECT_EQ(shown(), "server");
  EXPECT_EQ(status_of_nobody(), 401) << "all of it stays";
}

}  // namespace
}  // namespace pce
