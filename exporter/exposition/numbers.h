#pragma once
// Numbers as both text formats spell them. Source: Prometheus documentation, "Exposition formats";
// OpenMetrics 1.0, "Numbers".
#include <cstddef>
#include <cstdint>

namespace pce {

inline constexpr std::size_t kNumberSizeMax = 32;  // no number is longer, whatever stands behind it

// The shortest text that reads back equal; NaN, +Inf, -Inf as Prometheus spells them. Returns where
// the next byte belongs.
char* write_number(char* to, double number);
char* write_number(char* to, std::int64_t number);

}  // namespace pce
