#pragma once
// A store full of made-up customers, for measurements without a network.
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "exporter/store/slice.h"

namespace pce {

// Series of one customer: 4 products with 3 metrics each, the same in 3 workloads, and one line of
// the customer list.
inline constexpr std::size_t kSeriesPerCustomer = 4 * 3 + 4 * 3 * 3 + 1;

// All slices of customer number `i`; another `edition` has other numbers in it.
std::vector<std::shared_ptr<const Slice>> customer_slices(std::size_t i, std::size_t edition,
                                                          LabelPool& labels);
// Of that many customers, made in the order in which a bulk reading makes them: data set by data
// set, by customer id.
std::vector<std::shared_ptr<const Slice>> estate_slices(std::size_t customers, std::size_t edition,
                                                        LabelPool& labels);

}  // namespace pce
