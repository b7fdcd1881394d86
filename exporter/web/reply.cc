#include "exporter/web/reply.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <string>
#include <vector>

namespace pce {
namespace {

constexpr std::size_t kBlockSize = 256UL * 1024;  // sent at once of a body got bit by bit

// A list of so many pieces takes 3.2 KiB; the limits below leave at least 8 KiB.
constexpr std::size_t kPiecesMax = 200;
constexpr std::size_t kHeaderMax = 4UL * 1024;
constexpr int kPartsMax = 32;  // headers, arguments and cookies: the library keeps each apart

std::string_view next_piece(Reply& reply) {
  const Body& body = reply.response.long_body;
  if (body.pieces.empty()) return body.next();
  return reply.pieces_taken < body.pieces.size() ? body.pieces[reply.pieces_taken++]
                                                 : std::string_view();
}

// Hands over the next bytes of a body that the library gets bit by bit.
ssize_t read_long_body(void* cls, std::uint64_t, char* to, std::size_t room) noexcept {
  auto& reply = *static_cast<Reply*>(cls);
  try {
    std::string_view& left = reply.piece_left;
    if (left.empty()) left = next_piece(reply);
    if (left.empty()) return MHD_CONTENT_READER_END_WITH_ERROR;
    const std::size_t taken = left.copy(to, room);
    left.remove_prefix(taken);
    return static_cast<ssize_t>(taken);
  } catch (const std::exception&) {
    return MHD_CONTENT_READER_END_WITH_ERROR;  // no memory: the client sees that it is cut
  }
}

MHD_Response* library_body(Reply& reply) {
  const Body& body = reply.response.long_body;
  if (body.size == 0) {
    std::string& text = reply.response.body;
    return MHD_create_response_from_buffer(text.size(), text.data(), MHD_RESPMEM_PERSISTENT);
  }
  if (body.pieces.empty() || body.pieces.size() > kPiecesMax || !reply.may_send_pieces) {
    return MHD_create_response_from_callback(body.size, kBlockSize, &read_long_body, &reply,
                                             nullptr);
  }
  std::vector<MHD_IoVec> pieces;
  pieces.reserve(body.pieces.size());
  for (const std::string_view piece : body.pieces) pieces.push_back({piece.data(), piece.size()});
  return MHD_create_response_from_iovec(pieces.data(), static_cast<unsigned>(pieces.size()),
                                        nullptr, nullptr);
}

}  // namespace

WebResponse plain_answer(int status, std::string_view body) {
  return WebResponse{.status = status,
                     .content_type = "text/plain; charset=utf-8",
                     .headers = {{"X-Content-Type-Options", "nosniff"}},
                     .body = std::string(body) + "\n"};
}

WebResponse internal_error() {
  return plain_answer(500, "This request failed inside the exporter; its log says more.");
}

LibraryResponse library_response(Reply& reply) {
  LibraryResponse response(library_body(reply));
  const auto add = [&response](const std::string& name, const std::string& value) {
    return MHD_add_response_header(response.get(), name.c_str(), value.c_str()) == MHD_YES;
  };
  if (!response || !add(MHD_HTTP_HEADER_CONTENT_TYPE, reply.response.content_type)) return nullptr;
  for (const auto& [name, value] : reply.response.headers) {
    if (!add(name, value)) return nullptr;
  }
  return response;
}

bool leaves_room(MHD_Connection* connection) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  constexpr int kAll = MHD_HEADER_KIND | MHD_GET_ARGUMENT_KIND | MHD_COOKIE_KIND;
  return info != nullptr && info->header_size <= kHeaderMax &&
         MHD_get_connection_values(connection, static_cast<MHD_ValueKind>(kAll), nullptr,
                                   nullptr) <= kPartsMax;
}

}  // namespace pce
