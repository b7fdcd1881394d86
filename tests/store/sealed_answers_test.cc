// Kept answers under a key, and what becomes of those under another one, or none.
#include <fstream>

#include <prometheus/registry.h>

#include "exporter/store/answer_keeper.h"
#include "exporter/telemetry/log.h"
#include "tests/support/answers.h"
#include "tests/support/fake_clock.h"
#include "tests/support/files.h"
#include "tests/support/metric_reading.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SealedAnswers : public testing::Test {
 protected:
  static Seal seal(const std::string& purpose = "a") {
    return {Secret("an-example-key-of-32-characters-or-more"), purpose};
  }
  void SetUp() override { set_up_log(LogLevel::kNone, LogFormat::kLogfmt); }
  std::filesystem::path path() const { return folder_.path() / "kept"; }
  // One process: what it found, then it keeps this and ends.
  std::vector<std::string> run(std::optional<Seal> seal, std::vector<StoredAnswer> answers = {}) {
    AnswerKeeper keeper(path(), clock_, telemetry_, std::move(seal));
    auto found = told(keeper.recall({}));
    for (StoredAnswer& answer : answers) keeper.put(std::move(answer));
    std::stop_source stop;
    stop.request_stop();
    keeper.run(stop.get_token());
    return found;
  }
  std::string all_bytes() const {
    std::string bytes;
    for (const auto& entry : std::filesystem::directory_iterator(path()))
      bytes += read_file(entry.path());
    return bytes;
  }
  // As it lies in a file that is not sealed.
  static std::string packed(const std::string& body) { return pack(body).deflated; }

  TemporaryFolder folder_;
  FakeClock clock_;
  prometheus::Registry registry_;
  StorageTelemetry telemetry_{registry_};
};

const std::string kBody = R"({"items":[{"companyProfile":{"companyName":"Contoso"}}]})";

TEST_F(SealedAnswers, AreGivenBackUnderTheirKey) {
  run(seal(), {an_answer("customers", "", {kBody, "second"}, 1), an_answer("customer_usage", "a")});
  EXPECT_EQ(all_bytes().find(packed(kBody)), std::string::npos);
  const std::vector<std::string> both{"customer_usage/a@0: {}",
                                      "customers/@1: " + kBody + "|second"};
  EXPECT_EQ(run(seal()), both);
  EXPECT_EQ(run(seal()), both) << "and once more, when nothing came";
}

TEST_F(SealedAnswers, LeaveNothingOfWhatWasInTheOpen) {
  run(std::nullopt, {an_answer("customers", "", {kBody})});
  ASSERT_NE(all_bytes().find(packed(kBody)), std::string::npos);
  std::filesystem::copy(path() / "responses.sqlite", path() / "responses.sqlite.damaged-x");
  EXPECT_THAT(run(seal(), {an_answer("customer_usage", "b")}), IsEmpty());
  EXPECT_EQ(all_bytes().find(packed(kBody)), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path() / "responses.sqlite.damaged-x"));
  EXPECT_THAT(run(seal()), ElementsAre("customer_usage/b@0: {}"));
}

// Its answers cannot be read any more, so nobody knows whether they were sealed.
TEST_F(SealedAnswers, LeaveNoFileThatCouldNotBeRead) {
  run(std::nullopt, {an_answer("customers", "", {kBody})});
  std::fstream file(path() / "responses.sqlite", std::ios::in | std::ios::out | std::ios::binary);
  file << "no database any more";
  file.close();
  EXPECT_THAT(run(seal()), IsEmpty());
  EXPECT_EQ(all_bytes().find(packed(kBody)), std::string::npos);
}

TEST_F(SealedAnswers, AreNobodysUnderAnotherKeyOrNone) {
  run(seal(), {an_answer("customer_usage", "a")});
  EXPECT_THAT(run(seal("another")), IsEmpty());
  EXPECT_THAT(run(seal()), IsEmpty()) << "they are gone";
  run(seal(), {an_answer("customer_usage", "a")});
  EXPECT_THAT(run(std::nullopt, {an_answer("customer_usage", "b")}), IsEmpty());
  EXPECT_THAT(run(std::nullopt), ElementsAre("customer_usage/b@0: {}"));
}

}  // namespace
}  // namespace pce
