#include "exporter/commands/wake.h"

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <unistd.h>

#include <sys/eventfd.h>

namespace pce {

Wake::Wake() : file_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!file_.valid()) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void Wake::set() const {
  const std::uint64_t one = 1;
  // It fails only when it was set some 2^64 times before.
  static_cast<void>(write(file_.number(), &one, sizeof one) == sizeof one);
}

}  // namespace pce
