#include "exporter/store/answer_keeper.h"

#include <thread>

#include <prometheus/registry.h>

#include "exporter/telemetry/log.h"
#include "tests/support/answers.h"
#include "tests/support/fake_clock.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/log_capture.h"
#include "tests/support/metric_reading.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class AnswerKeeperTest : public testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "kept"; }
  // Writes what waits, as at the end of a process.
  void write() {
    std::stop_source stop;
    stop.request_stop();
    keeper().run(stop.get_token());
  }
  AnswerKeeper& keeper() {
    if (!keeper_) keeper_ = std::make_unique<AnswerKeeper>(path(), clock_, telemetry_);
    return *keeper_;
  }
  std::vector<std::string> after_a_restart(WallTime oldest = {}) {
    write();
    keeper_.reset();
    return told(keeper().recall(oldest));
  }
  double metric(const std::string& name, const std::string& label = {}) const {
    for (const auto& family : registry_.Collect()) {
      if (family.name != "partner_center_exporter_storage_" + name) continue;
      for (const auto& m : family.metric) {
        if (!label.empty() && (m.label.empty() || m.label[0].value != label)) continue;
        return family.type == prometheus::MetricType::Counter ? m.counter.value : m.gauge.value;
      }
    }
    return -1;
  }

  TemporaryFolder folder_;
  FakeClock clock_;
  prometheus::Registry registry_;
  StorageTelemetry telemetry_{registry_};
  std::unique_ptr<AnswerKeeper> keeper_;
};

TEST_F(AnswerKeeperTest, GivesBackTheOldestFirst) {
  EXPECT_THAT(keeper().recall({}), IsEmpty());
  keeper().put(an_answer("customer_usage", "a", {"x"}, 5));
  keeper().put(an_answer("customer_usage", "b", {"y"}, 2));
  EXPECT_EQ(keeper().waiting(), 3U) << "and that old ones go";
  EXPECT_THAT(after_a_restart(), ElementsAre("customer_usage/b@2: y", "customer_usage/a@5: x"));
  EXPECT_EQ(metric("last_write_successful"), 1);
  EXPECT_GT(metric("bytes"), 4096);
}

TEST_F(AnswerKeeperTest, WritesOnlyTheNewestOfWhatWaits) {
  keeper().recall({});
  write();
  const double before = metric("writes_total", "success");
  for (int i = 0; i < 100; ++i)
    keeper().put(an_answer("customer_usage", "a", {std::to_string(i)}, i));
  EXPECT_EQ(keeper().waiting(), 1U);
  write();
  EXPECT_EQ(metric("writes_total", "success"), before + 1);
  EXPECT_THAT(after_a_restart(), ElementsAre("customer_usage/a@99: 99"));
}

