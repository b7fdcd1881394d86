#pragma once
// No file of this process can grow while it lives: a write fails as on a full disk (EFBIG in place
// of ENOSPC), also for root.
#include <csignal>

#include <sys/resource.h>

namespace pce {

class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes = 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &before_), 0);
    rlimit limited = before_;
    limited.rlim_cur = bytes;
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &limited), 0);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

}  // namespace pce
