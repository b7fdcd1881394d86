#include "exporter/base/guid.h"

#include <random>

namespace pce {

std::string guid_of(std::string_view bytes, char version) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "xxxxxxxx-xxxx-vxxx-yxxx-xxxxxxxxxxxx";
  std::size_t nibble = 0;
  for (char& c : text) {
    if (c == '-') continue;
    const auto byte = static_cast<unsigned char>(bytes[nibble / 2]);
    const unsigned value = nibble % 2 == 0 ? byte >> 4U : byte & 0xFU;
    c = c == 'v' ? version : kDigits[c == 'y' ? (value & 0x3U) | 0x8U : value];
    ++nibble;
  }
  return text;
}

std::string new_guid() {
  static thread_local std::mt19937_64 engine{[] {
    std::random_device seed;
    return (static_cast<std::uint64_t>(seed()) << 32) | seed();
  }()};
  std::string bytes;
  for (std::uint64_t half : {engine(), engine()}) {
    for (int i = 0; i < 8; ++i, half >>= 8U) bytes += static_cast<char>(half & 0xFFU);
  }
  return guid_of(bytes);
}

}  // namespace pce
