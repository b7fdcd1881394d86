#include "exporter/polling/status_board.h"

#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const DataSet& kDeployment = *find_data_set("customer_deployment");
const DataSet& kPartner = *find_data_set("partner_usage");
constexpr WallTime kNow{std::chrono::milliseconds(1'800'000'000'000)};

Reading whole(const DataSet& data_set) {
  return {.data_set = &data_set, .source = Source::kCommercial, .key = {&data_set, "", "contoso"}};
}

Reading one(const char* id) {
  return {.data_set = &kDeployment,
          .customer =
              Customer{.id = *TenantId::parse(id), .name = "", .domain = "", .relationship = ""},
          .key = {&kDeployment, id, "contoso"}};
}

Taken failed(const std::string& message) {
  return {
      .kind = Taken::Kind::kFailed,
      .error = Error{.kind = ErrorKind::kUpstream, .message = message, .correlation_id = "c-1"}};
}

class StatusBoardTest : public testing::Test {
 protected:
  CollectorStatus collector(const DataSet& data_set) const {
    for (const CollectorStatus& status : board_.collectors()) {
      if (status.data_set == &data_set) return status;
    }
    ADD_FAILURE() << "no " << data_set.collector;
    return {};
  }
  StatusBoard board_{{&kDeployment, &kPartner}, hours(6)};
};

TEST_F(StatusBoardTest, KnowsItsCollectorsBeforeAnythingWasRead) {
  const auto collectors = board_.collectors();
  ASSERT_EQ(collectors.size(), 3U);
  EXPECT_EQ(collectors[0].data_set, &customer_info());
  EXPECT_EQ(collectors[1].data_set, &kDeployment);
  EXPECT_FALSE(collectors[1].facts.good);
  EXPECT_TRUE(collectors[1].rounds.empty());
  EXPECT_EQ(StatusBoard({&kPartner}, hours(6)).collectors().size(), 1U)
      << "who asks about nobody reads no customer list";
}

TEST_F(StatusBoardTest, AnotherPlanKeepsWhatStays) {
  board_.taken(whole(kPartner), {.kind = Taken::Kind::kShown}, kNow);
  board_.drift(kDeployment, std::vector<FieldDrift>(1), kNow);
  board_.adopt({&kPartner, find_data_set("partner_deployment")}, hours(1));
  const auto collectors = board_.collectors();
  ASSERT_EQ(collectors.size(), 2U);
  EXPECT_EQ(collectors[0].data_set, &kPartner);
  EXPECT_EQ(collectors[0].rounds.size(), 1U);
  EXPECT_TRUE(collectors[1].rounds.empty());
  EXPECT_TRUE(board_.drift().empty());
  board_.taken(whole(kPartner), {.kind = Taken::Kind::kShown}, kNow + minutes(31));
  EXPECT_EQ(collector(kPartner).rounds.size(), 2U) << "rounds are shorter now";
}

TEST_F(StatusBoardTest, ARoundIsWhatBeganWithinHalfAnInterval) {
  const std::string id = "aaaaaaaa-0000-4000-8000-000000000001";
  board_.taken(one(id.c_str()), {.kind = Taken::Kind::kShown}, kNow);
  board_.taken(one(id.c_str()), {.kind = Taken::Kind::kHeld}, kNow + hours(1));
  board_.taken(one(id.c_str()), {.kind = Taken::Kind::kRefused}, kNow + hours(2));
  board_.taken(one(id.c_str()), {.kind = Taken::Kind::kNotMade}, kNow + minutes(150));
  board_.taken(one(id.c_str()), failed("broken"), kNow + hours(3));
  const auto rounds = collector(kDeployment).rounds;
  ASSERT_EQ(rounds.size(), 2U);
  EXPECT_EQ(rounds[0].answers, 2U);
  EXPECT_EQ(rounds[0].in_doubt, 1U);
  EXPECT_EQ(rounds[0].failures, 0U);
  EXPECT_EQ(rounds[0].begin, kNow);
  EXPECT_EQ(rounds[0].end, kNow + hours(2));
  EXPECT_EQ(rounds[1].failures, 1U);
  EXPECT_EQ(rounds[1].reason, "upstream");
  EXPECT_TRUE(collector(kPartner).rounds.empty());
}

