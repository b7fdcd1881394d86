#pragma once
// Many clients at once that misuse a server: they say nothing, send their request in drops, or do
// not read. One thread for all of them. Loopback only, from 127.0.0.2 on, so that whoever comes
// from 127.0.0.1 is somebody else.
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace pce {

struct SlowPlan {
  std::uint16_t port = 0;
  int count = 0;
  int addresses = 1;    // they come from, in turn
  std::string first{};  // sent when connected
  std::string drop{};   // sent every `pause`
  std::size_t sip = 0;  // bytes read every `pause`
  std::chrono::milliseconds pause{20};
  bool come_again = false;  // a new one for each that was cut
};

class SlowClients {
 public:
  explicit SlowClients(const SlowPlan& plan);
  ~SlowClients();  // all leave
  SlowClients(const SlowClients&) = delete;
  SlowClients& operator=(const SlowClients&) = delete;
  SlowClients(SlowClients&&) = delete;
  SlowClients& operator=(SlowClients&&) = delete;

  // How many of them the server has cut, once it is `wanted` or `patience` is over.
  int wait_for_cuts(int wanted, std::chrono::milliseconds patience = std::chrono::seconds(30));

 private:
  void connect_one(int number);
  void forget(int descriptor);
  void act(int descriptor);
  void run();

  const SlowPlan plan_;
  int events_ = -1;  // epoll
  int ending_ = -1;  // eventfd
  std::vector<int> connected_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int cut_ = 0;
  std::thread thread_;
};

struct HealthyScrapes {
  int asked = 0;
  int failed = 0;         // anything but a whole 200
  std::string failure{};  // the last one
  std::chrono::microseconds p99{0};
};

// One after the other from 127.0.0.1, each over a connection of its own.
HealthyScrapes scrape_one_by_one(std::uint16_t port, std::string_view path, int times,
                                 std::string_view header_lines = {});

}  // namespace pce
