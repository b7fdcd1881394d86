#pragma once
// Sees what happens to the files of a folder, as it happens and in order.
#include <array>
#include <chrono>
#include <climits>
#include <cstring>
#include <deque>
#include <filesystem>
#include <optional>
#include <poll.h>
#include <string>
#include <unistd.h>

#include <sys/inotify.h>

namespace pce {

class FolderWatch {
 public:
  struct Event {
    std::string name;
    bool opened = false, created = false, moved_here = false;
  };

  explicit FolderWatch(const std::filesystem::path& folder)
      : inotify_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    EXPECT_GE(inotify_add_watch(inotify_, folder.c_str(), IN_OPEN | IN_CREATE | IN_MOVED_TO), 0);
  }
  ~FolderWatch() { close(inotify_); }
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  // The next event, waited for; nullopt when none comes in time.
  std::optional<Event> next(std::chrono::milliseconds deadline) {
    if (seen_.empty()) {
      pollfd ready{.fd = inotify_, .events = POLLIN, .revents = 0};
      poll(&ready, 1, static_cast<int>(deadline.count()));
      read();
    }
    if (seen_.empty()) return std::nullopt;
    Event event = std::move(seen_.front());
    seen_.pop_front();
    return event;
  }

 private:
  void read() {
    alignas(inotify_event) std::array<char, 64UL * (sizeof(inotify_event) + NAME_MAX + 1)> bytes;
    const ssize_t got = ::read(inotify_, bytes.data(), bytes.size());
    for (ssize_t at = 0; at < got;) {
      inotify_event event{};
      std::memcpy(&event, bytes.data() + at, sizeof event);
      EXPECT_EQ(event.mask & IN_Q_OVERFLOW, 0U);
      seen_.push_back({.name = event.len > 0 ? bytes.data() + at + sizeof event : "",
                       .opened = (event.mask & IN_OPEN) != 0,
                       .created = (event.mask & IN_CREATE) != 0,
                       .moved_here = (event.mask & IN_MOVED_TO) != 0});
      at += static_cast<ssize_t>(sizeof event + event.len);
    }
  }

  const int inotify_;
  std::deque<Event> seen_;
};

}  // namespace pce
