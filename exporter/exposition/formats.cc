#include "exporter/exposition/formats.h"

#include <array>

#include "exporter/exposition/openmetrics_encoder.h"
#include "exporter/exposition/text_encoder.h"

namespace pce {

std::span<const Format> formats() {
  static constexpr std::array kFormats{
      Format{"text", "plain", "0.0.4", &text_encoder},
      Format{"application", "openmetrics-text", "1.0.0", &openmetrics_encoder},
  };
  return kFormats;
}

}  // namespace pce
