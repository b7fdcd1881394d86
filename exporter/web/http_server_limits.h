#pragma once
// How much one server takes on.
#include <chrono>
#include <cstddef>

#include "exporter/web/deadline_keeper.h"

namespace pce {

struct HttpServerLimits {
  unsigned threads = 4;  // per listen address; a handler keeps one busy
  // Per listen address. From three quarters on, one of the address that has most gives way;
  // where nobody can, more wait unaccepted. At most 120 for each thread.
  unsigned connections = 480;
  unsigned connections_per_client = 64;  // from one IP address; more are closed at once
  // Prometheus keeps an idle connection for 5 minutes. We wait a little longer, so that it is the
  // client who closes and no request meets a connection that is just going away.
  std::chrono::seconds idle{310};
  // Deadlines, see deadline_keeper.h: to the end of a request, and for taking an answer.
  std::chrono::milliseconds request{10'000};
  std::chrono::milliseconds answer{60'000};
  std::size_t answer_bytes_per_second = 1'000'000;  // what an answer's size adds to that
  std::chrono::milliseconds farewell{500};  // how long answers under way may take when we stop
};

// The same, within what libmicrohttpd can keep.
HttpServerLimits within_reason(HttpServerLimits limits);
Deadlines deadlines_of(const HttpServerLimits& limits);

}  // namespace pce
