#pragma once
// What was asked of the simulator: the most recent calls, and counters since the last reset. Any
// thread.
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/simulator/text.h"

namespace simulator {

struct LoggedCall {
  std::uint64_t number = 0;
  std::string operation, method, path, query, customer, tenant;
  std::string token_state, token_kind, token_audience;
  Fields headers;      // without the value of Authorization
  std::string grant;   // of token calls
  int status = 0;      // 0: cut without an answer
  bool fault = false;  // a rule had a hand in it
  bool inside_retry_after = false;
  std::chrono::steady_clock::time_point arrived;
  std::chrono::microseconds took{0};
  std::size_t bytes = 0;
};

class CallLog {
 public:
  CallLog();
  // A call begins and ends; it counts as running in between. Calls of the token endpoint are not
  // counted as parallel.
  void begin(bool parallel);
  void end(bool parallel);
  void add(LoggedCall call);
  void reset();

  // {"counters": {…}, "calls": […]}; the newest `last` calls of `operation` (empty: all), oldest
  // first.
  nlohmann::ordered_json describe(std::size_t last, const std::string& operation) const;

 private:
  static constexpr std::size_t kKept = 20'000;

  mutable std::mutex mutex_;
  std::chrono::steady_clock::time_point started_;
  std::deque<LoggedCall> calls_;
  std::uint64_t total_ = 0, inside_retry_after_ = 0;
  std::uint64_t parallel_ = 0, max_parallel_ = 0;
  std::map<std::string, std::uint64_t> by_operation_, by_status_, by_tenant_;
};

}  // namespace simulator
