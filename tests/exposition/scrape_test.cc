#include "exporter/exposition/scrape.h"

#include <set>
#include <sstream>

#include <prometheus/registry.h>

#include "exporter/insights/catalog.h"
#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/poll_telemetry.h"
#include "exporter/telemetry/process_telemetry.h"
#include "tests/support/body.h"
#include "tests/support/slices.h"
#include "tests/support/unzip.h"

namespace pce {
namespace {

class ScrapeTest : public testing::Test {
 protected:
  ScrapeTest() {
    const auto record = record_of(labels_, {"reseller", "P", "o365"},
                                  {Number::whole(4), Number::whole(3), Number::real(75)});
    const auto partner =
        record_of(labels_, {"reseller", "o365"}, {Number::whole(40), Number::real(61.5)});
    store_.replace({slice_of(*find_data_set("customer_deployment"), labels_,
                             "0112a436-b14e-4888-967b-ca4bb2cf1234", "A", {record}),
                    slice_of(*find_data_set("partner_deployment"), labels_, "", "", {partner})});
  }
  static std::vector<std::string> families(const std::string& body) {
    std::vector<std::string> names;
    std::istringstream stream(body);
    for (std::string line; std::getline(stream, line);) {
      if (line.starts_with("# TYPE ")) names.push_back(line.substr(7, line.rfind(' ') - 7));
    }
    return names;
  }

  LabelPool labels_;
  SnapshotStore store_;
  prometheus::Registry registry_;
  ProcessTelemetry telemetry_{registry_, BuildInfo{}, WallTime{}};
  PollTelemetry account_{registry_, "contoso", {"customer_deployment"}};
};

TEST_F(ScrapeTest, ShowsEachFamilyOnceAndAllOfThemInOrder) {
  const auto names = families(text_of(Scraper(store_, telemetry_, "").answer({}).body));
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_EQ(std::set(names.begin(), names.end()).size(), names.size());
  for (const char* name : {"licenses_sold", "partner_center_up", "partner_licenses_sold",
                           "process_start_time_seconds"}) {
    EXPECT_THAT(names, testing::Contains(name));
  }
}

TEST_F(ScrapeTest, PutsThePrefixInFrontOfInsightsOnly) {
  const auto names = families(text_of(Scraper(store_, telemetry_, "csp_").answer({}).body));
  EXPECT_THAT(names, testing::Contains("csp_licenses_sold"));
  EXPECT_THAT(names, testing::Contains("partner_center_up"));
  EXPECT_THAT(names, testing::Not(testing::Contains("csp_partner_center_up")));
  EXPECT_TRUE(std::ranges::is_sorted(names));
}

TEST_F(ScrapeTest, PacksTheSameBodyWhenGzipIsAccepted) {
  const Scraper scraper(store_, telemetry_, "");
  const auto packed = scraper.answer({.accept = {}, .accept_encoding = "gzip"});
  EXPECT_EQ(packed.content_encoding, "gzip");
  const std::string plain = unzip(text_of(packed.body));
  EXPECT_THAT(plain, testing::HasSubstr("\nlicenses_sold{"));
  EXPECT_EQ(families(plain), families(text_of(scraper.answer({}).body)));
}

TEST_F(ScrapeTest, NeverReportsARoundWhoseRowsItDoesNotShow) {
  // A round that ends while the scrape is being answered: it shows its rows, then reports.
  telemetry_.before_collect([this] {
    const auto record =
        record_of(labels_, {"reseller", "LATE", "o365"}, {Number::whole(1), Number(), Number()});
    store_.replace({slice_of(*find_data_set("customer_deployment"), labels_,
                             "ffffffff-b14e-4888-967b-ca4bb2cf1234", "B", {record})});
    account_.up(true);
  });
  const std::string body = text_of(Scraper(store_, telemetry_, "").answer({}).body);
  ASSERT_THAT(body, testing::HasSubstr("\npartner_center_up{partner=\"contoso\"} 1\n"));
  EXPECT_THAT(body, testing::HasSubstr("product=\"LATE\""));
}

TEST_F(ScrapeTest, SaysWhatFormatItIs) {
  const Scraper scraper(store_, telemetry_, "");
  EXPECT_EQ(scraper.answer({}).content_type,
            "text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
  const auto open = scraper.answer({.accept = "application/openmetrics-text"});
  EXPECT_EQ(open.content_type,
            "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores");
  const std::string body = text_of(open.body);
  EXPECT_THAT(body, testing::EndsWith("\n# EOF\n"));
  EXPECT_TRUE(std::ranges::is_sorted(families(body)));
}

TEST_F(ScrapeTest, WritesNothingOfAFamilyWithoutSamples) {
  const auto names = families(text_of(Scraper(store_, telemetry_, "").answer({}).body));
  EXPECT_THAT(names, testing::Not(testing::Contains("usage_percent")));
}

}  // namespace
}  // namespace pce
