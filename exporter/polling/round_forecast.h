#pragma once
// How many calls a round takes and how long, before it is made. Pure: the governor's bucket and
// run_round()'s workers, gone through call by call.
#include <chrono>
#include <cstddef>
#include <vector>

namespace pce {

// Readings of one kind, each a chain of calls that wait for each other: the pages of a report, or
// the one insight of a customer.
struct CallChain {
  std::size_t readings = 1;
  std::size_t calls = 1;                    // of one reading
  std::chrono::duration<double> each{};     // from the start of a call until the next may be asked
  std::chrono::duration<double> closing{};  // after the last call of a reading
};

// Readings made in parallel, in this order; a step begins when the one before it has ended.
using RoundStep = std::vector<CallChain>;

struct RoundLimits {
  int requests_per_minute = 1;  // at least 1, as concurrency
  int concurrency = 1;
};

struct RoundForecast {
  std::size_t calls = 0;
  std::chrono::duration<double> takes{};  // beginning with a full bucket
  // What each of many rounds needs, one after the other: a bucket is full once only.
  std::chrono::duration<double> needs{};
};

RoundForecast forecast(const std::vector<RoundStep>& steps, const RoundLimits& limits);

}  // namespace pce
