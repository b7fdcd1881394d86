#pragma once
// Every data set there is. Adding one is a file pair and a line in catalog.cc.
#include <span>
#include <string_view>

#include "exporter/insights/data_set.h"

namespace pce {

std::span<const DataSet> catalog();                    // sorted by collector
const DataSet* find_data_set(std::string_view collector);  // nullptr: no such collector

}  // namespace pce
