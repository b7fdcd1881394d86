// Whether the time of an answer tells who has an account: Welch's t over many logins, in turns
// drawn by lot. Above 4.5, two kinds of logins can be told apart.
#include <algorithm>
#include <cmath>
#include <ctime>
#include <iostream>
#include <numeric>
#include <random>

#include "tests/web/logins.h"

namespace pce {
namespace {

// Of all threads of this process.
double processor_seconds() {
  timespec spent{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) * 1e-9;
}

struct Sample {
  double mean = 0;
  double variance = 0;
  double count = 0;
  double median = 0;
};

// Without the slowest tenth, which the machine disturbed.
Sample sample_of(std::vector<double> times) {
  std::ranges::sort(times);
  times.resize(times.size() - times.size() / 10);
  Sample sample{.count = static_cast<double>(times.size()), .median = times[times.size() / 2]};
  sample.mean = std::accumulate(times.begin(), times.end(), 0.0) / sample.count;
  for (const double time : times) sample.variance += (time - sample.mean) * (time - sample.mean);
  sample.variance /= sample.count - 1;
  return sample;
}

double welch_t(const Sample& a, const Sample& b) {
  return (a.mean - b.mean) / std::sqrt(a.variance / a.count + b.variance / b.count);
}

std::vector<WebUser> alice_and_carol() {
  return {{.name = "alice", .hash = bcrypt_hash(kWonderland)},
          {.name = "carol",
           .hash = bcrypt_hash("$2y$05$zyxwvutsrqponmlkjihgfuqQq8b5tF4YkR9wT2sV7nX1cD3eG6hJK")}};
}

class LoginTiming : public testing::Test {
 protected:
  double seconds_of(const std::string& name) {
    const std::string header = basic(name, "guess" + std::to_string(next_guess_++));
    const double start = processor_seconds();
    EXPECT_EQ(judge(credentials_, header), LoginVerdict::kRefused);
    return processor_seconds() - start;
  }
  // |t| of logins as `first` and as `second`, `each` of both.
  double compare(const std::string& first, const std::string& second, int each) {
    std::vector<int> turns(static_cast<std::size_t>(2 * each));
    for (std::size_t i = 0; i < turns.size(); ++i) turns[i] = static_cast<int>(i % 2);
    std::ranges::shuffle(turns, random_);
    std::vector<double> times[2];
    for (int i = 0; i < 50; ++i) seconds_of(first);  // until caches and clock rate are warm
    for (const int turn : turns) times[turn].push_back(seconds_of(turn == 0 ? first : second));
    const Sample a = sample_of(times[0]);
    const Sample b = sample_of(times[1]);
    const double t = std::abs(welch_t(a, b));
    std::cout << first << " against " << second << ", " << each << " logins each: |t| = " << t
              << ", medians " << a.median * 1e6 << " us and " << b.median * 1e6 << " us\n";
    return t;
  }

  SystemClock clock_;
  std::mt19937 random_{20261126};
  int next_guess_ = 0;
  Credentials credentials_{
      alice_and_carol(),
      clock_,
      {.refusals_kept = 0,
       .hashes_per_client = {.interval = std::chrono::nanoseconds(1), .burst = 1'000'000}}};
};

TEST_F(LoginTiming, AnUnknownUserIsNotToldFromAWrongPassword) {
  // Unknown names whose decoys cost what alice's and carol's hashes do.
  const PasswordBook book(alice_and_carol());
  for (const auto& [user, cost] : {std::pair("alice", 4), std::pair("carol", 5)}) {
    std::string nobody = "nobod";
    while (book.entry_of(nobody).hash->cost() != cost) ++nobody.back();
    ASSERT_FALSE(book.entry_of(nobody).known);
    EXPECT_LT(compare(user, nobody, 500), 4.5);
  }
}

// Twice the work is seen with few logins: the meter works.
TEST_F(LoginTiming, AnotherCostWouldBeSeen) { EXPECT_GT(compare("alice", "carol", 200), 4.5); }

}  // namespace
}  // namespace pce
