#pragma once
// What /api/v1/explain answered, for people to read. Pure.
#include <functional>
#include <string>
#include <string_view>

#include "exporter/commands/terminal.h"
#include "exporter/json/json_document.h"

namespace pce {

using Paint = std::function<std::string(Colour, std::string_view)>;

// Of a 200. Names of others are made harmless; ends in a line feed.
std::string explain_text(const JsonDocument& answer, const Paint& paint);
// Of a 404.
std::string nobody_text(const JsonDocument& answer, std::string_view customer);

}  // namespace pce
