#include "exporter/base/file_stamp.h"

#include <cerrno>

#include <sys/stat.h>

namespace pce {

std::string file_stamp(const std::filesystem::path& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) return "error " + std::to_string(errno);
  std::string stamp;
  for (const auto number :
       {static_cast<long long>(facts.st_dev), static_cast<long long>(facts.st_ino),
        static_cast<long long>(facts.st_size), static_cast<long long>(facts.st_mode),
        static_cast<long long>(facts.st_mtim.tv_sec), static_cast<long long>(facts.st_mtim.tv_nsec),
        static_cast<long long>(facts.st_ctim.tv_sec),
        static_cast<long long>(facts.st_ctim.tv_nsec)}) {
    stamp += std::to_string(number) + " ";
  }
  return stamp;
}

}  // namespace pce
