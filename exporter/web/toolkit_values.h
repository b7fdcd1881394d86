#pragma once
// Values as Go programs read them from YAML, where that is not how our own configuration has them:
// exporter-toolkit's file is everybody's.
#include <chrono>
#include <optional>
#include <string_view>

#include "exporter/settings/section.h"

namespace pce {

// The value of `key`; nullopt where there is none, or nothing in it, or "".
std::optional<SettingField> find_value(const SettingSection& section, std::string_view key);

// yes, no, on, off and their like count, too; what is in quotes does not.
std::optional<bool> toolkit_truth_of(const SettingField& field, SettingComplaints& complaints);

// "1h30m", "1.5s", "250ms", "0": Go's time.ParseDuration, except below 0. nullopt: it is none.
std::optional<std::chrono::nanoseconds> parse_go_duration(std::string_view text);

}  // namespace pce
