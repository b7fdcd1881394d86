#include "tests/support/slow_clients.h"

#include <algorithm>
#include <array>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "tests/support/raw_client.h"

namespace pce {
namespace {

sockaddr_in loopback(unsigned last, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(0x7F000000U + last);
  address.sin_port = htons(port);
  return address;
}

}  // namespace

SlowClients::SlowClients(const SlowPlan& plan)
    : plan_(plan), events_(epoll_create1(EPOLL_CLOEXEC)), ending_(eventfd(0, EFD_CLOEXEC)) {
  epoll_event end{.events = EPOLLIN, .data = {.fd = ending_}};
  epoll_ctl(events_, EPOLL_CTL_ADD, ending_, &end);
  for (int i = 0; i < plan_.count; ++i) connect_one(i);
  thread_ = std::thread([this] { run(); });
}

SlowClients::~SlowClients() {
  eventfd_write(ending_, 1);
  thread_.join();
  for (const int descriptor : connected_) close(descriptor);
  close(ending_);
  close(events_);
}

int SlowClients::wait_for_cuts(int wanted, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [&] { return cut_ >= wanted; });
  return cut_;
}

void SlowClients::connect_one(int number) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  // What the kernel would take for a client that does not read is no measure of the server.
  const int little = 4096;
  setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
  const sockaddr_in from = loopback(2U + static_cast<unsigned>(number % plan_.addresses), 0);
  const sockaddr_in to = loopback(1, plan_.port);
  if (bind(descriptor, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0 ||
      connect(descriptor, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    close(descriptor);
    return;
  }
  send(descriptor, plan_.first.data(), plan_.first.size(), MSG_NOSIGNAL);
  // An end is told whatever was asked for; of what there is to read we do not want to hear.
  epoll_event end{.events = EPOLLRDHUP, .data = {.fd = descriptor}};
  epoll_ctl(events_, EPOLL_CTL_ADD, descriptor, &end);
  connected_.push_back(descriptor);
}

void SlowClients::forget(int descriptor) {
  std::erase(connected_, descriptor);
  close(descriptor);
  {
    const std::scoped_lock lock(mutex_);
    ++cut_;
  }
  changed_.notify_all();
}

void SlowClients::act(int descriptor) {
  send(descriptor, plan_.drop.data(), plan_.drop.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  std::array<char, 4096> sip;
  if (plan_.sip > 0) {
    (void)recv(descriptor, sip.data(), std::min(sip.size(), plan_.sip), MSG_DONTWAIT);
  }
}

void SlowClients::run() {
  using Clock = std::chrono::steady_clock;
  const bool acts = !plan_.drop.empty() || plan_.sip > 0;
  Clock::time_point next = Clock::now() + plan_.pause;
  std::array<epoll_event, 64> ends;
  for (int came = plan_.count;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now()).count();
    const int wait = acts ? static_cast<int>(std::max<long>(0, left)) : -1;
    const int count = epoll_wait(events_, ends.data(), static_cast<int>(ends.size()), wait);
    for (int i = 0; i < count; ++i) {
      const int descriptor = ends[static_cast<std::size_t>(i)].data.fd;
      if (descriptor == ending_) return;
      forget(descriptor);
      if (plan_.come_again) connect_one(came++);
    }
    if (!acts || Clock::now() < next) continue;
    for (const int descriptor : connected_) act(descriptor);
    next = Clock::now() + plan_.pause;
  }
}

HealthyScrapes scrape_one_by_one(std::uint16_t port, std::string_view path, int times,
                                 std::string_view header_lines) {
  HealthyScrapes scrapes;
  std::vector<std::chrono::microseconds> took;
  for (; scrapes.asked < times; ++scrapes.asked) {
    const auto begun = std::chrono::steady_clock::now();
    RawClient client("127.0.0.1", port);
    client.send(request_text("GET", path, header_lines));
    const auto answer = client.read_answer();
    took.push_back(std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - begun));
    if (answer && answer->status == 200) continue;
    ++scrapes.failed;
    scrapes.failure = (answer ? answer->head : "no answer") + " after " +
                      std::to_string(took.back().count()) + " microseconds";
  }
  std::ranges::sort(took);
  scrapes.p99 = took[static_cast<std::size_t>(times) * 99 / 100];
  return scrapes;
}

}  // namespace pce
