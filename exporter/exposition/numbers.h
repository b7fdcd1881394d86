#pragma once
// Numbers as both text formats spell them. Source: Prometheus documentation, "Exposition formats";
// OpenMetrics 1.0, "Numbers".
#include <string>

namespace pce {

// The shortest text that reads back equal; NaN, +Inf, -Inf as Prometheus spells them.
void append_number(std::string& out, double number);

}  // namespace pce
