#include "exporter/commands/interruption.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <system_error>

#include <sys/signalfd.h>

namespace pce {

Interruption::Interruption() {
  sigset_t ours;
  sigemptyset(&ours);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&ours, signal);
  pthread_sigmask(SIG_BLOCK, &ours, nullptr);
  // A reader that went away is an error of the call that meets it, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  signals_ = Descriptor(signalfd(-1, &ours, SFD_CLOEXEC));
  if (!signals_.valid()) throw std::system_error(errno, std::generic_category(), "signalfd");
  watch_ = std::thread([this] {
    std::array<pollfd, 2> wanted{{{.fd = signals_.number(), .events = POLLIN, .revents = 0},
                                  {.fd = over_.descriptor(), .events = POLLIN, .revents = 0}}};
    while (poll(wanted.data(), wanted.size(), -1) < 0 && errno == EINTR) continue;
    if (wanted[0].revents != 0) stop_.request_stop();
  });
}

Interruption::~Interruption() {
  over_.set();
  watch_.join();
}

}  // namespace pce
