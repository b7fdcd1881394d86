#include "exporter/polling/poll_record.h"

#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const DataSet& kDeployment = *find_data_set("customer_deployment");
const DataSet& kUsage = *find_data_set("customer_usage");
constexpr WallTime kStart{std::chrono::seconds(1'800'000'000)};

TenantId id(int number) {
  std::string text = "00000000-0000-4000-8000-000000000000";
  const std::string digits = std::to_string(number);
  text.replace(text.size() - digits.size(), digits.size(), digits);
  return *TenantId::parse(text);
}

class PollRecordTest : public testing::Test {
 protected:
  // The next customer list, complete and believed.
  void list(const std::vector<int>& numbers, WallTime now = kStart) {
    CustomerList list{.complete = true};
    for (const int number : numbers)
      list.customers.push_back({.id = id(number),
                                .name = "Customer " + std::to_string(number),
                                .domain = "",
                                .relationship = ""});
    book_.take(list, SteadyTime());
    record_.customers_are(
        std::make_shared<const CustomerRegister>(book_, *record_.customers(), labels_, now), now);
  }
  static Reading classic(const DataSet& data_set, int number) {
    return {.data_set = &data_set,
            .source = Source::kClassic,
            .customer = Customer{.id = id(number), .name = "", .domain = "", .relationship = ""},
            .key = {&data_set, id(number).text(), "contoso"}};
  }
  static Reading bulk(const DataSet& data_set) {
    return {
        .data_set = &data_set, .source = Source::kCommercial, .key = {&data_set, "", "contoso"}};
  }
  static Taken failed(const std::string& message) {
    return {.kind = Taken::Kind::kFailed,
            .error = Error{.kind = ErrorKind::kUpstream, .message = message}};
  }
  std::vector<std::string> left() const {
    std::vector<std::string> ids;
    for (const KnownCustomer& customer : record_.those_who_left())
      ids.emplace_back(customer.id.escaped());
    return ids;
  }
  Membership membership(int number) const {
    const KnownCustomer* customer = record_.customers()->find(id(number).text());
    EXPECT_NE(customer, nullptr) << number;
    return customer == nullptr ? Membership::kLeft : customer->membership;
  }

  LabelPool labels_;
  CustomerBook book_{CustomerFilter({}, {"customer 9", "customer 8"}), {}};
  PollRecord record_;
};

TEST_F(PollRecordTest, RemembersAFailureUntilItsCustomerAnswers) {
  list({1, 2});
  record_.taken(classic(kUsage, 1), failed("first"), kStart);
  record_.taken(classic(kUsage, 1), failed("second"), kStart + hours(1));
  record_.next_try({&kUsage, id(1).text(), "contoso"}, kStart + hours(2));
  const auto trouble = record_.trouble(kUsage, id(1).text());
  ASSERT_TRUE(trouble);
  EXPECT_EQ(trouble->kind, Trouble::Kind::kFailing);
  EXPECT_EQ(trouble->since, kStart);
  EXPECT_EQ(trouble->latest, kStart + hours(1));
  EXPECT_EQ(trouble->next_try, kStart + hours(2));
  EXPECT_EQ(trouble->error->message, "second");
  EXPECT_FALSE(record_.trouble(kDeployment, id(1).text()));
  EXPECT_FALSE(record_.trouble(kUsage, id(2).text()));
  record_.taken(classic(kUsage, 1), {.kind = Taken::Kind::kShown}, kStart + hours(2));
  EXPECT_FALSE(record_.trouble(kUsage, id(1).text()));
}

TEST_F(PollRecordTest, BeginsAnewWhenTheTroubleIsAnother) {
  list({1});
  record_.taken(classic(kUsage, 1), failed("first"), kStart);
  record_.taken(classic(kUsage, 1), {.kind = Taken::Kind::kHeld, .doubtful = {{id(1), 12, 1}}},
                kStart + hours(1));
  const auto trouble = record_.trouble(kUsage, id(1).text());
  ASSERT_TRUE(trouble);
  EXPECT_EQ(trouble->kind, Trouble::Kind::kHeld);
  EXPECT_EQ(trouble->since, kStart + hours(1));
  EXPECT_EQ(trouble->rows_before, 12U);
  EXPECT_EQ(trouble->rows, 1U);
}

TEST_F(PollRecordTest, AnAnswerAboutEverybodyEndsAllTroubleButItsOwnDoubts) {
  list({1, 2});
  record_.taken(classic(kUsage, 1), failed("no"), kStart);
  record_.taken(bulk(kUsage), failed("no"), kStart);
  record_.taken(bulk(kUsage), {.kind = Taken::Kind::kHeld, .doubtful = {{id(2), 5, 0}}},
                kStart + hours(1));
  record_.taken(bulk(kUsage), {.kind = Taken::Kind::kHeld, .doubtful = {{id(2), 5, 0}}},
                kStart + hours(7));
  EXPECT_FALSE(record_.trouble(kUsage, id(1).text()));
  EXPECT_EQ(record_.trouble(kUsage, id(2).text())->since, kStart + hours(1));
  EXPECT_FALSE(record_.collector(kUsage).trouble);
  EXPECT_EQ(record_.collector(kUsage).answered, kStart + hours(7));
}

TEST_F(PollRecordTest, AReadingThatWasNotMadeChangesNothing) {
  list({1});
  record_.taken(classic(kUsage, 1), failed("no"), kStart);
  record_.taken(classic(kUsage, 1), {}, kStart + hours(1));
  EXPECT_EQ(record_.trouble(kUsage, id(1).text())->latest, kStart);
}

TEST_F(PollRecordTest, KnowsWhenWhatGrewTooOldWasRead) {
  list({1});
  record_.source_in_use(kUsage, Source::kClassic);
  const Slice slice{.key = {&kUsage, id(1).text(), "contoso"}, .partner = {}, .fetched = kStart};
  record_.too_old(slice, kStart + hours(48));
  EXPECT_EQ(record_.trouble(kUsage, id(1).text())->kind, Trouble::Kind::kTooOld);
  record_.taken(classic(kUsage, 1), failed("no"), kStart + hours(49));
  EXPECT_EQ(record_.trouble(kUsage, id(1).text())->kind, Trouble::Kind::kFailing);
  EXPECT_EQ(record_.trouble(kUsage, id(1).text())->last_read, kStart);
  // What is about the list needs no note, nor do those of whom there are none.
  record_.too_old({.key = {&customer_info(), id(1).text(), "contoso"}, .partner = {}}, kStart);
  record_.too_old({.key = {&kUsage, id(7).text(), "contoso"}, .partner = {}}, kStart);
  EXPECT_FALSE(record_.trouble(customer_info(), id(1).text()));
  EXPECT_FALSE(record_.trouble(kUsage, id(7).text()));
}

TEST_F(PollRecordTest, KnowsWhoIsWho) {
  list({1, 2, 8});
  list({1, 8}, kStart + hours(6));
  EXPECT_EQ(membership(1), Membership::kListed);
  EXPECT_EQ(record_.customers()->find(id(1).text())->since, kStart);
  EXPECT_EQ(membership(2), Membership::kLeaving);
  EXPECT_EQ(record_.customers()->find(id(2).text())->since, kStart + hours(6));
  EXPECT_EQ(membership(8), Membership::kExcluded);
  EXPECT_EQ(record_.customers()->find(id(8).text())->entry, 1U);
  EXPECT_THAT(left(), testing::IsEmpty());
}

TEST_F(PollRecordTest, RemembersWhoLeftUntilTheyComeBack) {
  list({1, 2, 3});
  record_.taken(classic(kUsage, 2), failed("no"), kStart);
  list({1, 3}, kStart + hours(6));
  list({1, 3}, kStart + hours(12));
  EXPECT_THAT(left(), testing::ElementsAre(id(2).text()));
  EXPECT_EQ(record_.those_who_left().at(0).since, kStart + hours(12));
  EXPECT_EQ(record_.those_who_left().at(0).name.escaped(), "Customer 2");
  EXPECT_FALSE(record_.trouble(kUsage, id(2).text()));
  list({1, 2, 3}, kStart + hours(18));
  EXPECT_THAT(left(), testing::IsEmpty());
  EXPECT_EQ(membership(2), Membership::kListed);
}

TEST_F(PollRecordTest, RemembersOnceWhoLeftBetweenTwoLists) {
  list({1, 2});
  list({1}, kStart + hours(6));
  ASSERT_TRUE(book_.not_ours(id(2), SteadyTime()));
  record_.left(id(2), kStart + hours(7));
  record_.left(id(2), kStart + hours(8));
  record_.left(id(7), kStart + hours(8));  // nobody knows who that is
  EXPECT_THAT(left(), testing::ElementsAre(id(2).text()));
  list({1}, kStart + hours(12));
  EXPECT_THAT(left(), testing::ElementsAre(id(2).text()));
  EXPECT_EQ(record_.those_who_left().at(0).since, kStart + hours(7));
}

TEST_F(PollRecordTest, OneWhoIsExcludedNowHasNotLeft) {
  list({1, 2});
  CustomerList renamed{.complete = true};
  renamed.customers.push_back(
      {.id = id(1), .name = "Customer 9", .domain = "", .relationship = ""});
  renamed.customers.push_back(
      {.id = id(2), .name = "Customer 2", .domain = "", .relationship = ""});
  book_.take(renamed, SteadyTime());
  record_.customers_are(
      std::make_shared<const CustomerRegister>(book_, *record_.customers(), labels_, kStart),
      kStart);
  EXPECT_EQ(membership(1), Membership::kExcluded);
  EXPECT_THAT(left(), testing::IsEmpty());
}

TEST_F(PollRecordTest, ForgetsTheFirstOfVeryManyWhoLeft) {
  std::vector<int> many(PollRecord::kLeftMax + 2);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<int>(100 + i);
  list(many);
  record_.left(id(100), kStart);
  record_.left(id(101), kStart);
  ASSERT_EQ(left().size(), 2U);
  record_.customers_are(std::make_shared<const CustomerRegister>(), kStart + hours(1));
  EXPECT_EQ(left().size(), PollRecord::kLeftMax);
  EXPECT_EQ(left().front(), id(102).text());
}

TEST_F(PollRecordTest, TellsHowTheListFares) {
  EXPECT_FALSE(record_.list().believed);
  const Error error{.kind = ErrorKind::kForbidden, .message = "no"};
  record_.list_read(error, kStart, kStart + minutes(1));
  record_.list_read(error, kStart + minutes(1), kStart + minutes(3));
  EXPECT_EQ(record_.list().trouble->since, kStart);
  EXPECT_EQ(record_.list().trouble->next_try, kStart + minutes(3));
  record_.list_read(std::nullopt, kStart + minutes(3), std::nullopt);
  EXPECT_EQ(record_.list().believed, kStart + minutes(3));
  EXPECT_FALSE(record_.list().trouble);
}

}  // namespace
}  // namespace pce
