// The daemon is killed at random moments while it renews its tokens every second: whatever the
// moment, the file holds a token that the sign-in service accepts, and the next daemon lives on it.
#include <csignal>
#include <cstdlib>
#include <random>
#include <thread>

#include "exporter/identity/token_file.h"
#include "tests/end_to_end/stage.h"
#include "tests/support/folder_watch.h"

namespace pce {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr int kShares = 8;      // run side by side
constexpr int kKills = 125;     // in each of them
constexpr int kToSuccess = 15;  // every so many daemons may live until they are up,
constexpr int kToNext = 7;      // or until they renewed once, and are killed at the next time

unsigned seed() {
  const char* wanted = std::getenv("PCE_SEED");
  return wanted != nullptr ? static_cast<unsigned>(std::strtoul(wanted, nullptr, 10))
                           : std::random_device()();
}

class TokenKill : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    stage_.start_simulator({"--customers=1", "--refresh-token=the-first-token"});
    stage_.simulate("/_sim/settings", R"({"token_lifetime": "2s"})");
    config_ = stage_.write_config(
        {.interval = "300ms", .stale_after = "1h", .refresh_token = "the-first-token"});
    watch_.emplace(stage_.folder());
  }

  void start() {
    stage_.start_exporter_with(
        {"--config.file=" + config_.string(), "--web.listen-address=127.0.0.1:0"});
  }
  void kill() {
    stage_.exporter().signal(SIGKILL);
    ASSERT_EQ(stage_.exporter().wait(), 128 + SIGKILL);
  }
  // Sees events of this daemon until one fulfils `wanted`.
  template <typename Wanted>
  bool see(Wanted&& wanted) {
    while (const auto event = watch_->next(std::chrono::seconds(20))) {
      count(*event);
      if (wanted(*event)) return true;
    }
    return false;
  }
  void count(const FolderWatch::Event& event) {
    if (event.moved_here && event.name == "contoso.token") ++stored_;
  }
  void see_the_rest() {
    while (const auto event = watch_->next(milliseconds(0))) count(*event);
  }
  int answered() const { return static_cast<int>(stage_.simulator_counted("token_v2")); }

  // A whole record, and the sign-in service would accept its token.
  void expect_a_good_token() {
    const auto record = TokenFile(stage_.folder() / "contoso.token").read();
    ASSERT_TRUE(record) << record.error().message;
    const WebAnswer verdict =
        ask(stage_.simulator_port(),
            {.method = "POST",
             .path = "/_sim/tokens",
             .headers = "Content-Type: application/json\r\n",
             .body = R"({"inspect": ")" + std::string(record->refresh_token.reveal()) + "\"}"});
    ASSERT_THAT(verdict.body, HasSubstr(R"("state": "good")"));
  }

  Stage stage_;
  std::filesystem::path config_;
  std::optional<FolderWatch> watch_;
  int stored_ = 0;  // times the file was replaced
};

TEST_P(TokenKill, LeavesATokenThatWorks) {
  const unsigned share_seed = seed() + static_cast<unsigned>(GetParam());
  std::printf("PCE_SEED=%u reruns this share\n", share_seed - static_cast<unsigned>(GetParam()));
  std::mt19937 random(share_seed);
  const auto within = [&](microseconds longest) {
    return microseconds(
        std::uniform_int_distribution<microseconds::rep>(0, longest.count())(random));
  };
  int unwritten = 0;
  int successes = 0;
  for (int n = 1; n <= kKills; ++n) {
    see_the_rest();
    const int answered_before = answered();
    stored_ = 0;
    start();
    if (n % kToSuccess == 0) {
      ASSERT_TRUE(stage_.exporter_listens()) << stage_.exporter().output();
      ASSERT_TRUE(is_up(stage_.scrape_until(is_up))) << "after kill " << n - 1;
      ++successes;
    }
    if (n % kToNext == 0) {
      ASSERT_TRUE(see([](const auto& event) { return event.moved_here; }))
          << stage_.exporter().output();
    }
    switch (n % 4) {
      case 0:  // any time, also before it begins
        std::this_thread::sleep_for(within(milliseconds(400)));
        break;
      case 1:  // from the beginning of a renewal to some time after its end
        ASSERT_TRUE(see([](const auto& event) {
          return event.opened && event.name == "contoso.token.lock";
        })) << stage_.exporter().output();
        std::this_thread::sleep_for(within(milliseconds(12)));
        break;
      default:  // while the new file is written and put in its place
        ASSERT_TRUE(see([](const auto& event) {
          return event.created && event.name.ends_with(".new");
        })) << stage_.exporter().output();
        std::this_thread::sleep_for(within(milliseconds(2)));
    }
    kill();
    see_the_rest();
    ASSERT_NO_FATAL_FAILURE(expect_a_good_token())
        << "after kill " << n << ": " << stage_.exporter().output();
    if (answered() - answered_before > stored_) ++unwritten;
    ASSERT_EQ(stage_.simulator_counted("400"), 0) << "a token was refused";
  }
  start();
  ASSERT_TRUE(stage_.exporter_listens());
  ASSERT_TRUE(is_up(stage_.scrape_until(is_up)));
  std::printf(
      "%d kills, %d of them with an answer given and not stored yet; %d daemons lived until "
      "they were up\n",
      kKills, unwritten, successes + 1);
  EXPECT_GE(unwritten, kKills / 10) << "the moments are no longer well chosen";
}

INSTANTIATE_TEST_SUITE_P(Share, TokenKill, testing::Range(0, kShares));

}  // namespace
}  // namespace pce
