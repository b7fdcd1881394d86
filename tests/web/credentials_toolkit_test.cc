// What exporter-toolkit tests of its passwords, asked of ours.
#include <latch>
#include <thread>

#include "tests/support/fake_clock.h"
#include "tests/web/logins.h"

namespace pce {
namespace {

class ToolkitsLogins : public testing::Test {
 protected:
  // 150 good and 150 bad logins at once.
  void storm() {
    constexpr int kEach = 150;
    std::latch start(2 * kEach);
    std::atomic<int> accepted = 0;
    std::atomic<int> refused = 0;
    {
      std::vector<std::jthread> clients;
      for (int i = 0; i < 2 * kEach; ++i) {
        clients.emplace_back([&, good = i % 2 == 0] {
          const std::string header = basic("alice", good ? "wonderland" : "wonderland1");
          start.arrive_and_wait();
          const LoginVerdict verdict = judge(credentials_, header);
          if (good && verdict == LoginVerdict::kAccepted) ++accepted;
          if (!good && verdict == LoginVerdict::kRefused) ++refused;
        });
      }
    }
    EXPECT_EQ(accepted, kEach);
    EXPECT_EQ(refused, kEach);
  }

  FakeClock clock_;
  Credentials credentials_{alice_and_bob(), clock_};
};

TEST_F(ToolkitsLogins, AHundredAndFiftyGoodAndBadOnesAtOnceCostTwoHashes) {
  storm();
  EXPECT_EQ(credentials_.hashes(), 2U);
  storm();
  EXPECT_EQ(credentials_.hashes(), 2U);
}

TEST_F(ToolkitsLogins, TheDecoysPasswordOpensNothingColdOrCached) {
  for (const char* const password : {"fakepassword", "wonderland", "builder"}) {
    EXPECT_EQ(judge(credentials_, basic("fakeuser", password)), LoginVerdict::kRefused);
    EXPECT_EQ(judge(credentials_, basic("fakeuser", password)), LoginVerdict::kRefused);
  }
}

// CVE-2022-46146: the first login's entry in the cache must not be the second's.
TEST_F(ToolkitsLogins, NobodyPoisonsTheCache) {
  const std::string decoy = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";
  EXPECT_EQ(judge(credentials_, basic(std::string("alice") + kWonderland, "fakepassword")),
            LoginVerdict::kRefused);
  EXPECT_EQ(judge(credentials_, basic("alice", decoy + "fakepassword")), LoginVerdict::kRefused);
  EXPECT_EQ(judge(credentials_, basic("alice", "fakepassword")), LoginVerdict::kRefused);
  EXPECT_EQ(judge(credentials_, basic("alice", kWonderland)), LoginVerdict::kRefused);
  EXPECT_EQ(judge(credentials_, basic("alice", "wonderland")), LoginVerdict::kAccepted);
}

}  // namespace
}  // namespace pce
