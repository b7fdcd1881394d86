#include "exporter/identity/token_lock.h"

#include <thread>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class TokenLockTest : public testing::Test {
 protected:
  Result<TokenLock> take(milliseconds patience = milliseconds(0), std::stop_token stop = {}) {
    return TokenLock::take(path_, clock_, patience, std::move(stop));
  }
  FakeClock clock_;
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "token.lock";
};

TEST_F(TokenLockTest, HasOneHolder) {
  auto first = take();
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->held());
  EXPECT_FALSE(take()->held());
  EXPECT_TRUE(take()->busy());
  { const TokenLock gone = std::move(*first); }
  EXPECT_TRUE(take()->held());
}

TEST_F(TokenLockTest, IsWaitedForAsLongAsPatienceLasts) {
  const auto first = take();
  const auto second = take(seconds(5));
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->held());
  EXPECT_GE(clock_.waited(), seconds(5));
  EXPECT_LT(clock_.waited(), seconds(6));
}

TEST_F(TokenLockTest, IsTakenAsSoonAsItIsFree) {
  SystemClock real;
  auto first = std::make_unique<Result<TokenLock>>(take());
  std::jthread waiter([&] {
    const auto second = TokenLock::take(path_, real, seconds(60), {});
    EXPECT_TRUE(second && second->held());
  });
  first.reset();
}

TEST_F(TokenLockTest, IsNotWaitedForWhenWeStop) {
  const auto first = take();
  std::stop_source stop;
  clock_.stop_after(3, stop);
  const auto second = take(std::chrono::hours(1), stop.get_token());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kCancelled);
  EXPECT_LT(clock_.waited(), seconds(1));
}

TEST_F(TokenLockTest, EndsWithTheProcessThatHeldIt) {
  const pid_t child = fork();
  if (child == 0) {
    const auto held = take();
    _exit(held && held->held() ? 0 : 1);  // without letting go of it
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(take()->held());
}

TEST_F(TokenLockTest, IsGoneWithoutWhereItCannotBeMade) {
  path_ = folder_.path() / "none" / "token.lock";
  const auto lock = take(seconds(60));
  ASSERT_TRUE(lock);
  EXPECT_FALSE(lock->held() || lock->busy());
  EXPECT_EQ(clock_.waited(), seconds(0));
}

TEST_F(TokenLockTest, OpensNothingThatIsNotOurs) {
  folder_.write("elsewhere", "untouched");
  std::filesystem::create_symlink("elsewhere", path_);
  EXPECT_FALSE(take()->held());
  std::filesystem::remove(path_);
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_FALSE(take()->held());
}

}  // namespace
}  // namespace pce
