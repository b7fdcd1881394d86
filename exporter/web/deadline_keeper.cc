#include "exporter/web/deadline_keeper.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace pce {
namespace {

using std::chrono::milliseconds;

// Bytes that ever came, as far as the kernel tells. The library takes them out of the socket, so
// this is the only trace of a request that has begun and not got to the end of its first line.
// nullopt: not of a unix socket.
std::optional<std::uint64_t> bytes_received(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  return info.tcpi_bytes_received;
}

}  // namespace

std::string_view name_of(CutReason reason) {
  switch (reason) {
    case CutReason::kRequest:
      return "request";
    case CutReason::kAnswer:
      return "answer";
    case CutReason::kCrowded:
      return "crowded";
  }
  return "";
}

std::vector<std::string_view> cut_reasons() {
  return {name_of(CutReason::kRequest), name_of(CutReason::kAnswer), name_of(CutReason::kCrowded)};
}

DeadlineKeeper::DeadlineKeeper(Deadlines deadlines, std::function<void(CutReason)> cut)
    : deadlines_(deadlines), on_cut_(std::move(cut)), thread_([this] { run(); }) {}

DeadlineKeeper::~DeadlineKeeper() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

DeadlineKeeper::Connection DeadlineKeeper::opened(int socket, const std::string& address) {
  const std::scoped_lock lock(mutex_);
  if (all_.size() - cut_ >= deadlines_.crowd) make_room();
  all_.push_back({.socket = socket, .address = address});
  expect_request(all_.back());
  if (all_.size() == 1) changed_.notify_all();
  return std::prev(all_.end());
}

void DeadlineKeeper::closing(Connection connection) {
  const std::scoped_lock lock(mutex_);
  if (connection->phase == Phase::kCut) --cut_;
  all_.erase(connection);
}

void DeadlineKeeper::request_begun(Connection connection) {
  const std::scoped_lock lock(mutex_);
  if (connection->phase == Phase::kIdle) expect_request(*connection);
}

void DeadlineKeeper::request_complete(Connection connection) {
  const std::scoped_lock lock(mutex_);
  enter(*connection, Phase::kOurTurn);
}

void DeadlineKeeper::answer_begun(Connection connection, std::size_t size) {
  const std::scoped_lock lock(mutex_);
  const auto by_size = milliseconds(1'000 * size / deadlines_.bytes_per_second);
  enter(*connection, Phase::kAnswer,
        std::chrono::steady_clock::now() + deadlines_.answer + by_size);
}

void DeadlineKeeper::answer_taken(Connection connection) {
  const std::scoped_lock lock(mutex_);
  connection->seen = bytes_received(connection->socket);
  const auto end = std::chrono::steady_clock::now() + deadlines_.request;
  enter(*connection, Phase::kIdle, connection->seen ? Time::max() : end);
}

void DeadlineKeeper::enter(Watched& watched, Phase phase, Time deadline) {
  if (watched.phase == Phase::kCut) return;
  watched.phase = phase;
  watched.since = std::chrono::steady_clock::now();
  watched.deadline = deadline;
}

void DeadlineKeeper::expect_request(Watched& watched) {
  enter(watched, Phase::kRequest, std::chrono::steady_clock::now() + deadlines_.request);
}

// The library notices, and closes: the number stays taken until closing().
void DeadlineKeeper::cut(Watched& watched, CutReason reason) {
  on_cut_(reason);
  enter(watched, Phase::kCut);
  ++cut_;
  // What was not taken is forgotten at once; the kernel would keep it for minutes.
  const linger none{.l_onoff = 1, .l_linger = 0};
  setsockopt(watched.socket, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  shutdown(watched.socket, SHUT_RDWR);
}

void DeadlineKeeper::make_room() {
  std::unordered_map<std::string_view, int> connections;
  for (const Watched& watched : all_) {
    if (watched.phase != Phase::kCut) ++connections[watched.address];
  }
  for (const Phase phase : {Phase::kRequest, Phase::kIdle}) {
    Watched* first = nullptr;
    int most = 0;
    for (Watched& watched : all_) {
      if (watched.phase != phase) continue;
      const int count = connections[watched.address];
      if (count < most || (count == most && watched.since >= first->since)) continue;
      first = &watched;
      most = count;
    }
    if (first != nullptr) return cut(*first, CutReason::kCrowded);
  }
}

void DeadlineKeeper::look() {
  const Time now = std::chrono::steady_clock::now();
  for (Watched& watched : all_) {
    if (watched.phase == Phase::kIdle && bytes_received(watched.socket) != watched.seen) {
      expect_request(watched);
    } else if (watched.phase != Phase::kAnswer && watched.deadline <= now) {
      cut(watched, CutReason::kRequest);
    } else if (watched.phase == Phase::kAnswer && watched.deadline <= now) {
      cut(watched, CutReason::kAnswer);
    }
  }
}

void DeadlineKeeper::run() {
  const milliseconds step = std::max(deadlines_.request / 8, milliseconds(1));
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ending_ || !all_.empty(); });
    if (changed_.wait_for(lock, step, [this] { return ending_; })) return;
    look();
  }
}

}  // namespace pce
