#pragma once
// What is written to standard error, where our log lines go.
#include <string>
#include <string_view>

#include "exporter/telemetry/log.h"

namespace pce {

// Keeps what is logged at info and above from now on, until it is asked for it or ends.
class LogCapture {
 public:
  LogCapture() {
    set_up_log(LogLevel::kInfo, LogFormat::kLogfmt);
    testing::internal::CaptureStderr();
  }
  ~LogCapture() {
    if (open_) testing::internal::GetCapturedStderr();
    set_up_log(LogLevel::kError, LogFormat::kLogfmt);
  }
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;
  // Once.
  std::string text() {
    open_ = false;
    return testing::internal::GetCapturedStderr();
  }

 private:
  bool open_ = true;
};

template <typename Work>
std::string said_while(Work&& work) {
  testing::internal::CaptureStderr();
  work();
  return testing::internal::GetCapturedStderr();
}

inline int times_in(std::string_view text, std::string_view word) {
  int times = 0;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
    ++times;
  return times;
}

}  // namespace pce
