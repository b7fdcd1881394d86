#pragma once
// What is written to standard error, where our log lines go.
#include <string>
#include <string_view>

namespace pce {

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
