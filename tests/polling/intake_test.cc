#include "exporter/polling/intake.h"

#include <optional>
#include <utility>

#include <prometheus/registry.h>

#include "exporter/insights/catalog.h"
#include "exporter/telemetry/log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/slices.h"

namespace pce {
namespace {

const DataSet& kDeployment = *find_data_set("customer_deployment");
const DataSet& kUsage = *find_data_set("customer_usage");
const TenantId kA = *TenantId::parse("aaaaaaaa-0000-4000-8000-000000000001");

class IntakeTest : public testing::Test {
 protected:
  void SetUp() override { set_up_log(LogLevel::kError, LogFormat::kLogfmt); }
  void list(std::initializer_list<TenantId> customers) {
    CustomerList list{.complete = true};
    for (const TenantId& id : customers)
      list.customers.push_back({.id = id, .name = "A", .domain = "", .relationship = ""});
    book_.take(list, clock_.steady());
  }
  Reading classic(const DataSet& data_set, const TenantId& id) const {
    return {.data_set = &data_set,
            .source = Source::kClassic,
            .customer = Customer{.id = id, .name = "A", .domain = "", .relationship = ""},
            .key = {&data_set, id.text(), "contoso"}};
  }
  Outcome answer(const TenantId& id) {
    Decoded decoded{.records = {record_of(labels_, {"r", "P", "o365"}, {Number::whole(7)})},
                    .rows = 1};
    Outcome outcome{.kind = Outcome::Kind::kAnswered};
    outcome.answer.rows = 1;
    outcome.answer.customers.push_back({.customer = id, .decoded = std::move(decoded)});
    return outcome;
  }
  bool shown(const DataSet& data_set, const TenantId& id) const {
    return store_.current()->find({&data_set, id.text(), "contoso"}) != nullptr;
  }

  FakeClock clock_;
  prometheus::Registry registry_;
  PollTelemetry telemetry_{registry_, "contoso", {}};
  LabelPool labels_;
  SnapshotStore store_;
  Publisher publisher_{store_, clock_};
  CustomerBook book_{{}, {}};
  Intake intake_{{publisher_, book_, labels_, telemetry_, clock_}, "contoso", {}, false};
};

TEST_F(IntakeTest, ShowsNothingOfACustomerThatWasDroppedWhileItWasAskedAbout) {
  list({kA, *TenantId::parse("bbbbbbbb-0000-4000-8000-000000000002")});
  list({*TenantId::parse("bbbbbbbb-0000-4000-8000-000000000002")});
  const Reading asked = classic(kUsage, kA);
  EXPECT_EQ(intake_.take(classic(kDeployment, kA), {.kind = Outcome::Kind::kNotOurs}).kind,
            Taken::Kind::kRefused);
  EXPECT_EQ(intake_.take(asked, answer(kA)).kind, Taken::Kind::kNotMade);
  publisher_.flush();
  EXPECT_FALSE(shown(kUsage, kA));
}

TEST_F(IntakeTest, SlicesTellWhoseAnswerTheyAre) {
  list({kA});
  intake_.take(classic(kUsage, kA), answer(kA));
  intake_.take({.data_set = &kDeployment,
                .source = Source::kCommercial,
                .key = {&kDeployment, "", "contoso"}},
               answer(kA));
  publisher_.flush();
  EXPECT_EQ(store_.current()->find({&kUsage, kA.text(), "contoso"})->source, Source::kClassic);
  EXPECT_EQ(store_.current()->find({&kDeployment, kA.text(), "contoso"})->source,
            Source::kCommercial);
}

// There are tens of thousands of them, in slices of several data sets.
TEST_F(IntakeTest, SlicesOfAListedCustomerShareOneId) {
  list({kA});
  const auto parsed_anew = [] { return *TenantId::parse(kA.text()); };
  intake_.take(classic(kUsage, parsed_anew()), answer(parsed_anew()));
  intake_.take({.data_set = &kDeployment,
                .source = Source::kCommercial,
                .key = {&kDeployment, "", "contoso"}},
               answer(parsed_anew()));
  publisher_.flush();
  const SliceKey& usage = store_.current()->find({&kUsage, kA.text(), "contoso"})->key;
  const SliceKey& deployment = store_.current()->find({&kDeployment, kA.text(), "contoso"})->key;
  EXPECT_EQ(usage.customer_id.view().data(), deployment.customer_id.view().data());
  EXPECT_EQ(usage.partner.view().data(), deployment.partner.view().data());
}

TEST_F(IntakeTest, SaysHowManyRowsADoubtfulAnswerHadAndHowManyThereWere) {
  list({kA});
  intake_.take(classic(kUsage, kA), answer(kA));
  publisher_.flush();
  const Taken held = intake_.take(classic(kUsage, kA), {.kind = Outcome::Kind::kAnswered});
  ASSERT_EQ(held.doubtful.size(), 1U);
  EXPECT_EQ(held.doubtful[0].customer, kA);
  EXPECT_EQ(held.doubtful[0].rows_before, 1U);
  EXPECT_EQ(held.doubtful[0].rows, 0U);
}

}  // namespace
}  // namespace pce
