#pragma once
// Bodies of the two commercial insights. Source: partner-center-api.md section 2.
#include "tests/simulator/commercial_rows.h"
#include "tests/simulator/estate.h"
#include "tests/simulator/message.h"
#include "tests/simulator/settings.h"
#include "tests/simulator/spelling.h"

namespace simulator {

Response commercial_insight(Dataset dataset, const Request& request, const Estate& estate,
                            const Settings& settings, const Spelling& spelling, RowCounts& counts);

}  // namespace simulator
