#include "exporter/store/storage_folder.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include <sys/file.h>
#include <sys/stat.h>

#include "exporter/base/utc_text.h"

namespace pce {
namespace {

namespace fs = std::filesystem;

constexpr const char* kName = "responses.sqlite";
constexpr std::string_view kAsideBegins = "responses.sqlite.";
constexpr std::array<std::string_view, 2> kBesides{"-wal", "-shm"};  // what SQLite puts beside it

Error failure(const fs::path& path, const std::string& what, const std::error_code& why) {
  return {.kind = ErrorKind::kInternal,
          .message = path.string() + ": " + what + ": " + why.message()};
}

std::error_code last_error() { return {errno, std::system_category()}; }

std::string holder_of(int lock) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(lock, text.data(), text.size(), 0);
  const std::string_view pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const auto digits = pid.substr(0, pid.find_first_not_of("0123456789"));
  return digits.empty() ? "another process" : "process " + std::string(digits);
}

}  // namespace

Result<StorageFolder> StorageFolder::claim(const fs::path& folder) {
  std::error_code why;
  if (!fs::exists(folder, why)) {
    fs::create_directories(folder.parent_path(), why);  // what becomes of it shows below
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
      return failure(folder, "the folder cannot be made", last_error());
  }
  const fs::path real = fs::canonical(folder, why);
  if (why) return failure(folder, "the folder cannot be used", why);
  if (!fs::is_directory(real, why)) {
    return failure(folder, "it is no folder",
                   why ? why : std::make_error_code(std::errc::not_a_directory));
  }
  const fs::path name = real / "responses.lock";
  Descriptor lock(
      ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
  if (!lock.valid()) return failure(name, "the lock cannot be opened", last_error());
  if (::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return failure(name, "the lock cannot be taken", last_error());
    return Error{.kind = ErrorKind::kInternal,
                 .message = folder.string() + ": in use by " + holder_of(lock.number()) +
                            "; give each exporter a folder of its own"};
  }
  // For whoever comes second; where it cannot be written they will not know.
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.number(), 0) != 0 ||
      ::pwrite(lock.number(), pid.data(), pid.size(), 0) < 0) {
    return StorageFolder(real, std::move(lock));
  }
  return StorageFolder(real, std::move(lock));
}

fs::path StorageFolder::file() const { return folder_ / kName; }

Status StorageFolder::make_file() const {
  const Descriptor made(
      ::open(file().c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
  if (!made.valid()) return failure(file(), "the file cannot be opened", last_error());
  struct stat found {};
  if (::fstat(made.number(), &found) != 0)
    return failure(file(), "the file cannot be looked at", last_error());
  if (!S_ISREG(found.st_mode)) {
    return Error{.kind = ErrorKind::kInternal,
                 .message = file().string() + ": it is no regular file; remove it"};
  }
  return Done();
}

std::uintmax_t StorageFolder::bytes() const {
  std::error_code missing;
  std::uintmax_t bytes = 0;
  for (const std::string_view beside : {std::string_view(), kBesides[0]}) {
    fs::path path = file();
    path += beside;
    const std::uintmax_t size = fs::file_size(path, missing);
    if (!missing) bytes += size;
  }
  return bytes;
}

Result<fs::path> StorageFolder::set_aside(const char* word, WallTime now) const {
  std::string time = utc_text(now);
  std::erase_if(time, [](char c) { return c == ':' || c == '-'; });
  fs::path aside = file();
  aside += std::string(".") + word + "-" + time;
  std::error_code why;
  fs::rename(file(), aside, why);
  if (why) return failure(file(), "it cannot be set aside", why);
  for (const std::string_view beside : kBesides) {
    fs::path from = file();
    from += beside;
    fs::path to = aside;
    to += beside;
    fs::rename(from, to, why);  // mostly there is none
    // One that stayed would be taken for a part of the next file.
    if (why && fs::exists(from)) fs::remove(from, why);
    if (why && fs::exists(from)) return failure(from, "it cannot be set aside", why);
  }
  std::vector<std::pair<fs::file_time_type, fs::path>> others;
  for (const auto& entry : fs::directory_iterator(folder_, why)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kAsideBegins) || name.ends_with(kBesides[0])) continue;
    std::error_code gone;
    others.emplace_back(fs::last_write_time(entry.path(), gone), entry.path());
  }
  std::ranges::sort(others, std::ranges::greater());
  for (std::size_t i = kSetAsideMax; i < others.size(); ++i) {
    fs::remove(others[i].second, why);
    for (const std::string_view beside : kBesides) {
      fs::path besides = others[i].second;
      besides += beside;
      fs::remove(besides, why);
    }
  }
  return aside;
}

Status StorageFolder::remove_all() const {
  std::error_code why;
  std::vector<fs::path> ours;
  for (const auto& entry : fs::directory_iterator(folder_, why)) {
    if (entry.path().filename().string().starts_with(kName)) ours.push_back(entry.path());
  }
  if (why) return failure(folder_, "the folder cannot be looked at", why);
  for (const fs::path& path : ours) {
    fs::remove(path, why);
    if (why) return failure(path, "it cannot be removed", why);
  }
  return Done();
}

}  // namespace pce
