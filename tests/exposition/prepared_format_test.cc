#include "exporter/exposition/prepared_format.h"

#include <algorithm>
#include <future>

#include <prometheus/registry.h>

#include "exporter/exposition/text_encoder.h"
#include "exporter/insights/catalog.h"
#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/poll_telemetry.h"
#include "exporter/telemetry/process_telemetry.h"
#include "tests/support/body.h"
#include "tests/support/slices.h"
#include "tests/support/unzip.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

class PreparedFormatTest : public testing::Test {
 protected:
  void show(const std::string& product) {
    store_.replace({slice_of(*find_data_set("customer_deployment"), labels_,
                             "ffffffff-b14e-4888-967b-ca4bb2cf1234", "A",
                             {record_of(labels_, {"reseller", product, "o365"},
                                        {Number::whole(1), Number(), Number()})})});
  }
  PreparedFormat format(std::chrono::milliseconds remembered = std::chrono::hours(1)) {
    return {store_, telemetry_,
            std::make_shared<const Layout>(text_encoder(), insight_families("")), remembered};
  }
  // As a scrape answers while somebody follows the store.
  static std::string scrape(PreparedFormat& format, bool packed = false) {
    const auto [edition, rows, own] = format.ready({.packed = packed, .rows = !packed});
    return packed ? unzip(text_of(packed_body(edition, *own)))
                  : text_of(plain_body(edition, rows, *own));
  }

  static constexpr const char* kUp = "\npartner_center_up{partner=\"contoso\"} 1\n";
  LabelPool labels_;
  SnapshotStore store_;
  prometheus::Registry registry_;
  ProcessTelemetry telemetry_{registry_, BuildInfo{}, WallTime{}};
  PollTelemetry account_{registry_, "contoso", {"customer_deployment"}};
};

TEST_F(PreparedFormatTest, ReportsNoRoundWhoseRowsArePreparedOnlyLater) {
  PreparedFormat prepared = format();
  show("EARLY");
  EXPECT_THAT(scrape(prepared), AllOf(HasSubstr("EARLY"), Not(HasSubstr(kUp))));
  show("LATE");
  account_.up(true);
  EXPECT_THAT(scrape(prepared),
              AllOf(HasSubstr("EARLY"), Not(HasSubstr("LATE")), Not(HasSubstr(kUp))));
  prepared.refresh();
  EXPECT_THAT(scrape(prepared), AllOf(HasSubstr("LATE"), HasSubstr(kUp)));
}

TEST_F(PreparedFormatTest, ReportsWhatIsNewAboutOurselvesWhileTheRowsAreUpToDate) {
  PreparedFormat prepared = format();
  show("EARLY");
  EXPECT_THAT(scrape(prepared), Not(HasSubstr(kUp)));
  account_.up(true);
  EXPECT_THAT(scrape(prepared), HasSubstr(kUp));
  show("LATE");
  account_.up(false);
  EXPECT_THAT(scrape(prepared), AllOf(Not(HasSubstr("LATE")), HasSubstr(kUp)))
      << "what a scrape has seen of ourselves is not taken back";
}

TEST_F(PreparedFormatTest, IsOfTheMomentForWhoWantsNothingLess) {
  PreparedFormat prepared = format();
  show("EARLY");
  scrape(prepared);
  show("LATE");
  const auto [edition, rows, own] = prepared.ready({.rows = true, .current = true});
  EXPECT_THAT(text_of(plain_body(edition, rows, *own)), HasSubstr("LATE"));
}

TEST_F(PreparedFormatTest, IsPackedFromTheFirstTimeSomebodyAsksForIt) {
  PreparedFormat prepared = format();
  show("EARLY");
  EXPECT_FALSE(prepared.ready({.rows = true}).edition->packed());
  EXPECT_TRUE(prepared.ready({.packed = true}).edition->packed());
  EXPECT_TRUE(prepared.ready({.rows = true}).edition->packed()) << "which serves both";
  show("LATE");
  prepared.refresh();
  EXPECT_TRUE(prepared.ready({.rows = true}).edition->packed());
  EXPECT_THAT(scrape(prepared, true), HasSubstr("LATE"));
}

TEST_F(PreparedFormatTest, IsNotPreparedWhereNobodyHasAskedForIt) {
  PreparedFormat prepared = format();
  show("EARLY");
  const auto snapshot = std::weak_ptr(store_.current());
  prepared.refresh();
  show("LATE");
  EXPECT_TRUE(snapshot.expired());
}

TEST_F(PreparedFormatTest, IsForgottenWhenNobodyAsksAnyMore) {
  PreparedFormat prepared = format(std::chrono::milliseconds(0));
  show("EARLY");
  const std::weak_ptr edition = prepared.ready({.packed = true}).edition;
  EXPECT_FALSE(edition.expired());
  prepared.refresh();
  EXPECT_TRUE(edition.expired());
  EXPECT_THAT(scrape(prepared), HasSubstr("EARLY")) << "and made again for who comes later";
}

// Where everything is read again, the old rows are gone before the new ones are prepared.
TEST_F(PreparedFormatTest, HoldsNoRowsForPackedBodies) {
  PreparedFormat prepared = format();
  show("EARLY");
  const auto snapshot = std::weak_ptr(store_.current());
  scrape(prepared, true);
  show("LATE");
  EXPECT_TRUE(snapshot.expired());
  EXPECT_THAT(scrape(prepared, true), HasSubstr("EARLY"));
  EXPECT_THAT(scrape(prepared), HasSubstr("LATE")) << "what has to be encoded is of the moment";
}

TEST_F(PreparedFormatTest, HoldsTheRowsWhileSomebodyReadsThem) {
  PreparedFormat prepared = format();
  show("EARLY");
  const auto snapshot = std::weak_ptr(store_.current());
  scrape(prepared);
  show("LATE");
  EXPECT_FALSE(snapshot.expired());
  EXPECT_THAT(scrape(prepared), HasSubstr("EARLY")) << "nobody waits for what is being prepared";
  prepared.refresh();
  EXPECT_TRUE(snapshot.expired());
}

TEST_F(PreparedFormatTest, LetsTheRowsGoWhenNobodyReadsThemAnyMore) {
  PreparedFormat prepared = format(std::chrono::milliseconds(50));
  show("EARLY");
  const auto begin = std::chrono::steady_clock::now();
  scrape(prepared);
  bool held = true;
  while (held && std::chrono::steady_clock::now() - begin < std::chrono::seconds(10)) {
    scrape(prepared, true);
    prepared.refresh();
    const auto snapshot = std::weak_ptr(store_.current());
    show("LATE");
    held = !snapshot.expired();
  }
  EXPECT_FALSE(held);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(50));
}

TEST_F(PreparedFormatTest, IsPackedForWhoAsksForItHoweverSoonItIsForgotten) {
  PreparedFormat prepared = format(std::chrono::milliseconds(0));
  show("EARLY");
  EXPECT_THAT(scrape(prepared, true), HasSubstr("EARLY"));
}

TEST_F(PreparedFormatTest, IsPreparedOnceForAllWhoAskAtOnce) {
  PreparedFormat prepared = format();
  show("EARLY");
  std::vector<std::future<std::shared_ptr<const Edition>>> scrapes;
  for (int i = 0; i < 16; ++i) {
    scrapes.push_back(
        std::async(std::launch::async, [&] { return prepared.ready({.packed = true}).edition; }));
  }
  std::vector<std::shared_ptr<const Edition>> editions;
  for (auto& each : scrapes) editions.push_back(each.get());
  for (const auto& edition : editions) EXPECT_EQ(edition, editions.front());
}

}  // namespace
}  // namespace pce
