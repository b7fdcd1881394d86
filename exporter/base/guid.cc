#include "exporter/base/guid.h"

#include <array>
#include <random>

namespace pce {

std::string new_guid() {
  static thread_local std::mt19937_64 engine{[] {
    std::random_device seed;
    return (static_cast<std::uint64_t>(seed()) << 32) | seed();
  }()};
  constexpr char kDigits[] = "0123456789abcdef";
  const std::array<std::uint64_t, 2> bits{engine(), engine()};
  std::string text = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  std::size_t nibble = 0;
  for (char& c : text) {
    if (c == '-' || c == '4') {
      nibble += c == '4' ? 1 : 0;
      continue;
    }
    const auto value = (bits[nibble / 16] >> (4 * (nibble % 16))) & 0xF;
    c = kDigits[c == 'y' ? (value & 0x3) | 0x8 : value];
    ++nibble;
  }
  return text;
}

}  // namespace pce
