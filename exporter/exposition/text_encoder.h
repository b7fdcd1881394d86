#pragma once
// Prometheus text format 0.0.4. Source: Prometheus documentation, "Exposition formats".
#include <string>
#include <string_view>

#include "exporter/base/units.h"
#include "exporter/exposition/families.h"
#include "exporter/store/snapshot.h"

namespace pce {

// HELP, TYPE and the samples of one family; nothing at all when it has no sample.
void append_family(std::string& out, const Family& family, const Snapshot& snapshot);

// "# HELP …" and "# TYPE …"; HELP text is escaped here.
void append_head(std::string& out, std::string_view name, std::string_view help,
                 std::string_view type);

void append_number(std::string& out, const Number& number);  // known
// The shortest text that reads back equal; NaN, +Inf, -Inf as Prometheus spells them.
void append_number(std::string& out, double number);

}  // namespace pce
