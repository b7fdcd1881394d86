// Processing runs that end between two pages, and pages that get lost.
#include "exporter/partner_center/commercial_pages.h"
#include "tests/partner_center/commercial_reading.h"

namespace pce {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::size_t kFull = kCommercialRowsPerPage;

class CommercialRestart : public CommercialReading {
 protected:
  // Each attempt is a full page and a short one; answers in the order of the calls.
  Result<PagesRead> read_two_pages(std::vector<PageFacts> answers) {
    return read([answers = std::move(answers)](const std::string& target, std::size_t nth) {
      PageFacts facts = answers.at(nth);
      facts.rows = target.find("skip") == std::string::npos ? kFull : 2;
      return CommercialAnswer{facts};
    });
  }
};

PageFacts dated(int o365, std::optional<std::int64_t> total = std::nullopt) {
  return {.total_count = total, .processed = {{"o365", day(o365)}}};
}

TEST_F(CommercialRestart, FollowsADateThatChangesBetweenPages) {
  const auto all = read_two_pages({dated(1), dated(2), dated(2), dated(2)});
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->restarts, 1);
  EXPECT_EQ(all->pages, 2U);
  EXPECT_EQ(all->rows, kFull + 2) << "what the first attempt read does not count";
  EXPECT_THAT(taken_, ElementsAre(ElementsAre(kFull, 2), ElementsAre(kFull, 2)))
      << "with a reader of its own";
  EXPECT_EQ(targets_[2], targets_[0]);
}

TEST_F(CommercialRestart, FollowsATotalThatChangesBetweenPages) {
  const auto all = read_two_pages(
      {dated(1, kFull + 1), dated(1, kFull + 2), dated(1, kFull + 2), dated(1, kFull + 2)});
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->restarts, 1);
  EXPECT_EQ(all->total_count, kFull + 2);
}

TEST_F(CommercialRestart, DoesNotFollowServicesThatDifferFromEachOther) {
  const PageFacts other{.processed = {{"crm", day(7)}}};
  const auto all = read_two_pages({dated(1), other});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->restarts, 0);
}

TEST_F(CommercialRestart, DoesNotFollowATotalThatIsLeftOut) {
  const auto all = read_two_pages({dated(1, kFull + 2), dated(1)});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->restarts, 0);
  EXPECT_EQ(all->total_count, kFull + 2);
}

TEST_F(CommercialRestart, BelievesWhatTwoAttemptsInARowShow) {
  const auto twice = read_two_pages({dated(1), dated(2), dated(1), dated(2)});
  ASSERT_TRUE(twice) << twice.error().message;
  EXPECT_EQ(twice->restarts, 1);

  const auto later = read_two_pages({dated(1), dated(2), dated(2), dated(3), dated(2), dated(3)});
  ASSERT_TRUE(later) << later.error().message;
  EXPECT_EQ(later->restarts, 2);
}

TEST_F(CommercialRestart, GivesUpAfterThreeThatAllDiffer) {
  const auto all = read_two_pages({dated(1), dated(2), dated(2), dated(3), dated(1), dated(2)});
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().kind, ErrorKind::kUpstream);
  EXPECT_THAT(all.error().message, HasSubstr("bulk: the data changed while it was read"));
  EXPECT_EQ(targets_.size(), 6U);
}

TEST_F(CommercialRestart, FollowsMissingRowsOnce) {
  int attempt = 0;
  const auto found = read([&](const std::string& target, std::size_t) {
    const bool first = target.find("skip") == std::string::npos;
    attempt += first ? 1 : 0;
    return CommercialAnswer{
        {.rows = first ? kFull : (attempt == 1 ? 3U : 5U), .total_count = kFull + 5}};
  });
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->restarts, 1);
  EXPECT_EQ(found->rows, kFull + 5);

  const auto lost = read([](const std::string&, std::size_t) {
    return CommercialAnswer{{.rows = 3, .total_count = 5}};
  });
  ASSERT_TRUE(lost) << lost.error().message;
  EXPECT_EQ(lost->restarts, 1);
  EXPECT_EQ(lost->rows, 3U);
  EXPECT_EQ(lost->total_count, 5) << "the caller sees both";
}

TEST_F(CommercialRestart, EndsWithTheFirstErrorOfALaterAttempt) {
  const auto all = read([](const std::string&, std::size_t nth) {
    if (nth == 0) return CommercialAnswer{{.rows = 3, .total_count = 5}};
    return CommercialAnswer{.status = 400};
  });
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().kind, ErrorKind::kRejected);
  EXPECT_EQ(targets_.size(), 2U);
}

TEST_F(CommercialRestart, ReadsTheSameBodiesAgainWithoutComplaint) {
  const auto lost = read([](const std::string&, std::size_t) {
    return CommercialAnswer{{.rows = 3, .total_count = 5}, 200, "the same"};
  });
  ASSERT_TRUE(lost) << lost.error().message;
}

}  // namespace
}  // namespace pce
