#pragma once
// Adjacent data: live seats and subscriptions of one customer. Source:
// partner-center-api.md 3.2, 3.3.
#include <string>

#include "tests/simulator/estate.h"
#include "tests/simulator/message.h"

namespace simulator {

// All seats are of license group 1: a call that asks for group 2 only gets none.
std::string subscribed_skus(const Request& request, const Estate& estate, std::size_t customer);
std::string subscriptions(const Estate& estate, std::size_t customer);

}  // namespace simulator
