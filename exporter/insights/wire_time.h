#pragma once
// Partner Center's date-times. Pure; knows no local time zone.
#include <optional>
#include <string_view>

#include "exporter/base/clock.h"

namespace pce {

// Reads 2017-03-14T03:25:16, with 1 to 7 digits of fraction or none, then Z, an offset such as
// +01:00 (at most 14 hours), or nothing, which means UTC (partner-center-api.md 7.3). Digits below
// the millisecond are cut off. nullopt for anything else: other forms, days and hours that do not
// exist, the second 60 (the upstream's own type does not have it), and the years Partner Center
// writes for "none" and "far away", up to 1 and from 9999 on.
std::optional<WallTime> parse_wire_time(std::string_view text);

}  // namespace pce
