#pragma once
// Our own metrics, collected by prometheus-cpp, in text format 0.0.4. prometheus-cpp's serializer
// leaves HELP unescaped and cuts numbers to 16 digits, hence this one; the tests hold the two
// against each other.
#include <string>

#include <prometheus/metric_family.h>

namespace pce {

void append_family(std::string& out, const prometheus::MetricFamily& family);

}  // namespace pce
