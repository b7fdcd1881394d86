#include "exporter/polling/answer_guard.h"

#include "exporter/insights/catalog.h"

namespace pce {
namespace {

using std::chrono::hours;

const SliceKey kKey{find_data_set("customer_deployment"), "a", "contoso"};
const SliceKey kOther{find_data_set("customer_deployment"), "b", "contoso"};
constexpr SteadyTime kStart{hours(100)};

TEST(FarFewer, IsNoneWhereThereWereAny) {
  EXPECT_TRUE(far_fewer(1, 0, {}));
  EXPECT_FALSE(far_fewer(0, 0, {}));
  EXPECT_TRUE(far_fewer(1, 0, {.min_rows_percent = 0}));
}

TEST(FarFewer, IsLessThanTheShareOfManyRows) {
  EXPECT_TRUE(far_fewer(10, 4, {}));
  EXPECT_FALSE(far_fewer(10, 5, {}));
  EXPECT_FALSE(far_fewer(9, 1, {})) << "a customer of few products may well drop most of them";
  EXPECT_FALSE(far_fewer(1000, 1, {.min_rows_percent = 0}));
  EXPECT_TRUE(far_fewer(1000, 989, {.min_rows_percent = 99}));
}

TEST(AnswerGuard, BelievesWhatIsNotFewer) {
  AnswerGuard guard({});
  EXPECT_TRUE(guard.believes(kKey, Source::kClassic, 0, 0, kStart));
  EXPECT_TRUE(guard.believes(kKey, Source::kClassic, 0, 7, kStart));
  EXPECT_TRUE(guard.believes(kKey, Source::kClassic, 7, 6, kStart));
  EXPECT_FALSE(guard.doubts(kKey));
}

TEST(AnswerGuard, WantsRepetitionOverTime) {
  AnswerGuard guard({.confirmations = 3, .over = hours(24)});
  EXPECT_FALSE(guard.believes(kKey, Source::kClassic, 5, 0, kStart));
  EXPECT_TRUE(guard.doubts(kKey));
  EXPECT_FALSE(guard.believes(kKey, Source::kClassic, 5, 0, kStart + hours(6)));
  EXPECT_FALSE(guard.believes(kKey, Source::kClassic, 5, 0, kStart + hours(23)))
      << "often enough, but not long enough";
  EXPECT_TRUE(guard.believes(kKey, Source::kClassic, 5, 0, kStart + hours(24)));
  EXPECT_FALSE(guard.doubts(kKey));
}

TEST(AnswerGuard, WantsItOftenEnoughToo) {
  AnswerGuard guard({.confirmations = 3, .over = hours(24)});
  EXPECT_FALSE(guard.believes(kKey, Source::kClassic, 5, 0, kStart));
  EXPECT_FALSE(guard.believes(kKey, Source::kClassic, 5, 0, kStart + hours(48)));
  EXPECT_TRUE(guard.believes(kKey, Source::kClassic, 5, 0, kStart + hours(54)));
}

TEST(AnswerGuard, BeginsAnewAfterRowsInBetween) {
  AnswerGuard guard({.confirmations = 2, .over = hours(24)});
  EXPECT_FALSE(guard.believes(kKey, Source::kClassic, 5, 0, kStart));
  EXPECT_TRUE(guard.believes(kKey, Source::kClassic, 5, 5, kStart + hours(6)));
  EXPECT_FALSE(guard.believes(kKey, Source::kClassic, 5, 0, kStart + hours(24)));
}

TEST(AnswerGuard, BelievesWhatTheOtherSourceSaysToo) {
  AnswerGuard guard({});
  EXPECT_FALSE(guard.believes(kKey, Source::kCommercial, 5, 0, kStart));
  EXPECT_FALSE(guard.believes(kKey, Source::kCommercial, 5, 0, kStart));
  EXPECT_TRUE(guard.believes(kKey, Source::kClassic, 5, 0, kStart));
}

TEST(AnswerGuard, ADoubtAboutSomethingElseConfirmsNothing) {
  AnswerGuard guard({});
  guard.doubt(kKey, 5, kStart);
  EXPECT_TRUE(guard.doubts(kKey));
  EXPECT_FALSE(guard.believes(kKey, Source::kClassic, 5, 0, kStart));
  EXPECT_FALSE(guard.believes(kKey, Source::kClassic, 5, 0, kStart));
  EXPECT_TRUE(guard.believes(kKey, Source::kCommercial, 5, 0, kStart));
}

TEST(AnswerGuard, KeepsItsDoubtsApart) {
  AnswerGuard guard({.confirmations = 2, .over = hours(0)});
  EXPECT_FALSE(guard.believes(kKey, Source::kClassic, 5, 0, kStart));
  EXPECT_FALSE(guard.believes(kOther, Source::kClassic, 5, 0, kStart));
  std::vector<SliceKey> doubted;
  guard.each([&](const SliceKey& key, std::size_t before) {
    EXPECT_EQ(before, 5U);
    doubted.push_back(key);
  });
  EXPECT_EQ(doubted, (std::vector<SliceKey>{kKey, kOther}));
  guard.forget(kKey);
  EXPECT_FALSE(guard.doubts(kKey));
  EXPECT_TRUE(guard.believes(kOther, Source::kClassic, 5, 0, kStart));
}

TEST(AnswerGuard, ComparesWithWhatThereWasWhenTheDoubtBegan) {
  AnswerGuard guard({.confirmations = 3, .over = hours(24)});
  EXPECT_FALSE(guard.believes(kKey, Source::kClassic, 5, 0, kStart));
  EXPECT_FALSE(guard.believes(kKey, Source::kClassic, 0, 0, kStart + hours(12)))
      << "the rows grew too old meanwhile, which proves nothing";
  EXPECT_TRUE(guard.believes(kKey, Source::kClassic, 0, 0, kStart + hours(24)));
  EXPECT_TRUE(guard.believes(kKey, Source::kClassic, 0, 0, kStart + hours(24)));
}

}  // namespace
}  // namespace pce
