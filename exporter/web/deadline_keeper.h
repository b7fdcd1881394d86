#pragma once
// Cuts connections whose client takes too long over its request or over taking its answer, counted
// from the beginning and not from the last byte: a client that sends one byte now and then is never
// inactive. Knows sockets, not HTTP. Any thread.
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace pce {

struct Deadlines {
  // From accept, or from the first byte of a later request, to the end of the request. On a unix
  // socket, where nobody counts bytes, from the answer before.
  std::chrono::milliseconds request{10'000};
  std::chrono::milliseconds answer{60'000};  // to take an answer, and
  std::size_t bytes_per_second = 1'000'000;  // as much more as its size takes at this rate
  // More connections than this, and one of the address that has most of them gives way: the one
  // that has waited longest for its request, or been idle longest.
  std::size_t crowd = 384;
};

enum class CutReason { kRequest, kAnswer, kCrowded };
std::string_view name_of(CutReason reason);  // "request", …
std::vector<std::string_view> cut_reasons();

class DeadlineKeeper {
  struct Watched;

 public:
  using Connection = std::list<Watched>::iterator;

  // `cut` is called with our lock held: it must be brief and not call us.
  DeadlineKeeper(Deadlines deadlines, std::function<void(CutReason)> cut);
  ~DeadlineKeeper();
  DeadlineKeeper(const DeadlineKeeper&) = delete;
  DeadlineKeeper& operator=(const DeadlineKeeper&) = delete;
  DeadlineKeeper(DeadlineKeeper&&) = delete;
  DeadlineKeeper& operator=(DeadlineKeeper&&) = delete;

  // A request is awaited. Throws std::bad_alloc.
  Connection opened(int socket, const std::string& address);
  // Before the socket is closed: from here on its number may mean another one.
  void closing(Connection connection);

  void request_begun(Connection connection);     // tells nothing where it was known already
  void request_complete(Connection connection);  // now it is our turn
  void answer_begun(Connection connection, std::size_t size);
  void answer_taken(Connection connection);  // now it may be idle

 private:
  using Time = std::chrono::steady_clock::time_point;
  enum class Phase { kRequest, kOurTurn, kAnswer, kIdle, kCut };
  struct Watched {
    int socket = -1;
    std::string address{};
    Phase phase = Phase::kRequest;
    Time since{};                         // of the phase
    Time deadline{};                      // Time::max() where there is none
    std::optional<std::uint64_t> seen{};  // kIdle: bytes that had come when it began
  };

  void enter(Watched& watched, Phase phase, Time deadline = Time::max());
  void expect_request(Watched& watched);
  void cut(Watched& watched, CutReason reason);
  void make_room();
  void look();
  void run();

  const Deadlines deadlines_;
  const std::function<void(CutReason)> on_cut_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  std::list<Watched> all_;  // oldest first
  std::size_t cut_ = 0;     // of these
  std::thread thread_;      // starts last
};

}  // namespace pce
