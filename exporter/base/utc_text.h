#pragma once
// Points in time as people and files write them: 2026-11-26T08:15:30.250Z.
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"

namespace pce {

// Always with milliseconds, so that it reads back equal. Years 0000 to 9999.
std::string utc_text(WallTime time);
std::string utc_day(WallTime time);  // 2026-11-26

// The same, also without the fraction or with more digits of it, which are cut. nullopt for
// anything else, other offsets than Z included.
std::optional<WallTime> read_utc_text(std::string_view text);

}  // namespace pce
