#include "exporter/identity/token_custody.h"

#include <thread>
#include <unistd.h>

#include <sys/stat.h>

#include "tests/support/fake_clock.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using testing::HasSubstr;

const TokenOwner kOwner{
    .authority = "https://login.example", .tenant_id = "aaaa", .client_id = "bbbb"};

TokenRecord record_of(const std::string& token) { return {.refresh_token = Secret(token)}; }

class TokenCustodyTest : public testing::Test {
 protected:
  void store(const TokenRecord& record) { ASSERT_TRUE(TokenFile(path_).write(record)); }
  std::string stored() const {
    const auto record = TokenFile(path_).read();
    return record ? std::string(record->refresh_token.reveal()) : record.error().message;
  }
  std::string newest() {
    const auto record = custody_.newest();
    return record ? std::string(record->refresh_token.reveal()) : record.error().message;
  }
  // keep() on a disk without room for it.
  std::optional<Error> keep_in_vain(const TokenRecord& record) {
    const FileSizeLimit full;
    return custody_.keep(record);
  }
  // The duty, for so many of its rounds.
  void try_to_store(int rounds) {
    std::stop_source stop;
    clock_.stop_after(rounds, stop);
    custody_.store_when_possible(stop.get_token());
  }

  FakeClock clock_{WallTime(days(20'000))};
  TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "token";
  TokenCustody custody_{clock_, TokenFile(path_), kOwner};
};

TEST(AfterRedemption, TheUsedTokenIsKeptUntilTheNewOneHasWorked) {
  const WallTime now(seconds(1000));
  const TokenRecord first =
      after_redemption({.refresh_token = Secret("a"), .user = "zoe"},
                       {.used = Secret("a"), .renewed = Secret("b"), .scope = "s"}, kOwner, now);
  EXPECT_TRUE(first == TokenRecord({.refresh_token = Secret("b"),
                                    .previous = Secret("a"),
                                    .authority = "https://login.example",
                                    .tenant_id = "aaaa",
                                    .client_id = "bbbb",
                                    .client_type = ClientType::kPublic,
                                    .scope = "s",
                                    .user = "zoe",
                                    .rotated_at = now}));
  const TokenRecord second = after_redemption(first, {.used = Secret("b"), .renewed = Secret("c")},
                                              kOwner, now + seconds(1));
  EXPECT_EQ(second.refresh_token.reveal(), "c");
  EXPECT_EQ(second.previous.reveal(), "b");
  EXPECT_EQ(second.scope, "s");
  EXPECT_EQ(second.rotated_at, now + seconds(1));
}

TEST(AfterRedemption, NothingChangesWhereNoNewTokenCame) {
  const WallTime then(seconds(1000));
  const TokenRecord before =
      after_redemption(record_of("a"), {.used = Secret("a"), .renewed = Secret("b")}, kOwner, then);
  for (const char* renewed : {"", "b"}) {
    EXPECT_TRUE(before == after_redemption(before,
                                           {.used = Secret("b"), .renewed = Secret(renewed)},
                                           kOwner, then + hours(1)))
        << "also not the time from which its 90 days count";
  }
}

TEST(AfterRedemption, ATokenBehindWhichTheNewestWasRefusedIsTheNewestAgain) {
  const WallTime now(seconds(1000));
  const TokenRecord before{.refresh_token = Secret("bad"), .previous = Secret("good")};
  const TokenRecord kept = after_redemption(before, {.used = Secret("good")}, kOwner, now);
  EXPECT_EQ(kept.refresh_token.reveal(), "good");
  EXPECT_TRUE(kept.previous.empty());
  const TokenRecord renewed =
      after_redemption(before, {.used = Secret("good"), .renewed = Secret("new")}, kOwner, now);
  EXPECT_EQ(renewed.refresh_token.reveal(), "new");
  EXPECT_EQ(renewed.previous.reveal(), "good");
}

TEST(AfterRedemption, WhatKindOfClientItIsStaysAsTheSignInSaid) {
  const TokenRecord confidential = after_redemption(
      record_of("a"), {.used = Secret("a")},
      {.authority = "x", .tenant_id = "y", .client_id = "z", .has_proof = true}, WallTime());
  EXPECT_EQ(confidential.client_type, ClientType::kConfidential);
  EXPECT_EQ(after_redemption(confidential, {.used = Secret("a")}, kOwner, WallTime()).client_type,
            ClientType::kConfidential);
}

TEST_F(TokenCustodyTest, BeginsWithoutATokenAndTakesTheOneThatComes) {
  EXPECT_TRUE(custody_.begin());
  EXPECT_THAT(newest(), HasSubstr("partner_center_exporter login"));
  EXPECT_EQ(custody_.ends().refresh_token, std::nullopt);
  store(record_of("by-login"));
  EXPECT_EQ(newest(), "by-login");
}

TEST_F(TokenCustodyTest, DoesNotBeginWithWhatCanNeverWork) {
  const auto complaint = [&] {
    const Status begun = custody_.begin();
    return begun ? "none" : name_of(begun.error().kind) + (": " + begun.error().message);
  };
  store({.refresh_token = Secret("a"), .tenant_id = "another"});
  EXPECT_THAT(complaint(), HasSubstr("settings: refresh token file " + path_.string() +
                                     ": belongs to the tenant \"another\""));
  store({.refresh_token = Secret("a"), .client_type = ClientType::kConfidential});
  EXPECT_THAT(complaint(), HasSubstr("no proof is configured"));
  store(record_of("a"));
  ASSERT_EQ(chmod(path_.c_str(), 0640), 0);
  EXPECT_THAT(complaint(), HasSubstr("chmod 600"));
  ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  EXPECT_EQ(complaint(), "none");
}

TEST_F(TokenCustodyTest, KnowsWhenTheTokenEnds) {
  const auto end = [&](TokenRecord record) {
    record.refresh_token = Secret("a");
    store(record);
    EXPECT_EQ(newest(), "a");
    return custody_.ends().refresh_token.value_or(WallTime());
  };
  const WallTime signed_in = WallTime(days(19'000));
  const WallTime rotated = WallTime(days(19'950));
  EXPECT_EQ(end({.signed_in_at = signed_in, .rotated_at = rotated}), rotated + days(90));
  EXPECT_EQ(end({.signed_in_at = signed_in}), signed_in + days(90));
  const auto since_written =
      WallTime(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())) +
      days(90) - end({});
  EXPECT_GE(since_written, seconds(0));
  EXPECT_LT(since_written, hours(1)) << "a bare token counts from when its file was written";
  EXPECT_TRUE(custody_.ends().refresh_token_stored);
}

TEST_F(TokenCustodyTest, KeepsInMemoryWhatCannotBeStoredAndSaysSo) {
  store(record_of("a"));
  EXPECT_EQ(newest(), "a");
  const TokenRecord b{.refresh_token = Secret("b"), .rotated_at = clock_.wall()};
  const auto warning = keep_in_vain(b);
  ASSERT_TRUE(warning);
  EXPECT_THAT(warning->message, HasSubstr("cannot be written"));
  EXPECT_EQ(stored(), "a");
  EXPECT_EQ(newest(), "b");
  EXPECT_FALSE(custody_.ends().refresh_token_stored);
  EXPECT_EQ(custody_.ends().refresh_token, clock_.wall() + days(90));
  EXPECT_FALSE(custody_.keep({.refresh_token = Secret("c")}));
  EXPECT_EQ(stored(), "c");
  EXPECT_TRUE(custody_.ends().refresh_token_stored);
}

TEST_F(TokenCustodyTest, AnnouncesThatItCannotStoreOnceWithWhatComesOfIt) {
  store({.refresh_token = Secret("a"), .rotated_at = WallTime(days(19'999))});
  testing::internal::CaptureStderr();
  EXPECT_EQ(newest(), "a");
  ASSERT_EQ(chmod(folder_.path().c_str(), 0777), 0);
  EXPECT_TRUE(custody_.keep(record_of("b")));
  EXPECT_TRUE(custody_.keep(record_of("c")));
  ASSERT_EQ(chmod(folder_.path().c_str(), 0700), 0);
  EXPECT_FALSE(custody_.keep(record_of("d")));
  const std::string log = testing::internal::GetCapturedStderr();
  const auto first = log.find("lives in memory only");
  ASSERT_NE(first, std::string::npos) << log;
  EXPECT_EQ(log.find("lives in memory only", first + 1), std::string::npos) << log;
  EXPECT_THAT(log, HasSubstr("stored_one_ends=2025-01-01")) << "day 20,089 since 1970";
  EXPECT_THAT(log, HasSubstr("is stored again"));
}

TEST_F(TokenCustodyTest, StoresAsSoonAsThereIsRoomAgain) {
  store(record_of("a"));
  EXPECT_EQ(newest(), "a");
  EXPECT_TRUE(keep_in_vain(record_of("b")));
  {
    const FileSizeLimit full;
    try_to_store(3);
    EXPECT_EQ(stored(), "a");
    EXPECT_FALSE(custody_.ends().refresh_token_stored);
  }
  const auto before = clock_.waited();
  try_to_store(1);
  EXPECT_EQ(stored(), "b");
  EXPECT_TRUE(custody_.ends().refresh_token_stored);
  EXPECT_LE(clock_.waited() - before, seconds(60));
}

TEST_F(TokenCustodyTest, StoresNothingOverASignInOfTheMeantime) {
  store(record_of("a"));
  EXPECT_EQ(newest(), "a");
  EXPECT_TRUE(keep_in_vain(record_of("b")));
  store(record_of("by-login"));
  try_to_store(1);
  EXPECT_EQ(stored(), "by-login");
  EXPECT_EQ(newest(), "by-login");
  EXPECT_TRUE(custody_.ends().refresh_token_stored);
}

TEST_F(TokenCustodyTest, StoresNothingWhileAnotherRenews) {
  store(record_of("a"));
  EXPECT_EQ(newest(), "a");
  EXPECT_TRUE(keep_in_vain(record_of("b")));
  {
    const auto theirs = TokenFile(path_).lock(clock_, seconds(0), {});
    ASSERT_TRUE(theirs && theirs->held());
    try_to_store(1);
    EXPECT_EQ(stored(), "a");
  }
  try_to_store(1);
  EXPECT_EQ(stored(), "b");
}

TEST_F(TokenCustodyTest, DropsItsOwnForASignInWhileItAsked) {
  store(record_of("a"));
  EXPECT_EQ(newest(), "a");
  store(record_of("by-login"));
  EXPECT_FALSE(custody_.keep(record_of("b")));
  EXPECT_EQ(stored(), "by-login");
  EXPECT_EQ(newest(), "by-login");
}

TEST_F(TokenCustodyTest, GoesOnFromMemoryWhileTheFileCannotBeRead) {
  store(record_of("a"));
  EXPECT_EQ(newest(), "a");
  EXPECT_TRUE(keep_in_vain(record_of("b")));
  ASSERT_EQ(unlink(path_.c_str()), 0);
  EXPECT_EQ(newest(), "b");
  try_to_store(1);
  EXPECT_EQ(stored(), "b");
  ASSERT_EQ(unlink(path_.c_str()), 0);
  EXPECT_THAT(newest(), HasSubstr("does not exist")) << "what was stored may be taken away";
}

TEST_F(TokenCustodyTest, TouchesNoFileOfAnotherAccount) {
  store(record_of("a"));
  EXPECT_EQ(newest(), "a");
  EXPECT_TRUE(keep_in_vain(record_of("b")));
  store({.refresh_token = Secret("theirs"), .client_id = "another"});
  EXPECT_THAT(newest(), HasSubstr("belongs to the application \"another\""));
  try_to_store(1);
  EXPECT_EQ(stored(), "theirs");
  EXPECT_FALSE(custody_.keep(record_of("c")));
  EXPECT_EQ(stored(), "theirs");
}

TEST_F(TokenCustodyTest, DoesNotWaitForALockForEver) {
  store(record_of("a"));
  const auto theirs = TokenFile(path_).lock(clock_, seconds(0), {});
  const auto ours = custody_.lock({});
  ASSERT_TRUE(ours);
  EXPECT_TRUE(ours->busy());
  EXPECT_EQ(clock_.waited(), seconds(30));
}

TEST_F(TokenCustodyTest, GoesOnWithAnotherFile) {
  store(record_of("a"));
  EXPECT_EQ(newest(), "a");
  EXPECT_TRUE(keep_in_vain(record_of("b")));
  const auto other = folder_.path() / "other";
  ASSERT_TRUE(TokenFile(other).write(record_of("x")));
  custody_.file_is(TokenFile(other));
  EXPECT_EQ(newest(), "x");
  EXPECT_EQ(stored(), "b") << "what was pending has its own file";
  EXPECT_FALSE(custody_.keep(record_of("y")));
  EXPECT_EQ(newest(), "y");
  EXPECT_EQ(stored(), "b");
}

}  // namespace
}  // namespace pce
