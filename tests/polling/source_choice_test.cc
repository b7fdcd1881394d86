#include "exporter/polling/source_choice.h"

namespace pce {
namespace {

using std::chrono::hours;

constexpr SteadyTime kStart{hours(100)};

TEST(SourceChoice, StaysWithTheOneThatIsConfigured) {
  for (const Source fixed : {Source::kClassic, Source::kCommercial}) {
    SourceChoice choice({.fixed = fixed});
    EXPECT_EQ(choice.current(), fixed);
    EXPECT_FALSE(choice.may_change());
    EXPECT_FALSE(choice.fall_back(true, kStart));
    EXPECT_FALSE(choice.commercial_answered());
    EXPECT_EQ(choice.current(), fixed);
    EXPECT_EQ(choice.examine_at(), std::nullopt);
  }
}

TEST(SourceChoice, FallsBackOnceAndLooksAgainLater) {
  SourceChoice choice({.reexamine = hours(24)});
  EXPECT_EQ(choice.current(), Source::kCommercial);
  EXPECT_EQ(choice.examine_at(), std::nullopt);
  EXPECT_TRUE(choice.fall_back(true, kStart));
  EXPECT_EQ(choice.current(), Source::kClassic);
  EXPECT_EQ(choice.examine_at(), kStart + hours(24));
  EXPECT_FALSE(choice.fall_back(true, kStart + hours(24))) << "no news";
  EXPECT_EQ(choice.examine_at(), kStart + hours(48));
}

TEST(SourceChoice, ReturnsWhenTheCommercialSourceAnswersAgain) {
  SourceChoice choice({});
  choice.fall_back(false, kStart);
  EXPECT_TRUE(choice.commercial_answered());
  EXPECT_EQ(choice.current(), Source::kCommercial);
  EXPECT_EQ(choice.examine_at(), std::nullopt);
  EXPECT_FALSE(choice.commercial_answered());
}

TEST(SourceChoice, LooksAgainSoonerWhereTheSourceWasSilentNotWhereItRefused) {
  SourceChoice silent({});
  silent.fall_back(false, kStart);
  silent.examine_soon(kStart + hours(1));
  EXPECT_EQ(silent.examine_at(), kStart + hours(1));

  SourceChoice refused({});
  refused.fall_back(true, kStart);
  refused.examine_soon(kStart + hours(1));
  EXPECT_EQ(refused.examine_at(), kStart + hours(24));
}

TEST(SourceChoice, ForgetsTheRefusalOfASourceThatAnswered) {
  SourceChoice choice({});
  choice.fall_back(true, kStart);
  choice.commercial_answered();
  EXPECT_FALSE(choice.commercial_refused());
}

TEST(SourceChoice, IsPatientWithASourceThatFails) {
  SourceChoice choice({.patience = hours(6)});
  choice.commercial_answered();
  EXPECT_FALSE(choice.commercial_failed(kStart));
  EXPECT_FALSE(choice.commercial_failed(kStart + hours(5)));
  choice.commercial_answered();
  EXPECT_FALSE(choice.commercial_failed(kStart + hours(6))) << "it answered in between";
  EXPECT_TRUE(choice.commercial_failed(kStart + hours(12)));
}

TEST(SourceChoice, IsLessPatientWithOneThatNeverAnswered) {
  SourceChoice choice({.patience = hours(6)});
  EXPECT_FALSE(choice.commercial_failed(kStart));
  EXPECT_TRUE(choice.commercial_failed(kStart + kPatienceAtFirst));
}

TEST(SourceChoice, OtherRulesFixAnotherSource) {
  SourceChoice choice({.fixed = Source::kClassic});
  EXPECT_TRUE(choice.rules_are({.fixed = Source::kCommercial}, kStart));
  EXPECT_EQ(choice.current(), Source::kCommercial);
  EXPECT_FALSE(choice.rules_are({.fixed = Source::kCommercial}, kStart));
}

TEST(SourceChoice, WhenNoSourceIsFixedAnyMoreTheOneInUseStaysAndTheBetterOneIsTried) {
  SourceChoice choice({.fixed = Source::kClassic});
  EXPECT_FALSE(choice.rules_are({}, kStart));
  EXPECT_EQ(choice.current(), Source::kClassic);
  EXPECT_EQ(choice.examine_at(), kStart);
  EXPECT_TRUE(choice.may_change());
}

TEST(SourceChoice, AShorterTimeToLookAgainCountsFromNow) {
  SourceChoice choice({.reexamine = hours(24)});
  choice.fall_back(true, kStart);
  choice.rules_are({.reexamine = hours(2)}, kStart + hours(1));
  EXPECT_EQ(choice.examine_at(), kStart + hours(3));
  choice.rules_are({.reexamine = hours(48)}, kStart + hours(1));
  EXPECT_EQ(choice.examine_at(), kStart + hours(3));
  EXPECT_TRUE(choice.commercial_refused()) << "that is still so";
}

}  // namespace
}  // namespace pce
