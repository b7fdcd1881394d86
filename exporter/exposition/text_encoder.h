#pragma once
// Prometheus text format 0.0.4. Source: Prometheus documentation, "Exposition formats".
#include "exporter/exposition/encoder.h"

namespace pce {

const Encoder& text_encoder();

}  // namespace pce
