#pragma once
// Durations as Prometheus writes them: "1h30m", "250ms", "1d".
#include <chrono>
#include <string>
#include <string_view>

#include "exporter/base/result.h"

namespace pce {

// Whole numbers with the units y (365 d), w, d, h, m, s, ms, each at most once and the largest
// first; "0" needs no unit. At most 100 years, so that a point in time plus a duration never
// overflows. The error says what is wanted.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

// In hours and smaller units: "48h", "1h30m", "0s".
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace pce