TEST_F(AnswerKeeperTest, WhatIsTooOldGoes) {
  keeper().put(an_answer("customer_usage", "a", {"x"}, 1));
  keeper().put(an_answer("customer_usage", "b", {"y"}, 100));
  const WallTime limit(std::chrono::seconds(1'700'000'050));
  EXPECT_THAT(after_a_restart(limit), ElementsAre("customer_usage/b@100: y"));
  EXPECT_THAT(after_a_restart(), ElementsAre("customer_usage/b@100: y"));
}

TEST_F(AnswerKeeperTest, ForgetsInTheOrderOfWhatItWasTold) {
  keeper().put(an_answer("customer_usage", "a", {"1"}, 1));
  keeper().forget("contoso", "customer_usage", "a");
  keeper().put(an_answer("customer_usage", "a", {"2"}, 2));
  keeper().put(an_answer("customer_usage", "b", {"3"}, 3));
  keeper().forget_others("contoso", {"c", "a"});
  EXPECT_THAT(after_a_restart(), ElementsAre("customer_usage/a@2: 2"));
}

// Said once, tried again, and nothing lost when there is room again.
TEST_F(AnswerKeeperTest, ADiskThatIsFullIsWaitedFor) {
  set_up_log(LogLevel::kInfo, LogFormat::kLogfmt);
  keeper().recall({});
  write();
  keeper().put(an_answer("customer_usage", "a", {"1"}, 1));
  keeper().put(an_answer("customer_usage", "b", {"2"}, 2));
  std::string said = said_while([&] {
    const FileSizeLimit limit(1000);
    std::stop_source stop;
    clock_.stop_after(3, stop);  // tries
    keeper().run(stop.get_token());
  });
  EXPECT_EQ(times_in(said, "Answers cannot be kept"), 1) << said;
  EXPECT_EQ(metric("last_write_successful"), 0);
  EXPECT_GE(metric("writes_total", "failure"), 3);
  EXPECT_EQ(metric("waiting"), 2);
  EXPECT_EQ(clock_.waited(), 4 * AnswerKeeper::kTryAgain);
  keeper().put(an_answer("customer_usage", "a", {"3"}, 3));
  EXPECT_EQ(keeper().waiting(), 2U);
  std::vector<std::string> kept;
  said = said_while([&] {
    write();
    kept = after_a_restart();
  });
  EXPECT_EQ(times_in(said, "kept for the next start again"), 1) << said;
  EXPECT_THAT(kept, ElementsAre("customer_usage/b@2: 2", "customer_usage/a@3: 3"));
  EXPECT_EQ(metric("last_write_successful"), 1);
}

TEST_F(AnswerKeeperTest, AFolderOfNoUseIsSaidAndAnswersAreHeld) {
  folder_.write("kept", "a file in its place");
  EXPECT_THAT(keeper().recall({}), IsEmpty());
  EXPECT_EQ(metric("last_write_successful"), 0);
  keeper().put(an_answer("customer_usage", "a", {"1"}, 1));
  write();
  std::filesystem::remove(path());
  EXPECT_THAT(after_a_restart(), ElementsAre("customer_usage/a@1: 1"));
  EXPECT_EQ(metric("last_write_successful"), 1);
}

TEST_F(AnswerKeeperTest, WhatCouldBeSavedOfADamagedFileIsInTheNewOne) {
  keeper().recall({});
  keeper().put(an_answer("customer_usage", "a", {"1"}, 1));
  write();
  keeper_.reset();
  Database(path() / "responses.sqlite").run("DROP INDEX bodies_by_answer; PRAGMA user_version=0");
  EXPECT_THAT(keeper().recall({}), IsEmpty()) << "the version is not what it was";
  EXPECT_EQ(metric("files_set_aside_total"), 1);

  keeper().put(an_answer("customer_usage", "a", {"1"}, 1));
  write();
  keeper_.reset();
  {
    // A page of an index that reads like nothing: what it is about is whole.
    Database database(path() / "responses.sqlite");
    const std::int64_t page =
        database.number("SELECT rootpage FROM sqlite_schema WHERE name = 'answers_by_subject'");
    std::fstream file(path() / "responses.sqlite", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp((page - 1) * 4096);
    file << std::string(4096, '\x55');
  }
  EXPECT_THAT(told(keeper().recall({})), ElementsAre("customer_usage/a@1: 1"));
  EXPECT_EQ(metric("files_set_aside_total"), 2);
  EXPECT_THAT(after_a_restart(), ElementsAre("customer_usage/a@1: 1"));
  EXPECT_EQ(metric("files_set_aside_total"), 2);
}

// Nobody who puts something waits for a disk.
TEST_F(AnswerKeeperTest, WritesOnAThreadOfItsOwn) {
  SystemClock clock;
  AnswerKeeper keeper(path(), clock, telemetry_);
  keeper.recall({});
  {
    std::jthread writer([&](std::stop_token stop) { keeper.run(stop); });
    for (int i = 0; i < 500; ++i)
      keeper.put(an_answer("customer_usage", "c" + std::to_string(i % 100), {"x"}, i));
  }
  EXPECT_EQ(keeper.waiting(), 0U);
  EXPECT_EQ(keeper.recall({}).size(), 100U);
}

}  // namespace
}  // namespace pce
