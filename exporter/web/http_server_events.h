#pragma once
// What a server tells whoever runs it.
#include <functional>
#include <string_view>

#include "exporter/web/deadline_keeper.h"

namespace pce {

// Called on the server's threads, and by start(); what they throw is dropped. An empty function
// hears nothing.
struct HttpServerEvents {
  std::function<void(std::string_view line)>
      library_line;  // libmicrohttpd's own log; clients can provoke lines
  std::function<void(std::string_view what)> handler_failed;  // one request got a 500
  std::function<void(int status, std::string_view reason)>
      refused;  // a request the handler never saw
  std::function<void(CutReason reason)> cut;
  std::function<void(int change)> connections;  // of those open: 1 or -1
  std::function<void(int change)> answers;      // of those under way, likewise
};

template <typename Event, typename... Details>
void tell(const Event& event, const Details&... details) noexcept {
  if (!event) return;
  try {
    event(details...);
  } catch (...) {  // NOLINT(bugprone-empty-catch)
    // The listener itself failed: there is nobody left to tell, and above us is C code.
  }
}

}  // namespace pce
