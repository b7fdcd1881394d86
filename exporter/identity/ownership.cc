#include "exporter/identity/ownership.h"

#include <unistd.h>

#include <sys/stat.h>

namespace pce {

void give_to_owner_of(const std::filesystem::path& like, int file) {
  struct stat facts {};
  if (stat(like.c_str(), &facts) != 0) return;
  if (facts.st_uid != geteuid() || facts.st_gid != getegid())
    static_cast<void>(fchown(file, facts.st_uid, facts.st_gid) == 0);
}

}  // namespace pce
