#pragma once
#include <string>
#include <string_view>

#include <zlib.h>

namespace pce {

// The content of exactly one gzip member with nothing behind it; a test failure otherwise.
inline std::string unzip(std::string_view packed) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string plain;
  char piece[16384];
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece);
    stream.avail_out = sizeof piece;
    state = inflate(&stream, Z_NO_FLUSH);
    plain.append(piece, sizeof piece - stream.avail_out);
  }
  EXPECT_EQ(state, Z_STREAM_END) << (stream.msg == nullptr ? "" : stream.msg);
  EXPECT_EQ(stream.avail_in, 0U) << "bytes behind the gzip member";
  inflateEnd(&stream);
  return plain;
}

}  // namespace pce
