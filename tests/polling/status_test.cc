// What an account's poller has noted, as a value for the status page.
#include "exporter/polling/status.h"

#include "tests/polling/account_poller_fixture.h"

namespace pce {
namespace {

class StatusTest : public AccountPollerTest {
 protected:
  AccountStatus status() {
    return StatusReporter({.poller = poller(),
                           .clock = clock_,
                           .sign_in = [this] { return token_.status(); },
                           .credentials = [] { return CredentialEnds(); },
                           .throttling = [] { return Throttling{.pace = 0.5}; }})
        .status();
  }
};

TEST_F(StatusTest, BeforeTheFirstRoundEverythingIsNamedAndNothingIsSaid) {
  const AccountStatus before = status();
  EXPECT_EQ(before.partner, "contoso");
  EXPECT_FALSE(before.tried);
  EXPECT_EQ(before.throttling.pace, 0.5);
  ASSERT_EQ(before.collectors.size(), 2U);
  EXPECT_EQ(before.collectors[1].source, Source::kClassic);
  EXPECT_FALSE(before.collectors[1].status.facts.newest);
}

TEST_F(StatusTest, AfterARoundItTellsWhatWasReadAndWhatComes) {
  first_round();
  const AccountStatus after = status();
  EXPECT_TRUE(after.tried);
  EXPECT_EQ(after.customers.listed, 2U);
  EXPECT_TRUE(after.list.believed);
  const CollectorStatus& customers = after.collectors.at(0).status;
  EXPECT_TRUE(customers.facts.good);
  EXPECT_EQ(customers.facts.rows, 2U);
  const CollectorStatus& deployment = after.collectors.at(1).status;
  EXPECT_TRUE(deployment.facts.good);
  EXPECT_EQ(deployment.facts.readings, 2U);
  EXPECT_EQ(deployment.facts.rows, 2U);
  EXPECT_EQ(deployment.facts.customers, 2U);
  EXPECT_TRUE(deployment.facts.newest);
  ASSERT_TRUE(deployment.facts.next);
  EXPECT_GT(*deployment.facts.next, after.now);
  EXPECT_LE(*deployment.facts.next, after.now + interval());
  EXPECT_EQ(deployment.done, 2U);
  ASSERT_EQ(deployment.rounds.size(), 1U);
  EXPECT_EQ(deployment.rounds[0].answers, 2U);
  EXPECT_EQ(deployment.rounds[0].rows, 2U);
}

TEST_F(StatusTest, AFailureIsInTheRoundAndStaysAsTheLastError) {
  first_round();
  service_.answer(deployment_path(kA), 503, "");
  a_whole_interval();
  const CollectorStatus failing = status().collectors.at(1).status;
  EXPECT_FALSE(failing.facts.good);
  EXPECT_GT(failing.facts.unanswered, 0U);
  ASSERT_TRUE(failing.last_error);
  EXPECT_FALSE(failing.last_error->error.message.empty());
  EXPECT_FALSE(failing.last_error->pass.empty());
  EXPECT_GT(failing.rounds.back().failures, 0U);
  service_.answers.clear();
  a_whole_interval();
  const CollectorStatus healed = status().collectors.at(1).status;
  EXPECT_TRUE(healed.facts.good);
  EXPECT_TRUE(healed.last_error) << "it is of interest still";
  EXPECT_EQ(healed.rounds.back().failures, 0U);
}

}  // namespace
}  // namespace pce
