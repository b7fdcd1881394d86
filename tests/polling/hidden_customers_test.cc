// metrics.customer_label: id and hash, from the list and the rows to what is shown and what is
// kept.
#include "exporter/insights/customer_target.h"
#include "tests/polling/warm_start_fixture.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::Not;

class HiddenCustomers : public WarmStartTest, public testing::WithParamInterface<Source> {
 protected:
  void SetUp() override {
    WarmStartTest::SetUp();
    plan_.naming = naming_;
    plan_.source.fixed = GetParam();
    service_.names = {{kA, "Contoso"}, {kB, "Fabrikam"}};
  }
  std::string hidden(const std::string& id) const {
    return std::string(naming_.id_of(*TenantId::parse(id)).text());
  }

  const CustomerNaming naming_ =
      CustomerNaming::by_hash(Secret("an-example-key-of-32-characters-or-more"));
};

TEST_P(HiddenCustomers, AreShownUnderTheirPseudonymsOnly) {
  first_round();
  EXPECT_EQ(slice(kA), nullptr);
  EXPECT_EQ(sold(hidden(kA)), 10);
  EXPECT_EQ(sold(hidden(kB)), 20);
  EXPECT_EQ(slice(hidden(kA))->customer.plain(), hidden(kA));
  EXPECT_EQ(slice(hidden(kA))->customer_id.plain(), hidden(kA));
  const Slice* info = slice(hidden(kA), &customer_info());
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(info->customer.plain(), hidden(kA));
  EXPECT_EQ(info->records.at(0).labels[0].plain(), "") << "the domain";
  EXPECT_EQ(info->records.at(0).labels[1].plain(), "reseller");
}

TEST_P(HiddenCustomers, AreChosenByTheirNamesAndIds) {
  plan_.customers = CustomerFilter({}, {"contoso"});
  plan_.targets = TargetChoice(std::vector{CustomerTarget{.match = {"Fabri*"}, .owner = "ada"}});
  first_round();
  EXPECT_EQ(slice(hidden(kA)), nullptr);
  EXPECT_EQ(sold(hidden(kB)), 20);
  ASSERT_NE(slice(hidden(kB), &customer_owner()), nullptr);
  end_for(hours(1));
  plan_.customers = CustomerFilter({kA}, {});
  if (GetParam() == Source::kClassic) first_round();  // it was not asked about
  EXPECT_EQ(slice(hidden(kB)), nullptr);
  EXPECT_EQ(sold(hidden(kA)), 10);
}

// Whom an answer does not name is known by the pseudonym only, whose order is another one.
TEST_P(HiddenCustomers, WhoFallSilentKeepWhatIsShown) {
  service_.sold = {{kA, 10}, {kB, 20}, {kC, 30}};
  service_.listed = {kA, kB, kC};
  first_round();
  service_.sold = {{kB, 25}, {kC, 35}};
  run_for(hours(7));
  EXPECT_EQ(sold(hidden(kA)), 10);
  EXPECT_EQ(sold(hidden(kB)), 25);
  EXPECT_EQ(sold(hidden(kC)), 35);
  EXPECT_EQ(process().store.current()->slices(), 6U) << "these and what the list says";
}

TEST_P(HiddenCustomers, AreKeptUnderTheirPseudonymsAndShownAgain) {
  first_round();
  end_for(hours(2));
  change_kept([&](const StoredAnswer& answer) {
    const std::string said = answer.customer + answer.address;
    for (const char* id : {kA, kB}) EXPECT_THAT(said, Not(HasSubstr(id)));
  });
  EXPECT_EQ(sold(hidden(kA)), 10);
  EXPECT_EQ(sold(hidden(kB)), 20);
  EXPECT_EQ(metric("up"), 1);
  EXPECT_EQ(calls(), 0U);
}

TEST_P(HiddenCustomers, ThatAreLeavingAreKnownAfterARestart) {
  first_round();
  service_.listed = {kA};
  for (int i = 0; i < 40 && metric("customers_leaving") != 1; ++i) run_for(minutes(10));
  ASSERT_EQ(metric("customers_leaving"), 1);
  restart_after(minutes(1));
  EXPECT_EQ(sold(hidden(kB)), 20);
  EXPECT_EQ(metric("customers_leaving"), 1);
  run_for(hours(7));
  EXPECT_EQ(slice(hidden(kB)), nullptr);
}

// Whom a pseudonym stands for only the list tells.
TEST_P(HiddenCustomers, WaitForTheListWhereItIsMissing) {
  first_round();
  end_for(hours(1));
  change_kept([](StoredAnswer& answer) {
    if (answer.collector == "customers") answer.tenant = "somebody else's";
  });
  const bool waits = GetParam() == Source::kClassic;  // the bulk report has the ids itself
  EXPECT_EQ(slice(hidden(kA)) == nullptr, waits);
  first_round();
  EXPECT_EQ(sold(hidden(kA)), 10);
}

INSTANTIATE_TEST_SUITE_P(From, HiddenCustomers,
                         testing::Values(Source::kClassic, Source::kCommercial),
                         [](const auto& source) { return std::string(name_of(source.param)); });

}  // namespace
}  // namespace pce
