#include "exporter/insights/source.h"

namespace pce {

const char* name_of(Source source) {
  return source == Source::kCommercial ? "commercial" : "classic";
}

}  // namespace pce
