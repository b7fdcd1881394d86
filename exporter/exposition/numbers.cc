#include "exporter/exposition/numbers.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

namespace pce {

char* write_number(char* to, double number) {
  if (std::isfinite(number)) return std::to_chars(to, to + kNumberSizeMax, number).ptr;
  const std::string_view word = std::isnan(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
  std::memcpy(to, word.data(), word.size());
  return to + word.size();
}

char* write_number(char* to, std::int64_t number) {
  return std::to_chars(to, to + kNumberSizeMax, number).ptr;
}

}  // namespace pce
