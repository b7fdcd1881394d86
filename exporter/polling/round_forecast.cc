#include "exporter/polling/round_forecast.h"

#include <algorithm>
#include <functional>
#include <queue>

namespace pce {
namespace {

using Seconds = std::chrono::duration<double>;

// When calls may start, by a bucket of `concurrency` calls that fills at the rate. As a moment
// instead of a level: the bucket is full when no call is owed any more.
class Bucket {
 public:
  explicit Bucket(const RoundLimits& limits)
      : interval_(Seconds(60.0 / limits.requests_per_minute)),
        room_(interval_ * (limits.concurrency - 1)) {}

  Seconds admit(Seconds wanted) {
    const Seconds start = std::max(wanted, paid_until_ - room_);
    paid_until_ = std::max(paid_until_, start) + interval_;
    return start;
  }

 private:
  const Seconds interval_;
  const Seconds room_;
  Seconds paid_until_{};
};

// The readings of a step one by one.
class Readings {
 public:
  explicit Readings(const RoundStep& step) : step_(step) {}
  const CallChain* next() {
    while (chain_ < step_.size() && taken_ == step_[chain_].readings) {
      ++chain_;
      taken_ = 0;
    }
    if (chain_ == step_.size()) return nullptr;
    ++taken_;
    return &step_[chain_];
  }

 private:
  const RoundStep& step_;
  std::size_t chain_ = 0;
  std::size_t taken_ = 0;
};

struct Worker {
  Seconds free_at;
  const CallChain* chain = nullptr;
  std::size_t calls_left = 0;
  friend bool operator>(const Worker& a, const Worker& b) { return a.free_at > b.free_at; }
};

// When the step has ended.
Seconds run(const RoundStep& step, Seconds begin, int concurrency, Bucket& bucket) {
  Readings readings(step);
  std::priority_queue<Worker, std::vector<Worker>, std::greater<>> workers;
  for (int i = 0; i < concurrency; ++i) workers.push({.free_at = begin});
  Seconds end = begin;
  while (!workers.empty()) {
    Worker worker = workers.top();
    workers.pop();
    if (worker.calls_left == 0) {
      worker.chain = readings.next();
      if (worker.chain == nullptr) continue;
      worker.calls_left = worker.chain->calls;
    }
    if (worker.calls_left > 0) {
      worker.free_at = bucket.admit(worker.free_at) + worker.chain->each;
      --worker.calls_left;
    }
    if (worker.calls_left == 0) worker.free_at += worker.chain->closing;
    end = std::max(end, worker.free_at);
    workers.push(worker);
  }
  return end;
}

}  // namespace

RoundForecast forecast(const std::vector<RoundStep>& steps, const RoundLimits& limits) {
  RoundForecast round;
  Bucket bucket(limits);
  for (const RoundStep& step : steps) {
    for (const CallChain& chain : step) round.calls += chain.readings * chain.calls;
    round.takes = run(step, round.takes, limits.concurrency, bucket);
  }
  const Seconds by_rate(60.0 * static_cast<double>(round.calls) / limits.requests_per_minute);
  round.needs = std::max(round.takes, by_rate);
  return round;
}

}  // namespace pce
