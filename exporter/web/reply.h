#pragma once
// How an answer's body reaches the library, and from there the socket, without being copied where
// that is possible. For http_server.cc.
#include <cstddef>
#include <memory>
#include <string_view>

#include <microhttpd.h>

#include "exporter/web/web_message.h"

namespace pce {

// An answer on its way; it must stay where it is until it is sent.
struct Reply {
  WebResponse response;
  bool may_send_pieces = false;  // of a long body in one go, see leaves_room()

  std::size_t pieces_taken = 0;  // of a long body that the library gets bit by bit
  std::string_view piece_left;   // of the last one taken, what is not sent yet
};

WebResponse plain_answer(int status, std::string_view body);  // of one line
WebResponse internal_error();

struct DestroyResponse {
  void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using LibraryResponse = std::unique_ptr<MHD_Response, DestroyResponse>;

// Null when a header has a line end in it, or there is no memory.
LibraryResponse library_response(Reply& reply);

// The memory a connection has for its requests, half of it to read into.
inline constexpr std::size_t kConnectionMemory = 32UL * 1024;

// Whether a request takes so little of that memory that a list of pieces certainly fits as well.
// The library keeps the list there, and ends the process when there is no room for it (all releases
// up to 1.0.1); the buffer a large request was read into may stay large for the next one.
bool leaves_room(MHD_Connection* connection);

}  // namespace pce
