#pragma once
// Dates in HTTP headers: the three spellings of RFC 9110, 5.6.7, always GMT.
#include <optional>
#include <string_view>

#include "exporter/base/clock.h"

namespace pce {

// "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" or "Sun Nov  6 08:49:37 1994";
// the day of the week is not checked. Years of two digits mean 1970 … 2069.
std::optional<WallTime> parse_http_date(std::string_view text);

}  // namespace pce
