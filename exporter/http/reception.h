#pragma once
// One answer as it comes in, under limits; knows HTTP's header lines, not where they come from.
#include <cstddef>
#include <string_view>

#include "exporter/http/transport.h"

namespace pce {

struct Reception {
  struct Limits {
    std::size_t body_bytes = 0;    // decoded
    std::size_t header_bytes = 0;  // of all header lines, interim answers included
  };
  Limits limits{};
  HttpResponse response{};
  std::size_t header_bytes = 0;
  bool headers_done = false;
  bool body_too_large = false;
  bool headers_too_large = false;
  bool interim = false;
  bool not_http = false;

  // False: the transfer is to end; one of the flags says why.
  bool take_body(std::string_view bytes);
  // One whole line, the status line too. The headers of 1xx answers and the trailers of a chunked
  // body are dropped.
  bool take_header(std::string_view line);
};

// What may be sent: no line feed or NUL can smuggle in another header.
bool is_header_name(std::string_view name);
bool is_header_value(std::string_view value);

}  // namespace pce
