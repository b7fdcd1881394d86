// The daemon is killed, and comes back with what was known.
#include <chrono>
#include <csignal>
#include <fstream>
#include <map>
#include <random>

#include "tests/end_to_end/runs.h"
#include "tests/end_to_end/stage.h"
#include "tests/support/files.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class EndToEndWarmRestart : public testing::Test {
 protected:
  std::filesystem::path kept() const { return stage_.folder() / "kept"; }
  void start(const Stage::Choices& choices, const std::vector<std::string>& before = {}) {
    config_ = stage_.write_config(choices);
    restart(before);
  }
  void restart(const std::vector<std::string>& before = {}) {
    stage_.start_exporter_with(
        {"--config.file=" + config_.string(), "--web.listen-address=127.0.0.1:0",
         "--storage.path=" + kept().string()},
        before);
    ASSERT_TRUE(stage_.exporter_listens()) << stage_.exporter().output();
    // Scrapes wait for that by themselves, but not as long as a debug build on a busy machine
    // takes.
    ASSERT_NE(stage_.exporter().line_with("Kept answers are shown again", std::chrono::minutes(1)),
              "");
  }
  void kill() {
    stage_.exporter().signal(SIGKILL);
    ASSERT_EQ(stage_.exporter().wait(), 128 + SIGKILL);
  }
  // Partner Center is not there any more.
  void stop_simulator() {
    stage_.simulator().program().signal(SIGKILL);
    ASSERT_TRUE(stage_.simulator().program().wait());
  }
  void all_is_written() {
    const auto written = [&] {
      const Exposition now = stage_.scrape();
      return is_up(now) && now.value("partner_center_exporter_storage_waiting") == 0 &&
             now.value("partner_center_exporter_storage_last_write_successful") == 1;
    };
    ASSERT_TRUE(eventually(written, std::chrono::minutes(1))) << stage_.exporter().output();
  }
  double calls() const { return stage_.simulator_counted("total"); }

  Stage stage_;
  std::filesystem::path config_;
};

double last_success(const Exposition& exposition, const std::string& collector) {
  return exposition.value("partner_center_collector_last_success_timestamp_seconds",
                          {of_collector(collector)});
}

class KilledInTheMiddle : public EndToEndWarmRestart,
                          public testing::WithParamInterface<const char*> {};

