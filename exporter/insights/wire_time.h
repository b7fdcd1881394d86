#pragma once
// Partner Center's date-times. Pure; knows no local time zone.
#include <optional>
#include <string_view>

#include "exporter/base/clock.h"

namespace pce {

struct WireTime {
  std::optional<WallTime> time{};
  bool readable = false;  // without a time: Partner Center's way to write "none" or "far away"
};

// Reads 2017-03-14T03:25:16, with 1 to 7 digits of fraction or none, then Z, an offset such as
// +01:00 (at most 14 hours), or nothing, which means UTC (partner-center-api.md 7.3). Digits below
// the millisecond are cut off. The years up to 1 and from 9999 on are readable but no time.
// Anything else is not readable: other forms, days and hours that do not exist, the second 60 (the
// upstream's own type does not have it).
WireTime read_wire_time(std::string_view text);

}  // namespace pce
