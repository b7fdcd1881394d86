#pragma once
// The two generations of insights: one call a customer, or bulk reports about all of them.

namespace pce {

enum class Source { kClassic, kCommercial };
const char* name_of(Source source);  // the value of the label `source`

}  // namespace pce
