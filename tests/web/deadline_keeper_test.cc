#include "exporter/web/deadline_keeper.h"

#include <array>
#include <unistd.h>

#include <sys/socket.h>

namespace pce {
namespace {

// Two sockets connected to each other: the one that is kept, and the client's.
class Pair {
 public:
  Pair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()), 0); }
  ~Pair() {
    for (const int end : ends_) close(end);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  int kept() const { return ends_[0]; }
  bool is_cut() const {
    char byte = 0;
    return recv(ends_[1], &byte, 1, MSG_DONTWAIT) == 0;
  }
  void wait_for_cut() const {
    char byte = 0;
    EXPECT_EQ(recv(ends_[1], &byte, 1, 0), 0);
  }

 private:
  std::array<int, 2> ends_{};
};

TEST(DeadlineKeeper, InACrowdCutsTheOldestRequestAndThenTheLongestIdle) {
  std::vector<CutReason> cut;
  DeadlineKeeper keeper({.crowd = 3}, [&cut](CutReason reason) { cut.push_back(reason); });
  std::array<Pair, 6> clients;
  const auto idle = keeper.opened(clients[0].kept(), "a");
  keeper.answer_taken(idle);
  const auto answering = keeper.opened(clients[1].kept(), "a");
  keeper.answer_begun(answering, 1'000'000);
  const auto waiting = keeper.opened(clients[2].kept(), "a");
  EXPECT_TRUE(cut.empty());

  const auto fourth = keeper.opened(clients[3].kept(), "a");
  EXPECT_TRUE(clients[2].is_cut());
  keeper.request_complete(fourth);
  const auto fifth = keeper.opened(clients[4].kept(), "a");
  EXPECT_TRUE(clients[0].is_cut());
  keeper.request_complete(fifth);
  // Now everybody is being answered, and nobody gives way.
  const auto sixth = keeper.opened(clients[5].kept(), "a");
  for (const int i : {1, 3, 4, 5}) EXPECT_FALSE(clients[static_cast<std::size_t>(i)].is_cut()) << i;
  EXPECT_EQ(cut, (std::vector{CutReason::kCrowded, CutReason::kCrowded}));
  for (const auto& each : {idle, answering, waiting, fourth, fifth, sixth}) keeper.closing(each);
}

TEST(DeadlineKeeper, InACrowdCutsThoseOfTheAddressThatHasMost) {
  DeadlineKeeper keeper({.crowd = 3}, [](CutReason) {});
  const std::array<Pair, 5> clients;
  const auto oldest = keeper.opened(clients[0].kept(), "a");
  const auto second = keeper.opened(clients[1].kept(), "b");
  const auto third = keeper.opened(clients[2].kept(), "b");
  const auto fourth = keeper.opened(clients[3].kept(), "c");
  EXPECT_TRUE(clients[1].is_cut());
  // Where all have as many, it is the oldest.
  const auto fifth = keeper.opened(clients[4].kept(), "d");
  EXPECT_TRUE(clients[0].is_cut());
  for (const std::size_t i : {2U, 3U, 4U}) EXPECT_FALSE(clients[i].is_cut()) << i;
  for (const auto& each : {oldest, second, third, fourth, fifth}) keeper.closing(each);
}

TEST(DeadlineKeeper, CutsEachOverdueConnectionOnceHoweverLateItIsClosed) {
  std::atomic<int> cut = 0;
  DeadlineKeeper keeper({.request = std::chrono::milliseconds(20)}, [&cut](CutReason) { ++cut; });
  const Pair first;
  const Pair second;
  const auto overdue = keeper.opened(first.kept(), "a");
  first.wait_for_cut();
  const auto other = keeper.opened(second.kept(), "a");
  second.wait_for_cut();
  EXPECT_EQ(cut, 2);
  keeper.answer_taken(overdue);  // what the library says of it on its way out
  keeper.closing(overdue);
  keeper.closing(other);
  const Pair third;
  const auto last = keeper.opened(third.kept(), "a");
  third.wait_for_cut();
  keeper.closing(last);
  EXPECT_EQ(cut, 3);
}

}  // namespace
}  // namespace pce
