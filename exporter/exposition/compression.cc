#include "exporter/exposition/compression.h"

#include <algorithm>
#include <limits>

#include <zlib.h>

namespace pce {

Result<std::string> gzip(std::string_view plain) {
  constexpr int kGzipWindow = 15 + 16;  // 16: gzip's frame around the deflate stream
  constexpr std::size_t kPieceMax = std::numeric_limits<uInt>::max();
  z_stream stream{};
  if (deflateInit2(&stream, 1, Z_DEFLATED, kGzipWindow, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    return Error{.kind = ErrorKind::kInternal, .message = "gzip: no memory for the compressor"};
  }
  std::string packed(deflateBound(&stream, static_cast<uLong>(plain.size())), '\0');
  std::size_t in = 0;
  std::size_t out = 0;
  int state = Z_OK;
  while (state == Z_OK || state == Z_BUF_ERROR) {
    const std::size_t give = std::min(plain.size() - in, kPieceMax);
    const std::size_t room = std::min(packed.size() - out, kPieceMax);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data() + in));
    stream.avail_in = static_cast<uInt>(give);
    stream.next_out = reinterpret_cast<Bytef*>(packed.data() + out);
    stream.avail_out = static_cast<uInt>(room);
    state = deflate(&stream, in + give == plain.size() ? Z_FINISH : Z_NO_FLUSH);
    in += give - stream.avail_in;
    out += room - stream.avail_out;
    if (state == Z_BUF_ERROR && out == packed.size()) packed.resize(packed.size() * 2 + 64);
  }
  deflateEnd(&stream);
  if (state != Z_STREAM_END)
    return Error{.kind = ErrorKind::kInternal, .message = "gzip: the compressor failed"};
  packed.resize(out);
  return packed;
}

}  // namespace pce
