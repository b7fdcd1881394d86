#pragma once
// Raw deflate (RFC 1951) of pieces that are compressed at different times and stand in one stream.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace pce {

// Holds working memory, so one thread at a time. Throws std::bad_alloc.
class Deflater {
 public:
  virtual ~Deflater() = default;
  // Appends `plain` as blocks that begin and end on a byte, of which none is the last of a stream
  // and none looks back before `plain`: so they can stand anywhere between others of their kind.
  virtual void append_blocks(std::string& out, std::string_view plain) = 0;
  // The CRC-32 of gzip.
  virtual std::uint32_t crc(std::string_view plain) const = 0;
};

// The fastest there is in this build.
std::unique_ptr<Deflater> make_deflater();
// With zlib, which there is everywhere.
std::unique_ptr<Deflater> make_zlib_deflater();

}  // namespace pce
