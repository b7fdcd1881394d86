#include "exporter/identity/token_lock.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <sys/file.h>
#include <sys/stat.h>

#include "exporter/identity/ownership.h"

namespace pce {
namespace {

constexpr std::chrono::milliseconds kBetweenTries{20};

// Not blocking, no link followed: whatever else stands there must neither hold us up nor be opened
// in our name.
Descriptor open_lock(const std::filesystem::path& path) {
  Descriptor file(open(path.c_str(),
                       O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
                       S_IRUSR | S_IWUSR));
  struct stat facts {};
  if (!file.valid() || fstat(file.number(), &facts) != 0 || !S_ISREG(facts.st_mode))
    return Descriptor();
  if (facts.st_uid == geteuid()) give_to_owner_of(path.parent_path(), file.number());
  return file;
}

}  // namespace

Result<TokenLock> TokenLock::take(const std::filesystem::path& path, Clock& clock,
                                  std::chrono::milliseconds patience, std::stop_token stop) {
  Descriptor file = open_lock(path);
  const SteadyTime end = clock.steady() + patience;
  // The system's own waiting could not be ended by `stop`, so we ask again and again.
  while (file.valid() && flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    const bool busy = errno == EWOULDBLOCK;
    if (!busy || clock.steady() >= end) return TokenLock(Descriptor(), busy);
    if (!clock.wait_until(clock.steady() + kBetweenTries, stop))
      return Error{.kind = ErrorKind::kCancelled, .message = "given up, we are stopping"};
  }
  return TokenLock(std::move(file));
}

}  // namespace pce
