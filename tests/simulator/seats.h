#pragma once
// Adjacent data: live seats and subscriptions of one customer, in short form. Source:
// partner-center-api.md 3.2, 3.3.
#include <string>

#include "tests/simulator/estate.h"

namespace simulator {

std::string subscribed_skus(const Estate& estate, std::size_t customer);
std::string subscriptions(const Estate& estate, std::size_t customer);

}  // namespace simulator
