#pragma once
// Every data set there is. Adding one is a file pair and a line in catalog.cc.
#include <span>
#include <string_view>
#include <vector>

#include "exporter/insights/data_set.h"

namespace pce {

// Sorted by collector. Each data set has one address, here and from its own function.
std::span<const DataSet* const> catalog();
// The catalogue and customer_info(), which is read from the customer list instead of an insight:
// all that is shown.
std::vector<const DataSet*> published_data_sets();
const DataSet* find_data_set(std::string_view collector);  // nullptr: no such collector

}  // namespace pce
