#include "exporter/web/http_server_limits.h"

#include <algorithm>

namespace pce {
namespace {

// The library takes in 128 events at once, and when it got as many it waits for one more before it
// looks at them: as many connections cut together would all stay open. Some are its own.
constexpr unsigned kConnectionsPerThread = 120;

}  // namespace

HttpServerLimits within_reason(HttpServerLimits limits) {
  limits.threads = std::max(2U, limits.threads);
  limits.connections = std::min(limits.connections, limits.threads * kConnectionsPerThread);
  return limits;
}

Deadlines deadlines_of(const HttpServerLimits& limits) {
  // While there is room left in all of the library's threads, so that none of them stops to accept.
  return {.request = limits.request,
          .answer = limits.answer,
          .bytes_per_second = limits.answer_bytes_per_second,
          .crowd = limits.connections - limits.connections / 4};
}

}  // namespace pce
