// What the token file may hold after a power loss, a kill, or a failure at any point of a rotation.
// A kill alone cannot show a missing flush, because what the system has not written yet outlives
// the process; so the calls are recorded and the disk is modelled.
#include <unistd.h>

#include "exporter/identity/token_file.h"
#include "tests/identity/power_loss_model.h"
#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using testing::IsEmpty;
using testing::Not;

constexpr int kRotations = 3;
const std::string kFirst = "refresh-0\n";

int number_of(std::string_view token) {
  return token.starts_with("refresh-") ? std::atoi(token.data() + 8) : -1;
}

// The number of the last token that the program said was stored.
int stored_in(std::string_view output) {
  constexpr std::string_view kSaid = "stored refresh-";
  const auto at = output.rfind(kSaid);
  return at == std::string_view::npos ? 0 : std::atoi(output.data() + at + kSaid.size());
}

class TokenRotation : public testing::Test {
 protected:
  // The program under strace; its output, and its exit status as strace hands it on.
  Finished rotate(const std::vector<std::string>& strace) {
    folder_.write("token", kFirst);
    std::vector<std::string> argv{"strace", "-f", "-E", "ASAN_OPTIONS=detect_leaks=0"};
    argv.insert(argv.end(), strace.begin(), strace.end());
    argv.insert(argv.end(), {binary_dir() / "tests" / "pce_token_rotation",
                             folder_.path() / "token", std::to_string(kRotations)});
    return run_program(argv);
  }

  std::vector<TracedCall> traced_rotation() {
    const TemporaryFolder elsewhere;
    const auto trace = elsewhere.path() / "trace";
    const Finished done = rotate(
        {"-xx", "-s", "1000000", "-o", trace.string(), "-e", "trace=" + std::string(kFileCalls)});
    EXPECT_EQ(done.status, 0) << done.output;
    EXPECT_EQ(stored_in(done.output), kRotations) << done.output;
    return parse_trace(read_file(trace));
  }

  struct Verdict {
    std::vector<std::string> violations;
    std::size_t points = 0, states = 0;
  };
  // Of the power going after each of these calls.
  Verdict judge(const std::vector<TracedCall>& calls) const {
    PowerLossModel disk(folder_.path(), {{"token", kFirst}});
    Verdict verdict;
    int stored = 0;
    for (const TracedCall& call : calls) {
      disk.apply(call);
      if (call.name == "write" && call.arguments.at(0) == "1")
        stored = std::max(stored, stored_in(call.arguments.at(1)));
      ++verdict.points;
      for (const auto& content : disk.possible("token")) {
        ++verdict.states;
        const auto record = parse_token_record(Secret(content.value_or("")));
        const int number = record ? number_of(record->refresh_token.reveal()) : -1;
        if (number >= stored && number <= kRotations) continue;
        verdict.violations.push_back(
            "after " + call.name + ", with refresh-" + std::to_string(stored) +
            " stored: " + (content ? testing::PrintToString(*content) : "no file"));
      }
    }
    return verdict;
  }

  TemporaryFolder folder_;
};

// The calls without the flushes of files, or without those of folders.
enum class Flushed { kFiles, kFolders };
std::vector<TracedCall> without_flushes(const std::vector<TracedCall>& calls, Flushed of) {
  std::set<std::string> folders;
  std::vector<TracedCall> left;
  for (const TracedCall& call : calls) {
    if (call.name == "openat") {
      const bool folder = call.arguments.at(2).find("O_DIRECTORY") != std::string::npos;
      if (folder) folders.insert(std::to_string(call.result));
      if (!folder) folders.erase(std::to_string(call.result));
    }
    const bool of_folder = call.name == "fsync" && folders.contains(call.arguments.at(0));
    if (call.name == "fsync" && of_folder == (of == Flushed::kFolders)) continue;
    left.push_back(call);
  }
  EXPECT_EQ(calls.size() - left.size(), kRotations) << "one of each for a rotation";
  return left;
}

TEST_F(TokenRotation, LeavesOneWholeTokenWheneverThePowerGoes) {
  const auto calls = traced_rotation();
  const Verdict verdict = judge(calls);
  EXPECT_THAT(verdict.violations, IsEmpty());
  EXPECT_GE(verdict.states, verdict.points + kRotations)
      << "between a rename and the flush of its folder there are two";
  std::printf("%zu points in time, %zu states of the disk\n", verdict.points, verdict.states);
}

TEST_F(TokenRotation, IsFoundFaultyWithoutTheFlushOfTheFile) {
  const auto verdict = judge(without_flushes(traced_rotation(), Flushed::kFiles));
  EXPECT_THAT(verdict.violations, Not(IsEmpty()));
  EXPECT_THAT(verdict.violations, testing::Contains(testing::HasSubstr("after renameat")));
}

