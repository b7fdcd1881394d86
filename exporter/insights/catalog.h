#pragma once
// Every data set there is. Adding one is a file pair and a line in catalog.cc.
#include <span>
#include <string_view>
#include <vector>

#include "exporter/insights/data_set.h"

namespace pce {

// Sorted by collector. Each data set has one address, here and from its own function.
std::span<const DataSet* const> catalog();
// The catalogue and what is no insight: customer_info(), read from the customer list, and
// customer_target() and customer_owner(), which the configuration says. All that is shown.
std::vector<const DataSet*> published_data_sets();
const DataSet* find_data_set(std::string_view collector);  // nullptr: no such collector

}  // namespace pce
