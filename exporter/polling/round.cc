#include "exporter/polling/round.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

namespace pce {

void run_round(const std::vector<Reading>& readings, int concurrency,
               const std::function<Outcome(const Reading&, std::stop_token)>& read,
               const std::function<bool(const Reading&, Outcome)>& take, std::stop_token stop) {
  std::atomic<std::size_t> next = 0;
  std::stop_source give_up;
  const std::stop_callback forward(stop, [&] { give_up.request_stop(); });
  std::mutex taking;
  const auto work = [&] {
    for (std::size_t i = next++; i < readings.size(); i = next++) {
      Outcome outcome;
      if (!give_up.stop_requested()) outcome = read(readings[i], give_up.get_token());
      const std::scoped_lock lock(taking);
      if (!take(readings[i], std::move(outcome))) give_up.request_stop();
    }
  };
  std::vector<std::jthread> workers;
  const auto count = std::min(readings.size(), static_cast<std::size_t>(concurrency));
  for (std::size_t i = 0; i < count; ++i) workers.emplace_back(work);
}

}  // namespace pce
