#include "exporter/base/random_bytes.h"

#include <cerrno>
#include <system_error>

#include <sys/random.h>

namespace pce {

Result<std::string> random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
    if (got < 0 && errno != EINTR) {
      return Error{
          .kind = ErrorKind::kInternal,
          .message = "no random bytes from the kernel: " + std::generic_category().message(errno)};
    }
    if (got > 0) filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace pce
