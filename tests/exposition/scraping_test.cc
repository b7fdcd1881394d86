// Scrapes while the data changes.
#include <algorithm>
#include <atomic>
#include <latch>
#include <set>
#include <thread>

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "exporter/exposition/scrape.h"
#include "exporter/insights/catalog.h"
#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/process_telemetry.h"
#include "tests/support/body.h"
#include "tests/support/files.h"
#include "tests/support/slices.h"
#include "tests/support/unzip.h"

namespace pce {
namespace {

constexpr std::size_t kCustomers = 300;

class ScrapingTest : public testing::Test {
 protected:
  ~ScrapingTest() override {
    following_.request_stop();
    if (following_.joinable()) following_.join();
  }

  static std::string customer_id(std::size_t i) {
    char id[40];
    std::snprintf(id, sizeof id, "%02zx%06zx-0000-4000-8000-000000000000", (i * 37) & 255, i);
    return id;
  }
  static std::size_t customers_of(const CustomerChoice& choice) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < kCustomers; ++i) count += choice.has(customer_id(i)) ? 1 : 0;
    return count;
  }

  // Every seat count in the estate is `stamp`, and then a round is reported by that number.
  void publish(std::int64_t stamp) {
    std::vector<std::shared_ptr<const Slice>> slices;
    for (std::size_t i = 0; i < kCustomers; ++i) {
      slices.push_back(slice_of(
          *find_data_set("customer_deployment"), labels_, customer_id(i), "Customer",
          {record_of(labels_, {"reseller", "P", "o365"},
                     {Number::whole(stamp), Number::whole(stamp), Number::whole(stamp)})}));
    }
    store_.replace(std::move(slices));
    reported_.Set(static_cast<double>(stamp));
  }

  struct Seen {
    std::set<std::string> stamps;  // values of all seat counts
    std::size_t samples = 0;
    double reported = -1;
  };
  static Seen seen_in(const std::string& text) {
    Seen seen;
    for (const std::string& line : lines_of(text)) {
      const auto space = line.rfind(' ');
      if (line.starts_with("licenses_") || line.starts_with("deployment_percent{")) {
        seen.stamps.insert(line.substr(space + 1));
        ++seen.samples;
      } else if (line.starts_with("reported ")) {
        seen.reported = std::stod(line.substr(space + 1));
      }
    }
    return seen;
  }
  std::string scraped(bool packed, bool open, Selection selection = {}) const {
    const auto answer =
        scraper_.answer({.accept = open ? "application/openmetrics-text" : "text/plain",
                         .accept_encoding = packed ? "gzip" : "",
                         .selection = std::move(selection)});
    EXPECT_EQ(answer.content_encoding, packed ? "gzip" : "");
    return packed ? unzip(text_of(answer.body)) : text_of(answer.body);
  }
  void follow() {
    following_ = std::jthread([this](std::stop_token stop) { scraper_.run(stop); });
  }

  LabelPool labels_;
  SnapshotStore store_;
  prometheus::Registry registry_;
  prometheus::Gauge& reported_ =
      prometheus::BuildGauge().Name("reported").Help("The last round.").Register(registry_).Add({});
  ProcessTelemetry telemetry_{registry_, BuildInfo{}, WallTime{}};
  Scraper scraper_{store_, telemetry_, "", {.rest = 0}};
  std::jthread following_;
};

TEST_F(ScrapingTest, ShowsAChangeSoonAfterItWasMade) {
  publish(1);
  EXPECT_EQ(seen_in(scraped(true, true)).stamps, std::set<std::string>{"1"});
  follow();
  for (std::int64_t stamp = 2; stamp < 6; ++stamp) {
    publish(stamp);
    std::set<std::string> stamps;
    do {
      stamps = seen_in(scraped(true, false)).stamps;
    } while (stamps != std::set{std::to_string(stamp)} && !HasFailure());
  }
}

TEST_F(ScrapingTest, FiftyAtOnceEachSeeOneGenerationAndNoReportBeyondIt) {
  publish(1);
  follow();
  constexpr int kScrapers = 50;
  constexpr int kEach = 8;
  std::latch all_there(kScrapers + 1);
  std::atomic<int> at_work = kScrapers;
  std::vector<std::jthread> scrapers;
  for (int i = 0; i < kScrapers; ++i) {
    scrapers.emplace_back([&, i] {
      all_there.arrive_and_wait();
      double former = 0;
      for (int time = 0; time < kEach; ++time) {
        const std::string text = scraped(i % 2 == 0, i % 4 < 2);
        const Seen seen = seen_in(text);
        EXPECT_EQ(seen.stamps.size(), 1U) << "of more than one generation";
        EXPECT_EQ(seen.samples, 3 * kCustomers);
        const double shown = seen.stamps.empty() ? 0 : std::stod(*seen.stamps.begin());
        EXPECT_GE(shown, seen.reported) << "reports a round that it does not show";
        EXPECT_GE(shown, former) << "went back";
        EXPECT_EQ(text.ends_with("# EOF\n"), i % 4 < 2);
        former = shown;
      }
      --at_work;
    });
  }
  all_there.arrive_and_wait();
  std::int64_t stamp = 1;
  while (at_work > 0) publish(++stamp);
  EXPECT_GT(stamp, 2);
}

TEST_F(ScrapingTest, PartsAreOfOneGenerationTooAndReportNothingBeyondIt) {
  publish(1);
  follow();
  std::atomic<int> at_work = 8;
  std::vector<std::jthread> scrapers;
  for (int i = 0; i < 8; ++i) {
    scrapers.emplace_back([&, i] {
      // Some runs as a whole, and of all runs some customers.
      const CustomerChoice choice(std::vector<std::string>{i % 2 == 0 ? "a*" : "*3-0000-*"});
      const std::size_t customers = customers_of(choice);
      EXPECT_GT(customers, 5U);
      double former = 0;
      for (int time = 0; time < 25; ++time) {
        const Seen seen = seen_in(scraped(i % 4 < 2, i < 4, {.customers = choice}));
        EXPECT_EQ(seen.stamps.size(), 1U) << "of more than one generation";
        EXPECT_EQ(seen.samples, 3 * customers);
        const double shown = seen.stamps.empty() ? 0 : std::stod(*seen.stamps.begin());
        EXPECT_GE(shown, seen.reported) << "reports a round that it does not show";
        EXPECT_GE(shown, former) << "went back";
        former = shown;
      }
      --at_work;
    });
  }
  std::int64_t stamp = 1;
  while (at_work > 0) publish(++stamp);
  EXPECT_GT(stamp, 2);
}

TEST_F(ScrapingTest, AnAnswerOutlivesItsData) {
  publish(1);
  auto scraper = std::make_unique<Scraper>(store_, telemetry_, "");
  const auto plain = scraper->answer({});
  const auto packed = scraper->answer({.accept = {}, .accept_encoding = "gzip"});
  publish(2);
  scraper.reset();
  EXPECT_EQ(seen_in(text_of(plain.body)).stamps, std::set<std::string>{"1"});
  EXPECT_EQ(seen_in(unzip(text_of(packed.body))).stamps, std::set<std::string>{"1"});
}

}  // namespace
}  // namespace pce