TEST_F(StatusBoardTest, RoundsSaidAfterwardsHowManyRowsThereAre) {
  board_.taken(whole(kPartner), {.kind = Taken::Kind::kShown}, kNow);
  board_.facts(kPartner, {.good = true, .rows = 7});
  EXPECT_EQ(collector(kPartner).rounds.at(0).rows, 7U);
  board_.taken(whole(kPartner), failed("x"), kNow + hours(6));
  EXPECT_EQ(collector(kPartner).rounds.at(1).rows, 7U) << "those of before stay";
}

TEST_F(StatusBoardTest, OnlySoManyRoundsAreKept) {
  for (int i = 0; i < 100; ++i)
    board_.taken(whole(kPartner), {.kind = Taken::Kind::kShown}, kNow + i * hours(6));
  const auto rounds = collector(kPartner).rounds;
  ASSERT_EQ(rounds.size(), StatusBoard::kRoundsMax);
  EXPECT_EQ(rounds.back().begin, kNow + 99 * hours(6));
  board_.taken(whole(kPartner), {.kind = Taken::Kind::kShown}, kNow);
  EXPECT_EQ(collector(kPartner).rounds.back().begin, kNow) << "the clock was set back";
}

TEST_F(StatusBoardTest, KeepsTheLastErrorWithBothCorrelationIds) {
  const std::string id = "aaaaaaaa-0000-4000-8000-000000000001";
  board_.pass_begins("pass-1");
  board_.taken(one(id.c_str()), failed("first"), kNow);
  board_.pass_begins("pass-2");
  board_.taken(one(id.c_str()), failed("second"), kNow + minutes(1));
  board_.taken(one(id.c_str()), {.kind = Taken::Kind::kShown}, kNow + minutes(2));
  const auto error = collector(kDeployment).last_error;
  ASSERT_TRUE(error);
  EXPECT_EQ(error->error.message, "second");
  EXPECT_EQ(error->error.correlation_id, "c-1");
  EXPECT_EQ(error->pass, "pass-2");
  EXPECT_EQ(error->customer_id, id);
  EXPECT_EQ(error->when, kNow + minutes(1));
}

TEST_F(StatusBoardTest, TellsHowFarAPassIs) {
  const Reading a = one("aaaaaaaa-0000-4000-8000-000000000001");
  const Reading b = one("bbbbbbbb-0000-4000-8000-000000000002");
  board_.pass_begins("p");
  board_.begins({a, b});
  board_.taken(a, {.kind = Taken::Kind::kShown}, kNow);
  EXPECT_EQ(collector(kDeployment).planned, 2U);
  EXPECT_EQ(collector(kDeployment).done, 1U);
  board_.pass_begins("q");
  EXPECT_EQ(collector(kDeployment).planned, 0U);
}

TEST_F(StatusBoardTest, TheCustomerListIsACollectorToo) {
  board_.list_read(true, std::nullopt, kNow);
  board_.list_read(false, std::nullopt, kNow);
  board_.list_read(false, Error{.kind = ErrorKind::kForbidden, .message = "no"}, kNow);
  const CollectorStatus list = collector(customer_info());
  ASSERT_EQ(list.rounds.size(), 1U);
  EXPECT_EQ(list.rounds[0].answers, 1U);
  EXPECT_EQ(list.rounds[0].in_doubt, 1U);
  EXPECT_EQ(list.rounds[0].failures, 1U);
  EXPECT_EQ(list.last_error->error.message, "no");
}

TEST_F(StatusBoardTest, DriftIsKeptByFieldAndBounded) {
  const FieldDrift drift{.field = "extra", .kind = DriftKind::kUnknown, .count = 3};
  board_.drift(kPartner, std::vector{drift}, kNow);
  board_.drift(kDeployment, std::vector{drift}, kNow + minutes(1));
  board_.drift(kPartner, std::vector{drift}, kNow + minutes(2));
  auto seen = board_.drift();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].data_set, &kPartner) << "the latest first";
  EXPECT_EQ(seen[0].first, kNow);
  EXPECT_EQ(seen[0].latest, kNow + minutes(2));
  for (int i = 0; i < 1000; ++i) {
    const FieldDrift other{.field = "f" + std::to_string(i), .kind = DriftKind::kType, .count = 1};
    board_.drift(kPartner, std::vector{other}, kNow);
  }
  EXPECT_EQ(board_.drift().size(), StatusBoard::kDriftMax);
}

}  // namespace
}  // namespace pce
