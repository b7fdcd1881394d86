#include "exporter/web/scrape_places.h"

namespace pce {
namespace {

std::shared_ptr<ScrapePlaces> places(int count) { return std::make_shared<ScrapePlaces>(count); }

TEST(ScrapePlaces, AreGivenBackWithTheAnswer) {
  const auto all = places(1);
  auto first = all->take("a");
  EXPECT_TRUE(first);
  EXPECT_FALSE(all->take("a"));
  first.reset();
  EXPECT_TRUE(all->take("a"));
}

TEST(ScrapePlaces, AreSoManyForOneClientAndHalfAsManyMoreForTheOthers) {
  const auto all = places(3);
  std::vector<std::shared_ptr<const void>> taken;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(taken.emplace_back(all->take("a"))) << i;
  EXPECT_FALSE(all->take("a"));
  for (const char* other : {"b", "c"}) EXPECT_TRUE(taken.emplace_back(all->take(other)));
  for (const char* any : {"a", "b", "d"}) EXPECT_FALSE(all->take(any));
  taken.clear();
  EXPECT_TRUE(all->take("a"));
}

TEST(ScrapePlaces, WithoutALimitAreNeverRefused) {
  const auto all = places(0);
  std::vector<std::shared_ptr<const void>> taken;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(taken.emplace_back(all->take("a")));
}

TEST(ScrapePlaces, MayBeGivenBackWhenNobodyElseKnowsThemAnyMore) {
  auto all = places(1);
  const auto place = all->take("a");
  all.reset();
  EXPECT_TRUE(place);
}

}  // namespace
}  // namespace pce
