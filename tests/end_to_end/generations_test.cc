// Many scrapes at once while the data changes: every body is whole and of one generation.
// PCE_GENERATIONS_SECONDS says how long; a few seconds unless it does.
#include <atomic>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/end_to_end/runs.h"
#include "tests/end_to_end/stage.h"
#include "tests/support/raw_client.h"
#include "tests/support/unzip.h"

namespace pce {
namespace {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int kScrapers = 12;
constexpr std::size_t kCustomers = 21;
#else
constexpr int kScrapers = 50;
constexpr std::size_t kCustomers = 61;
#endif

std::chrono::seconds duration() {
  const char* const wanted = std::getenv("PCE_GENERATIONS_SECONDS");
  return std::chrono::seconds(wanted == nullptr ? 5 : std::atoi(wanted));
}

// One of the four forms that a body can have.
struct Form {
  bool open_metrics;
  bool packed;
  explicit Form(int number) : open_metrics(number % 2 == 0), packed(number % 4 < 2) {}

  std::string headers() const {
    return std::string("Accept: ")
        .append(open_metrics ? "application/openmetrics-text;version=1.0.0" : "text/plain")
        .append(packed ? "\r\nAccept-Encoding: gzip\r\n" : "\r\n");
  }
  std::string text_of(const RawAnswer& answer) const {
    EXPECT_EQ(answer.header("Content-Encoding"), packed ? "gzip" : "");
    return packed ? unzip(answer.body) : answer.body;
  }
};

// The run of each bulk answer, "customer_usage" for example; a failure where its customers are of
// different ones, or not all there.
std::map<std::string, int> run_of_each_answer(const std::string& body) {
  const Runs runs = runs_in(body);
  EXPECT_THAT(runs.mixed, testing::IsEmpty());
  EXPECT_EQ(runs.run_of.size(), 2 * kCustomers);
  std::map<std::string, int> run_of;
  for (const auto& [key, run] : runs.run_of) {
    const std::string collector = key.substr(0, key.find(' '));
    EXPECT_EQ(run_of.emplace(collector, run).first->second, run) << key;
  }
  return run_of;
}

class Scraping {
 public:
  Scraping(const Stage& stage, const std::atomic<bool>& done) : stage_(stage), done_(done) {}

  void run(int number) {
    const Form form(number);
    const std::string question = request_text("GET", "/metrics", form.headers());
    RawClient client("127.0.0.1", static_cast<std::uint16_t>(stage_.exporter_port()));
    std::map<std::string, int> newest;
    while (!done_ && !testing::Test::HasFailure()) {
      ASSERT_TRUE(client.send(question));
      const auto answer = client.read_answer();
      ASSERT_TRUE(answer);
      ASSERT_EQ(answer->status, 200);
      const std::string body = form.text_of(*answer);
      ASSERT_EQ(body.ends_with("\n# EOF\n"), form.open_metrics);
      for (const auto& [collector, run] : run_of_each_answer(body)) {
        ASSERT_GE(run, newest[collector]) << collector << " went back";
        newest[collector] = run;
      }
      // Our strict reader takes longer than all the rest, and knows text format only.
      if (!form.open_metrics && bodies_ % 16 == 0) {
        ASSERT_THAT(parse_exposition(body).complaints, testing::IsEmpty());
      }
      ++bodies_;
    }
  }
  int bodies() const { return bodies_; }

 private:
  const Stage& stage_;
  const std::atomic<bool>& done_;
  std::atomic<int> bodies_ = 0;
};

TEST(EndToEndGenerations, AreNeverMixedHoweverManyScrapeAtOnce) {
  Stage stage;
  stage.start_simulator({"--customers=" + std::to_string(kCustomers - 1), "--products=4"});
  stage.simulate("/_sim/estate", R"({"generation_in_rows": true})");
  const auto config = stage.write_config({.interval = "100ms",
                                          .stale_after = "1h",
                                          .source = "commercial",
                                          .more = "limits: {requests_per_minute: 60000}\n"});
  stage.start_exporter_with({"--config.file=" + config.string(), "--web.listen-address=127.0.0.1:0",
                             "--web.max-requests=0"});
  ASSERT_TRUE(stage.exporter_listens()) << stage.exporter().output();
  stage.scrape_until(is_up);

  std::atomic<bool> done = false;
  Scraping scraping(stage, done);
  std::vector<std::jthread> scrapers;
  for (int i = 0; i < kScrapers; ++i) scrapers.emplace_back([&scraping, i] { scraping.run(i); });

  std::set<int> shown;
  const auto begin = std::chrono::steady_clock::now();
  const auto passed = [&] { return std::chrono::steady_clock::now() - begin; };
  // Longer where the scrapers leave the exporter hardly any time to read anything new.
  while ((passed() < duration() || (shown.size() <= 3 && passed() < std::chrono::minutes(1))) &&
         !testing::Test::HasFailure()) {
    stage.simulate("/_sim/estate", R"({"reprocess_days": 1})");
    const int before = scraping.bodies();
    eventually([&] { return scraping.bodies() > before + kScrapers; });
    for (const auto& [collector, run] : run_of_each_answer(stage.get("/metrics").body))
      shown.insert(run);
  }
  done = true;
  scrapers.clear();
  EXPECT_GT(shown.size(), 3U) << "the data hardly changed, which shows nothing";
  std::printf("%d bodies, %d scrapers, %zu runs seen between them\n", scraping.bodies(), kScrapers,
              shown.size());
}

}  // namespace
}  // namespace pce
