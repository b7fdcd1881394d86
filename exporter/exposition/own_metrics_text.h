#pragma once
// Our own metrics, collected by prometheus-cpp, in any of our formats. prometheus-cpp's serializer
// knows one, leaves HELP unescaped and cuts numbers to 16 digits, hence this one; the tests hold
// the two against each other.
#include <string>
#include <string_view>
#include <vector>

#include <prometheus/metric_family.h>

#include "exporter/exposition/encoder.h"

namespace pce {

using OwnMetrics = std::vector<prometheus::MetricFamily>;

// The unit a metric's name ends in (before "_total"): "seconds", "bytes", "ratio", "percent" or "".
std::string_view unit_in(std::string_view name);

FamilyHead head_of(const prometheus::MetricFamily& family);

// Head and samples; nothing at all when there is no sample.
void append_family(std::string& out, const prometheus::MetricFamily& family,
                   const Encoder& encoder);

}  // namespace pce
