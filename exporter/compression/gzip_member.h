#pragma once
// The frame of a gzip member (RFC 1952) around deflate blocks that were made one by one.
#include <cstdint>
#include <string>
#include <string_view>

namespace pce {

// What the trailer must know of a stretch of the plain text.
struct Checksum {
  std::uint64_t size = 0;
  std::uint32_t crc = 0;

  // Of this stretch followed by the other.
  void append(const Checksum& next);
  friend bool operator==(const Checksum&, const Checksum&) = default;
};

// What stands before the first block.
std::string_view gzip_header();
// What stands behind the last one: a block that ends the stream, and the trailer.
std::string gzip_end(const Checksum& plain);

}  // namespace pce
