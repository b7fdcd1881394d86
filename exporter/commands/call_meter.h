#pragma once
// What calls have cost, read from the exporter's own metrics: they time attempts alone, without
// the waiting for leave to make them.
#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace prometheus {
class Registry;
}

namespace pce {

struct CallCost {
  std::size_t calls = 0;  // attempts, repetitions and failed ones included
  std::chrono::duration<double> time{};
  std::chrono::duration<double> each() const {
    return calls == 0 ? time : time / static_cast<double>(calls);
  }
};

// Of one account.
class CallMeter {
 public:
  CallMeter(prometheus::Registry& registry, std::string partner)
      : registry_(registry), partner_(std::move(partner)) {}

  std::map<std::string, CallCost> all() const;  // by operation
  // Of one operation since the last time it was asked for.
  CallCost take(const std::string& operation);

 private:
  prometheus::Registry& registry_;
  const std::string partner_;
  std::map<std::string, CallCost> taken_;
};

}  // namespace pce
