#include "exporter/settings/regular_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <sys/stat.h>

#include "exporter/settings/message_text.h"

namespace pce {
namespace {

constexpr std::size_t kMebibyte = 1024UL * 1024;

Error refused(const std::filesystem::path& path, const std::string& why) {
  return Error{.kind = ErrorKind::kSettings, .message = path_text(path) + ": " + why};
}

std::string system_message(int code) { return std::generic_category().message(code); }

std::string size_text(std::size_t bytes) {
  return bytes % kMebibyte == 0 ? std::to_string(bytes / kMebibyte) + " MiB"
                                : std::to_string(bytes / 1024) + " KiB";
}

// nullptr for a regular file.
const char* other_kind(mode_t mode) {
  if (S_ISREG(mode)) return nullptr;
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

std::string wrong_kind(const char* kind) {
  return std::string("found ") + kind + ", wanted a regular file";
}

}  // namespace

Result<RegularFile> RegularFile::open(const std::filesystem::path& path) {
  // Looked at before it is opened, because opening a device can do something; looked at again
  // afterwards, because it may have been exchanged in between.
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) {
    const int code = errno;
    if (code == ENOENT && ::lstat(path.c_str(), &facts) == 0) {
      return refused(path, "is a symbolic link to something that does not exist");
    }
    return refused(path, system_message(code));
  }
  if (const char* kind = other_kind(facts.st_mode)) return refused(path, wrong_kind(kind));

  RegularFile file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), path);
  if (file.descriptor_ < 0) return refused(path, system_message(errno));
  if (::fstat(file.descriptor_, &facts) != 0) return refused(path, system_message(errno));
  if (const char* kind = other_kind(facts.st_mode)) return refused(path, wrong_kind(kind));
  file.mode_ = facts.st_mode & 07777U;
  file.owner_ = facts.st_uid;
  return file;
}

RegularFile::RegularFile(RegularFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
      mode_(other.mode_),
      owner_(other.owner_) {}

RegularFile::~RegularFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::string> RegularFile::read(std::size_t bytes_max) const {
  std::string content(bytes_max + 1,
                      '\0');  // one block from the start: a secret leaves no copies behind
  std::size_t filled = 0;
  while (filled < content.size()) {
    const ssize_t got = ::read(descriptor_, content.data() + filled, content.size() - filled);
    if (got == 0) break;
    if (got < 0) {
      if (errno == EINTR) continue;
      const int code = errno;
      explicit_bzero(content.data(), content.size());
      return refused(path_, system_message(code));
    }
    filled += static_cast<std::size_t>(got);
  }
  if (filled > bytes_max) {
    explicit_bzero(content.data(), content.size());
    return refused(path_, "is larger than the " + size_text(bytes_max) + " allowed");
  }
  content.resize(filled);
  return content;
}

}  // namespace pce