// 50,000 series, of which a part is being replaced when the kill comes; nobody answers afterwards.
TEST_P(KilledInTheMiddle, ShowsEverySeriesAgainWithItsTrueAge) {
  stage_.start_simulator({"--customers=280", "--products=15"});
  stage_.simulate("/_sim/estate", R"({"generation_in_rows": true})");
  start({.interval = "15s", .stale_after = "1h", .source = GetParam()});
  ASSERT_TRUE(
      eventually([&] { return stage_.get("/-/ready").status == 200; }, std::chrono::minutes(2)));
  all_is_written();
  const Exposition before = stage_.scrape();
  // From now on some of the answers never come to their end.
  stage_.add_fault(
      R"({"match": {"path_contains": "/analytics/"}, "share": 0.02, "fault": {"hold": true}})");
  stage_.simulate("/_sim/estate", R"({"reprocess_days": 1})");
  const double calls_before = calls();
  ASSERT_TRUE(eventually([&] { return calls() > calls_before + 3; }, std::chrono::minutes(1)));
  kill();
  const auto killed = std::chrono::system_clock::now();
  stop_simulator();

  restart();
  const Exposition after = stage_.scrape();
  ASSERT_GT(insights_of(before).size(), 50'000U);
  for (const auto& [series, value] : insights_of(before))
    ASSERT_TRUE(after.samples.contains(series)) << series;
  EXPECT_EQ(insights_of(after).size(), insights_of(before).size());
  const Runs runs = runs_in(stage_.get("/metrics").body);
  EXPECT_THAT(runs.mixed, IsEmpty()) << "rows of two runs in one customer";
  EXPECT_EQ(runs.run_of.size(), 2 * 281U);
  for (const char* collector : kCollectors) {
    EXPECT_GE(last_success(after, collector), last_success(before, collector) - 120) << collector;
    EXPECT_LE(last_success(after, collector),
              std::chrono::duration<double>(killed.time_since_epoch()).count())
        << collector;
  }
}

INSTANTIATE_TEST_SUITE_P(Source, KilledInTheMiddle, testing::Values("classic", "commercial"),
                         [](const auto& source) { return std::string(source.param); });

// While it writes all the time: whatever the moment, the next one shows everybody, each from one
// run, and never from an earlier one than was shown when the one before began.
TEST_F(EndToEndWarmRestart, KilledAtAnyMomentLeavesAWholeStore) {
  constexpr unsigned kSeed = 104'729;
  constexpr int kKills = 25;
  std::printf("seed %u\n", kSeed);
  stage_.start_simulator({"--customers=40", "--products=4"});
  stage_.simulate("/_sim/estate", R"({"generation_in_rows": true})");
  start({.interval = "200ms", .stale_after = "1h", .source = "classic"});
  stage_.first_round();
  all_is_written();
  std::mt19937 random(kSeed);
  std::map<std::string, int> shown_at_start;
  for (int n = 0; n < kKills; ++n) {
    stage_.simulate("/_sim/estate", R"({"reprocess_days": 1})");
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(random() % 300);
    eventually([&] { return std::chrono::steady_clock::now() > until; });
    kill();
    restart();
    const Runs runs = runs_in(stage_.get("/metrics").body);
    ASSERT_THAT(runs.mixed, IsEmpty()) << "kill " << n;
    ASSERT_EQ(runs.run_of.size(), 2 * 41U) << "kill " << n << stage_.exporter().output();
    for (const auto& [key, run] : shown_at_start) ASSERT_GE(runs.run_of.at(key), run) << key;
    shown_at_start = runs.run_of;
    EXPECT_EQ(stage_.times_said("set aside"), 0U) << stage_.exporter().output();
  }
}

TEST_F(EndToEndWarmRestart, AsksNothingThatIsNotDue) {
  stage_.start_simulator({"--customers=12"});
  for (const int signal : {SIGKILL, SIGTERM}) {
    if (signal == SIGKILL) start({.interval = "1h"});
    stage_.first_round();
    all_is_written();
    const Exposition before = stage_.scrape();
    stage_.exporter().signal(signal);
    ASSERT_TRUE(stage_.exporter().wait());
    const double calls_before = calls();
    restart();
    const Exposition after = stage_.first_round();
    EXPECT_EQ(insights_of(after), insights_of(before));
    EXPECT_TRUE(is_up(after));
    EXPECT_LE(calls(), calls_before + 1) << "one for a token at most";
    for (const char* name : {"collector_rows", "collector_success", "collector_source_info",
                             "customers", "data_processed_timestamp_seconds", "customer_info"}) {
      const std::string metric = std::string("partner_center_") + name;
      EXPECT_EQ(after.find(metric), before.find(metric));
    }
    EXPECT_THAT(stage_.get("/api/v1/explain?customer=" + kSeedId).body, HasSubstr("\"shown\""));
  }
}

// What a copy gives out was answered, or it is not there.
TEST_F(EndToEndWarmRestart, ADamagedStoreYieldsNothingThatWasNeverAnswered) {
  constexpr unsigned kSeed = 7919;
  std::printf("seed %u\n", kSeed);
  stage_.start_simulator({"--customers=40"});
  start({.interval = "1h", .source = "classic"});
  stage_.first_round();
  all_is_written();
  const auto answered = insights_of(stage_.scrape());
  kill();
  stop_simulator();
  const std::string database = read_file(kept() / "responses.sqlite");
  const std::string log = read_file(kept() / "responses.sqlite-wal");
  std::mt19937 random(kSeed);
  std::size_t lost = 0;
  for (int copy = 0; copy < 12; ++copy) {
    std::filesystem::remove_all(kept());
    std::filesystem::create_directory(kept());
    std::string bytes[] = {database, log};
    for (std::string& file : bytes) {
      for (int bit = 0; bit < (copy % 2 == 0 ? 8 : 64) && !file.empty(); ++bit)
        file[random() % file.size()] ^= static_cast<char>(1U << random() % 8);
      if (copy % 5 == 0 && !file.empty()) file.resize(random() % file.size());
    }
    std::ofstream(kept() / "responses.sqlite", std::ios::binary) << bytes[0];
    std::ofstream(kept() / "responses.sqlite-wal", std::ios::binary) << bytes[1];
    restart();
    const auto shown = insights_of(stage_.scrape());
    for (const auto& [series, value] : shown) {
      const auto true_one = answered.find(series);
      ASSERT_NE(true_one, answered.end()) << "copy " << copy << ": " << series;
      ASSERT_EQ(true_one->second, value) << "copy " << copy << ": " << series;
    }
    lost += answered.size() - shown.size();
    kill();
  }
  EXPECT_GT(lost, 0U) << "damage that changes nothing proves nothing";
}

TEST_F(EndToEndWarmRestart, GoesOnWhereNothingCanBeKept) {
  stage_.start_simulator({"--customers=3"});
  start({.interval = "1h"}, {"sh", "-c", "ulimit -f 2; exec \"$0\" \"$@\""});
  const Exposition shown = stage_.first_round();
  EXPECT_TRUE(is_up(shown));
  EXPECT_FALSE(insights_of(shown).empty());
  stage_.scrape_until([](const Exposition& e) {
    return e.value("partner_center_exporter_storage_last_write_successful") == 0 &&
           e.value("partner_center_exporter_storage_writes_total", {"result=\"failure\""}) > 0;
  });
  EXPECT_EQ(stage_.times_said("Answers cannot be kept"), 1U) << stage_.exporter().output();
}

TEST_F(EndToEndWarmRestart, ASecondProcessIsToldAndGoesOnWithout) {
  stage_.start_simulator({"--customers=3"});
  start({.interval = "1h"});
  stage_.first_round();
  all_is_written();
  const pid_t first = stage_.exporter().pid();
  Program second({binary_dir() / "partner_center_exporter", "--config.file=" + config_.string(),
                  "--web.listen-address=127.0.0.1:0", "--storage.path=" + kept().string()});
  EXPECT_THAT(second.line_with("Answers cannot be kept"),
              HasSubstr("in use by process " + std::to_string(first)));
  EXPECT_NE(second.line_with("Round finished"), "");
  EXPECT_FALSE(std::filesystem::exists(kept() / "responses.sqlite.damaged"));
}

}  // namespace
}  // namespace pce
