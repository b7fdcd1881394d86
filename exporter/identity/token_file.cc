#include "exporter/identity/token_file.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <sys/stat.h>

#include "exporter/base/guid.h"
#include "exporter/base/descriptor.h"
#include "exporter/identity/ownership.h"
#include "exporter/settings/message_text.h"
#include "exporter/settings/secret_file.h"

namespace pce {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBytesMax = 64UL * 1024;    // of what read_secret_file() reads
constexpr std::string_view kUnfinished = ".new";  // ends the names of files that are being written

Error complaint(const fs::path& path, ErrorKind kind, const std::string& what) {
  return {.kind = kind, .message = "refresh token file " + path_text(path) + ": " + what};
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

// The file itself, where `path` is a link to it.
fs::path target_of(const fs::path& path) {
  std::error_code no_such_file;
  auto real = fs::canonical(path, no_such_file);
  return no_such_file ? path : real;
}

// Begins the names of the unfinished files of this one.
std::string unfinished_prefix(const fs::path& target) {
  return "." + target.filename().string() + ".";
}

Error failed(const std::string& step) {
  return {.kind = ErrorKind::kInternal,
          .message = step + ": " + std::generic_category().message(errno)};
}

Status write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(file, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return failed("cannot be written");
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return Done{};
}

Status fill(int file, const fs::path& target, const Secret& content) {
  std::error_code ignored;
  give_to_owner_of(fs::exists(target, ignored) ? target : folder_of(target), file);
  auto wrote = write_all(file, content.reveal());
  if (!wrote) return wrote;
  if (fchmod(file, S_IRUSR | S_IWUSR) != 0) return failed("its mode cannot be set");
  // Never repeated on the same file: after a failure the system may take what is lost for written.
  if (fsync(file) != 0) return failed("cannot be flushed to the disk");
  return Done{};
}

// Replaces `target` by a file with this content. The order is the promise: content on disk, then
// name, then the folder that knows the name.
Status replace_file(const fs::path& target, const Secret& content) {
  const Descriptor folder(open(folder_of(target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) return failed("its folder cannot be opened");
  // A name of its own, so that two writers cannot put a half-written file of the other in place.
  const std::string name = unfinished_prefix(target) + new_guid() + std::string(kUnfinished);
  {
    const Descriptor file(openat(folder.number(), name.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                 S_IRUSR | S_IWUSR));
    if (!file.valid()) return failed("no new file can be made beside it");
    auto filled = fill(file.number(), target, content);
    if (!filled) {
      unlinkat(folder.number(), name.c_str(), 0);
      return filled;
    }
  }
  if (renameat(folder.number(), name.c_str(), folder.number(), target.filename().c_str()) != 0) {
    Error error = failed("the new file cannot be put in its place");
    unlinkat(folder.number(), name.c_str(), 0);
    return error;
  }
  // EINVAL: a file system that cannot flush folders; nothing more can be done there.
  if (fsync(folder.number()) != 0 && errno != EINVAL)
    return failed("its folder cannot be flushed to the disk");
  return Done{};
}

}  // namespace

Result<TokenRecord> TokenFile::read() const {
  std::error_code ignored;
  if (fs::symlink_status(path_, ignored).type() == fs::file_type::not_found) {
    return with_next_step(complaint(path_, ErrorKind::kUnauthorized, "does not exist"),
                          "sign in to make it: partner_center_exporter login");
  }
  for (const fs::path& folder : {folder_of(path_), folder_of(target_of(path_))}) {
    if (const auto why = complaint_about_folder(folder))
      return complaint(path_, ErrorKind::kSettings, *why);
  }
  const auto content = read_secret_file(path_);
  if (!content) return with_context(content.error(), "refresh token file");
  auto record = parse_token_record(*content);
  if (!record) return complaint(path_, ErrorKind::kSettings, record.error().message);
  return record;
}

Status TokenFile::write(const TokenRecord& record) const {
  const fs::path target = target_of(path_);
  if (const auto why = complaint_about_folder(folder_of(target)))
    return complaint(path_, ErrorKind::kSettings, *why);
  if (const auto old = read_secret_file(target)) {
    if (is_of_newer_release(*old)) {
      return complaint(path_, ErrorKind::kSettings,
                       "was written by a newer release and is not overwritten: run that release, "
                       "or name another file");
    }
  }
  const Secret content = token_record_text(record);
  if (content.reveal().size() > kBytesMax) {
    return complaint(path_, ErrorKind::kInternal,
                     "would become larger than the 64 KiB that can be read back");
  }
  const auto done = replace_file(target, content);
  if (!done) return complaint(path_, done.error().kind, done.error().message);
  return done;
}

bool TokenFile::is_replaceable() const {
  return faccessat(AT_FDCWD, folder_of(target_of(path_)).c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

Result<TokenLock> TokenFile::lock(Clock& clock, std::chrono::milliseconds patience,
                                  std::stop_token stop) const {
  const fs::path target = target_of(path_);
  fs::path beside = target;
  beside += ".lock";
  auto lock = TokenLock::take(beside, clock, patience, std::move(stop));
  if (!lock || !lock->held()) return lock;
  const std::string prefix = unfinished_prefix(target);
  std::error_code unreadable;
  for (fs::directory_iterator entry(folder_of(target), unreadable), end;
       !unreadable && entry != end; entry.increment(unreadable)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(prefix) && name.ends_with(kUnfinished)) unlink(entry->path().c_str());
  }
  return lock;
}

}  // namespace pce
