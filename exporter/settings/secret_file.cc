#include "exporter/settings/secret_file.h"

#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <sys/stat.h>

#include "exporter/settings/message_text.h"
#include "exporter/settings/regular_file.h"

namespace pce {
namespace {

constexpr std::size_t kBytesMax = 64UL * 1024;
constexpr mode_t kGroupAndOthers = 077;
constexpr mode_t kGroupReads = 040;

Error refused(const std::filesystem::path& path, const std::string& why) {
  return Error{.kind = ErrorKind::kSettings, .message = path_text(path) + ": " + why};
}

std::string octal(mode_t mode) {
  std::string digits(4, '0');
  for (std::size_t i = 4; i-- > 0; mode >>= 3U) digits[i] = static_cast<char>('0' + (mode & 7U));
  return digits;
}

// systemd hands a credential to the unit's user through an access control list, and the list's mask
// shows where the group's bits are: root's file of mode 0440, which no group may read.
mode_t harmless_bits(const std::filesystem::path& path) {
  const auto directory = credentials_directory();
  return directory && path.lexically_normal().parent_path() == *directory ? kGroupReads : 0;
}

Result<Secret> read_whole(const std::filesystem::path& path) {
  const auto file = RegularFile::open(path);
  if (!file) return file.error();
  if (const auto why = complaint_about_access(path, file->mode(), file->owner(), ::geteuid())) {
    return refused(path, *why);
  }
  auto content = file->read(kBytesMax);
  if (!content) return content.error();
  return Secret(std::move(*content));
}

}  // namespace

std::optional<std::filesystem::path> credentials_directory() {
  const char* const said = std::getenv("CREDENTIALS_DIRECTORY");
  if (said == nullptr) return std::nullopt;
  auto directory = (std::filesystem::path(said) / "").lexically_normal().parent_path();
  return directory.is_absolute() ? std::optional(std::move(directory)) : std::nullopt;
}

std::optional<std::string> complaint_about_access(const std::filesystem::path& path, mode_t mode,
                                                  uid_t owner, uid_t self) {
  if (owner != self && owner != 0) {
    return "belongs to user " + std::to_string(owner) + ", wanted user " + std::to_string(self) +
           ", who runs this program, or root: chown " + std::to_string(self) + " " +
           shell_word(path.string());
  }
  if ((mode & kGroupAndOthers & ~harmless_bits(path)) != 0) {
    return "has mode " + octal(mode) + ", which lets other users at it, wanted 0600: chmod 600 " +
           shell_word(path.string());
  }
  return std::nullopt;
}

std::optional<std::string> complaint_about_access(const std::filesystem::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return std::nullopt;
  return complaint_about_access(path, facts.st_mode & 07777U, facts.st_uid, ::geteuid());
}

std::optional<std::string> complaint_about_folder(const std::filesystem::path& folder) {
  struct stat facts {};
  if (::stat(folder.c_str(), &facts) != 0) {
    if (errno == ENOENT) {
      return "its folder " + path_text(folder) + " does not exist: mkdir -p -m 700 " +
             shell_word(folder.string());
    }
    return "its folder " + path_text(folder) +
           " cannot be looked at: " + std::generic_category().message(errno);
  }
  const uid_t self = ::geteuid();
  if (facts.st_uid != self && facts.st_uid != 0 && self != 0) {
    return "its folder " + path_text(folder) + " belongs to user " + std::to_string(facts.st_uid) +
           ", wanted user " + std::to_string(self) + ", who runs this program, or root: chown " +
           std::to_string(self) + " " + shell_word(folder.string());
  }
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (facts.st_mode & S_ISVTX) == 0) {
    return "its folder " + path_text(folder) + " has mode " + octal(facts.st_mode & 07777U) +
           ", which lets other users replace it, wanted 0700: chmod 700 " +
           shell_word(folder.string());
  }
  return std::nullopt;
}

Result<Secret> read_secret_bytes(const std::filesystem::path& path) {
  auto whole = read_whole(path);
  if (whole && whole->empty()) return refused(path, "is empty");
  return whole;
}

Result<Secret> read_secret_file(const std::filesystem::path& path) {
  const auto whole = read_whole(path);
  if (!whole) return whole;
  std::string_view text = whole->reveal();
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return refused(path, "is text in UTF-16, wanted UTF-8: save it again in that encoding");
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.ends_with('\n')) {
    text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
  }
  if (text.empty()) return refused(path, "is empty, wanted the secret and nothing else");
  if (text.find('\0') != std::string_view::npos) {
    return refused(path, "holds a zero byte, wanted text");
  }
  return Secret(std::string(text));
}

}  // namespace pce