TEST_F(TokenRotation, IsFoundFaultyWithoutTheFlushOfTheFolder) {
  const auto verdict = judge(without_flushes(traced_rotation(), Flushed::kFolders));
  EXPECT_THAT(verdict.violations, Not(IsEmpty()));
  EXPECT_THAT(verdict.violations, testing::Each(testing::AllOf(testing::HasSubstr("stored: "),
                                                               Not(testing::HasSubstr("no file")))))
      << "an old token in place of one that was said to be stored";
}

TEST_F(TokenRotation, IsFoundFaultyWhereItWritesInPlace) {
  const std::string path = folder_.path() / "token";
  const std::vector<TracedCall> calls{
      {.name = "openat", .arguments = {"AT_FDCWD", path, "O_WRONLY|O_TRUNC"}, .result = 5},
      {.name = "write", .arguments = {"5", "refresh-1\n", "10"}, .result = 10},
      {.name = "fsync", .arguments = {"5"}, .result = 0},
      {.name = "write", .arguments = {"1", "stored refresh-1\n", "17"}, .result = 17}};
  const Verdict verdict = judge(calls);
  EXPECT_THAT(verdict.violations, Not(IsEmpty()));
  EXPECT_THAT(judge({calls.back()}).violations, Not(IsEmpty())) << "said, and never done";
}

// Strace counts the calls of each name by themselves.
TEST_F(TokenRotation, LeavesOneWholeTokenWhicheverCallItIsKilledAt) {
  std::set<std::string> names;
  for (const TracedCall& call : traced_rotation()) names.insert(call.name);
  names.erase("mmap");  // only reserves memory
  int killed = 0;
  for (const std::string& name : names) {
    int status = -1;
    for (int n = 1; status != 0; ++n) {
      const std::string moment = name + " number " + std::to_string(n);
      const Finished ended =
          rotate({"-o", "/dev/null", "-e", "trace=" + name, "-e",
                  "inject=" + name + ":signal=SIGKILL:when=" + std::to_string(n)});
      status = ended.status;
      if (status != 0) ++killed;
      ASSERT_LT(n, 1000) << ended.output;
      const auto record = TokenFile(folder_.path() / "token").read();
      ASSERT_TRUE(record) << moment << ": " << record.error().message;
      const int number = number_of(record->refresh_token.reveal());
      EXPECT_GE(number, stored_in(ended.output)) << moment;
      EXPECT_LE(number, kRotations) << moment;
    }
  }
  EXPECT_GT(killed, 8 * kRotations);
  std::printf("killed at each of %d calls\n", killed);
}

struct Failure {
  std::string error;
  bool lasting;
};

class FailingDisk : public TokenRotation, public testing::WithParamInterface<Failure> {};

// The n-th of each kind of call that stores the token fails, once or from then on.
TEST_P(FailingDisk, CostsNoTokenAndIsNotDenied) {
  int in_memory = 0;
  // How many of them each rotation needs; not counted for what also writes other things.
  const std::map<std::string, int> needed_calls{
      {"write", 0}, {"fchmod", 1}, {"fsync", 2}, {"renameat", 1}};
  for (const auto& [name, needed] : needed_calls) {
    for (int n = 1; n <= 3 * kRotations; ++n) {
      const std::string moment =
          name + ":when=" + std::to_string(n) + (GetParam().lasting ? "+" : "");
      const Finished ended = rotate(
          {"-o", "/dev/null", "-e", "trace=" + name, "-e",
           "inject=" + name + ":error=" + GetParam().error + moment.substr(moment.find(':'))});
      EXPECT_THAT(ended.status, testing::AnyOf(0, 3)) << moment << ended.output;
      const auto record = TokenFile(folder_.path() / "token").read();
      ASSERT_TRUE(record) << moment << ": " << record.error().message;
      const int number = number_of(record->refresh_token.reveal());
      EXPECT_GE(number, stored_in(ended.output)) << moment;
      if (ended.status == 0) {
        EXPECT_EQ(number, kRotations) << moment << ", yet it says that it is stored";
      }
      if (ended.status == 3) ++in_memory;
      if (n <= needed * kRotations) {
        EXPECT_THAT(ended.output, testing::HasSubstr("in memory")) << moment << " was passed over";
      }
      EXPECT_THAT(folder_.names(), testing::ElementsAre("token", "token.lock"))
          << moment << ": nothing unfinished stays";
    }
  }
  EXPECT_GE(in_memory, GetParam().lasting ? 4 * kRotations : 4);
}

INSTANTIATE_TEST_SUITE_P(Errors, FailingDisk,
                         testing::Values(Failure{"ENOSPC", false}, Failure{"ENOSPC", true},
                                         Failure{"EIO", false}, Failure{"EIO", true}),
                         [](const auto& row) {
                           return row.param.error + (row.param.lasting ? "_lasting" : "_once");
                         });

}  // namespace
}  // namespace pce
