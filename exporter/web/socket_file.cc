#include "exporter/web/socket_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "exporter/base/descriptor.h"

namespace pce {
namespace {

constexpr mode_t kOwnerAndGroup = 0660;

class UnixAddress {
 public:
  explicit UnixAddress(const std::string& path) {
    address_.sun_family = AF_UNIX;
    std::memcpy(address_.sun_path, path.data(),
                std::min(path.size(), sizeof address_.sun_path - 1));
  }
  const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&address_); }
  socklen_t size() const { return sizeof address_; }

 private:
  sockaddr_un address_{};
};

int new_socket() { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

bool is_socket(const std::string& path) {
  struct stat file {};
  return lstat(path.c_str(), &file) == 0 && S_ISSOCK(file.st_mode);
}

// Whether the process that made it is gone.
bool is_left_over(const UnixAddress& address, const std::string& path) {
  if (!is_socket(path)) return false;
  const Descriptor client(new_socket());
  return client.valid() && connect(client.number(), address.raw(), address.size()) != 0 &&
         errno == ECONNREFUSED;
}

// 0, or the errno of what went wrong. Nobody can connect before all of it is done.
int listen_at(int descriptor, const UnixAddress& address, const std::string& path) {
  if (bind(descriptor, address.raw(), address.size()) != 0) return errno;
  if (chmod(path.c_str(), kOwnerAndGroup) == 0 && listen(descriptor, SOMAXCONN) == 0) return 0;
  const int cause = errno;
  unlink(path.c_str());
  return cause;
}

Error refused(const std::string& path, int cause) {
  std::string what = std::generic_category().message(cause);
  if (cause == EADDRINUSE) {
    what = is_socket(path)
               ? "another process listens there; stop it or choose another path"
               : "there is a file of this name already, and it is no socket; choose another path";
  } else if (cause == ENOENT) {
    what = "its folder does not exist; make it, or let systemd make one with RuntimeDirectory=";
  } else if (cause == EACCES || cause == EROFS) {
    what = "this user may not write to its folder (" + what +
           "); choose one of this user's, as systemd makes one with RuntimeDirectory=";
  }
  return {.kind = ErrorKind::kInternal, .message = std::move(what)};
}

}  // namespace

Result<int> open_socket_file(const std::string& path) {
  const UnixAddress address(path);
  const int descriptor = new_socket();
  if (descriptor < 0) return refused(path, errno);
  int cause = listen_at(descriptor, address, path);
  if (cause == EADDRINUSE && is_left_over(address, path) && unlink(path.c_str()) == 0)
    cause = listen_at(descriptor, address, path);
  if (cause == 0) return descriptor;
  close(descriptor);
  return refused(path, cause);
}

}  // namespace pce
