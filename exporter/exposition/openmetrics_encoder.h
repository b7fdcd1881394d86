#pragma once
// OpenMetrics 1.0. Source: the OpenMetrics specification, "Text format"; where it leaves a choice,
// Prometheus' Go client.
#include "exporter/exposition/encoder.h"

namespace pce {

const Encoder& openmetrics_encoder();

}  // namespace pce
