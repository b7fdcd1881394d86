#include "exporter/compression/gzip_member.h"

#include <zlib.h>

namespace pce {
namespace {

void append_little_endian(std::string& out, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift & 0xFF);
}

}  // namespace

void Checksum::append(const Checksum& next) {
  if (next.size == 0) return;
  crc = static_cast<std::uint32_t>(crc32_combine(crc, next.crc, static_cast<z_off_t>(next.size)));
  size += next.size;
}

std::string_view gzip_header() {
  // Deflate, no name, no time, compressed for speed, unknown system.
  static constexpr char kHeader[] = {'\x1F', '\x8B', 8, 0, 0, 0, 0, 0, 4, '\xFF'};
  return {kHeader, sizeof kHeader};
}

std::string gzip_end(const Checksum& plain) {
  std::string end("\x03\x00", 2);  // an empty block with fixed codes, marked as the last
  append_little_endian(end, plain.crc);
  append_little_endian(end, static_cast<std::uint32_t>(plain.size));  // modulo 2^32, as specified
  return end;
}

}  // namespace pce
